/* SPDX-License-Identifier: MIT */
#ifndef SMTP_STEP_H
#define SMTP_STEP_H

/*
 * Describes the steps of a session for a caller that shows them (params.h:
 * on_step). Contains no secrets; texts from the server are printable. Without a
 * callback nothing is collected but the record (record.h).
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
	SMTP_STEP_NAME,        /* the host was resolved */
	SMTP_STEP_CONNECTION,  /* an address answered */
	SMTP_STEP_GREETING,    /* the server greeted */
	SMTP_STEP_TLS,         /* the certificate was verified */
	SMTP_STEP_CERTIFICATE, /* it was refused */
	SMTP_STEP_SERVER,      /* the extensions are known, under TLS */
	SMTP_STEP_MECHANISM,   /* a mechanism was chosen, or none can be used */
	SMTP_STEP_FALLBACK,    /* it failed, and another is tried */
	SMTP_STEP_SIGN_IN,     /* the sign-in succeeded */
	SMTP_STEP_SENDER,      /* the server accepts the sender */
	SMTP_STEP_RECIPIENT,   /* the server accepts the recipient */
	SMTP_STEP_COUNT
};

enum {
	SMTP_STEP_ADDRESSES_MAX = 16,
	SMTP_STEP_ADDRESS_SIZE = 64,
	SMTP_STEP_TEXT_SIZE = 256
};

/* Fields that a step does not set are NULL, empty or 0. */
struct smtp_step {
	enum smtp_step_kind kind;
	const struct smtp_params *params;

	/* NAME: all addresses; CONNECTION: the one that answered. */
	char address[SMTP_STEP_ADDRESSES_MAX][SMTP_STEP_ADDRESS_SIZE];
	size_t address_count;

	char greeting[SMTP_STEP_TEXT_SIZE]; /* the first line of the greeting */
	struct tls_facts tls;  /* TLS; only the certificate: CERTIFICATE */
	const char *ehlo_name; /* SERVER: the client's name */
	const struct smtp_extensions *extensions; /* SERVER and MECHANISM */
	/* MECHANISM (NULL if none can be used), FALLBACK and SIGN_IN. */
	const struct sasl_mechanism *mechanism;
	const struct sasl_mechanism *failed; /* FALLBACK */
	const char *failure;                 /* FALLBACK: the reason */
	unsigned round_trips;                /* SIGN_IN: of the AUTH exchange */
	const char *mailbox;                 /* SENDER and RECIPIENT */
};

/* Each reports one step to params->on_step, if it is set. */
void smtp_step_name(const struct smtp_params *params,
    const struct addrinfo *addresses);
void smtp_step_connection(const struct smtp_params *params, int fd);
void smtp_step_greeting(const struct smtp_params *params,
    const struct smtp_reply *reply);
void smtp_step_tls(const struct smtp_params *params, const struct tls *tls);
/* After a handshake that failed; nothing if the certificate wasn't refused. */
void smtp_step_certificate(const struct smtp_params *params,
    const struct tls *tls);

/* The same for a step that the caller has filled in: it needs no facts that
 * cost time. */
void smtp_step_report(const struct smtp_step *step);

#endif
