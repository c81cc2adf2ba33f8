/* SPDX-License-Identifier: MIT */
#ifndef SMTP_PARAMS_H
#define SMTP_PARAMS_H

/*
 * The parameters of a session, filled in by the caller. The session reads no
 * configuration and no environment, and does not prompt.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/secret.h"
#include "smtp/sasl.h"
#include "smtp/transcript.h"

enum smtp_tls {
	SMTP_TLS_STARTTLS, /* RFC 3207; without it nothing is sent */
	SMTP_TLS_IMPLICIT, /* RFC 8314 3.3 */
	SMTP_TLS_NONE      /* and then no credential either */
};

struct smtp_step;

/* All pointers are borrowed for the life of the session. */
struct smtp_params {
	const char *host;
	uint16_t port;

	enum smtp_tls tls;
	const char *tls_trust_file;   /* NULL: the system's anchors */
	const char *tls_crl_file;     /* or NULL */
	char *const *tls_fingerprint; /* SHA-256 of the certificate, in hex;
					 one that matches replaces the chain */
	size_t tls_fingerprint_count;
	const char *tls_cert_file; /* client certificate, or NULL */
	const char *tls_key_file;

	const char *ehlo_name; /* NULL: the host's name or address */
	bool chunking;         /* use BDAT where it is offered */

	const char *user;       /* NULL: no sign-in by secret */
	const char *authzid;    /* or NULL */
	char *const *mechanism; /* the only ones to use, best first */
	size_t mechanism_count; /* 0: the best that the server offers */
	bool wants_sign_in;     /* also without a user: by what needs none */
	bool secure_mechanisms; /* of these none that shows the password */
	bool simple_mechanisms; /* PLAIN before the strong ones */
	bool fallback; /* another may follow one that failed, but for a refused
			  password */
	const char *realm; /* or NULL, as the next two */
	const char *ntlm_domain;
	const char *target_name; /* "smtp@host" in Kerberos */
	const char *command;     /* a mechanism of the user's, or NULL: the
				    program and its words */
	struct sasl_mechanism own_mechanism;

	/* Hands out the secret when AUTH needs it, not before. */
	int (*await_secret)(void *context, const struct secret **ret_secret,
	    struct error *err);
	void *secret_context;

	int64_t timeout_ms;       /* for connecting and each command */
	int64_t final_timeout_ms; /* for the reply to the message */
	int64_t deadline_ms;      /* monotonic; no command starts later */

	struct transcript transcript;

	/* Is told of each step when it is done (smtp/step.h); or NULL. */
	void (*on_step)(void *context, const struct smtp_step *step);
	void *step_context;
};

/* The deadline of a command that is sent now, on the monotonic clock. */
int64_t smtp_params_deadline(const struct smtp_params *params);

#endif
