/* SPDX-License-Identifier: MIT */
#ifndef IMPORT_IMPORT_TOOLS_H
#define IMPORT_IMPORT_TOOLS_H

/* The readers of the programs, and the keyword tables that they share. For this
 * layer only. */

#include "import/import-draft.h"
#include "import/import-lines.h"
#include "import/import.h"

import_function import_msmtp, import_git, import_mutt, import_neomutt,
    import_aerc, import_himalaya, import_ssmtp, import_esmtp, import_nullmailer,
    import_swaks;

typedef int import_keyword_function(struct import_draft *draft,
    const char *value, struct error *err);

/* One of set, why and id says what becomes of the value. */
struct import_keyword {
	const char *name;
	import_keyword_function *set;
	const char *why;    /* it is not carried over; "": nothing is lost */
	enum setting_id id; /* of the setting with the same meaning */
};

/*
 * Applies a value by the table, which a NULL name ends. A keyword that is not
 * in it becomes a note. ERROR_CONFIG, with the place of the draft.
 */
int import_keyword(struct import_draft *draft,
    const struct import_keyword *table, const char *name, const char *value,
    struct error *err);

/* Keywords of several programs. */
import_keyword_function import_set_tls, import_set_starttls, import_set_auth,
    import_set_password, import_set_command, import_set_server, import_set_url,
    import_set_from;

/* Opens path, or else the first of the usual ones that exists. */
int import_open(struct import_lines *lines, const char *path,
    const char *const *usual, struct error *err);

#endif
