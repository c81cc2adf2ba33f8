/* SPDX-License-Identifier: MIT */
#ifndef CREDENTIAL_CODEC_H
#define CREDENTIAL_CODEC_H

/*
 * git's credential protocol: lines "key=value", ended by an empty line or the
 * end of the stream (git-credential(1), "INPUT/OUTPUT FORMAT"). Both programs
 * use it, so it is here once.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "base/secret.h"

enum credential_key {
	CREDENTIAL_PROTOCOL, /* always "smtp" between our programs */
	CREDENTIAL_HOST,     /* "host" or "host:port" on the wire */
	CREDENTIAL_USERNAME,
	CREDENTIAL_PASSWORD_EXPIRY, /* seconds since 1970, as git has it */

	/* Ours, beside a refresh token. Other programs ignore them. */
	CREDENTIAL_ISSUED,    /* when the access token came, likewise */
	CREDENTIAL_CLIENT_ID, /* to which the tokens were given */
	CREDENTIAL_ISSUER,    /* who gave them (RFC 8414) */
	CREDENTIAL_TOKEN_URL, /* where they are renewed */
	CREDENTIAL_REFUSAL,   /* why they are renewed no more; printable */
	CREDENTIAL_KEY_COUNT
};

struct credential_message {
	char *value[CREDENTIAL_KEY_COUNT]; /* NULL when absent */
	struct secret *password;           /* NULL when absent */
	struct secret *refresh_token;      /* NULL when absent */

	/* Of our OAuth2 client; only for postrider-oauth2. NULL when absent. */
	struct secret *client_secret;
};

void credential_message_init(struct credential_message *message);
void credential_message_done(struct credential_message *message);

/* Copies a value in. CR, LF and NUL in it are refused: ERROR_CONFIG. */
int credential_message_set(struct credential_message *message,
    enum credential_key key, const char *value, struct error *err);

/*
 * The server's name and port as the protocol joins them: "host:port", an IPv6
 * address in brackets, port 0 for none. Splitting gives the name without
 * brackets, which the caller frees, and port 0 where there is none.
 */
int credential_message_set_server(struct credential_message *message,
    const char *host, uint16_t port, struct error *err);
int credential_message_split_server(const struct credential_message *message,
    char **ret_host, uint16_t *ret_port, struct error *err);

/*
 * Reads a moment, seconds since 1970. Beyond the end of the year 9999 it is
 * that: sums and products of later ones might overflow. -1 when it is anything
 * else.
 */
int credential_moment_parse(const char *text, int64_t *ret_moment);

/*
 * Reads one message from fd until the empty line, the end, or the deadline
 * (ERROR_TEMPORARY); input after the message is not kept. Otherwise as
 * credential_message_parse. Nothing secret is left in a buffer.
 */
int credential_message_read(struct credential_message *message, int fd,
    int64_t deadline_ms, struct error *err);

/*
 * Takes one message out of a text, up to its empty line or its end. Unknown
 * keys are ignored and the last of two equal ones counts, as in git. A line
 * without "=" or with a NUL, and a CR outside a secret, are ERROR_DATA; the
 * error never repeats what the line says.
 */
int credential_message_parse(struct credential_message *message,
    const struct secret *text, struct error *err);

/*
 * Adds the message and an empty line to a text, the password before all that
 * isn't known to git's first versions. ERROR_DATA for a secret that no line can
 * hold.
 */
int credential_message_format(const struct credential_message *message,
    struct secret *text, struct error *err);

/*
 * Writes the message and an empty line to fd. A reader that has gone away is no
 * error, provided that SIGPIPE is ignored: a helper that needs no input may
 * close it. ERROR_IO; otherwise as credential_message_format.
 */
int credential_message_write(const struct credential_message *message, int fd,
    struct error *err);

#endif
