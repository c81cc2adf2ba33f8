/* SPDX-License-Identifier: MIT */
/* Tests reading, refusing and writing messages of git's credential protocol. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "credential/credential-message.h"

enum {
	SOON_MS = 2000
};

struct pipe {
	int out;
	int in;
};

static struct pipe
open_pipe(void)
{
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	return (struct pipe){.out = ends[0], .in = ends[1]};
}

static int
read_bytes(struct credential_message *message, const void *bytes, size_t len,
    struct error *err)
{
	struct pipe pipe = open_pipe();
	int result;

	credential_message_init(message);
	assert_int_equal(write(pipe.in, bytes, len), (ssize_t)len);
	close(pipe.in);
	result = credential_message_read(message, pipe.out,
	    clock_now_ms() + SOON_MS, err);
	close(pipe.out);
	return result;
}

static void
assert_value(const char *got, const char *wanted)
{
	if (wanted == NULL)
		assert_null(got);
	else
		assert_string_equal(got, wanted);
}

static void
reads_what_git_writes(void **state)
{
	static const struct {
		const char *text, *protocol, *host, *username, *password;
	} rows[] = {
	    {"protocol=smtp\nhost=h:587\nusername=u\npassword=p\n\n", "smtp",
		"h:587", "u", "p"},
	    {"username=u\npassword=p", NULL, NULL, "u", "p"},
	    {"username=a=b\npassword== =\n", NULL, NULL, "a=b", "= ="},
	    {"username=u\n\npassword=p\n", NULL, NULL, "u", NULL},
	    {"capability[]=authtype\nwwwauth[]=Basic realm=x\nquit=0\n"
	     "password_expiry_utc_=1\nusername=u\nx=\n",
		NULL, NULL, "u", NULL},
	    {"username=first\nusername=last\n", NULL, NULL, "last", NULL},
	    {"password=first\npassword=last\n", NULL, NULL, NULL, "last"},
	    {"Username=u\n", NULL, NULL, NULL, NULL},
	    {"password=\n", NULL, NULL, NULL, ""},
	    {"password=carriage\r\n", NULL, NULL, NULL, "carriage\r"},
	    {"password=p\xC3\xA4\xFF\n", NULL, NULL, NULL, "p\xC3\xA4\xFF"},
	    {"", NULL, NULL, NULL, NULL},
	    {"\nusername=u\n", NULL, NULL, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct credential_message message;
		struct error err = {.code = ERROR_NONE};

		assert_int_equal(read_bytes(&message, rows[i].text,
				     strlen(rows[i].text), &err),
		    0);
		assert_value(message.value[CREDENTIAL_PROTOCOL],
		    rows[i].protocol);
		assert_value(message.value[CREDENTIAL_HOST], rows[i].host);
		assert_value(message.value[CREDENTIAL_USERNAME],
		    rows[i].username);
		assert_value(message.password == NULL
			? NULL
			: secret_bytes(message.password),
		    rows[i].password);
		credential_message_done(&message);
	}
}

#define BYTES(text) text, sizeof text - 1

static void
refuses_what_is_no_credential_and_never_repeats_it(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} rows[] = {
	    {BYTES("hunter2\n")},
	    {BYTES("username=u\nhunter2")},
	    {BYTES("password=hunter2\0more\n")},
	    {BYTES("username=hunter2\r\n")},
	    {BYTES("host=hunter2\rpassword\n")},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct credential_message message;
		struct error err;

		assert_int_equal(read_bytes(&message, rows[i].bytes,
				     rows[i].len, &err),
		    -1);
		assert_int_equal(err.code, ERROR_DATA);
		assert_null(strstr(err.message, "hunter2"));
		credential_message_done(&message);
	}
}

static void
does_not_wait_for_more_after_the_empty_line(void **state)
{
	struct pipe pipe = open_pipe();
	struct credential_message message;
	struct error err;

	(void)state;
	credential_message_init(&message);
	assert_int_equal(write(pipe.in, "username=u\n\n", 12), 12);
	assert_int_equal(credential_message_read(&message, pipe.out,
			     clock_now_ms() + SOON_MS, &err),
	    0);
	assert_string_equal(message.value[CREDENTIAL_USERNAME], "u");
	credential_message_done(&message);
	close(pipe.in);
	close(pipe.out);
}

static void
gives_up_at_the_deadline(void **state)
{
	struct pipe pipe = open_pipe();
	struct credential_message message;
	int64_t start_ms = clock_now_ms();
	struct error err;

	(void)state;
	credential_message_init(&message);
	assert_int_equal(write(pipe.in, "password=p\n", 11), 11);
	assert_int_equal(credential_message_read(&message, pipe.out,
			     start_ms + 50, &err),
	    -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
	assert_in_range(clock_now_ms() - start_ms, 50, SOON_MS);
	credential_message_done(&message);
	close(pipe.in);
	close(pipe.out);
}

static void
is_not_filled_by_an_endless_text(void **state)
{
	struct credential_message message;
	struct error err;
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	(void)state;
	credential_message_init(&message);
	assert_int_equal(credential_message_read(&message, fd,
			     clock_now_ms() + SOON_MS, &err),
	    -1);
	assert_int_equal(err.code, ERROR_DATA);
	credential_message_done(&message);
	close(fd);
}

static void
writes_what_git_reads(void **state)
{
	struct pipe pipe = open_pipe();
	struct credential_message message;
	struct error err;
	struct buf text;

	(void)state;
	buf_init(&text, 1024);
	message = (struct credential_message){.value = {[CREDENTIAL_PROTOCOL] =
							    "smtp",
						  [CREDENTIAL_HOST] = "h:587",
						  [CREDENTIAL_USERNAME] = "u"},
	    .password = secret_from("p=\xC3\xA4 ", 5, &err)};
	assert_int_equal(credential_message_write(&message, pipe.in, &err), 0);
	close(pipe.in);
	assert_int_equal(file_read(pipe.out, &text, "pipe", &err), 0);
	assert_string_equal(text.data,
	    "protocol=smtp\nhost=h:587\nusername=u\npassword=p=\xC3\xA4 \n\n");
	secret_free(message.password);
	buf_done(&text);
	close(pipe.out);
}

static void
add_secret(struct secret **at, const char *text)
{
	struct error err;

	*at = secret_new(&err);
	assert_non_null(*at);
	assert_int_equal(secret_add(*at, text, strlen(text), &err), 0);
}

static void
keeps_all_that_is_known(void **state)
{
	static const char wanted[] =
	    "protocol=smtp\nhost=h\nusername=u\npassword=access\n"
	    "password_expiry_utc=1795305600\noauth_refresh_token=renew=\n"
	    "postrider_issued_utc=1795302000\n"
	    "postrider_client_id=app\npostrider_issuer=https://i.test/\n"
	    "postrider_token_url=https://i.test/token\n"
	    "postrider_refusal=it was revoked\n"
	    "kind=oauth2\nrefreshable=no\nrefusal=it was revoked\n"
	    "message_id=<1@a>\nfound=copy\nmailbox=Sent\n"
	    "tls=implicit\nauth=password\nurl=https://a.test/x.xml\n\n";
	static const char *const values[CREDENTIAL_KEY_COUNT] = {"smtp", "h",
	    "u", "1795305600", "1795302000", "app", "https://i.test/",
	    "https://i.test/token", "it was revoked", "oauth2", "no",
	    "it was revoked", "<1@a>", "copy", "Sent", "implicit", "password",
	    "https://a.test/x.xml"};
	struct credential_message message;
	struct credential_message again;
	struct secret *text;
	struct error err;

	(void)state;
	credential_message_init(&message);
	credential_message_init(&again);
	for (enum credential_key i = 0; i < CREDENTIAL_KEY_COUNT; i++)
		assert_int_equal(credential_message_set(&message, i, values[i],
				     &err),
		    0);
	add_secret(&message.password, "access");
	add_secret(&message.refresh_token, "renew=");
	text = secret_new(&err);
	assert_int_equal(credential_message_format(&message, text, &err), 0);
	assert_string_equal(secret_bytes(text), wanted);
	assert_int_equal(credential_message_parse(&again, text, &err), 0);
	for (int i = 0; i < CREDENTIAL_KEY_COUNT; i++)
		assert_string_equal(again.value[i], values[i]);
	assert_string_equal(secret_bytes(again.password), "access");
	assert_string_equal(secret_bytes(again.refresh_token), "renew=");
	secret_free(text);
	credential_message_done(&message);
	credential_message_done(&again);
}

static void
parses_a_time_up_to_the_year_9999(void **state)
{
	static const struct {
		const char *text;
		int64_t moment;
	} rows[] = {{"1795305600", 1795305600},
	    {"9223372036854775807", INT64_C(253402300799)}, {"-5", -1},
	    {"12x", -1}, {"99999999999999999999999", -1}, {"", -1}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t moment = -1;

		assert_int_equal(credential_moment_parse(rows[i].text, &moment),
		    rows[i].moment == -1 ? -1 : 0);
		assert_int_equal(moment, rows[i].moment);
	}
}

static void
takes_a_refresh_token_for_a_secret(void **state)
{
	static const char nul[] = "oauth_refresh_token=hunter2\0x\n";
	struct credential_message message;
	struct secret *text;
	struct error err;

	(void)state;
	assert_int_equal(read_bytes(&message, nul, sizeof nul - 1, &err), -1);
	assert_null(strstr(err.message, "hunter2"));
	credential_message_done(&message);
	credential_message_init(&message);
	add_secret(&message.refresh_token, "hunter2\nhost=evil");
	text = secret_new(&err);
	assert_int_equal(credential_message_format(&message, text, &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	assert_non_null(strstr(err.message, "oauth_refresh_token"));
	assert_null(strstr(err.message, "hunter2"));
	secret_free(text);
	credential_message_done(&message);
}

static void
lets_nobody_add_a_line_by_a_value(void **state)
{
	static const char *const values[] = {"u\nhost=evil", "u\r", "\n"};

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		const struct credential_message message = {
		    .value = {[CREDENTIAL_USERNAME] = values[i]}};
		struct error err;
		struct secret *text = secret_new(&err);

		assert_int_equal(credential_message_format(&message, text,
				     &err),
		    -1);
		assert_int_equal(err.code, ERROR_DATA);
		secret_free(text);
	}
}

static void
refuses_to_write_a_password_of_two_lines(void **state)
{
	struct pipe pipe = open_pipe();
	struct credential_message message;
	struct error err;
	char byte;

	(void)state;
	credential_message_init(&message);
	message.password = secret_new(&err);
	secret_add(message.password, "hunter\n2", 8, &err);
	assert_int_equal(credential_message_write(&message, pipe.in, &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	assert_null(strstr(err.message, "hunter"));
	close(pipe.in);
	assert_int_equal(read(pipe.out, &byte, 1), 0);
	credential_message_done(&message);
	close(pipe.out);
}

static void
does_not_mind_a_reader_that_went_away(void **state)
{
	struct pipe pipe = open_pipe();
	struct credential_message message;
	struct error err;

	(void)state;
	close(pipe.out);
	credential_message_init(&message);
	assert_int_equal(credential_message_write(&message, pipe.in, &err), 0);
	close(pipe.in);
	assert_int_equal(credential_message_write(&message, -1, &err), -1);
	assert_int_equal(err.code, ERROR_IO);
}

static void
joins_and_splits_server_and_port(void **state)
{
	static const struct {
		const char *wire, *host;
		uint16_t port;
	} rows[] = {
	    {"smtp.example.test:587", "smtp.example.test", 587},
	    {"smtp.example.test", "smtp.example.test", 0},
	    {"[::1]:465", "::1", 465},
	    {"[::1]", "::1", 0},
	    {"192.0.2.1:25", "192.0.2.1", 25},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct credential_message message;
		struct error err;
		char *host = NULL;
		uint16_t port = 1;

		credential_message_init(&message);
		message.value[CREDENTIAL_HOST] =
		    credential_message_server(rows[i].host, rows[i].port, &err);
		assert_string_equal(message.value[CREDENTIAL_HOST],
		    rows[i].wire);
		assert_int_equal(credential_message_split_server(&message,
				     &host, &port, &err),
		    0);
		assert_string_equal(host, rows[i].host);
		assert_int_equal(port, rows[i].port);
		free(host);
		credential_message_done(&message);
	}
}

static void
splits_no_port_off_what_only_looks_like_one(void **state)
{
	static const char *const hosts[] = {"::1", "h:", "h:99999", "h:5a",
	    "fe80::1:587"};

	(void)state;
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
		struct credential_message message;
		struct error err;
		char *host = NULL;
		uint16_t port = 1;

		credential_message_init(&message);
		credential_message_set(&message, CREDENTIAL_HOST, hosts[i],
		    &err);
		assert_int_equal(credential_message_split_server(&message,
				     &host, &port, &err),
		    0);
		assert_string_equal(host, hosts[i]);
		assert_int_equal(port, 0);
		free(host);
		credential_message_done(&message);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_what_git_writes),
	    cmocka_unit_test(
		refuses_what_is_no_credential_and_never_repeats_it),
	    cmocka_unit_test(does_not_wait_for_more_after_the_empty_line),
	    cmocka_unit_test(gives_up_at_the_deadline),
	    cmocka_unit_test(is_not_filled_by_an_endless_text),
	    cmocka_unit_test(writes_what_git_reads),
	    cmocka_unit_test(keeps_all_that_is_known),
	    cmocka_unit_test(parses_a_time_up_to_the_year_9999),
	    cmocka_unit_test(takes_a_refresh_token_for_a_secret),
	    cmocka_unit_test(lets_nobody_add_a_line_by_a_value),
	    cmocka_unit_test(refuses_to_write_a_password_of_two_lines),
	    cmocka_unit_test(does_not_mind_a_reader_that_went_away),
	    cmocka_unit_test(joins_and_splits_server_and_port),
	    cmocka_unit_test(splits_no_port_off_what_only_looks_like_one),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
