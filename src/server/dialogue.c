/* SPDX-License-Identifier: MIT */
/*
 * Runs the dialogue. Replies to RCPT are asked for only when nothing else has
 * arrived, so that a client that sends ahead saves round trips to the next
 * server, too.
 */
#include "server/dialogue.h"

#include <errno.h>

#include "base/clock.h"
#include "server/dialogue-run.h"

static void dialogue_loop(struct dialogue *dialogue);
static void dialogue_begin(struct dialogue *dialogue);
static void dialogue_take_lines(struct dialogue *dialogue);
static void dialogue_wait(struct dialogue *dialogue);
static void dialogue_end(struct dialogue *dialogue);

int
server_run(const struct server_params *params,
    const struct server_handler *handler, struct server_handover *handover,
    struct error *err)
{
	struct dialogue dialogue = {.params = params,
	    .handler = handler,
	    .handover = handover,
	    .err = err};

	buf_init(&dialogue.line, SERVER_LINE_MAX);
	server_output_init(&dialogue.output, params->out, params->timeout_ms);
	if (server_input_init(&dialogue.input, params->in, err) == -1)
		dialogue.has_failed = true;
	else
		dialogue_loop(&dialogue);
	dialogue_forget(&dialogue);
	buf_done(&dialogue.line);
	server_input_done(&dialogue.input);
	server_output_done(&dialogue.output);
	return dialogue.has_failed ? -1 : 0;
}

static void
dialogue_loop(struct dialogue *dialogue)
{
	dialogue_begin(dialogue);
	while (dialogue->state != DIALOGUE_OVER && !dialogue->has_failed) {
		dialogue_take_lines(dialogue);
		dialogue_settle(dialogue);
		dialogue_flush(dialogue);
		if (dialogue->state != DIALOGUE_OVER && !dialogue->has_failed)
			dialogue_wait(dialogue);
	}
}

static void
dialogue_begin(struct dialogue *dialogue)
{
	struct buf *input = &dialogue->handover->input;
	struct server_reply greeting;

	if (input->len > 0) { /* another process has begun */
		server_input_preload(&dialogue->input, input->data, input->len);
		buf_clear(input);
		dialogue->state = DIALOGUE_READY;
		return;
	}
	server_reply_set(&greeting, 220, "", "%s ESMTP postrider",
	    dialogue->params->name);
	dialogue_reply(dialogue, &greeting);
}

/* All commands that have arrived. */
static void
dialogue_take_lines(struct dialogue *dialogue)
{
	while (dialogue->state != DIALOGUE_OVER && !dialogue->has_failed) {
		char *line;
		size_t len;
		enum server_line found =
		    server_input_take_line(&dialogue->input, &line, &len,
			&dialogue->line_has_cr);

		if (found == SERVER_LINE_NONE)
			return;
		if (found == SERVER_LINE_TOO_LONG) {
			dialogue_settle(dialogue);
			dialogue_say(dialogue, 500, "5.5.2", "line too long");
		} else {
			dialogue_command(dialogue, line, len);
		}
	}
}

static void
dialogue_wait(struct dialogue *dialogue)
{
	const struct server_params *params = dialogue->params;
	const struct server_handler *handler = dialogue->handler;
	int64_t now_ms = clock_now_ms();
	int64_t idle_ms =
	    dialogue->state <= DIALOGUE_READY ? params->idle_ms : 0;
	int result = 0;

	while (result == 0 && idle_ms > 0 && idle_ms < params->timeout_ms) {
		result = server_input_fill(&dialogue->input, now_ms + idle_ms);
		if (result == 0)
			idle_ms = handler->idle(handler->context, idle_ms);
	}
	if (result == 0)
		result = server_input_fill(&dialogue->input,
		    now_ms + params->timeout_ms);
	if (result == -1)
		dialogue_end(dialogue);
	if (result != 0)
		return;
	dialogue_say(dialogue, 421, "4.4.2",
	    "no command for too long; closing");
	dialogue_flush(dialogue);
	if (!dialogue->has_failed)
		error_set(dialogue->err, ERROR_TEMPORARY,
		    "standard input: no command for %lld s",
		    (long long)params->timeout_ms / 1000);
	dialogue->has_failed = true;
}

/* A client may leave without QUIT. */
static void
dialogue_end(struct dialogue *dialogue)
{
	dialogue->state = DIALOGUE_OVER;
	if (dialogue->input.failure == 0)
		return;
	errno = dialogue->input.failure;
	error_set_errno(dialogue->err, ERROR_IO, "standard input");
	dialogue->has_failed = true;
}

void
dialogue_hand_over(struct dialogue *dialogue)
{
	const struct server_input *input = &dialogue->input;
	struct buf *out = &dialogue->handover->input;

	dialogue->state = DIALOGUE_OVER;
	if (buf_add(out, dialogue->line.data, dialogue->line.len,
		dialogue->err) == -1 ||
	    buf_add_text(out, dialogue->line_has_cr ? "\r\n" : "\n",
		dialogue->err) == -1 ||
	    buf_add(out, input->data + input->start, input->end - input->start,
		dialogue->err) == -1)
		dialogue->has_failed = true;
}

void
dialogue_forget(struct dialogue *dialogue)
{
	dialogue->unanswered = 0;
	dialogue->accepted = 0;
	dialogue->handler->forget(dialogue->handler->context);
}

void
dialogue_settle(struct dialogue *dialogue)
{
	const struct server_handler *handler = dialogue->handler;

	for (; dialogue->unanswered > 0; dialogue->unanswered--) {
		struct server_reply reply = {.code = 0};

		handler->rcpt_reply(handler->context, &reply);
		dialogue->accepted += reply.code / 100 == 2 ? 1 : 0;
		dialogue_reply(dialogue, &reply);
	}
}

void
dialogue_say(struct dialogue *dialogue, int code, const char *enhanced,
    const char *text)
{
	struct server_reply reply;

	server_reply_set(&reply, code, enhanced, "%s", text);
	dialogue_reply(dialogue, &reply);
}

void
dialogue_reply(struct dialogue *dialogue, const struct server_reply *reply)
{
	if (!dialogue->has_failed &&
	    server_output_add(&dialogue->output, reply, dialogue->err) == -1)
		dialogue->has_failed = true;
}

void
dialogue_flush(struct dialogue *dialogue)
{
	if (!dialogue->has_failed &&
	    server_output_flush(&dialogue->output, dialogue->err) == -1)
		dialogue->has_failed = !dialogue->has_quit;
}
