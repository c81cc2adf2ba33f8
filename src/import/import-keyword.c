/* SPDX-License-Identifier: MIT */
/*
 * Applies keywords by tables.
 */
#include "base/text.h"
#include "import/import-tools.h"

int
import_keyword(struct import_draft *draft, const struct import_keyword *table,
    const char *name, const char *value, struct error *err)
{
	for (; table->name != NULL; table++) {
		if (!text_equals(table->name, name))
			continue;
		if (table->set != NULL)
			return table->set(draft, value, err);
		if (table->why == NULL)
			return import_draft_set(draft, table->id, value, err);
		return table->why[0] != '\0'
		    ? import_draft_note(draft, name, table->why, err)
		    : 0;
	}
	return import_draft_note(draft, name, "postrider has nothing like it",
	    err);
}

int
import_open(struct import_lines *lines, const char *path,
    const char *const *usual, struct error *err)
{
	return path != NULL ? import_lines_open(lines, path, err)
			    : import_lines_open_first(lines, usual, err);
}

int
import_set_tls(struct import_draft *draft, const char *value, struct error *err)
{
	return import_draft_switch(draft, value, &draft->tls, err);
}

int
import_set_starttls(struct import_draft *draft, const char *value,
    struct error *err)
{
	return import_draft_switch(draft, value, &draft->starttls, err);
}

/* A switch, or the name of a mechanism. */
int
import_set_auth(struct import_draft *draft, const char *value,
    struct error *err)
{
	struct error ignored;

	if (import_draft_switch(draft, value, &draft->auth, &ignored) == 0)
		return 0;
	draft->auth = IMPORT_ON;
	return import_draft_set(draft, SETTING_AUTH, value, err);
}

int
import_set_password(struct import_draft *draft, const char *value,
    struct error *err)
{
	return import_draft_set_password(draft, value, err);
}

int
import_set_command(struct import_draft *draft, const char *value,
    struct error *err)
{
	return import_draft_set_command(draft, value, err);
}

int
import_set_server(struct import_draft *draft, const char *value,
    struct error *err)
{
	return import_draft_set_server(draft, value, err);
}

int
import_set_url(struct import_draft *draft, const char *value, struct error *err)
{
	return import_draft_set_url(draft, value, err);
}

int
import_set_from(struct import_draft *draft, const char *value,
    struct error *err)
{
	return import_draft_set_from(draft, value, err);
}
