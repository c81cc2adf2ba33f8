/* SPDX-License-Identifier: MIT */
/* Tests reading and writing lines over a pair of sockets. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "smtp/params.h"
#include "smtp/wire.h"

enum {
	WAIT_MS = 20,
	PATIENCE_MS = 10000
};

struct pair {
	struct wire *wire;
	int peer;
	struct buf transcript; /* a line each, with > < or * */
	struct smtp_params params;
};

static void
on_line(void *context, enum transcript_side side, const char *text)
{
	struct error err;

	assert_int_equal(buf_addf(context, &err, "%c%s\n", "><*"[side], text),
	    0);
}

static int
set_up(void **state)
{
	struct pair *pair = calloc(1, sizeof *pair);
	struct error err;
	int fd[2];

	assert_non_null(pair);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
			     fd),
	    0);
	buf_init(&pair->transcript, 1 << 20);
	pair->params = (struct smtp_params){.transcript = {.line = on_line,
						.context = &pair->transcript},
	    .timeout_ms = WAIT_MS,
	    .deadline_ms = INT64_MAX};
	pair->peer = fd[1];
	pair->wire = wire_new(fd[0], "peer port 25", &pair->params, &err);
	assert_non_null(pair->wire);
	*state = pair;
	return 0;
}

static int
tear_down(void **state)
{
	struct pair *pair = *state;

	wire_free(pair->wire);
	close(pair->peer);
	buf_done(&pair->transcript);
	free(pair);
	return 0;
}

static int64_t
soon(void)
{
	return clock_now_ms() + WAIT_MS;
}

static int64_t
late(void)
{
	return clock_now_ms() + PATIENCE_MS;
}

static void
send_text(const struct pair *pair, const char *text)
{
	size_t len = strlen(text);

	assert_int_equal(write(pair->peer, text, len), (ssize_t)len);
}

/* Returns the bytes that the peer has received so far. */
static const char *
arrived(const struct pair *pair)
{
	static char text[4096];
	ssize_t got = read(pair->peer, text, sizeof text - 1);

	text[got > 0 ? got : 0] = '\0';
	return text;
}

static void
assert_reads(const struct pair *pair, const char *expected)
{
	const char *line;
	struct error err;
	size_t len;

	assert_int_equal(wire_read_line(pair->wire, late(), &line, &len, &err),
	    0);
	assert_string_equal(line, expected);
	assert_int_equal(len, strlen(expected));
}

static enum error_code
read_fails(const struct pair *pair)
{
	const char *line;
	struct error err;
	size_t len;

	assert_int_equal(wire_read_line(pair->wire, soon(), &line, &len, &err),
	    -1);
	return err.code;
}

static void
holds_commands_back_until_it_waits(void **state)
{
	struct pair *pair = *state;
	struct error err;

	assert_int_equal(wire_command(pair->wire, &err, "MAIL FROM:<%s>", "a"),
	    0);
	assert_int_equal(wire_command(pair->wire, &err, "DATA"), 0);
	assert_string_equal(arrived(pair), "");
	assert_int_equal(read_fails(pair), ERROR_TEMPORARY);
	assert_string_equal(arrived(pair), "MAIL FROM:<a>\r\nDATA\r\n");
}

static void
sends_nothing_while_it_has_something_to_read(void **state)
{
	struct pair *pair = *state;
	struct error err;

	send_text(pair, "250 one\r\n250 two\r\n");
	assert_reads(pair, "250 one");
	assert_int_equal(wire_command(pair->wire, &err, "NOOP"), 0);
	assert_reads(pair, "250 two");
	assert_string_equal(arrived(pair), "");
	assert_int_equal(wire_flush(pair->wire, late(), &err), 0);
	assert_string_equal(arrived(pair), "NOOP\r\n");
}

static void
refuses_a_line_end_inside_a_command(void **state)
{
	static const char *const evil[] = {"a\r\nDATA", "a\nb", "a\rb", "\r",
	    "\n"};
	struct pair *pair = *state;
	struct error err;

	for (size_t i = 0; i < sizeof evil / sizeof *evil; i++) {
		assert_int_equal(wire_command(pair->wire, &err, "RCPT TO:<%s>",
				     evil[i]),
		    -1);
		assert_int_equal(err.code, ERROR_DATA);
		assert_null(strpbrk(err.message, "\r\n"));
	}
	assert_int_equal(wire_flush(pair->wire, late(), &err), 0);
	assert_string_equal(arrived(pair), "");
	assert_string_equal(buf_text(&pair->transcript), "");
}

static void
refuses_a_command_that_is_too_long(void **state)
{
	struct pair *pair = *state;
	char name[5000];
	struct error err;

	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	assert_int_equal(wire_command(pair->wire, &err, "RCPT TO:<%s>", name),
	    -1);
	assert_int_equal(err.code, ERROR_DATA);
}

static void
shows_no_secret(void **state)
{
	struct pair *pair = *state;
	struct error err;
	struct redaction redaction = {0};
	struct secret *secret = secret_new(&err);

	pair->params.redaction = &redaction;
	assert_non_null(secret);
	assert_int_equal(secret_add(secret, "xyzzy", 5, &err), 0);
	assert_int_equal(wire_secret(pair->wire, "AUTH PLAIN ", secret, late(),
			     &err),
	    0);
	secret_free(secret);
	redaction_done(&redaction);
	assert_string_equal(arrived(pair), "AUTH PLAIN xyzzy\r\n");
	assert_string_equal(buf_text(&pair->transcript),
	    ">AUTH PLAIN <redacted, 5 bytes>\n");
}

static void
reads_lines_however_they_end_or_come(void **state)
{
	struct pair *pair = *state;

	send_text(pair, "250 crlf\r\n250 lf\n\r\n\n250 cr\rinside\r\n");
	assert_reads(pair, "250 crlf");
	assert_reads(pair, "250 lf");
	assert_reads(pair, "");
	assert_reads(pair, "");
	assert_reads(pair, "250 cr\rinside");
	send_text(pair, "2");
	assert_int_equal(read_fails(pair), ERROR_TEMPORARY);
	send_text(pair, "50 late\r");
	assert_int_equal(read_fails(pair), ERROR_TEMPORARY);
	send_text(pair, "\n");
	assert_reads(pair, "250 late");
}

static void
fails_at_the_end_of_the_connection(void **state)
{
	struct pair *pair = *state;

	send_text(pair, "250 whole\r\n250 half");
	shutdown(pair->peer, SHUT_WR);
	assert_reads(pair, "250 whole");
	assert_int_equal(read_fails(pair), ERROR_TEMPORARY);
}

static void
cuts_a_line_without_end(void **state)
{
	struct pair *pair = *state;
	const char *line;
	struct error err;
	size_t len;
	char *text = malloc(WIRE_LINE_MAX + 5000);

	assert_non_null(text);
	memset(text, 'x', WIRE_LINE_MAX + 4999);
	text[WIRE_LINE_MAX + 4999] = '\0';
	send_text(pair, text);
	free(text);
	assert_int_equal(wire_read_line(pair->wire, late(), &line, &len, &err),
	    0);
	assert_int_equal(len, WIRE_LINE_MAX);
	assert_true(wire_line_is_cut(pair->wire));
	send_text(pair, "y\nz\n");
	assert_int_equal(wire_read_line(pair->wire, late(), &line, &len, &err),
	    0);
	assert_int_equal(len, 4999); /* the NUL took a byte */
	assert_false(wire_line_is_cut(pair->wire));
	assert_reads(pair, "z");
}

static void
notices_what_nobody_asked_for(void **state)
{
	struct pair *pair = *state;
	struct error err;

	assert_int_equal(wire_check_silence(pair->wire, &err), 0);
	assert_false(wire_has_input(pair->wire));
	send_text(pair, "250 one\r\n2");
	assert_true(wire_has_input(pair->wire));
	assert_int_equal(wire_check_silence(pair->wire, &err), -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
	assert_reads(pair, "250 one");
	assert_int_equal(wire_check_silence(pair->wire, &err), -1);
}

static void
takes_an_end_for_silence_and_for_input(void **state)
{
	struct pair *pair = *state;
	struct error err;

	shutdown(pair->peer, SHUT_WR);
	assert_int_equal(wire_check_silence(pair->wire, &err), 0);
	assert_true(wire_has_input(pair->wire));
	assert_int_equal(read_fails(pair), ERROR_TEMPORARY);
}

static void
stops_sending_content_when_it_is_spoken_to(void **state)
{
	enum {
		LARGE = 16 << 20
	};
	struct pair *pair = *state;
	char *bytes = calloc(1, LARGE);
	struct error err;
	long taken;

	assert_non_null(bytes);
	send_text(pair, "552 too large\r\n");
	taken = wire_content(pair->wire, bytes, LARGE, PATIENCE_MS, &err);
	assert_true(taken > 0 && taken < LARGE);
	assert_reads(pair, "552 too large");
	/* If the peer neither sends nor reads, it ends at the deadline. */
	assert_int_equal(wire_content(pair->wire, bytes, LARGE, WAIT_MS, &err),
	    -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
	free(bytes);
}

/* The flush before a command has the time limit of a command. */
static void
gives_up_on_a_peer_that_does_not_read_commands(void **state)
{
	struct pair *pair = *state;
	int result = 0;
	struct error err;

	while (result == 0)
		result = wire_command(pair->wire, &err,
		    "RCPT TO:<somebody@example.test>");
	assert_int_equal(err.code, ERROR_TEMPORARY);
}

static void
never_waits_past_the_deadline_of_the_session(void **state)
{
	struct pair *pair = *state;
	const char *line;
	size_t len;
	struct error err;

	pair->params.deadline_ms = soon();
	assert_int_equal(wire_read_line(pair->wire, INT64_MAX, &line, &len,
			     &err),
	    -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
	assert_int_equal(wire_content(pair->wire, "x", 1, PATIENCE_MS, &err),
	    -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
}

int
main(void)
{
#ifdef M_PERTURB /* of glibc: what malloc returns is full of these bytes */
	mallopt(M_PERTURB, 0x55);
#endif
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    CASE(holds_commands_back_until_it_waits),
	    CASE(sends_nothing_while_it_has_something_to_read),
	    CASE(refuses_a_line_end_inside_a_command),
	    CASE(refuses_a_command_that_is_too_long),
	    CASE(shows_no_secret),
	    CASE(reads_lines_however_they_end_or_come),
	    CASE(fails_at_the_end_of_the_connection),
	    CASE(cuts_a_line_without_end),
	    CASE(notices_what_nobody_asked_for),
	    CASE(takes_an_end_for_silence_and_for_input),
	    CASE(stops_sending_content_when_it_is_spoken_to),
	    CASE(gives_up_on_a_peer_that_does_not_read_commands),
	    CASE(never_waits_past_the_deadline_of_the_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
