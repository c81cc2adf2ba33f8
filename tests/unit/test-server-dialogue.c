/* SPDX-License-Identifier: MIT */
/*
 * Tests the dialogue with a client that is slow, silent, deaf or gone, and how
 * another process continues it. tests/sendmail has the commands.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "server/dialogue.h"
#include "server/input.h"

enum {
	TEXT_MAX = 1048576
};

/* The client's end of a socket, and what the handler was called for. */
struct client {
	int fd, server_fd;
	struct buf calls; /* a letter for each */
	int mail_code;
	struct server_params params;
	struct server_handover handover;
	struct error err;
};

static void
note(struct client *client, const char *call)
{
	struct error err;

	assert_int_equal(buf_add_text(&client->calls, call, &err), 0);
}

static void
on_mail(void *context, const struct server_path *path,
    struct server_reply *reply)
{
	struct client *client = context;

	assert_non_null(path->address);
	note(client, "m");
	server_reply_set(reply, client->mail_code, "2.1.0", "OK");
}

static void
on_rcpt(void *context, const struct server_path *path)
{
	(void)path;
	note(context, "r");
}

static void
on_rcpt_reply(void *context, struct server_reply *reply)
{
	note(context, "R");
	server_reply_set(reply, 250, "2.1.5", "OK");
}

static void
on_data(void *context, struct server_reply *reply)
{
	note(context, "d");
	server_reply_set(reply, 354, "", "go on");
}

static void
on_content(void *context, const char *bytes, size_t len)
{
	(void)bytes;
	(void)len;
	note(context, "c");
}

static void
on_message(void *context, struct server_reply *reply)
{
	note(context, "M");
	server_reply_set(reply, 250, "2.0.0", "OK");
}

static void
on_answered(void *context)
{
	note(context, "A");
}

static void
on_forget(void *context)
{
	note(context, "f");
}

static int64_t
on_idle(void *context, int64_t silent_ms)
{
	note(context, "i");
	return silent_ms < 20 ? silent_ms + 10 : 0;
}

static int
set_up(void **state)
{
	struct client *client = calloc(1, sizeof *client);
	int ends[2];

	assert_non_null(client);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	client->fd = ends[0];
	client->server_fd = ends[1];
	client->mail_code = 250;
	client->params = (struct server_params){.in = ends[1],
	    .out = ends[1],
	    .name = "host.test",
	    .timeout_ms = 60000};
	buf_init(&client->calls, TEXT_MAX);
	buf_init(&client->handover.input, SERVER_INPUT_SIZE);
	*state = client;
	return 0;
}

static int
tear_down(void **state)
{
	struct client *client = *state;

	close(client->fd);
	close(client->server_fd);
	buf_done(&client->calls);
	buf_done(&client->handover.input);
	free(client);
	return 0;
}

static int
serve(struct client *client)
{
	const struct server_handler handler = {.mail = on_mail,
	    .rcpt = on_rcpt,
	    .rcpt_reply = on_rcpt_reply,
	    .data = on_data,
	    .content = on_content,
	    .message = on_message,
	    .message_answered = on_answered,
	    .forget = on_forget,
	    .idle = on_idle,
	    .context = client};

	return server_run(&client->params, &handler, &client->handover,
	    &client->err);
}

/* Says it all at once, and nothing more. */
static void
say(const struct client *client, const char *text)
{
	assert_int_equal(write(client->fd, text, strlen(text)),
	    (ssize_t)strlen(text));
}

/* All replies that have been sent. */
static void
assert_replies_end(const struct client *client, const char *end)
{
	char replies[8192];
	ssize_t len = recv(client->fd, replies, sizeof replies, MSG_DONTWAIT);

	assert_true(len >= (ssize_t)strlen(end));
	assert_memory_equal(replies + len - strlen(end), end, strlen(end));
}

#define HELLO "EHLO client.test\r\n"
#define MAIL "MAIL FROM:<a@b.test>\r\n"
#define RCPT "RCPT TO:<c@d.test>\r\n"

static void
ends_with_the_input_between_messages(void **state)
{
	struct client *client = *state;

	say(client, HELLO MAIL RCPT "NOOP\r\nQU");
	shutdown(client->fd, SHUT_WR);
	assert_int_equal(serve(client), 0);
	assert_string_equal(buf_text(&client->calls), "fmrRf");
}

static void
passes_on_no_message_that_was_cut(void **state)
{
	struct client *client = *state;

	say(client, HELLO MAIL RCPT "DATA\r\nSubject: x\r\n\r\nbody\r\n.");
	shutdown(client->fd, SHUT_WR);
	assert_int_equal(serve(client), -1);
	assert_int_equal(client->err.code, ERROR_INPUT);
	assert_string_equal(buf_text(&client->calls), "fmrRdcf");
}

static void
asks_for_replies_to_recipients_together(void **state)
{
	struct client *client = *state;

	say(client, HELLO MAIL RCPT RCPT RCPT "DATA\r\n.\r\nQUIT\r\n");
	assert_int_equal(serve(client), 0);
	assert_string_equal(buf_text(&client->calls), "fmrrrRRRdMAf");
}

static void
asks_for_replies_before_too_many_wait(void **state)
{
	struct client *client = *state;
	char expected[2 * SERVER_UNANSWERED_MAX + 8] = "fm";

	say(client, HELLO MAIL);
	for (int i = 0; i < SERVER_UNANSWERED_MAX + 1; i++)
		say(client, RCPT);
	say(client, "QUIT\r\n");
	assert_int_equal(serve(client), 0);
	memset(expected + 2, 'r', SERVER_UNANSWERED_MAX);
	memset(expected + 2 + SERVER_UNANSWERED_MAX, 'R',
	    SERVER_UNANSWERED_MAX);
	memcpy(expected + 2 + 2 * SERVER_UNANSWERED_MAX, "rRf", 4);
	assert_string_equal(buf_text(&client->calls), expected);
}

static void
says_421_to_a_silent_client(void **state)
{
	struct client *client = *state;

	client->params.timeout_ms = 20;
	say(client, HELLO MAIL);
	assert_int_equal(serve(client), -1);
	assert_int_equal(client->err.code, ERROR_TEMPORARY);
	assert_string_equal(buf_text(&client->calls), "fmf");
	assert_replies_end(client,
	    "421 4.4.2 no command for too long; closing\r\n");
}

static void
says_421_to_a_message_that_does_not_end(void **state)
{
	struct client *client = *state;

	client->params.timeout_ms = 20;
	say(client, HELLO MAIL RCPT "DATA\r\nSubject: x\r\n");
	assert_int_equal(serve(client), -1);
	assert_int_equal(client->err.code, ERROR_INPUT);
	assert_replies_end(client,
	    "421 4.4.2 the message does not end; closing\r\n");
}

static void
reports_idleness_without_a_transaction_only(void **state)
{
	struct client *client = *state;

	client->params.idle_ms = 10;
	client->params.timeout_ms = 40;
	say(client, HELLO);
	assert_int_equal(serve(client), -1);
	assert_string_equal(buf_text(&client->calls), "fiif");
	buf_clear(&client->calls);
	say(client, HELLO MAIL);
	assert_int_equal(serve(client), -1);
	assert_string_equal(buf_text(&client->calls), "fmf");
}

static void
gives_up_a_client_that_does_not_read(void **state)
{
	struct client *client = *state;
	int small = 1;
	pid_t writer;

	client->params.timeout_ms = 50;
	setsockopt(client->server_fd, SOL_SOCKET, SO_SNDBUF, &small,
	    sizeof small);
	fcntl(client->server_fd, F_SETFL, O_NONBLOCK);
	writer = fork();
	if (writer == 0) {
		for (int i = 0; i < 100000; i++)
			say(client, "HELP\r\n");
		_exit(0);
	}
	assert_int_equal(serve(client), -1);
	assert_int_equal(client->err.code, ERROR_IO);
	kill(writer, SIGKILL);
}

static void
fails_when_the_client_is_gone(void **state)
{
	struct client *client = *state;

	signal(SIGPIPE, SIG_IGN);
	say(client, HELLO MAIL);
	shutdown(client->server_fd, SHUT_WR);
	assert_int_equal(serve(client), -1);
	assert_int_equal(client->err.code, ERROR_IO);
}

static void
hands_over_what_is_not_answered(void **state)
{
	struct client *client = *state;
	char expected[] = MAIL RCPT "QUIT\r\n";

	client->mail_code = SERVER_HAND_OVER;
	say(client, HELLO MAIL RCPT "QUIT\r\n");
	assert_int_equal(serve(client), 0);
	assert_string_equal(buf_text(&client->calls), "fmf");
	assert_string_equal(buf_text(&client->handover.input), expected);
	client->mail_code = 250;
	assert_int_equal(serve(client), 0);
	assert_string_equal(buf_text(&client->calls), "fmfmrRf");
	assert_int_equal(client->handover.input.len, 0);
	assert_replies_end(client,
	    "250 2.1.0 OK\r\n250 2.1.5 OK\r\n221 2.0.0 closing\r\n");
}

static void
divides_and_escapes_the_lines_of_a_reply(void **state)
{
	struct server_reply reply;
	struct error err;
	struct buf out;
	char word[1501];

	(void)state;
	memset(word, 'x', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	word[400] = ' ';
	server_reply_set(&reply, 550, "5.7.1", "one\r250 two\x01\n%s\n\xC3\xBC",
	    word);
	buf_init(&out, 65536);
	assert_int_equal(server_reply_write(&reply, &out, &err), 0);
	assert_true(
	    strncmp(buf_text(&out),
		"550-5.7.1 one 250 two\\x01\r\n550-5.7.1 xxx", 40) == 0);
	assert_non_null(strstr(buf_text(&out), "\r\n550 5.7.1 \xC3\xBC\r\n"));
	for (const char *line = buf_text(&out); *line != '\0';) {
		size_t len = strcspn(line, "\n");

		assert_in_range(len, 10, SERVER_REPLY_LINE_MAX + 1);
		line += len + 1;
	}
	buf_done(&out);
}

#define DIALOGUE_TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] =
	    {DIALOGUE_TEST(ends_with_the_input_between_messages),
		DIALOGUE_TEST(passes_on_no_message_that_was_cut),
		DIALOGUE_TEST(asks_for_replies_to_recipients_together),
		DIALOGUE_TEST(asks_for_replies_before_too_many_wait),
		DIALOGUE_TEST(says_421_to_a_silent_client),
		DIALOGUE_TEST(says_421_to_a_message_that_does_not_end),
		DIALOGUE_TEST(reports_idleness_without_a_transaction_only),
		DIALOGUE_TEST(gives_up_a_client_that_does_not_read),
		DIALOGUE_TEST(fails_when_the_client_is_gone),
		DIALOGUE_TEST(hands_over_what_is_not_answered),
		cmocka_unit_test(divides_and_escapes_the_lines_of_a_reply)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
