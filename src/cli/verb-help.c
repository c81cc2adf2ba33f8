/* SPDX-License-Identifier: MIT */
/*
 * help and version: what the program says about itself. The lists come from the
 * tables.
 */
#include "cli/verbs.h"

#include "cli/options.h"

int
verb_help(int argc, char *const argv[])
{
	(void)argc;
	(void)argv;
	puts("postrider hands a message to the mail provider you use.\n\n"
	     "Usage: postrider [OPTION]... [--] RECIPIENT... < MESSAGE\n"
	     "       postrider [OPTION]... -t < MESSAGE\n"
	     "       postrider VERB [ARGUMENT]...\n\n"
	     "Verbs:");
	for (const struct verb *verb = verbs; verb->name != NULL; verb++) {
		char call[40];

		snprintf(call, sizeof call, "%s %s", verb->name,
		    verb->argument != NULL ? verb->argument : "");
		printf("  %-24s  %s\n", call, verb->help);
	}
	putchar('\n');
	options_print_help(stdout);
	puts("\nExample, with nothing configured:\n"
	     "  printf 'Subject: hello\\n\\nIt works.\\n' |\n"
	     "      postrider --user me@gmail.com you@example.org\n\n"
	     "postrider(1) tells the rest.");
	return 0;
}

int
verb_version(int argc, char *const argv[])
{
	(void)argc;
	(void)argv;
	puts("postrider " PACKAGE_VERSION);
	return 0;
}
