/* SPDX-License-Identifier: MIT */
/*
 * Answers the commands of an SMTP client on standard input: each message is
 * prepared as one of the command line is, and submitted in a session that stays
 * open for the next one.
 */
#include "cli/serve.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/interruption.h"
#include "base/text.h"
#include "report/report.h"
#include "cli/serve-process.h"
#include "cli/serve-state.h"
#include "server/dialogue.h"

enum {
	NAME_SIZE = 256,
	TIMEOUT_MS = 300000, /* RFC 5321 section 4.5.3.2.7 */
	IDLE_MS = 30000,     /* the session is closed then */
	LOOK_MS = 1000       /* between two looks whether others want it */
};

static int serve_client(void *context, struct server_handover *handover);
static int serve_check(const struct options *options, struct error *err);
static void serve_init(struct serve *serve, const struct options *options);
static int serve_prepare(struct serve *serve, struct error *err);
static void serve_done(struct serve *serve);
static void host_name(char name[NAME_SIZE]);
static void on_answered(void *context);
static void on_forget(void *context);
static int64_t on_idle(void *context, int64_t silent_ms);
static void on_warning(void *context, const struct error *warning);

int
serve(const struct options *options)
{
	struct report report;
	struct error err;
	int status = -1;

	report_init(&report, options->report);
	if (serve_check(options, &err) == 0)
		status =
		    serve_in_processes(serve_client, (void *)options, &err);
	return status != -1 ? status : report_failure(&report, &err);
}

static int
serve_client(void *context, struct server_handover *handover)
{
	struct serve *serve = calloc(1, sizeof *serve);
	char name[NAME_SIZE];
	const struct server_params params = {.in = STDIN_FILENO,
	    .out = STDOUT_FILENO,
	    .name = name,
	    .timeout_ms = TIMEOUT_MS,
	    .idle_ms = LOOK_MS};
	const struct server_handler handler = {.mail = serve_mail,
	    .rcpt = serve_rcpt,
	    .rcpt_reply = serve_rcpt_reply,
	    .data = serve_data,
	    .content = serve_content,
	    .message = serve_message,
	    .message_answered = on_answered,
	    .forget = on_forget,
	    .idle = on_idle,
	    .context = serve};
	struct error err;
	int status = 0;

	host_name(name);
	if (serve == NULL) {
		error_no_memory(&err);
		return report_error(&err);
	}
	serve_init(serve, context);
	if (serve_prepare(serve, &err) == -1 ||
	    server_run(&params, &handler, handover, &err) == -1)
		status = report_failure(&serve->report, &err);
	serve_done(serve);
	free(serve);
	return status;
}

static int
serve_check(const struct options *options, struct error *err)
{
	if (options->argument_count > 0)
		return error_set(err, ERROR_USAGE,
		    "-bs: recipients are named in the dialogue, not after the "
		    "options");
	if (options->report.json || options->dry_run || options->composes)
		return error_set(err, ERROR_USAGE,
		    "-bs: cannot be used with %s",
		    options->report.json   ? "--json"
			: options->dry_run ? "--dry-run"
					   : "-s or -A");
	return 0;
}

static void
serve_init(struct serve *serve, const struct options *options)
{
	submission_init(&serve->submission, options);
	report_init(&serve->report, options->report);
	relay_init(&serve->relay);
	user_limit_init(&serve->limit);
	serve->observer = (struct attempt_observer){.on_warning = on_warning,
	    .context = serve,
	    .transcript = report_transcript(&serve->report)};
}

/* A process in a sandbox can't create the file for large messages. */
static int
serve_prepare(struct serve *serve, struct error *err)
{
	struct submission *submission = &serve->submission;
	struct error ignored;

	submission->message.source = source_new(err);
	if (submission->message.source == NULL)
		return -1;
	/* Without it, only a message that needs it is refused. */
	source_prepare_file(submission->message.source, &ignored);
	return route_load(&submission->route, submission->options->config_path,
	    err);
}

static void
serve_done(struct serve *serve)
{
	serve_end_transaction(serve);
	if (serve->has_route)
		held_session_done(&serve->held);
	if (serve->choice != QUEUE_NEVER)
		queue_fallback_done(&serve->queue);
	user_limit_done(&serve->limit);
	free(serve->route_sender);
	submission_done(&serve->submission);
}

static void
host_name(char name[NAME_SIZE])
{
	if (gethostname(name, NAME_SIZE) == -1 ||
	    memchr(name, '\0', NAME_SIZE) == NULL || *name == '\0' ||
	    strpbrk(name, " \t\r\n") != NULL ||
	    text_has_8bit(name, strlen(name)))
		memcpy(name, "localhost", sizeof "localhost");
}

/* The client knows the outcome: a signal can end the process again. */
static void
on_answered(void *context)
{
	struct serve *serve = context;

	if (interruption_caught() != 0)
		interruption_die(interruption_caught());
	interruption_release();
	if (serve->has_route)
		held_session_make_way(&serve->held, 0);
}

static void
on_forget(void *context)
{
	serve_end_transaction(context);
}

static int64_t
on_idle(void *context, int64_t silent_ms)
{
	struct serve *serve = context;

	if (!serve->has_route)
		return 0;
	if (silent_ms >= IDLE_MS)
		held_session_close(&serve->held);
	else
		held_session_make_way(&serve->held, 0);
	if (serve->held.session == NULL)
		return 0;
	return serve->held.slot != 0 ? silent_ms + LOOK_MS : IDLE_MS;
}

static void
on_warning(void *context, const struct error *warning)
{
	const struct serve *serve = context;

	if (!serve->report.quiet)
		report_warning(&serve->report, warning);
}
