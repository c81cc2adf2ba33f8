/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what an SMTP client says: the handler is called in the order of
 * a transaction, its texts fit into a command, and all commands after the last
 * message are answered.
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "server/dialogue.h"
#include "server/input.h"

#include "fuzz.h"

/* What the handler has been called for. */
struct caller {
	bool has_sender, has_data;
	size_t asked, answered; /* recipients */
	unsigned choice;        /* which replies are given */
};

static void
check_word(const char *word)
{
	require(word == NULL || strpbrk(word, " \t\r\n") == NULL);
}

static void
check_path(const struct server_path *path)
{
	require(path->address != NULL);
	require(strpbrk(path->address, "\r\n") == NULL);
	require(strlen(path->address) <= SERVER_LINE_MAX);
	check_word(path->envelope_id);
	check_word(path->notify);
	check_word(path->original);
}

static void
on_mail(void *context, const struct server_path *path,
    struct server_reply *reply)
{
	struct caller *caller = context;

	require(!caller->has_sender);
	check_path(path);
	caller->choice++;
	caller->has_sender = caller->choice % 8 != 0;
	server_reply_set(reply, caller->has_sender ? 250 : 451, "2.1.0", "%s",
	    path->address);
}

static void
on_rcpt(void *context, const struct server_path *path)
{
	struct caller *caller = context;

	require(caller->has_sender);
	check_path(path);
	caller->asked++;
	require(caller->asked - caller->answered <= SERVER_UNANSWERED_MAX);
}

static void
on_rcpt_reply(void *context, struct server_reply *reply)
{
	struct caller *caller = context;

	require(caller->answered < caller->asked);
	caller->answered++;
	server_reply_set(reply, caller->answered % 3 == 0 ? 550 : 250, "",
	    "recipient");
}

static void
on_data(void *context, struct server_reply *reply)
{
	struct caller *caller = context;

	require(caller->answered > 0 && caller->answered == caller->asked);
	caller->has_data = true;
	server_reply_set(reply, 354, "", "go on");
}

static void
on_content(void *context, const char *bytes, size_t len)
{
	const struct caller *caller = context;

	require(caller->has_data && len > 0 && bytes != NULL);
}

static void
forget(void *context)
{
	struct caller *caller = context;

	*caller = (struct caller){.choice = caller->choice};
}

static void
on_message(void *context, struct server_reply *reply)
{
	const struct caller *caller = context;

	require(caller->has_data);
	server_reply_set(reply, 250, "2.0.0", "OK");
	forget(context);
}

static void
on_nothing(void *context)
{
	(void)context;
}

static int64_t
on_idle(void *context, int64_t silent_ms)
{
	(void)context;
	(void)silent_ms;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static int out = -1;
	struct caller caller = {.choice = 0};
	const struct server_handler handler = {.mail = on_mail,
	    .rcpt = on_rcpt,
	    .rcpt_reply = on_rcpt_reply,
	    .data = on_data,
	    .content = on_content,
	    .message = on_message,
	    .message_answered = on_nothing,
	    .forget = forget,
	    .idle = on_idle,
	    .context = &caller};
	struct server_params params = {.name = "host", .timeout_ms = 60000};
	struct server_handover handover;
	struct error err;

	if (out == -1)
		out = open("/dev/null", O_WRONLY);
	params.in = memfd_create("client", 0);
	params.out = out;
	require(params.in != -1 && out != -1);
	require(write(params.in, data, len) == (ssize_t)len);
	require(lseek(params.in, 0, SEEK_SET) == 0);
	buf_init(&handover.input, SERVER_INPUT_SIZE);
	if (server_run(&params, &handler, &handover, &err) == -1)
		require(err.code == ERROR_INPUT);
	require(handover.input.len == 0);
	buf_done(&handover.input);
	close(params.in);
	return 0;
}
