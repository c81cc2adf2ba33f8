/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_EVIDENCE_H
#define SUBMIT_EVIDENCE_H

/*
 * What is known about a failure: the error, what the server said, the account
 * and its provider. Rules are matched against it.
 */

#include <stdbool.h>

#include "base/error.h"
#include "submit/folded-text.h"
#include "submit/route.h"
#include "submit/rule.h"
#include "submit/vocabulary.h"

struct evidence {
	const struct error *error;
	const struct account *account;
	const struct provider *provider;    /* or NULL */
	const char *sender;                 /* of the envelope, or NULL */
	char enhanced[ERROR_ENHANCED_SIZE]; /* its code (RFC 3463), or "" */
	struct folded_text text;      /* of the reply; else of the error */
	struct vocabulary vocabulary; /* of the text */
};

/* Borrows its arguments; sender may be NULL. The provider is the account's;
 * else the one that the host belongs to. */
void evidence_init(struct evidence *evidence, const struct error *err,
    const struct route *route, const char *sender);

/* Returns whether rules can name this error of a system call. */
bool evidence_knows_errno(const char *name, size_t len);

/* Returns whether all conditions of the rule hold. */
bool evidence_fits(const struct evidence *evidence, const struct rule *rule);

#endif
