/* SPDX-License-Identifier: MIT */
/*
 * Collects the facts of a step and passes them to the callback. Does not know
 * what the callback does with them.
 */
#include "smtp/step.h"

#include <string.h>

#include "base/text.h"
#include "smtp/record.h"

static bool step_has_listener(const struct smtp_params *params);
static void step_add_address(struct smtp_step *step,
    const struct sockaddr *address, socklen_t len);

void
smtp_step_name(const struct smtp_params *params,
    const struct addrinfo *addresses)
{
	struct smtp_step step = {.kind = SMTP_STEP_NAME, .params = params};

	if (!step_has_listener(params))
		return;
	for (; addresses != NULL; addresses = addresses->ai_next)
		step_add_address(&step, addresses->ai_addr,
		    addresses->ai_addrlen);
	smtp_step_report(&step);
}

void
smtp_step_connection(const struct smtp_params *params, int fd)
{
	struct smtp_step step = {.kind = SMTP_STEP_CONNECTION,
	    .params = params};
	struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
	socklen_t len = sizeof peer;

	smtp_record_connected(params->record);
	if (!step_has_listener(params))
		return;
	if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0 &&
	    peer.ss_family != AF_UNIX)
		step_add_address(&step, (struct sockaddr *)&peer, len);
	smtp_step_report(&step);
}

void
smtp_step_greeting(const struct smtp_params *params,
    const struct smtp_reply *reply)
{
	struct smtp_step step = {.kind = SMTP_STEP_GREETING, .params = params};
	const char *text = buf_text(&reply->text);

	if (!step_has_listener(params))
		return;
	text_printable(step.greeting, sizeof step.greeting, text,
	    strcspn(text, "\n"));
	smtp_step_report(&step);
}

void
smtp_step_tls(const struct smtp_params *params, const struct tls *tls)
{
	struct smtp_step step = {.kind = SMTP_STEP_TLS, .params = params};

	smtp_record_tls(params->record, tls);
	if (!step_has_listener(params))
		return;
	tls_facts_find(&step.tls, tls_session(tls));
	smtp_step_report(&step);
}

void
smtp_step_certificate(const struct smtp_params *params, const struct tls *tls)
{
	struct smtp_step step = {.kind = SMTP_STEP_CERTIFICATE,
	    .params = params};

	if (!step_has_listener(params) || !tls_is_refused(tls))
		return;
	tls_facts_find(&step.tls, tls_session(tls));
	smtp_step_report(&step);
}

void
smtp_step_report(const struct smtp_step *step)
{
	if (step->mechanism != NULL)
		smtp_record_mechanism(step->params->record,
		    step->mechanism->name);
	if (step_has_listener(step->params))
		step->params->on_step(step->params->step_context, step);
}

static bool
step_has_listener(const struct smtp_params *params)
{
	return params->on_step != NULL;
}

static void
step_add_address(struct smtp_step *step, const struct sockaddr *address,
    socklen_t len)
{
	if (step->address_count < SMTP_STEP_ADDRESSES_MAX &&
	    getnameinfo(address, len, step->address[step->address_count],
		SMTP_STEP_ADDRESS_SIZE, NULL, 0, NI_NUMERICHOST) == 0)
		step->address_count++;
}
