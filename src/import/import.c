/* SPDX-License-Identifier: MIT */
/*
 * The table of programs, and the accounts that were read.
 */
#include "import/import.h"

#include <stdlib.h>

#include "base/text.h"
#include "import/import-tools.h"

const struct import_tool import_tools[] = {
    {"msmtp", "msmtp", import_msmtp},
    {"git", "git send-email", import_git},
    {"mutt", "mutt", import_mutt},
    {"neomutt", "NeoMutt", import_neomutt},
    {"aerc", "aerc", import_aerc},
    {"himalaya", "Himalaya", import_himalaya},
    {"ssmtp", "ssmtp", import_ssmtp},
    {"esmtp", "esmtp", import_esmtp},
    {"nullmailer", "nullmailer", import_nullmailer},
    {"swaks", "swaks", import_swaks},
    {NULL, NULL, NULL},
};

const struct import_tool *
import_tool_find(const char *name)
{
	for (const struct import_tool *tool = import_tools; tool->name != NULL;
	     tool++) {
		if (text_equals(tool->name, name))
			return tool;
	}
	return NULL;
}

void
import_init(struct import *import)
{
	*import = (struct import){.account_count = 0};
}

void
import_done(struct import *import)
{
	for (size_t i = 0; i < import->account_count; i++) {
		free(import->account[i].name);
		settings_done(&import->account[i].settings);
		secret_free(import->account[i].password);
	}
	for (size_t i = 0; i < import->note_count; i++)
		free(import->note[i]);
	free(import->account);
	free((void *)import->note);
	free(import->default_account);
	import_init(import);
}
