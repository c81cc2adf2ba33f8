/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_CREDENTIAL_MESSAGE_H
#define CREDENTIAL_CREDENTIAL_MESSAGE_H

/*
 * Messages of git's credential protocol: lines "key=value" up to an empty line
 * or the end of the stream (git-credential(1), "INPUT/OUTPUT FORMAT"). All
 * three programs exchange secrets in this form.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"

enum credential_key {
	CREDENTIAL_PROTOCOL, /* "smtp" for a mail server */
	CREDENTIAL_HOST,     /* "host" or "host:port" */
	CREDENTIAL_USERNAME,
	CREDENTIAL_PASSWORD_EXPIRY, /* seconds since 1970 */

	/* Specific to postrider; they describe the tokens of an entry. */
	CREDENTIAL_ISSUED,    /* when the access token was issued; as above */
	CREDENTIAL_CLIENT_ID, /* the client that they were issued to */
	CREDENTIAL_ISSUER,    /* their issuer (RFC 8414) */
	CREDENTIAL_TOKEN_URL, /* the endpoint that issued them */
	CREDENTIAL_REFUSAL,   /* why it refused to renew them; printable */

	/* The answer of postrider-credential's operation status. */
	CREDENTIAL_STATUS_KIND,        /* "oauth2", "password" or "none" */
	CREDENTIAL_STATUS_REFRESHABLE, /* "yes" or "no" */
	CREDENTIAL_STATUS_REFUSAL,     /* as above */

	/* The question and the answer of postrider-oauth2's operation look. */
	CREDENTIAL_MESSAGE_ID,
	CREDENTIAL_FOUND,   /* "accepted", "copy" or "nothing" */
	CREDENTIAL_MAILBOX, /* where it looked; printable */

	/* The answer of postrider-oauth2's operation autoconfig. */
	CREDENTIAL_SERVER_TLS,  /* "implicit" or "starttls" */
	CREDENTIAL_SERVER_AUTH, /* "password", "oauth2" or "none" */
	CREDENTIAL_SERVER_URL,  /* of the file that names the server */
	CREDENTIAL_KEY_COUNT
};

/* The members are owned, except those of a message that is only written: it may
 * borrow them, and needs no credential_message_done. */
struct credential_message {
	const char *value[CREDENTIAL_KEY_COUNT]; /* NULL when absent */
	struct secret *password;                 /* NULL when absent */
	struct secret *refresh_token;            /* NULL when absent */

	/* Of the OAuth2 client, for postrider-oauth2. NULL when absent. */
	struct secret *client_secret;
};

void credential_message_init(struct credential_message *message);
void credential_message_done(struct credential_message *message);

/* Replaces a value by a copy of another. */
int credential_message_set(struct credential_message *message,
    enum credential_key key, const char *value, struct error *err);

/*
 * Formats the value of CREDENTIAL_HOST: "host:port", with an IPv6 address in
 * brackets, and no port if port is 0. The caller frees it. NULL on failure.
 */
char *credential_message_server(const char *host, uint16_t port,
    struct error *err);

/* Parses that value. *ret_host, which the caller frees, has no brackets. */
int credential_message_split_server(const struct credential_message *message,
    char **ret_host, uint16_t *ret_port, struct error *err);

/*
 * Parses a time in seconds since 1970. Times after the year 9999 are replaced
 * by its end, so that calculations can't overflow. Returns -1 if text isn't a
 * number.
 */
int credential_moment_parse(const char *text, int64_t *ret_moment);

/*
 * Reads one message from fd, up to the empty line or the end; input that was
 * read after it is discarded. ERROR_TEMPORARY at the deadline, otherwise as
 * credential_message_parse. Wipes its buffers.
 */
int credential_message_read(struct credential_message *message, int fd,
    int64_t deadline_ms, struct error *err);

/*
 * Parses one message, up to the empty line or the end. As in git, unknown keys
 * are ignored and the last of several values wins. ERROR_DATA for a line
 * without
 * "=" or with a NUL, and for a CR outside a secret; the message never contains
 * the line.
 */
int credential_message_parse(struct credential_message *message,
    const struct secret *text, struct error *err);

/*
 * Adds the message and an empty line to text. The keys that all versions of git
 * know come first. ERROR_DATA if a value contains a CR,
 * LF or NUL, or a secret LF or NUL.
 */
int credential_message_format(const struct credential_message *message,
    struct secret *text, struct error *err);

/*
 * Writes the message and an empty line to fd. If the reader has closed the
 * pipe, this succeeds: a helper may need no input. SIGPIPE must be ignored.
 * ERROR_IO; otherwise as credential_message_format.
 */
int credential_message_write(const struct credential_message *message, int fd,
    struct error *err);

#endif
