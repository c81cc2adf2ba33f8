/* SPDX-License-Identifier: MIT */
/* Tests which parts of a text that quotes a secret are removed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/redaction.h"
#include "smtp/redacted-response.h"

enum {
	TEXT_MAX = 1 << 20
};

static const char long_secret[] = "Zwanzig-4711-xyzzy";

/* Returns text after redaction; the caller frees. */
static char *
redacted(const struct redaction *redaction, const char *text, size_t len,
    enum redaction_text kind)
{
	struct error err;
	struct buf buf;

	buf_init(&buf, TEXT_MAX);
	assert_int_equal(buf_add(&buf, text, len, &err), 0);
	assert_int_equal(redaction_apply(redaction, &buf, kind, &err), 0);
	return buf_take(&buf);
}

static void
assert_redacted(const struct redaction *redaction, const char *text,
    enum redaction_text kind, const char *expected)
{
	char *result = redacted(redaction, text, strlen(text), kind);

	assert_string_equal(result, expected);
	free(result);
}

static void
replaces_every_way_to_quote_a_secret(void **state)
{
	static const struct {
		const char *secret;
		const char *text;
		const char *expected;
	} rows[] = {
	    {long_secret, "no Zwanzig-4711-xyzzy here", "no <redacted> here"},
	    {long_secret, "zwanzig-4711-XYZZY", "<redacted>"},
	    {long_secret, "Zwanzig-...", "<redacted>..."},
	    {long_secret, "...nzig-4711-x!", "...<redacted>!"},
	    {long_secret, "Zwanzig", "Zwanzig"},
	    {long_secret, "Zwanzig-4711-\n xyzzy.", "<redacted>\n <redacted>."},
	    {long_secret, "Zwanzig - 4711 - xyzzy", "<redacted>"},
	    {long_secret, "Zwanzig%2D4711%2dxyzzy", "<redacted>"},
	    {long_secret, "Zwanzig=2D4711\\x2dxyzzy", "<redacted>"},
	    {long_secret, "Zwanzig\\u002D4711\\055xyzzy", "<redacted>"},
	    {long_secret, "WndhbnppZy00NzExLXh5enp5", "<redacted>"},
	    {long_secret, "wndhbnppzy00nzex", "<redacted>"},
	    {"~~~???~~~", "fn5-Pz8_fn5-", "<redacted>"},
	    {"~~~???~~~", "fn5+Pz8/fn5+", "<redacted>"},
	    {"p\"a&s's<1>", "p\\\"a&amp;s&#39;s&lt;1&gt;", "<redacted>"},
	    {"50%25%41", "was 50%25%41!", "was <redacted>!"},
	    {"two words", "two words or twowords", "<redacted> or <redacted>"},
	    {"secret", "a secret, Secrets", "a <redacted>, <redacted>s"},
	    {"secret", "secre", "secre"},
	    {"secret", "c2VjcmV0", "<redacted>"},
	    {"no", "no, not known", "<redacted>, not known"},
	    {"", "nothing", "nothing"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct redaction redaction = {0};
		const char *secret = rows[i].secret;

		redaction_add(&redaction, secret, strlen(secret));
		redaction_add_base64(&redaction, secret, strlen(secret));
		assert_redacted(&redaction, rows[i].text, REDACTION_TEXT,
		    rows[i].expected);
		redaction_done(&redaction);
	}
}

static void
recognises_each_encoding_of_a_secret(void **state)
{
	static const char *const texts[] = {"Zwanzig-4711-xyzzy",
	    "WndhbnppZy00NzExLXh5enp5", "5A77616E7A69672D343731312D78797A7A79",
	    "5a77616e7a69672d343731312d78797a7a79", "31312d78"};
	struct redaction redaction = {0};
	struct error err;
	struct secret *secret = secret_new(&err);

	(void)state;
	assert_non_null(secret);
	assert_int_equal(secret_add(secret, long_secret, strlen(long_secret),
			     &err),
	    0);
	redaction_add_secret(&redaction, secret);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_redacted(&redaction, texts[i], REDACTION_TEXT,
		    "<redacted>");
	redaction_done(&redaction);
	secret_free(secret);
}

/* Compares with a plain search. */
static void
finds_each_run_of_a_long_secret(void **state)
{
	enum {
		SECRET_LEN = 12288,
		TEXT_LEN = 65536,
		RUN = 8
	};
	static char secret[SECRET_LEN];
	static char text[TEXT_LEN];
	struct redaction redaction = {0};
	unsigned random = 1;
	size_t removed = 0;
	char *result;

	(void)state;
	for (size_t i = 0; i < SECRET_LEN; i++)
		secret[i] =
		    (char)('!' + (random = random * 69069 + 1) / 512 % 90);
	for (size_t i = 0; i < TEXT_LEN; i += RUN + 1) {
		size_t from = random % SECRET_LEN;
		size_t len = TEXT_LEN - i < RUN ? TEXT_LEN - i : RUN;

		random = random * 69069 + 1;
		for (size_t j = 0; j < len; j++)
			text[i + j] = secret[(from + j) % SECRET_LEN];
		if (len == RUN && random % 2 == 0)
			text[i + random / 512 % RUN] = '\x80';
		if (i + RUN < TEXT_LEN)
			text[i + RUN] = '\x81';
		removed += len == RUN && from + RUN <= SECRET_LEN &&
		    memchr(text + i, 0x80, RUN) == NULL;
	}
	redaction_add(&redaction, secret, SECRET_LEN);
	result = redacted(&redaction, text, TEXT_LEN, REDACTION_TEXT);
	for (const char *at = result; (at = strstr(at, "<redacted>")) != NULL;
	     at++)
		removed--;
	assert_int_equal(removed, 0);
	free(result);
	redaction_done(&redaction);
}

static void
keeps_the_codes_of_a_reply(void **state)
{
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
	    {"535-5.7.8 bad Zwanzig-47\n535 5.7.8 11-xyzzy!",
		"535-5.7.8 bad <redacted>\n535 5.7.8 <redacted>!"},
	    {"535 Zwanzig-4711-xyzzy", "535 <redacted>"},
	    {"535-Zwan\n535-zig-\n535 4711",
		"535-<redacted>\n535-<redacted>\n535 <redacted>"},
	    {"535", "535"},
	    {"535 ", "535 "},
	    {"535 5", "535 5"},
	    {"535 5.7.8", "535 5.7.8"},
	    {"535 5.7.8.Zwanzig-4711-xyzzy", "535 5.7.8.<redacted>"},
	    {"Zwanzig-4711-xyzzy", "<redacted>"},
	};
	struct redaction redaction = {0};

	(void)state;
	redaction_add(&redaction, long_secret, strlen(long_secret));
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_redacted(&redaction, rows[i].text, REDACTION_REPLY,
		    rows[i].expected);
	redaction_done(&redaction);
}

static void
finds_a_secret_among_control_characters(void **state)
{
	static const char text[] = "\0alice\0Zwanzig\0-4711-xyzzy\x7f";
	struct redaction redaction = {0};
	char *result;

	(void)state;
	redaction_add(&redaction, long_secret, strlen(long_secret));
	result = redacted(&redaction, text, sizeof text - 1, REDACTION_TEXT);
	assert_memory_equal(result, "\0alice\0<redacted>\x7f", 19);
	free(result);
	redaction_done(&redaction);
}

static void
changes_nothing_without_a_secret(void **state)
{
	const struct redaction redaction = {0};

	(void)state;
	assert_redacted(&redaction, "535 no", REDACTION_REPLY, "535 no");
}

static void
removes_all_text_when_a_secret_does_not_fit(void **state)
{
	struct redaction redaction = {0};
	char *large = calloc(1, SECRET_MAX + 1);

	(void)state;
	assert_non_null(large);
	memset(large, 'x', SECRET_MAX);
	redaction_add(&redaction, large, SECRET_MAX);
	redaction_add(&redaction, "password", 8);
	assert_redacted(&redaction, "535-5.7.8 a b\n535 5.7.8 your password",
	    REDACTION_REPLY, "535-5.7.8 <redacted>\n535 5.7.8 <redacted>");
	redaction_done(&redaction);
	free(large);
}

static void
has_room_for_a_secret_that_every_session_adds(void **state)
{
	struct redaction redaction = {0};
	char *large = calloc(1, SECRET_MAX / 2);

	(void)state;
	assert_non_null(large);
	memset(large, 'x', SECRET_MAX / 4);
	for (int session = 0; session < 100; session++) {
		redaction_add(&redaction, "password", 8);
		redaction_add(&redaction, large, SECRET_MAX / 4);
		redaction_add(&redaction, "pass", 4);
	}
	assert_redacted(&redaction, "535 your password, your pass",
	    REDACTION_REPLY, "535 your <redacted>, your <redacted>");
	redaction_done(&redaction);
	free(large);
}

static void
redacts_the_proofs_of_a_response(void **state)
{
	static const struct {
		const char *response;
		const char *text;
		const char *expected;
	} rows[] = {
	    /* c=biws,r=0123456789abcdefghij,p=ABCDEFGHIJKLMNOPQRSTUVWX= */
	    {"Yz1iaXdzLHI9MDEyMzQ1Njc4OWFiY2RlZmdoaWoscD1BQkNERUZHSElKS0xNTk9Q"
	     "UVJTVFVWV1g9",
		"proof abcdefghijklmnop of example.test",
		"proof <redacted> of example.test"},
	    /* alice@example.test, then a digest in hex */
	    {"YWxpY2VAZXhhbXBsZS50ZXN0IDkxM2M2MDJlZGNhN2FhNDk1YjRlNmU3MzM0ZDM4"
	     "OTA=",
		"alice@example.test 913c602edca7aa495b4e6e7334d3890",
		"alice@example.test <redacted>"},
	    {"YWxpY2U=", "alice sent YWxpY2U=", "alice sent <redacted>"},
	    {"*", "not * base64", "not <redacted> base64"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct redaction redaction = {0};
		struct error err;
		struct secret *response = secret_new(&err);

		assert_non_null(response);
		assert_int_equal(secret_add(response, rows[i].response,
				     strlen(rows[i].response), &err),
		    0);
		redacted_response_add(&redaction, response,
		    "alice@example.test");
		assert_redacted(&redaction, rows[i].text, REDACTION_TEXT,
		    rows[i].expected);
		redaction_done(&redaction);
		secret_free(response);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(replaces_every_way_to_quote_a_secret),
	    cmocka_unit_test(recognises_each_encoding_of_a_secret),
	    cmocka_unit_test(finds_each_run_of_a_long_secret),
	    cmocka_unit_test(keeps_the_codes_of_a_reply),
	    cmocka_unit_test(finds_a_secret_among_control_characters),
	    cmocka_unit_test(changes_nothing_without_a_secret),
	    cmocka_unit_test(removes_all_text_when_a_secret_does_not_fit),
	    cmocka_unit_test(has_room_for_a_secret_that_every_session_adds),
	    cmocka_unit_test(redacts_the_proofs_of_a_response),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
