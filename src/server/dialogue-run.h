/* SPDX-License-Identifier: MIT */
#ifndef SERVER_DIALOGUE_RUN_H
#define SERVER_DIALOGUE_RUN_H

/* A dialogue while it runs. For this layer only. */

#include <stdbool.h>
#include <stddef.h>

#include "server/dialogue.h"
#include "server/input.h"
#include "server/output.h"

enum dialogue_state {
	DIALOGUE_START,     /* before EHLO or HELO */
	DIALOGUE_READY,     /* no transaction */
	DIALOGUE_SENDER,    /* after MAIL */
	DIALOGUE_RECIPIENT, /* after RCPT */
	DIALOGUE_OVER
};

struct dialogue {
	const struct server_params *params;
	const struct server_handler *handler;
	struct server_handover *handover;
	struct server_input input;
	struct server_output output;
	enum dialogue_state state;
	size_t unanswered; /* RCPT commands without a reply */
	size_t accepted;   /* recipients */
	struct buf line;   /* the command, unchanged */
	char *argument;    /* of the command; may be changed */
	bool line_has_cr;  /* it ended with CRLF */
	bool has_quit;     /* and need not read the reply */
	bool has_failed;
	struct error *err;
};

/* Carries out one command line of len bytes, which is changed. */
void dialogue_command(struct dialogue *dialogue, char *line, size_t len);

/* Leaves the command to another process, and ends this dialogue. */
void dialogue_hand_over(struct dialogue *dialogue);

/* Receives the message that follows DATA, and passes it to the handler. */
void dialogue_receive(struct dialogue *dialogue);

/* Ends the transaction, if there is one. */
void dialogue_forget(struct dialogue *dialogue);

/* Answers the RCPT commands that have no reply yet: before any other reply. */
void dialogue_settle(struct dialogue *dialogue);

/* Add a reply to those that are sent before the dialogue waits. */
void dialogue_say(struct dialogue *dialogue, int code, const char *enhanced,
    const char *text);
void dialogue_reply(struct dialogue *dialogue,
    const struct server_reply *reply);

/* Sends the replies. */
void dialogue_flush(struct dialogue *dialogue);

#endif
