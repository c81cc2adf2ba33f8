/* SPDX-License-Identifier: MIT */
/* Tests parsing the extensions in a reply to EHLO. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "smtp/extensions.h"

/* Parses a reply with these lines, joined by "\n". */
static struct smtp_extensions
parse_reply(const char *text)
{
	struct smtp_extensions extensions;
	struct smtp_reply reply;
	struct error err;

	memset(&extensions, 0xff, sizeof extensions);
	smtp_reply_init(&reply);
	reply.code = 250;
	assert_int_equal(buf_add_text(&reply.text, text, &err), 0);
	smtp_extensions_parse(&extensions, &reply);
	smtp_reply_done(&reply);
	return extensions;
}

static void
reads_every_keyword(void **state)
{
	struct smtp_extensions all = parse_reply(
	    "mail.example.test\nSTARTTLS\nPIPELINING\nCHUNKING\n8BITMIME\n"
	    "SMTPUTF8\nDSN\nENHANCEDSTATUSCODES\nSIZE 1000\nAUTH PLAIN LOGIN");

	(void)state;
	assert_true(all.starttls && all.pipelining && all.chunking &&
	    all.eightbitmime && all.smtputf8 && all.dsn && all.enhanced &&
	    all.size && all.auth);
	assert_int_equal(all.size_max, 1000);
	assert_true(smtp_extensions_offer(&all, "plain"));
	assert_true(smtp_extensions_offer(&all, "LOGIN"));
	assert_false(smtp_extensions_offer(&all, "LOG"));
	assert_false(smtp_extensions_offer(&all, ""));
}

static void
takes_the_first_line_for_the_greeting(void **state)
{
	struct smtp_extensions none = parse_reply("STARTTLS");

	(void)state;
	assert_false(none.starttls);
	assert_false(parse_reply("").starttls);
	assert_true(parse_reply("\nSTARTTLS").starttls);
}

static void
takes_only_whole_words(void **state)
{
	static const char *const lines[] = {"x\nSTARTTLSX", "x\nXSTARTTLS",
	    "x\n STARTTLS", "x\nX STARTTLS", "x\nSTART TLS", "x\n\n"};

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_false(parse_reply(lines[i]).starttls);
	assert_true(parse_reply("x\nstarttls").starttls);
	assert_true(parse_reply("x\nSTARTTLS REQUIRED").starttls);
}

static void
takes_a_size_that_is_no_limit_for_none(void **state)
{
	static const struct {
		const char *text;
		uint64_t max;
	} rows[] = {
	    {"x\nSIZE", 0},
	    {"x\nSIZE 0", 0},
	    {"x\nSIZE x", 0},
	    {"x\nSIZE 10x", 10},
	    {"x\nSIZE 35882577", 35882577},
	    {"x\nSIZE 18446744073709551616", 0},
	    {"x\nSIZE 99999999999999999999999999999", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smtp_extensions extensions = parse_reply(rows[i].text);

		assert_true(extensions.size);
		assert_int_equal(extensions.size_max, rows[i].max);
	}
}

static void
gathers_mechanisms_of_several_lines(void **state)
{
	struct smtp_extensions both =
	    parse_reply("x\nAUTH PLAIN\nAUTH=PLAIN LOGIN\nAUTH");

	(void)state;
	assert_true(smtp_extensions_offer(&both, "PLAIN"));
	assert_true(smtp_extensions_offer(&both, "LOGIN"));
	assert_false(smtp_extensions_offer(&both, "PLAIN LOGIN X"));
}

static void
cuts_a_list_that_is_too_long_at_a_word(void **state)
{
	char text[4000] = "x\nAUTH PLAIN";
	struct smtp_extensions extensions;

	(void)state;
	for (int i = 0; i < 200; i++) {
		size_t used = strlen(text);

		snprintf(text + used, sizeof text - used, " WORD%03d", i);
	}
	extensions = parse_reply(text);
	assert_true(smtp_extensions_offer(&extensions, "PLAIN"));
	assert_true(smtp_extensions_offer(&extensions, "WORD000"));
	assert_false(smtp_extensions_offer(&extensions, "WORD199"));
	for (int i = 0; i < 100; i++) { /* no cut word is on offer */
		char part[16];

		snprintf(part, sizeof part, "WORD%02d", i);
		assert_false(smtp_extensions_offer(&extensions, part));
	}
	assert_true(
	    strlen(extensions.mechanisms) < sizeof extensions.mechanisms);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_every_keyword),
	    cmocka_unit_test(takes_the_first_line_for_the_greeting),
	    cmocka_unit_test(takes_only_whole_words),
	    cmocka_unit_test(takes_a_size_that_is_no_limit_for_none),
	    cmocka_unit_test(gathers_mechanisms_of_several_lines),
	    cmocka_unit_test(cuts_a_list_that_is_too_long_at_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
