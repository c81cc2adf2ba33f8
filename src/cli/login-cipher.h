/* SPDX-License-Identifier: MIT */
#ifndef CLI_LOGIN_CIPHER_H
#define CLI_LOGIN_CIPHER_H

/*
 * The ways to protect files with credentials where there is no keyring, and
 * which of them work on this computer.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "config/setting-ids.h"
#include "credential/request.h"

enum {
	LOGIN_CIPHER_MAX = 5
};

struct login_cipher {
	const char *protection; /* "encrypted by ...", for people */
	const char *remark;     /* how far that goes; or NULL */
	const char *programs;   /* must be in PATH; separated by blanks */
	const char *encrypt;    /* the commands, without what follows */
	const char *decrypt;
	const char *trial;  /* decrypts without a person; NULL: decrypt */
	bool uses_identity; /* the path of the key file follows */
	bool is_for_root;   /* else for other users; if is_for_some */
	bool is_for_some;
};

/*
 * Finds those that work, the best first: postrider-credential encrypts and
 * decrypts a text with each. Returns their number.
 */
size_t login_cipher_find(const struct credential_request *request,
    const char *directory,
    const struct login_cipher *ret_cipher[LOGIN_CIPHER_MAX]);

/* Returns the path of the key file, for the caller to free; NULL on failure. */
char *login_cipher_identity(struct error *err);

/* Creates the key file if the cipher uses one and it is missing. ERROR_CREATE;
 * ERROR_SYSTEM. */
int login_cipher_prepare(const struct login_cipher *cipher, struct error *err);

/* Adds the value of credential-folder, -encrypt or -decrypt; nothing if the
 * cipher does not set it. */
int login_cipher_add(const struct login_cipher *cipher, enum setting_id id,
    const char *directory, struct buf *text, struct error *err);

#endif
