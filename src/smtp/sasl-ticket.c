/* SPDX-License-Identifier: MIT */
/*
 * Runs steps of GNU SASL in the background. An abandoned step keeps the session
 * that it uses, and ends it when the Kerberos library returns.
 */
#ifdef HAVE_GSASL

#include "smtp/sasl-ticket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/background.h"
#include "base/secret.h"
#include "smtp/kerberos.h"

/* All that a step uses; it belongs to its thread. */
struct ticket_step {
	Gsasl *library;
	Gsasl_session *session;
	char *challenge;
	char *response;
	int status;
};

enum {
	SERVICE_SIZE = 2 * SASL_NAMES_SIZE
};

static void format_service(const struct sasl_names *names,
    char out[SERVICE_SIZE]);
static struct ticket_step *ticket_step_new(const char *challenge,
    struct error *err);
static void ticket_step_run(void *argument);
static void ticket_step_release(void *argument);

int
sasl_ticket_step(Gsasl **library, Gsasl_session **session,
    const char *challenge, const struct smtp_params *params,
    const struct sasl_names *names, char **ret_response, int *ret_status,
    struct error *err)
{
	static const struct background_job job = {ticket_step_run,
	    ticket_step_release};
	int64_t deadline_ms = smtp_params_deadline(params);
	char service[SERVICE_SIZE];
	char owner[KERBEROS_OWNER_SIZE] = "";
	struct ticket_step *step = ticket_step_new(challenge, err);

	if (step == NULL)
		return -1;
	if (*challenge == '\0') /* the first step may contact the KDC */
		kerberos_find_owner(owner, deadline_ms);
	step->library = *library;
	step->session = *session;
	*library = NULL;
	*session = NULL;
	if (background_run(&job, step, deadline_ms, err) == -1) {
		if (err->code != ERROR_TEMPORARY)
			return -1;
		format_service(names, service);
		return kerberos_out_of_time(service, owner, err);
	}
	*library = step->library;
	*session = step->session;
	*ret_response = step->response;
	*ret_status = step->status;
	free(step->challenge);
	free(step);
	return 0;
}

int
sasl_ticket_explain(const struct sasl_mechanism *mechanism,
    const struct smtp_params *params, const struct sasl_names *names,
    bool is_first, int failure, struct error *err)
{
	char service[SERVICE_SIZE];

	format_service(names, service);
	if (is_first &&
	    kerberos_explain(service, smtp_params_deadline(params), err))
		return -1;
	if (is_first)
		return error_set(err, ERROR_AUTH, "%s: %s", mechanism->name,
		    gsasl_strerror(failure));
	error_set(err, ERROR_SECURITY,
	    "%s: %s: the server failed to prove that it is %s", params->host,
	    mechanism->name, service);
	error_hint(err,
	    "check the clocks of both machines, and the service name");
	return error_set_topic(err, ERROR_TOPIC_SERVICE_NAME);
}

static void
format_service(const struct sasl_names *names, char out[SERVICE_SIZE])
{
	snprintf(out, SERVICE_SIZE, "%s@%s", names->service, names->host);
}

static struct ticket_step *
ticket_step_new(const char *challenge, struct error *err)
{
	struct ticket_step *step = calloc(1, sizeof *step);

	if (step != NULL) {
		step->challenge = strdup(challenge);
		if (step->challenge != NULL)
			return step;
	}
	free(step);
	error_no_memory(err);
	return NULL;
}

static void
ticket_step_run(void *argument)
{
	struct ticket_step *step = argument;

	step->status =
	    gsasl_step64(step->session, step->challenge, &step->response);
}

static void
ticket_step_release(void *argument)
{
	struct ticket_step *step = argument;

	gsasl_finish(step->session);
	gsasl_done(step->library);
	if (step->response != NULL)
		secret_wipe(step->response, strlen(step->response));
	gsasl_free(step->response);
	free(step->challenge);
	free(step);
}

#endif
