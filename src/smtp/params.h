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
#include "base/redaction.h"
#include "base/secret.h"
#include "smtp/sasl.h"
#include "smtp/transcript.h"

enum smtp_tls {
	SMTP_TLS_STARTTLS, /* RFC 3207; required, never optional */
	SMTP_TLS_IMPLICIT, /* RFC 8314 3.3 */
	SMTP_TLS_NONE      /* no credential is sent either */
};

struct smtp_progress;
struct addrinfo;
struct smtp_record;
struct smtp_step;

/* All pointers are borrowed for the life of the session. */
struct smtp_params {
	const char *host;
	uint16_t port;

	/* The addresses of the host, which the first session looks up; NULL
	   before. Kept for later sessions; freed by the caller
	   (freeaddrinfo). */
	struct addrinfo **addresses;
	/* Called when they are known, before anything is sent there; or NULL.
	   Names cannot be looked up any more afterwards. */
	void (*on_addresses)(void *context);
	void *addresses_context;

	enum smtp_tls tls;
	const char *tls_trust_file; /* NULL: the system's anchors */
	const char *tls_crl_file;   /* or NULL */
	char *const
	    *tls_fingerprint; /* SHA-256 of the certificate, in hex; a match
				 replaces the check of the chain */
	size_t tls_fingerprint_count;
	const char *tls_priority;  /* of GnuTLS; NULL: RFC 9325 */
	const char *tls_cert_file; /* client certificate, or NULL */
	const char *tls_key_file;

	const char *ehlo_name; /* NULL: the host's name or address */
	bool chunking;         /* use BDAT if it is offered */

	const char *user;       /* NULL: no sign-in with a secret */
	const char *authzid;    /* or NULL */
	char *const *mechanism; /* the only allowed ones, best first */
	size_t mechanism_count; /* 0: the best that the server offers */
	bool wants_sign_in;     /* even without a user */
	bool secure_mechanisms; /* none that reveals the password */
	bool simple_mechanisms; /* PLAIN before stronger ones */
	bool fallback; /* try another after a technical failure, but not after a
			  refused password */
	const char *realm; /* or NULL, like the next two */
	const char *ntlm_domain;
	const char *target_name; /* "smtp@host" in Kerberos */
	const char *command;     /* the program of a custom mechanism with its
				    arguments, or NULL */
	struct sasl_mechanism own_mechanism;
	struct launcher *launcher; /* starts that program; or NULL */

	/* Provides the secret. Called only when AUTH needs it. NULL: the
	   session is then open without a sign-in, to be closed. */
	int (*await_secret)(void *context, const struct secret **ret_secret,
	    struct error *err);
	void *secret_context;

	int64_t timeout_ms;       /* for connecting and for each command */
	int64_t final_timeout_ms; /* for the reply to the message */
	int64_t deadline_ms;      /* monotonic; no command starts later */

	struct transcript transcript;

	/* What replies must not show: the secrets of this session are added,
	   and those of earlier ones are still hidden. NULL: none are sent. */
	struct redaction *redaction;

	/* What the session does is added to it; or NULL. */
	struct smtp_record *record;

	/* Called after each step (smtp/step.h), or NULL. */
	void (*on_step)(void *context, const struct smtp_step *step);
	void *step_context;

	/* Called while a message is sent, once that takes long, and with NULL
	   at its end (smtp/progress.h). Returns false if it need not be called
	   again. Or NULL. */
	bool (
	    *on_progress)(void *context, const struct smtp_progress *progress);
	void *progress_context;
};

/*
 * Returns the deadline of a command that is sent now, on the monotonic clock.
 */
int64_t smtp_params_deadline(const struct smtp_params *params);

#endif
