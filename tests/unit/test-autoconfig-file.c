/* SPDX-License-Identifier: MIT */
/* Tests reading autoconfig files: of providers, and hostile ones. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "online/autoconfig-file.h"

#define SOURCE "https://autoconfig.corp.example/mail/config-v1.1.xml"
#define ADDRESS "alice@corp.example"

#define FILE_OF(servers)                                                       \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                         \
	"<clientConfig version=\"1.1\"><emailProvider id=\"corp.example\">"    \
	"<domain>corp.example</domain><displayName>Corp</displayName>"         \
	"<incomingServer type=\"imap\"><hostname>imap.corp.example</hostname>" \
	"<port>993</port><socketType>SSL</socketType>"                         \
	"<username>%EMAILADDRESS%</username></incomingServer>" servers         \
	"</emailProvider></clientConfig>\n"
#define SERVER(type, host, port, tls, user, auth)                         \
	"<outgoingServer type=\"" type "\"><hostname>" host "</hostname>" \
	"<port>" port "</port><socketType>" tls "</socketType>"           \
	"<username>" user "</username>" auth "</outgoingServer>"
#define AUTH(text) "<authentication>" text "</authentication>"
#define GOOD                                                                \
	SERVER("smtp", "smtp.corp.example", "465", "SSL", "%EMAILADDRESS%", \
	    AUTH("password-cleartext"))

static int
read_file(const char *text, struct autoconfig_server *server, struct error *err)
{
	*err = (struct error){.code = ERROR_NONE};
	return autoconfig_file_read(text, strlen(text), ADDRESS, SOURCE, server,
	    err);
}

static void
describe(const struct autoconfig_server *server, char *out, size_t size)
{
	snprintf(out, size, "%s %u %s %s %s", server->host,
	    (unsigned)server->port, server->tls, server->user, server->auth);
}

static void
reads_the_first_server_that_can_be_used(void **state)
{
	static const struct {
		const char *text;
		const char *expected;
	} rows[] = {
	    {FILE_OF(GOOD),
		"smtp.corp.example 465 implicit alice@corp.example password"},
	    {FILE_OF(SERVER("smtp", " smtp.%EMAILDOMAIN%\n", "587", "STARTTLS",
		 "%EMAILLOCALPART%", AUTH("password-encrypted"))),
		"smtp.corp.example 587 starttls alice password"},
	    {FILE_OF(SERVER("smtp", "a.example", "587", "starttls",
		 "corp\\%EMAILLOCALPART%", AUTH("OAuth2"))),
		"a.example 587 starttls corp\\alice oauth2"},
	    {FILE_OF(SERVER("smtp", "a.example", "587", "STARTTLS", "u",
		 AUTH("OAuth2") AUTH("password-cleartext"))),
		"a.example 587 starttls u password"},
	    {FILE_OF(SERVER("smtp", "a.example", "587", "STARTTLS", "",
		 AUTH("client-IP-address"))),
		"a.example 587 starttls alice@corp.example none"},
	    {FILE_OF(SERVER("smtp", "a.example", "587", "STARTTLS", "u", "")),
		"a.example 587 starttls u password"},
	    {FILE_OF(SERVER("exchange", "x.example", "443", "SSL", "u", "")
		     SERVER("smtp", "plain.example", "25", "plain", "u", "")
			 GOOD),
		"smtp.corp.example 465 implicit alice@corp.example password"},
	    {FILE_OF(
		 GOOD SERVER("smtp", "second.example", "465", "SSL", "u", "")),
		"smtp.corp.example 465 implicit alice@corp.example password"},
	    {FILE_OF(SERVER("smtp", "&#115;mtp.example", "465", "SSL",
		 "a&#43;b", "")),
		"smtp.example 465 implicit a+b password"},
	    {FILE_OF(SERVER("smtp", "<![CDATA[smtp.example]]>", "465", "SSL",
		 "j\xC3\xBCrgen", "")),
		"smtp.example 465 implicit j\xC3\xBCrgen password"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct autoconfig_server server;
		struct error err;
		char found[1024];

		if (read_file(rows[i].text, &server, &err) == -1)
			fail_msg("row %zu: %s", i, err.message);
		describe(&server, found, sizeof found);
		assert_string_equal(found, rows[i].expected);
	}
}

static void
says_why_a_file_is_refused(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} rows[] = {
	    {"", "not an autoconfig file"},
	    {"<html><body>404<br></body></html>", "line 1: mismatched tag"},
	    {"<html><body>welcome</body></html>", "names no outgoing server"},
	    {"{\"a\": 1}", "not well-formed"},
	    {FILE_OF(""), "names no outgoing server"},
	    {"<a>" FILE_OF(GOOD) "</a>", "not an autoconfig file"},
	    {"<a><clientConfig><emailProvider>" GOOD
	     "</emailProvider></clientConfig></a>",
		"names no outgoing server"},
	    {"<clientConfig>" GOOD "</clientConfig>",
		"names no outgoing server"},
	    {FILE_OF(SERVER("smtp", "a.example", "25", "plain", "u", "")),
		"a.example without TLS"},
	    {FILE_OF(SERVER("smtp", "a.example", "0", "SSL", "u", "")),
		"invalid port \"0\""},
	    {FILE_OF(SERVER("smtp", "a.example", "65536", "SSL", "u", "")),
		"invalid port \"65536\""},
	    {FILE_OF(SERVER("smtp", "a.example", "4x", "SSL", "u", "")),
		"invalid port \"4x\""},
	    {FILE_OF(SERVER("smtp", "", "465", "SSL", "u", "")),
		"invalid host \"\""},
	    {FILE_OF(SERVER("smtp", "a b", "465", "SSL", "u", "")),
		"invalid host \"a b\""},
	    {FILE_OF(SERVER("smtp", "-oProxy", "465", "SSL", "u", "")),
		"invalid host"},
	    {FILE_OF(SERVER("smtp", "a.example", "465", "SSL", "a&#10;b", "")),
		"invalid user name"},
	    {FILE_OF(
		 SERVER("smtp", "a.example", "465", "SSL", "$(reboot)", "")),
		"invalid user name"},
	    {FILE_OF(
		 SERVER("smtp", "a.example", "465", "SSL", "a&#x202e;b", "")),
		"invalid user name"},
	    {FILE_OF(
		 SERVER("smtp", "a.example", "465", "SSL", "u", AUTH("magic"))),
		"unknown authentication \"magic\""},
	    {"<!DOCTYPE clientConfig [<!ENTITY a \"aaaa\">"
	     "<!ENTITY b \"&a;&a;&a;&a;\">]><clientConfig>&b;</clientConfig>",
		"document type"},
	    {"<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>", "document type"},
	    {"<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
	     "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>",
		"nested too deeply"},
	    {"<clientConfig>&undefined;</clientConfig>", "undefined entity"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct autoconfig_server server;
		struct error err;

		assert_int_equal(read_file(rows[i].text, &server, &err), -1);
		assert_int_equal(err.code, ERROR_REFUSED);
		assert_non_null(strstr(err.message, SOURCE));
		if (strstr(err.message, rows[i].message) == NULL)
			fail_msg("row %zu: %s", i, err.message);
	}
}

static void
refuses_a_field_without_end(void **state)
{
	const char *before = "<clientConfig><emailProvider>"
			     "<outgoingServer type=\"smtp\"><hostname>";
	size_t len = 60000;
	char *text = malloc(len);
	struct autoconfig_server server;
	struct error err = {0};

	(void)state;
	assert_non_null(text);
	memset(text, 'a', len);
	memcpy(text, before, strlen(before));
	assert_int_equal(autoconfig_file_read(text, len, ADDRESS, SOURCE,
			     &server, &err),
	    -1);
	assert_non_null(strstr(err.message, "too long"));
	free(text);
}

static void
survives_a_file_cut_anywhere(void **state)
{
	static const char text[] = FILE_OF(GOOD);

	(void)state;
	/* The last byte is a line end. */
	for (size_t len = 0; len < strlen(text) - 1; len++) {
		struct autoconfig_server server;
		struct error err = {0};

		assert_int_equal(autoconfig_file_read(text, len, ADDRESS,
				     SOURCE, &server, &err),
		    -1);
		assert_int_equal(err.code, ERROR_REFUSED);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_the_first_server_that_can_be_used),
	    cmocka_unit_test(says_why_a_file_is_refused),
	    cmocka_unit_test(refuses_a_field_without_end),
	    cmocka_unit_test(survives_a_file_cut_anywhere),
	};

	return cmocka_run_group_tests_name("autoconfig-file", tests, NULL,
	    NULL);
}
