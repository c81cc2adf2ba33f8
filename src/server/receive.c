/* SPDX-License-Identifier: MIT */
/*
 * Receives the message of a transaction. One that was cut off is not passed on
 * as a whole.
 */
#include "base/clock.h"
#include "server/content.h"
#include "server/dialogue-run.h"

static int receive_content(struct dialogue *dialogue);

void
dialogue_receive(struct dialogue *dialogue)
{
	const struct server_handler *handler = dialogue->handler;
	struct server_reply reply = {.code = 0};

	if (receive_content(dialogue) == -1)
		return;
	handler->message(handler->context, &reply);
	dialogue->state = DIALOGUE_READY;
	dialogue->accepted = 0;
	dialogue_reply(dialogue, &reply);
	dialogue_flush(dialogue);
	handler->message_answered(handler->context);
}

static int
receive_content(struct dialogue *dialogue)
{
	const struct server_handler *handler = dialogue->handler;
	struct server_input *input = &dialogue->input;
	struct server_content content;
	int result;

	server_content_begin(&content, dialogue->line_has_cr);
	for (;;) {
		input->start += server_content_decode(&content,
		    input->data + input->start, input->end - input->start,
		    handler->content, handler->context);
		if (content.state == CONTENT_END)
			return 0;
		result = server_input_fill(input,
		    clock_now_ms() + dialogue->params->timeout_ms);
		if (result == 1)
			continue;
		if (result == 0)
			dialogue_say(dialogue, 421, "4.4.2",
			    "the message does not end; closing");
		dialogue_flush(dialogue);
		error_set(dialogue->err, ERROR_INPUT,
		    "standard input ended before the message: it was not "
		    "sent");
		dialogue->has_failed = true;
		return -1;
	}
}
