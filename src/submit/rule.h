/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_RULE_H
#define SUBMIT_RULE_H

/*
 * Reads the rules of causes.conf, of remedies.conf and of the user's file
 * "diagnoses": one rule a line, which an indented line continues. A rule is the
 * name of a cause and conditions, as in
 *
 *     wrong-secret at=auth code=535 says="invalid|wrong password"
 *
 * Nothing is allocated: a rule points into the text.
 */

#include <stddef.h>

#include "base/cause.h"
#include "base/error.h"

enum rule_key {
	RULE_AT,        /* list of steps: error.step */
	RULE_CODE,      /* list of reply codes, "5xx" for a class */
	RULE_ENHANCED,  /* list of enhanced codes, "x" for any number */
	RULE_ERRNO,     /* list of names such as ECONNREFUSED */
	RULE_PROVIDER,  /* list; "zoho" stands for "zoho-eu" too */
	RULE_SIGN_IN,   /* list: password, oauth2, none */
	RULE_GRANT,     /* list: the setting grant, with OAuth2 */
	RULE_TAKES,     /* list: how the provider signs in (provider.h) */
	RULE_MECHANISM, /* list: error.mechanism */
	RULE_ADDRESS,   /* list: error.address */
	RULE_PORT,      /* list: of the server */
	RULE_TLS,       /* list: the setting tls */
	RULE_SAYS,      /* a pattern: see submit/folded-text.h */
	RULE_RETRY,     /* no condition: "soon", "later" or "never" */
	RULE_HINT,      /* no condition: the remedy */
	RULE_KEY_COUNT
};

/* len bytes at text, not terminated. */
struct rule_value {
	const char *text; /* NULL if the rule doesn't have the key */
	size_t len;
};

struct rule {
	const struct cause *cause;
	struct rule_value value[RULE_KEY_COUNT];
};

struct rule_reader {
	const char *origin; /* name of the file, for errors */
	const char *rest;   /* of the text, borrowed */
	unsigned line;      /* where the last rule begins */
	unsigned next_line;
};

/* Returns the name of a key, such as "at". */
const char *rule_key_name(enum rule_key key);

void rule_reader_init(struct rule_reader *reader, const char *origin,
    const char *text);

/*
 * Reads the next rule. Returns 1; or 0 at the end; or -1 with ERROR_CONFIG if
 * the rule is invalid, after which the next rule can be read.
 */
int rule_read(struct rule_reader *reader, struct rule *ret_rule,
    struct error *err);

#endif
