/* SPDX-License-Identifier: MIT */
#ifndef IMPORT_IMPORT_DRAFT_H
#define IMPORT_IMPORT_DRAFT_H

/*
 * An account while it is read, and what programs have in common: TLS and
 * authentication are switches, with defaults of the program's. For this layer
 * only.
 */

#include "import/import.h"

enum import_switch {
	IMPORT_UNSET,
	IMPORT_OFF,
	IMPORT_ON
};

struct import_draft {
	struct import *import;
	char *name;
	struct settings settings;
	struct secret *password;
	enum import_switch tls;
	enum import_switch starttls; /* off: TLS from the start */
	enum import_switch auth;
	const char *place; /* "file:line" of what is read; borrowed */
};

/* What a program does unless it is told. */
struct import_draft_rules {
	enum import_switch tls;
	enum import_switch starttls;
	enum import_switch auth; /* unset: if there is a user */
	const char *port;        /* unless TLS is from the start; NULL: ours */
};

void import_draft_init(struct import_draft *draft, struct import *import);
void import_draft_done(struct import_draft *draft);

/* Sets a setting. ERROR_CONFIG, with the place, if the value is invalid. */
int import_draft_set(struct import_draft *draft, enum setting_id id,
    const char *value, struct error *err);

/* A switch: on, yes, true, 1, enabled, required; or off and the like.
 * ERROR_CONFIG. */
int import_draft_switch(const struct import_draft *draft, const char *value,
    enum import_switch *ret_switch, struct error *err);

/* "host", "host:port", "[address]:port". */
int import_draft_set_server(struct import_draft *draft, const char *value,
    struct error *err);

int import_draft_set_password(struct import_draft *draft, const char *value,
    struct error *err);

/* Sets the credential to a command that prints the password. */
int import_draft_set_command(struct import_draft *draft, const char *command,
    struct error *err);

/*
 * scheme://user:password@host:port with percent-encoding; the scheme may have a
 * mechanism, as in smtp+plain. smtps is TLS from the start. ERROR_CONFIG.
 */
int import_draft_set_url(struct import_draft *draft, const char *url,
    struct error *err);

/* Adds the address in "Name <address>" or alone, and the name. */
int import_draft_set_from(struct import_draft *draft, const char *value,
    struct error *err);

/* Notes that what was read is not carried over, and why. */
int import_draft_note(const struct import_draft *draft, const char *what,
    const char *why, struct error *err);

/* Makes all settings that the draft lacks those of another. */
int import_draft_inherit(struct import_draft *draft,
    const struct import_draft *other, struct error *err);

/* Ends the account; the draft is empty then. Nothing is added for one without a
 * server. */
int import_draft_finish(struct import_draft *draft,
    const struct import_draft_rules *rules, struct error *err);

#endif
