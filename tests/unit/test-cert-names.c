/* SPDX-License-Identifier: MIT */
/* Tests matching the dNSNames of certificates with hosts (RFC 9525 6.3). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tls/cert-names.h"

struct row {
	const char *pattern;
	const char *host;
};

static void
matches_the_host_and_one_label(void **state)
{
	static const struct row rows[] = {
	    {"mail.example.test", "mail.example.test"},
	    {"MAIL.Example.Test", "mail.example.test"},
	    {"localhost", "localhost"},
	    {"*.example.test", "mail.example.test"},
	    {"*.example.test", "xn--bcher-kva.example.test"},
	    {"*.EXAMPLE.test", "a.example.TEST"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(
		    cert_names_match_dns(rows[i].pattern, rows[i].host));
}

static void
matches_nothing_else(void **state)
{
	static const struct row rows[] = {
	    {"", "mail.example.test"},
	    {"example.test", "mail.example.test"},
	    {"mail.example.test", "example.test"},
	    {"mail.example.test.", "mail.example.test"},
	    {"*", "localhost"},
	    {"*", "mail.example.test"},
	    {"*.", "localhost."},
	    {"*.test", "example.test"},
	    {"*.example.test", "example.test"},
	    {"*.example.test", "a.mail.example.test"},
	    {"*.example.test", ".example.test"},
	    {"*.*.test", "mail.example.test"},
	    {"m*.example.test", "mail.example.test"},
	    {"*l.example.test", "mail.example.test"},
	    {"*mail.example.test", "mail.example.test"},
	    {"mail.*.test", "mail.example.test"},
	    {"**.example.test", "mail.example.test"},
	    {"xn--*.example.test", "xn--bcher-kva.example.test"},
	    {"*.example.test", "mail.example.test.evil.test"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_false(
		    cert_names_match_dns(rows[i].pattern, rows[i].host));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(matches_the_host_and_one_label),
	    cmocka_unit_test(matches_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
