/* SPDX-License-Identifier: MIT */
#ifndef KEEPER_SUBJECT_H
#define KEEPER_SUBJECT_H

/*
 * Whom an operation is about: the account that postrider resolved too, or the
 * one that a question of git's means, and where its credentials are kept.
 */

#include <stdint.h>

#include "base/error.h"
#include "config/account.h"
#include "config/config.h"
#include "credential/codec.h"
#include "keeper/options.h"
#include "vault/vault.h"

struct subject {
	struct config *config;
	struct account *account; /* NULL: no account is like the question */
	char *host;              /* of the submission server, or NULL */
	uint16_t port;
	const char *user; /* borrowed from the account or the question */
	struct vault *vault;
};

/*
 * Finds the account: by the options if they select one, else by the question's
 * server and user (gitcredentials(7)), else there is none. question may be
 * NULL. on_prompt as in struct vault_place. subject_done is due in any case.
 */
int subject_find(struct subject *subject, const struct keeper_options *options,
    const struct credential_message *question, void (*on_prompt)(void),
    struct error *err);

void subject_done(struct subject *subject);

/* Whether its credential is an OAuth2 token that is got and kept here. */
bool subject_has_tokens(const struct subject *subject);

/* The name of its entry of that kind in the vault. */
struct vault_key subject_key(const struct subject *subject,
    const char *service);

#endif
