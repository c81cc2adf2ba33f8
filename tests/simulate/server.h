/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SERVER_H
#define TESTS_SERVER_H

/*
 * A simulated submission server. It mostly speaks correct SMTP, so that all
 * states are reached; deviation.c spoils some of its replies.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "network.h"
#include "seed.h"
#include "truth.h"

enum {
	SERVER_LINE_MAX = 100000,
	SERVER_REPLY_MAX = 65536
};

enum server_state {
	SERVER_COMMAND,
	SERVER_AUTH,  /* hears the response to a challenge */
	SERVER_DATA,  /* hears the message up to the dot */
	SERVER_CHUNK, /* hears the bytes of BDAT */
	SERVER_STATE_COUNT
};

/* What the server knows of the client; borrowed. */
struct server_account {
	bool implicit_tls, needs_tls, needs_sign_in;
	const char *mechanisms; /* to offer: " PLAIN LOGIN", or NULL: some */
	const char *user, *secret;
	const char *wire; /* the message with CRLF */
	size_t wire_len;
};

struct server {
	struct seed *seed;
	uint32_t deviations; /* of a thousand replies */
	const struct server_account *account;
	struct truth truth;

	enum server_state state;
	bool is_tls;
	bool expects_handshake;
	bool is_gone; /* it closed; it hears, but does nothing */
	bool is_signed_in;
	bool has_mail;
	size_t recipient_count;
	char mechanism[32];
	unsigned auth_step;
	struct Gsasl_session *sasl;
	bool has_sasl;   /* sasl is used */
	bool has_proved; /* that it knows the secret; the client too */

	char line[SERVER_LINE_MAX];
	size_t line_len;
	size_t chunk_left;
	bool chunk_is_last;

	/* The message so far, compared with account->wire. */
	size_t message_len;
	bool is_changed, at_line_start, after_dot, after_cr;
	size_t early_at; /* replies at this byte of the message; 0: never */
};

/* What all runs share. */
void server_set_up(void);
void server_tear_down(void);

void server_init(struct server *server, struct seed *seed, uint32_t deviations,
    const struct server_account *account, size_t recipient_count);
struct network_peer server_peer(struct server *server);

/* For the files server*.c and deviation.c. */

/* Sends a reply. Returns the code that the client will understand; 0: none. */
int server_say(struct server *server, enum truth_mark mark, int code,
    const char *text);

/* The same, but with some probability it is a 4xx or 5xx. */
int server_say_or_refuse(struct server *server, enum truth_mark mark, int code,
    const char *text);

void server_hear_auth(struct server *server, const char *arguments);
void server_hear_response(struct server *server, const char *line);

enum server_sasl_result {
	SERVER_SASL_CHALLENGE,
	SERVER_SASL_DONE,
	SERVER_SASL_REFUSED
};

/* Starts a sign-in that is done correctly. Returns false if the mechanism is
 * not known, or not this time. */
bool server_sasl_start(struct server *server);

/* Takes a response in base64. *ret_challenge, to be freed with gsasl_free, is
 * what to send with SERVER_SASL_CHALLENGE. */
enum server_sasl_result server_sasl_step(struct server *server,
    const char *response, char **ret_challenge);
void server_sasl_end(struct server *server);

/* Takes bytes of the message. Returns how many; *ret_is_end: the dot came. */
size_t server_take_data(struct server *server, const char *bytes, size_t len,
    bool *ret_is_end);
size_t server_take_chunk(struct server *server, const char *bytes, size_t len);

/* Sends the reply text[0, len) in a wrong way. Returns the code, as above. */
int server_say_deviating(struct server *server, enum truth_mark mark, int code,
    const char *text, size_t len);

#endif
