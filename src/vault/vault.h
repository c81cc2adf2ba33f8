/* SPDX-License-Identifier: MIT */
#ifndef VAULT_VAULT_H
#define VAULT_VAULT_H

/*
 * Where passwords, tokens and client secrets are kept: the keyring, a git
 * credential helper (gitcredentials(7)), or a folder of encrypted files. An
 * entry is a message of git's protocol. Its protocol, host and user name are
 * the key's: what they are in an entry that is handed in doesn't matter.
 *
 * All that belongs together is one entry, replaced as a whole: an access token
 * is never found beside the refresh token of another sign-in.
 *
 * SIGPIPE must be ignored: helpers and commands need not read what they get.
 */

#include <stdint.h>

#include "base/error.h"
#include "credential/codec.h"

/* What is kept: the password of a mail server, the tokens that stand for one,
 * the secret of our OAuth2 client at a token endpoint. */
#define VAULT_PASSWORD "smtp"
#define VAULT_TOKENS "oauth2"
#define VAULT_CLIENT "oauth2-client"

struct vault_key {
	const char *service; /* one of the above */
	const char *host;    /* the mail server, or the token endpoint's */
	uint16_t port;       /* for git's sake; or 0 */
	const char *user;    /* or the client's id */
};

/* Helper and folder both NULL: the keyring. */
struct vault_place {
	const char *helper;      /* a git credential helper, or NULL */
	const char *folder;      /* or NULL */
	const char *encrypt;     /* a command, or "plain-text", or NULL */
	const char *decrypt;     /* a command, or NULL */
	void (*on_prompt)(void); /* NULL: nobody is ever asked anything */
	int64_t limit_ms;        /* for each call of a helper or command */
};

enum {
	VAULT_LOCK_LIMIT_MS =
	    60 * 1000 /* how long a lock is worth waiting for */
};

struct vault;

/* Opens nothing yet: each call does, so that it may be held while other work
 * goes on. The place's strings are borrowed until vault_close. */
struct vault *vault_open(const struct vault_place *place, struct error *err);

/* Accepts NULL. */
void vault_close(struct vault *vault);

/*
 * Whether entries can be kept at all, as far as that shows beforehand: a folder
 * without a command to encrypt with is ERROR_CONFIG. For who is about to get
 * what can't be had twice.
 */
int vault_check(const struct vault *vault, struct error *err);

/*
 * Finds an entry; one without secrets when there is none. *ret_entry needs no
 * initialisation, and credential_message_done only on success. ERROR_KEYRING
 * when the place can't answer now, ERROR_AUTH when a person declined,
 * ERROR_TEMPORARY when it takes too long, ERROR_DATA for an entry that is
 * damaged, ERROR_CONFIG for a folder or a file that is open to others.
 */
int vault_load(struct vault *vault, const struct vault_key *key,
    struct credential_message *ret_entry, struct error *err);

/*
 * Keeps an entry in place of an earlier one. For VAULT_PASSWORD only its
 * password. A helper that loses the refresh token, or a folder without a
 * command to encrypt with, is ERROR_CONFIG, and nothing is kept then; otherwise
 * as above.
 */
int vault_store(struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err);

/* Removes the entry, whatever it holds; none is no error. */
int vault_erase(struct vault *vault, const struct vault_key *key,
    struct error *err);

/*
 * What messages call it: "the keyring", "credential-helper "X"", "the folder
 * PATH". Borrowed until vault_close.
 */
const char *vault_name(const struct vault *vault);

/*
 * Waits until no other process has this key locked, and locks it. Returns a
 * descriptor: the lock is held until it is closed, at the latest by the end of
 * the process. Who waits for a key never waits for another. ERROR_TEMPORARY at
 * the deadline.
 */
int vault_lock(const struct vault *vault, const struct vault_key *key,
    int64_t deadline_ms, struct error *err);

#endif
