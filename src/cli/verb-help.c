/* SPDX-License-Identifier: MIT */
/*
 * The commands help and version. The lists in help are made from the tables.
 */
#include "cli/verbs.h"

#include <stdio.h>

#include "base/sandbox.h"

int
verb_help(struct options *options, struct error *err)
{
	(void)options;
	(void)err;
	puts("postrider sends a message through your mail provider.\n\n"
	     "Usage: postrider [OPTION]... [--] RECIPIENT... < MESSAGE\n"
	     "       postrider [OPTION]... -t < MESSAGE\n"
	     "       postrider COMMAND [OPTION]... [ARGUMENT]\n\n"
	     "Commands:");
	for (const struct verb *verb = verbs; verb->name != NULL; verb++) {
		char call[40];

		snprintf(call, sizeof call, "%s %s", verb->name,
		    verb->argument != NULL ? verb->argument : "");
		printf("  %-24s  %s\n", call, verb->help);
	}
	putchar('\n');
	options_print_help(stdout);
	puts("\nExample, without any configuration:\n"
	     "  printf 'Subject: hello\\n\\nIt works.\\n' |\n"
	     "      postrider --user me@gmail.com you@example.org\n\n"
	     "See postrider(1) for more.");
	return 0;
}

int
verb_version(struct options *options, struct error *err)
{
	struct sandbox sandbox;
	char description[SANDBOX_TEXT_SIZE];

	(void)options;
	(void)err;
	sandbox_probe(&sandbox);
	sandbox_describe(&sandbox, description);
	printf("postrider " PACKAGE_VERSION " (sandbox: %s)\n", description);
	return 0;
}
