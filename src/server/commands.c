/* SPDX-License-Identifier: MIT */
/*
 * The commands, and when each is allowed.
 */
#include <string.h>

#include "base/text.h"
#include "server/dialogue-run.h"

enum {
	IN_START = 1 << DIALOGUE_START,
	IN_READY = 1 << DIALOGUE_READY,
	IN_SENDER = 1 << DIALOGUE_SENDER,
	IN_RECIPIENT = 1 << DIALOGUE_RECIPIENT,
	IN_ANY = IN_START | IN_READY | IN_SENDER | IN_RECIPIENT
};

/* Carries out a command; dialogue->argument is what follows its name. */
typedef void command_function(struct dialogue *dialogue);

struct command {
	const char *name;
	unsigned states;
	const char *otherwise; /* what comes first, in the reply 503 */
	command_function *run;
};

static void run_command(struct dialogue *dialogue,
    const struct command *command, char *argument);
static void refuse_order(struct dialogue *dialogue,
    const struct command *command);
static command_function command_ehlo, command_helo, command_mail, command_rcpt,
    command_data, command_rset, command_vrfy, command_noop, command_help,
    command_quit, command_missing;
static void refuse_content(struct dialogue *dialogue);
static void hello(struct dialogue *dialogue, const char *argument,
    bool is_extended);

static const struct command commands[] = {
    {"EHLO", IN_ANY, "", command_ehlo},
    {"HELO", IN_ANY, "", command_helo},
    {"MAIL", IN_READY, "EHLO", command_mail},
    {"RCPT", IN_SENDER | IN_RECIPIENT, "MAIL", command_rcpt},
    {"DATA", IN_RECIPIENT, "RCPT", command_data},
    {"RSET", IN_ANY, "", command_rset},
    {"VRFY", IN_ANY, "", command_vrfy},
    {"NOOP", IN_ANY, "", command_noop},
    {"HELP", IN_ANY, "", command_help},
    {"QUIT", IN_ANY, "", command_quit},
    {"EXPN", IN_ANY, "", command_missing},
    {"AUTH", IN_ANY, "", command_missing},
    {"BDAT", IN_ANY, "", command_missing},
    {"STARTTLS", IN_ANY, "", command_missing},
};

void
dialogue_command(struct dialogue *dialogue, char *line, size_t len)
{
	size_t name_len = strcspn(line, " \t");

	/* A NUL or CR would end the command early for one program or another.
	 */
	if (!text_is_one_line(line, len)) {
		dialogue_settle(dialogue);
		dialogue_say(dialogue, 500, "5.5.2",
		    "the line contains NUL or CR");
		return;
	}
	buf_clear(&dialogue->line);
	if (buf_add(&dialogue->line, line, len, dialogue->err) == -1) {
		dialogue->has_failed = true;
		return;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (text_is(line, name_len, commands[i].name)) {
			run_command(dialogue, &commands[i], line + name_len);
			return;
		}
	}
	dialogue_settle(dialogue);
	dialogue_say(dialogue, 500, "5.5.1", "unknown command");
}

static void
run_command(struct dialogue *dialogue, const struct command *command,
    char *argument)
{
	if (command->run != command_rcpt ||
	    dialogue->unanswered == SERVER_UNANSWERED_MAX)
		dialogue_settle(dialogue);
	if ((command->states & (1U << dialogue->state)) != 0) {
		dialogue->argument = text_trim(argument);
		command->run(dialogue);
		return;
	}
	refuse_order(dialogue, command);
	if (command->run == command_data)
		refuse_content(dialogue);
}

static void
refuse_order(struct dialogue *dialogue, const struct command *command)
{
	struct server_reply reply;

	if (dialogue->state > DIALOGUE_READY && command->run == command_mail)
		server_reply_set(&reply, 503, "5.5.1",
		    "MAIL: the transaction has begun; RSET ends it");
	else
		server_reply_set(&reply, 503, "5.5.1", "%s: send %s first",
		    command->name,
		    dialogue->state == DIALOGUE_START ? "EHLO"
						      : command->otherwise);
	dialogue_reply(dialogue, &reply);
}

static void
command_ehlo(struct dialogue *dialogue)
{
	hello(dialogue, dialogue->argument, true);
}

static void
command_helo(struct dialogue *dialogue)
{
	hello(dialogue, dialogue->argument, false);
}

static void
hello(struct dialogue *dialogue, const char *argument, bool is_extended)
{
	struct server_reply reply;

	if (*argument == '\0') {
		dialogue_say(dialogue, 501, "5.5.4",
		    "the name of the client is missing");
		return;
	}
	dialogue_forget(dialogue);
	dialogue->state = DIALOGUE_READY;
	server_reply_set(&reply, 250, "", "%s%s", dialogue->params->name,
	    is_extended ? "\nPIPELINING\nSIZE\n8BITMIME\nSMTPUTF8\nDSN\n"
			  "ENHANCEDSTATUSCODES"
			: "");
	dialogue_reply(dialogue, &reply);
}

static void
command_mail(struct dialogue *dialogue)
{
	const struct server_handler *handler = dialogue->handler;
	struct server_reply reply = {.code = 0};
	struct server_path path;

	if (server_path_parse(&path, SERVER_PATH_MAIL, dialogue->argument,
		&reply) == 0) {
		handler->mail(handler->context, &path, &reply);
		if (reply.code / 100 == 2)
			dialogue->state = DIALOGUE_SENDER;
	}
	if (reply.code == SERVER_HAND_OVER)
		dialogue_hand_over(dialogue);
	else
		dialogue_reply(dialogue, &reply);
}

static void
command_rcpt(struct dialogue *dialogue)
{
	const struct server_handler *handler = dialogue->handler;
	struct server_reply reply;
	struct server_path path;

	if (server_path_parse(&path, SERVER_PATH_RCPT, dialogue->argument,
		&reply) == -1) {
		dialogue_settle(dialogue);
		dialogue_reply(dialogue, &reply);
		return;
	}
	handler->rcpt(handler->context, &path);
	dialogue->unanswered++;
	dialogue->state = DIALOGUE_RECIPIENT;
}

static void
command_data(struct dialogue *dialogue)
{
	const struct server_handler *handler = dialogue->handler;
	struct server_reply reply = {.code = 0};

	if (*dialogue->argument != '\0')
		server_reply_set(&reply, 501, "5.5.4",
		    "DATA takes no argument");
	else if (dialogue->accepted == 0)
		server_reply_set(&reply, 554, "5.5.1",
		    "no recipient was accepted");
	else
		handler->data(handler->context, &reply);
	dialogue_reply(dialogue, &reply);
	if (reply.code != 354) {
		refuse_content(dialogue);
		return;
	}
	dialogue_flush(dialogue);
	if (!dialogue->has_failed)
		dialogue_receive(dialogue);
}

/* DATA was refused, but the client has sent more, which is part of a message
 * then: its lines must not be carried out as commands. */
static void
refuse_content(struct dialogue *dialogue)
{
	if (dialogue->has_failed ||
	    dialogue->input.start == dialogue->input.end)
		return;
	dialogue_say(dialogue, 421, "4.5.0",
	    "the message came although DATA was refused; closing");
	dialogue_flush(dialogue);
	if (!dialogue->has_failed)
		error_set(dialogue->err, ERROR_INPUT,
		    "standard input: a message came although DATA was "
		    "refused");
	dialogue->has_failed = true;
}

static void
command_rset(struct dialogue *dialogue)
{
	dialogue_forget(dialogue);
	if (dialogue->state != DIALOGUE_START)
		dialogue->state = DIALOGUE_READY;
	dialogue_say(dialogue, 250, "2.0.0", "OK");
}

static void
command_vrfy(struct dialogue *dialogue)
{
	if (*dialogue->argument == '\0')
		dialogue_say(dialogue, 501, "5.5.4",
		    "VRFY: the address is missing");
	else
		dialogue_say(dialogue, 252, "2.5.2",
		    "the server decides at RCPT");
}

static void
command_noop(struct dialogue *dialogue)
{
	dialogue_say(dialogue, 250, "2.0.0", "OK");
}

static void
command_help(struct dialogue *dialogue)
{
	dialogue_say(dialogue, 214, "2.0.0",
	    "EHLO HELO MAIL RCPT DATA RSET VRFY NOOP HELP QUIT");
}

static void
command_quit(struct dialogue *dialogue)
{
	dialogue_say(dialogue, 221, "2.0.0", "closing");
	dialogue->has_quit = true;
	dialogue->state = DIALOGUE_OVER;
}

static void
command_missing(struct dialogue *dialogue)
{
	dialogue_say(dialogue, 502, "5.5.1", "the command is not offered here");
}
