/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_ATTEMPT_H
#define SUBMIT_ATTEMPT_H

/*
 * Signing in to a submission server: the credential is fetched in parallel with
 * the connection, POP before SMTP comes first where the account asks for it, a
 * refused access token is renewed once, and a refusal gets a hint.
 */

#include <stdbool.h>

#include "base/error.h"
#include "base/launcher.h"
#include "base/sandbox.h"
#include "base/secret.h"
#include "credential/credential.h"
#include "smtp/params.h"
#include "smtp/record.h"
#include "smtp/session.h"
#include "smtp/step.h"
#include "smtp/transcript.h"
#include "submit/fallback.h"
#include "submit/route.h"
#include "submit/secret-shape.h"

/* Called while a session is opened; each function may be NULL. */
struct attempt_observer {
	void (*on_step)(void *context, const struct smtp_step *step);
	void (*on_credential)(void *context); /* each time it is awaited */
	/* The credential came with a warning. */
	void (*on_warning)(void *context, const struct error *warning);
	void (*on_pop)(void *context); /* signed in by POP3 */
	/* The server refused the access token; another one follows. */
	void (*on_renewal)(void *context, const struct error *refusal);
	/* A message is being sent (smtp_params.on_progress). */
	bool (
	    *on_progress)(void *context, const struct smtp_progress *progress);
	void *context;
	struct transcript transcript;
};

struct attempt {
	const struct route *route;
	const struct attempt_observer *observer;
	struct smtp_params params;     /* with the deadline of everything */
	struct smtp_record record;     /* of its sessions */
	struct redaction redaction;    /* of all its sessions */
	struct credential *credential; /* NULL: none is needed */
	const struct secret *secret; /* of the caller, used instead; or NULL */
	enum secret_shape shape;     /* of the secret that was used last */
	struct addrinfo *addresses;  /* of the server, once they are known */
	bool is_admitted;            /* has signed in by POP3 */

	/* Set by the caller: only sessions and reports of them follow, so the
	   process can be confined, but append to log_path, or NULL. */
	bool may_confine;
	const char *log_path;
	const char *state_path; /* a directory that stays writable; or NULL */
	const struct fallback *fallback; /* or NULL; then state_path is its */
	const char *sender; /* of the envelope, for explanations; or NULL */
	bool has_warned;    /* of the user's rules (submit/diagnosis.h) */
	struct launcher *launcher; /* starts programs for a confined process */
	int64_t patience_end_ms;   /* a session is open by then; 0: no limit */
	struct sandbox sandbox;    /* after the first attempt_open */
	bool is_confined;
	bool is_narrowed; /* even more, because the addresses are known */
};

/*
 * Prepares sessions through the route, which is borrowed like the observer. The
 * account's deadline counts from now. The attempt must not be moved.
 */
void attempt_init(struct attempt *attempt, const struct route *route,
    const struct attempt_observer *observer);

/* Begins the patience of the fallback, if there is one. */
void attempt_begin_patience(struct attempt *attempt);

/* When to give up opening sessions. */
int64_t attempt_last_ms(const struct attempt *attempt);

/*
 * Starts to fetch the credential if the account needs one. Errors of
 * credential_start.
 */
int attempt_start(struct attempt *attempt, struct error *err);

/* Prepares, instead of attempt_start, sessions for which the caller provides
 * the secret, or that need none. Without attempt->secret, attempt_open stops
 * when AUTH needs it. ERROR_SYSTEM. */
int attempt_start_without_credential(struct attempt *attempt,
    struct error *err);

/*
 * Opens a session; may be called again after it has been closed. Refusals have
 * a hint (submit/diagnosis.h). NULL on failure: errors of smtp_session_open and
 * credential_await; those of keeper_pop where POP comes first.
 */
struct smtp_session *attempt_open(struct attempt *attempt, struct error *err);

/*
 * Adds cause and hint to a failure of the session or of a transaction in it
 * (submit/diagnosis.h). A mistake in the user's rules is reported once.
 */
void attempt_diagnose(struct attempt *attempt, struct error *err);

void attempt_done(struct attempt *attempt);

#endif
