/* SPDX-License-Identifier: MIT */
#ifndef SMTP_STEP_H
#define SMTP_STEP_H

/*
 * Describes the steps of a session for a caller that shows them (params.h:
 * on_step). Contains no secrets; texts from the server are printable. Without a
 * callback nothing is collected.
 */

#include <stddef.h>
#include <sys/socket.h>

#include <netdb.h>

#include "smtp/extensions.h"
#include "smtp/params.h"
#include "smtp/reply.h"
#include "smtp/sasl.h"
#include "smtp/tls-facts.h"
#include "smtp/tls.h"

enum smtp_step_kind {
	SMTP_STEP_NAME,       /* the addresses are known */
	SMTP_STEP_CONNECTION, /* one of them answered */
	SMTP_STEP_GREETING,   /* and said who it is */
	SMTP_STEP_TLS,        /* the certificate is good */
	SMTP_STEP_SERVER,     /* told what it can do: what counts, under TLS */
	SMTP_STEP_MECHANISM,  /* how to sign in is chosen, or nothing will do */
	SMTP_STEP_FALLBACK,   /* it failed, and another follows */
	SMTP_STEP_SIGN_IN,    /* the server said welcome */
	SMTP_STEP_COUNT
};

enum {
	SMTP_STEP_ADDRESSES_MAX = 16,
	SMTP_STEP_ADDRESS_SIZE = 64,
	SMTP_STEP_TEXT_SIZE = 256
};

/* What a step doesn't tell is NULL, empty or 0. */
struct smtp_step {
	enum smtp_step_kind kind;
	const struct smtp_params *params;

	/* Of the name: all; of the connection: the one that answered. */
	char address[SMTP_STEP_ADDRESSES_MAX][SMTP_STEP_ADDRESS_SIZE];
	size_t address_count;

	char greeting[SMTP_STEP_TEXT_SIZE]; /* its first line */
	struct tls_facts tls;
	const char *ehlo_name;                    /* of the server: ours */
	const struct smtp_extensions *extensions; /* and of the mechanism */
	const struct sasl_mechanism *mechanism;   /* and of the sign-in */
	const struct sasl_mechanism *failed;      /* of the fallback */
	const char *failure;                      /* and why */
	unsigned round_trips;                     /* that AUTH took */
};

/* Each tells one step to params->on_step, if there is one. */
void smtp_step_name(const struct smtp_params *params,
    const struct addrinfo *addresses);
void smtp_step_connection(const struct smtp_params *params, int fd);
void smtp_step_greeting(const struct smtp_params *params,
    const struct smtp_reply *reply);
void smtp_step_tls(const struct smtp_params *params, const struct tls *tls);
void smtp_step_server(const struct smtp_params *params,
    const struct smtp_extensions *extensions, const char *ehlo_name);

/* mechanism is NULL where none can be used. */
void smtp_step_mechanism(const struct smtp_params *params,
    const struct smtp_extensions *extensions,
    const struct sasl_mechanism *mechanism);
void smtp_step_fallback(const struct smtp_params *params,
    const struct sasl_mechanism *failed, const struct sasl_mechanism *mechanism,
    const struct error *cause);
void smtp_step_sign_in(const struct smtp_params *params,
    const struct sasl_mechanism *mechanism, unsigned round_trips);

#endif
