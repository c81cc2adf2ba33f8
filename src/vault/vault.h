/* SPDX-License-Identifier: MIT */
#ifndef VAULT_VAULT_H
#define VAULT_VAULT_H

/*
 * Stores passwords, tokens and client secrets: in the keyring, in a git
 * credential helper (gitcredentials(7)), or in a directory of encrypted files.
 * An entry is a message of git's protocol. Its protocol, host and user name
 * come from the key; those of an entry that is passed in are ignored.
 *
 * Secrets that belong together form one entry, which is replaced as a whole: an
 * access token is never found with the refresh token of another sign-in.
 *
 * SIGPIPE must be ignored, because a helper or command may exit before it has
 * read all of its input.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "credential/credential-message.h"

/* The password of a mail server, its tokens, and the client secret for a token
 * endpoint. */
#define VAULT_PASSWORD "smtp"
#define VAULT_TOKENS "oauth2"
#define VAULT_CLIENT "oauth2-client"

struct vault_key {
	const char *service; /* one of the above */
	const char *host;    /* the mail server, or the token endpoint's host */
	uint16_t port;       /* prefers an item of git's for that port; or 0 */
	const char *user;    /* or the client ID */
};

/* The keyring, when helper and directory are NULL. */
struct vault_place {
	const char *helper;      /* a git credential helper, or NULL */
	const char *directory;   /* or NULL */
	const char *encrypt;     /* a command, "plain-text" or NULL */
	const char *decrypt;     /* a command, "plain-text" or NULL */
	void (*on_prompt)(void); /* NULL: the user must not be prompted */
	int64_t limit_ms;        /* for each call of a helper or command */
};

enum {
	VAULT_LOCK_LIMIT_MS = 60 * 1000 /* to wait for a lock */
};

struct vault;

/* Opens nothing yet: each call connects anew, so a vault can be kept while a
 * request is running. The strings of the place are borrowed until
 * vault_close. */
struct vault *vault_open(const struct vault_place *place, struct error *err);

/* Accepts NULL. */
void vault_close(struct vault *vault);

/*
 * Checks that the store can be written, before a request that spends a one-time
 * value. Detects a directory without a command to encrypt: ERROR_CONFIG.
 */
int vault_check(const struct vault *vault, struct error *err);

/*
 * Tries whether an entry could be stored, before a person enters a secret:
 * unlocks the keyring, lets the helper look for the entry, or encrypts and
 * decrypts a text. No trace remains. Errors of vault_store.
 */
int vault_try(const struct vault *vault, const struct vault_key *key,
    struct error *err);

/*
 * Finds an entry; without secrets when there is none. *ret_entry needs no
 * initialisation, and credential_message_done only on success. ERROR_KEYRING
 * when the store is not available now, ERROR_AUTH when the user dismissed a
 * prompt, ERROR_TEMPORARY at the time limit, ERROR_DATA for a damaged entry,
 * ERROR_CONFIG for a directory or a file that is open to others.
 */
int vault_load(struct vault *vault, const struct vault_key *key,
    struct credential_message *ret_entry, struct error *err);

/*
 * Stores an entry, replacing an earlier one; of a VAULT_PASSWORD only the
 * password. ERROR_CONFIG, and nothing is stored, for a helper that loses the
 * refresh token or a directory without a command to encrypt; other errors as
 * above.
 */
int vault_store(struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err);

/* Removes the entry, if there is one. Errors as above. */
int vault_erase(struct vault *vault, const struct vault_key *key,
    struct error *err);

/*
 * The name of the store in messages: "the keyring", "credential-helper "X"" or
 * "the directory PATH". Borrowed until vault_close.
 */
const char *vault_name(const struct vault *vault);

/* Whether entries are stored in the keyring. */
bool vault_is_keyring(const struct vault *vault);

/*
 * Locks the key against other processes of the user, whatever their $HOME;
 * waits until the deadline, then fails with ERROR_TEMPORARY. The lock is in the
 * directory that stores the entries, else in that of paths_locks. Returns a
 * descriptor: closing it, or the end of the process, releases the lock. A
 * process holds at most one lock at a time.
 */
int vault_lock(const struct vault *vault, const struct vault_key *key,
    int64_t deadline_ms, struct error *err);

#endif
