/* SPDX-License-Identifier: MIT */
/*
 * Tests several messages over one session: the commands before the second, and
 * the outcome of each recipient.
 */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "smtp/transaction.h"

enum {
	RECIPIENTS = 2,
	PATIENCE_MS = 10000
};

/* A server that sends its lines when the commands that they answer arrive. */
struct server {
	int fd;
	const char *replies;
	pthread_t thread;
	char heard[4096];
	size_t heard_len;
	size_t replies_after; /* so many bytes */
	bool replies_early;   /* and reads on when the replies were read */
};

struct fixture {
	struct server server;
	struct smtp_params params;
	struct smtp_extensions extensions;
	struct smtp_reply reply;
	struct smtp_channel channel;
	struct smtp_recipient recipient[RECIPIENTS];
	struct smtp_transaction transaction;
	const char *body;
	size_t body_len;
	size_t body_at;
};

static char large[200000];
static const char text[] = "Subject: x\n\nbody\n";
static const char chunk[] = "BDAT 20 LAST\r\nSubject: x\r\n\r\nbody\r\n";

static long
next_piece(void *context, void *out, size_t len, struct error *err)
{
	struct fixture *fixture = context;
	size_t left = fixture->body_len - fixture->body_at;

	(void)err;
	if (len > left)
		len = left;
	memcpy(out, fixture->body + fixture->body_at, len);
	fixture->body_at += len;
	return (long)len;
}

static void
rewind_body(void *context)
{
	((struct fixture *)context)->body_at = 0;
}

/* Waits until everything that was sent has been read. */
static void
await_reader(int fd)
{
	int left = 1;

	while (ioctl(fd, TIOCOUTQ, &left) == 0 && left > 0)
		clock_sleep_until(clock_now_ms() + 1);
}

static void *
serve_replies(void *argument)
{
	struct server *server = argument;
	char rest[4096];
	ssize_t got = recv(server->fd, server->heard, sizeof server->heard, 0);
	size_t len = got > 0 ? (size_t)got : 0;

	server->heard_len = len;
	if (server->replies_early) {
		send(server->fd, server->replies, strlen(server->replies), 0);
		await_reader(server->fd);
		while (recv(server->fd, rest, sizeof rest, 0) > 0)
			;
		return NULL;
	}
	while (got > 0 && len < server->replies_after) {
		got = recv(server->fd, rest, sizeof rest, 0);
		len += got > 0 ? (size_t)got : 0;
	}
	if (got > 0)
		send(server->fd, server->replies, strlen(server->replies), 0);
	return NULL;
}

static int
set_up(void **state)
{
	static const int buffer_size = 4096;
	struct fixture *fixture = calloc(1, sizeof *fixture);
	struct error err;
	int fd[2];

	assert_non_null(fixture);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	assert_int_equal(fcntl(fd[0], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &buffer_size,
			     sizeof buffer_size),
	    0);
	fixture->server.fd = fd[1];
	fixture->body = text;
	fixture->body_len = sizeof text - 1;
	fixture->params = (struct smtp_params){.host = "host",
	    .chunking = true,
	    .timeout_ms = PATIENCE_MS,
	    .final_timeout_ms = PATIENCE_MS,
	    .deadline_ms = clock_now_ms() + PATIENCE_MS};
	fixture->extensions.pipelining = true;
	fixture->extensions.chunking = true;
	smtp_reply_init(&fixture->reply);
	fixture->recipient[0].address = "one@example.test";
	fixture->recipient[1].address = "two@example.test";
	fixture->transaction =
	    (struct smtp_transaction){.sender = "me@example.test",
		.recipient = fixture->recipient,
		.recipient_count = RECIPIENTS,
		.body = {.size = 20,
		    .next = next_piece,
		    .rewind = rewind_body,
		    .context = fixture}};
	fixture->channel = (struct smtp_channel){.params = &fixture->params,
	    .extensions = &fixture->extensions,
	    .wire = wire_new(fd[0], "host port 25", &fixture->params, &err),
	    .reply = &fixture->reply};
	assert_non_null(fixture->channel.wire);
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	wire_free(fixture->channel.wire);
	close(fixture->server.fd);
	smtp_reply_done(&fixture->reply);
	free(fixture);
	return 0;
}

/* Runs a transaction with these replies, and records the commands. */
static int
run_transaction(struct fixture *fixture, const char *replies, struct error *err)
{
	struct server *server = &fixture->server;
	int result;

	memset(server->heard, 0, sizeof server->heard);
	server->replies = replies;
	assert_int_equal(pthread_create(&server->thread, NULL, serve_replies,
			     server),
	    0);
	result =
	    smtp_transaction_run(&fixture->transaction, &fixture->channel, err);
	/* A transaction that sent nothing leaves the server waiting. */
	shutdown(server->fd, SHUT_RD);
	pthread_join(server->thread, NULL);
	return result;
}

static void
assert_heard(const struct fixture *fixture, const char *first)
{
	struct buf expected;
	struct error err;

	buf_init(&expected, 4096);
	assert_int_equal(buf_addf(&expected, &err,
			     "%sMAIL FROM:<me@example.test>\r\n"
			     "RCPT TO:<one@example.test>\r\nRCPT "
			     "TO:<two@example.test>\r\n"
			     "%s",
			     first, chunk),
	    0);
	assert_string_equal(fixture->server.heard, buf_text(&expected));
	buf_done(&expected);
}

static void
sends_all_in_one_flight(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	assert_int_equal(run_transaction(fixture,
			     "250 a\r\n250 b\r\n250 c\r\n250 queued as 1\r\n",
			     &err),
	    0);
	assert_heard(fixture, "");
	assert_string_equal(fixture->transaction.receipt, "queued as 1");
	for (size_t i = 0; i < RECIPIENTS; i++)
		assert_int_equal(fixture->recipient[i].outcome.code,
		    ERROR_NONE);
	assert_false(fixture->channel.needs_reset);
	assert_false(fixture->channel.is_broken);
}

static void
resets_what_a_refused_envelope_left(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	fixture->channel.needs_reset = true;
	assert_int_equal(
	    run_transaction(fixture,
		"250 reset\r\n250 a\r\n250 b\r\n250 c\r\n250 queued\r\n", &err),
	    0);
	assert_heard(fixture, "RSET\r\n");
	assert_false(fixture->channel.needs_reset);
}

static void
gives_each_recipient_its_own_outcome(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	assert_int_equal(run_transaction(fixture,
			     "250 a\r\n550 5.1.1 no\r\n250 c\r\n250 queued\r\n",
			     &err),
	    0);
	assert_int_equal(fixture->recipient[0].outcome.code, ERROR_NO_USER);
	assert_int_equal(fixture->recipient[1].outcome.code, ERROR_NONE);
}

static void
takes_an_answer_for_what_it_answers(void **state)
{
	static const struct {
		const char *replies;
		enum error_code code;
		bool is_broken;
	} rows[] = {
	    /* MAIL is refused, and therefore RCPT too. */
	    {"550 5.7.1 no\r\n503 a\r\n503 b\r\n503 c\r\n", ERROR_REFUSED,
		false},
	    {"451 later\r\n503 a\r\n503 b\r\n503 c\r\n", ERROR_TEMPORARY,
		false},
	    /* No recipient is accepted. */
	    {"250 a\r\n550 b\r\n550 c\r\n503 d\r\n", ERROR_NO_USER, false},
	    /* The message refused. */
	    {"250 a\r\n250 b\r\n250 c\r\n554 5.6.0 d\r\n", ERROR_DATA, false},
	    {"250 a\r\n250 b\r\n250 c\r\n451 d\r\n", ERROR_TEMPORARY, false},
	    /* Neither accepted nor refused. */
	    {"250 a\r\n250 b\r\n250 c\r\n354 d\r\n", ERROR_AMBIGUOUS, false},
	    /* The answer to the message is lost, or any before it. */
	    {"250 a\r\n250 b\r\n250 c\r\n", ERROR_AMBIGUOUS, true},
	    {"250 a\r\n", ERROR_AMBIGUOUS, true},
	    {"", ERROR_AMBIGUOUS, true},
	    {"250 a\r\n250 b\r\n250 c\r\nhello\r\n", ERROR_AMBIGUOUS, true},
	    /* It stays refused if the connection is lost afterwards. */
	    {"550 5.7.1 no\r\n", ERROR_REFUSED, true},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture *fixture;
		struct error err;

		tear_down(state);
		set_up(state);
		fixture = *state;
		/* A lost answer ends the wait at once. */
		if (rows[i].is_broken)
			fixture->params.timeout_ms =
			    fixture->params.final_timeout_ms = 20;
		assert_int_equal(run_transaction(fixture, rows[i].replies,
				     &err),
		    -1);
		assert_int_not_equal(err.code, ERROR_NONE);
		for (size_t r = 0; r < RECIPIENTS; r++)
			assert_int_equal(fixture->recipient[r].outcome.code,
			    rows[i].code);
		assert_int_equal(fixture->channel.is_broken, rows[i].is_broken);
	}
}

static void
refuses_a_command_hidden_in_an_address(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	fixture->recipient[1].address = "two\r\nDATA";
	assert_int_equal(run_transaction(fixture, "", &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	assert_string_equal(fixture->server.heard, "");
}

static void
says_nothing_when_the_message_is_too_large(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	fixture->extensions.size = true;
	fixture->extensions.size_max = 19;
	assert_int_equal(run_transaction(fixture, "", &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	assert_string_equal(fixture->server.heard, "");
	assert_false(fixture->channel.is_broken);
}

/* RFC 3030 section 2 forbids it, but then the message may be sent already. */
static void
does_not_trust_a_refused_chunk_after_which_the_last_was_accepted(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	fixture->body = large;
	fixture->body_len = sizeof large - 1;
	fixture->server.replies_after = sizeof large;
	memset(large, 'x', sizeof large - 1);
	fixture->transaction.body.size = sizeof large + 1; /* CRLF */
	assert_int_equal(run_transaction(fixture,
			     "250 a\r\n250 b\r\n250 c\r\n451 not now\r\n"
			     "250 next\r\n250 next\r\n250 queued\r\n",
			     &err),
	    -1);
	assert_int_equal(err.code, ERROR_AMBIGUOUS);
	assert_int_equal(fixture->recipient[0].outcome.code, ERROR_AMBIGUOUS);
}

/* The end of the message had not been sent yet: it may be anything's reply. */
static void
does_not_trust_a_reply_before_the_end_of_the_message(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	fixture->body = large;
	fixture->body_len = 20000;
	fixture->server.replies_early = true;
	memset(large, 'x', sizeof large - 1);
	fixture->transaction.body.size = fixture->body_len + 2; /* CRLF */
	assert_int_equal(run_transaction(fixture,
			     "250 a\r\n250 b\r\n250 c\r\n250 queued\r\n", &err),
	    -1);
	assert_int_equal(err.code, ERROR_AMBIGUOUS);
	assert_int_equal(fixture->recipient[0].outcome.code, ERROR_AMBIGUOUS);
}

static void
stops_before_it_takes_a_stray_reply_for_an_answer(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	assert_int_equal(send(fixture->server.fd, "250 stray\r\n", 11, 0), 11);
	assert_int_equal(run_transaction(fixture, "", &err), -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
	assert_int_equal(fixture->recipient[0].outcome.code, ERROR_TEMPORARY);
	assert_string_equal(fixture->server.heard, "");
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(sends_all_in_one_flight),
	    CASE(resets_what_a_refused_envelope_left),
	    CASE(gives_each_recipient_its_own_outcome),
	    CASE(takes_an_answer_for_what_it_answers),
	    CASE(refuses_a_command_hidden_in_an_address),
	    CASE(says_nothing_when_the_message_is_too_large),
	    CASE(
		does_not_trust_a_refused_chunk_after_which_the_last_was_accepted),
	    CASE(does_not_trust_a_reply_before_the_end_of_the_message),
	    CASE(stops_before_it_takes_a_stray_reply_for_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
