/* SPDX-License-Identifier: MIT */
/*
 * Tests HTTPS requests to servers of many kinds
 * (tests/support/dialogue/https_peers.py): which servers are trusted and which
 * answers are accepted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/spawn.h"
#include "https/http.h"
#include "https/curl-peer.h"

#include "directory.h"

enum {
	ENOUGH_MS = 20000,
	SHORT_MS = 300,
	PEERS_MAX = 64,
	LONGEST = 65536
};

static const char mark[] = "refresh-token-of-the-form";

static struct spawn_child peers;
static FILE *answers;
static struct {
	char name[32];
	unsigned port;
} known[PEERS_MAX];
static size_t known_count;

struct outcome {
	struct http_response response; /* zero on failure */
	struct error err;
	int result;
};

static unsigned
port_of(const char *peer)
{
	for (size_t i = 0; i < known_count; i++) {
		if (strcmp(known[i].name, peer) == 0)
			return known[i].port;
	}
	fail_msg("there is no peer %s", peer);
	return 0;
}

static struct secret *
make_form(void)
{
	struct error err;
	struct secret *form = secret_new(&err);

	assert_non_null(form);
	assert_int_equal(secret_add(form, "refresh_token=", 14, &err), 0);
	assert_int_equal(secret_add(form, mark, strlen(mark), &err), 0);
	return form;
}

static struct outcome
send_to(const char *url, const char *anchor, int time_ms)
{
	char trust[PATH_MAX];
	struct secret *form = make_form();
	struct outcome outcome = {.result = 0};
	struct http_request request = {
	    .url = url,
	    .form = form,
	    .trust_setting = "--trust-setting",
	    .deadline_ms = clock_now_ms() + time_ms,
	};

	if (anchor != NULL) {
		snprintf(trust, sizeof trust, "%s/%s", directory, anchor);
		request.trust_file = trust;
	}
	outcome.result = http_send(&request, &outcome.response, &outcome.err);
	secret_free(form);
	return outcome;
}

static struct outcome
send_form(const char *peer, const char *host, const char *path)
{
	char url[256];

	snprintf(url, sizeof url, "https://%s:%u%s", host, port_of(peer), path);
	return send_to(url, "ca.pem", ENOUGH_MS);
}

static void
assert_failure(const struct outcome *outcome, enum error_code code,
    const char *part)
{
	if (outcome->result == 0)
		fail_msg("no failure: %s", part);
	assert_null(outcome->response.body);
	if (strstr(outcome->err.message, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, outcome->err.message);
	assert_int_equal(outcome->err.code, code);
	assert_null(strstr(outcome->err.message, mark));
	assert_null(strstr(outcome->err.hint, mark));
}

static void
assert_success(struct outcome *outcome, const char *part)
{
	if (outcome->result != 0)
		fail_msg("%s", outcome->err.message);
	if (strstr(secret_bytes(outcome->response.body), part) == NULL)
		fail_msg("\"%s\" is not in: %s", part,
		    secret_bytes(outcome->response.body));
	http_response_done(&outcome->response);
	assert_null(outcome->response.body);
}

static void
assert_nothing_was_sent(const char *peer)
{
	char line[64];

	assert_true(dprintf(peers.in, "%s\n", peer) > 0);
	assert_non_null(fgets(line, sizeof line, answers));
	assert_string_equal(line, "0\n");
}

static void
sends_a_form_and_takes_the_answer(void **state)
{
	struct outcome outcome = send_form("good", "localhost", "/token");

	(void)state;
	assert_int_equal(outcome.result, 0);
	assert_int_equal(outcome.response.status, 200);
	assert_true(llabs(outcome.response.date - time(NULL)) < 60);
	assert_success(&outcome, "access-token-of-the-answer");
}

static void
says_who_it_is_and_what_it_takes(void **state)
{
	static const char *const parts[] = {
	    "\"method\": \"POST\"",
	    "\"target\": \"/echo?a=b\"",
	    "\"accept\": \"application/json\"",
	    "\"user-agent\": \"postrider/" PACKAGE_VERSION "\"",
	    "\"content-type\": \"application/x-www-form-urlencoded\"",
	    "[[\"refresh_token\", \"refresh-token-of-the-form\"]]",
	};
	static const char *const absent[] = {"\"cookie\"", "\"authorization\"",
	    "\"expect\"", "\"accept-encoding\""};
	struct outcome outcome = send_form("good", "localhost", "/echo?a=b");

	(void)state;
	assert_int_equal(outcome.result, 0);
	for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
		assert_null(
		    strstr(secret_bytes(outcome.response.body), absent[i]));
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		assert_non_null(
		    strstr(secret_bytes(outcome.response.body), parts[i]));
	http_response_done(&outcome.response);
}

static void
gets_without_a_form(void **state)
{
	char url[128];
	char trust[PATH_MAX];
	struct outcome outcome = {.result = 0};
	struct http_request request = {.url = url,
	    .trust_file = trust,
	    .trust_setting = "--trust-setting"};

	(void)state;
	snprintf(url, sizeof url, "https://localhost:%u/echo", port_of("good"));
	snprintf(trust, sizeof trust, "%s/ca.pem", directory);
	request.deadline_ms = clock_now_ms() + ENOUGH_MS;
	outcome.result = http_send(&request, &outcome.response, &outcome.err);
	assert_success(&outcome, "\"method\": \"GET\"");
}

static void
hands_out_an_answer_that_is_an_error(void **state)
{
	static const struct {
		const char *path;
		long status;
		const char *body;
	} rows[] = {
	    {"/refused", 400, "invalid_grant"},
	    {"/broken", 500, "Oops"},
	    {"/nowhere", 404, ""},
	    {"/empty", 204, ""},
	    {"/zipped", 200, "not zipped"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outcome outcome =
		    send_form("good", "localhost", rows[i].path);

		assert_int_equal(outcome.result, 0);
		assert_int_equal(outcome.response.status, rows[i].status);
		assert_success(&outcome, rows[i].body);
	}
}

static void
tells_what_time_the_server_has(void **state)
{
	static const struct {
		const char *path;
		int64_t date;
	} rows[] = {
	    {"/old-date", 1000000000},
	    {"/no-date", 0},
	    {"/odd-date", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outcome outcome =
		    send_form("good", "localhost", rows[i].path);

		assert_int_equal(outcome.result, 0);
		assert_int_equal(outcome.response.date, rows[i].date);
		http_response_done(&outcome.response);
	}
}

static void
keeps_all_bytes_of_an_answer(void **state)
{
	struct outcome outcome = send_form("good", "localhost", "/nul");

	(void)state;
	assert_int_equal(outcome.result, 0);
	assert_int_equal(secret_len(outcome.response.body), 3);
	assert_memory_equal(secret_bytes(outcome.response.body), "a\0b", 4);
	http_response_done(&outcome.response);
	outcome = send_form("good", "localhost", "/longest");
	assert_int_equal(outcome.result, 0);
	assert_int_equal(secret_len(outcome.response.body), LONGEST);
	http_response_done(&outcome.response);
}

static void
refuses_what_is_no_answer(void **state)
{
	static const struct {
		const char *path;
		enum error_code code;
		const char *part;
	} rows[] = {
	    {"/too-long", ERROR_TEMPORARY, "longer than 64 KiB"},
	    {"/megabyte", ERROR_TEMPORARY, "longer than 64 KiB"},
	    {"/long-headers", ERROR_TEMPORARY, "longer than 64 KiB"},
	    {"/long-header", ERROR_TEMPORARY, "localhost: "},
	    {"/redirect", ERROR_REFUSED, "a redirect, which is not followed"},
	    {"/redirect-away", ERROR_REFUSED,
		"a redirect, which is not followed"},
	    {"/reset", ERROR_TEMPORARY, "the connection closed"},
	    {"/cut", ERROR_TEMPORARY, "the connection closed"},
	    {"/short", ERROR_TEMPORARY, "the connection closed"},
	    {"/nothing", ERROR_TEMPORARY, "the connection closed"},
	    {"/no-http", ERROR_TEMPORARY, "not HTTP"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outcome outcome =
		    send_form("good", "localhost", rows[i].path);

		print_message("%s\n", rows[i].path);
		assert_failure(&outcome, rows[i].code, rows[i].part);
	}
}

static void
names_the_endpoint_that_redirects(void **state)
{
	struct outcome outcome = send_form("good", "localhost", "/redirect");

	(void)state;
	assert_non_null(strstr(outcome.err.hint, "https://localhost:"));
	assert_non_null(strstr(outcome.err.hint, "/redirect"));
}

static void
waits_no_longer_than_it_may(void **state)
{
	char url[128];
	struct outcome outcome;

	(void)state;
	snprintf(url, sizeof url, "https://localhost:%u/silent",
	    port_of("good"));
	outcome = send_to(url, "ca.pem", SHORT_MS);
	assert_failure(&outcome, ERROR_TEMPORARY, "within the time limit");
	snprintf(url, sizeof url, "https://localhost:%u/", port_of("silent"));
	outcome = send_to(url, "ca.pem", SHORT_MS);
	assert_failure(&outcome, ERROR_TEMPORARY, "within the time limit");
	outcome = send_to(url, "ca.pem", -1);
	assert_failure(&outcome, ERROR_TEMPORARY, "no time is left");
}

static void
says_that_nobody_is_there(void **state)
{
	struct outcome outcome =
	    send_to("https://127.0.0.1:1/token", NULL, ENOUGH_MS);

	(void)state;
	assert_failure(&outcome, ERROR_TEMPORARY,
	    "127.0.0.1: Connection refused");
	outcome =
	    send_to("https://no.such.host.invalid/token", NULL, ENOUGH_MS);
	assert_failure(&outcome, ERROR_TEMPORARY,
	    "no.such.host.invalid: the host name cannot be resolved");
}

static void
refuses_a_url_that_is_none_of_ours(void **state)
{
	static const struct {
		const char *url;
		const char *part;
	} rows[] = {
	    {"http://localhost/token",
		"http://localhost/token: the URL doesn't begin"},
	    {"ftp://localhost/token", "doesn't begin with https://"},
	    {"file:///etc/passwd", "doesn't begin with https://"},
	    {"localhost/token", "doesn't begin with https://"},
	    {"", "doesn't begin with https://"},
	    {"https://", "not a valid URL"},
	    {"https:///token", "has no host"},
	    {"https://localhost:99999/", "not a valid URL"},
	    {"https://local host/", "not a valid URL"},
	    {"https://localhost/\r\nX: y", "not a valid URL"},
	    {"https://localhost/\x7f", "not a valid URL"},
	    {"https://b\xc3\xbc"
	     "cher.test/",
		"not a valid URL"},
	    {"https://b%C3%BC"
	     "cher.test/",
		"has no host"},
	    {"https://alice:hidden@localhost/", "user name or a password"},
	    {"https://alice@localhost/", "user name or a password"},
	    {"https://:hidden@localhost/", "user name or a password"},
	    {"http://alice:hidden@localhost/", "doesn't begin with https://"},
	    {"https://alice:hid\nden@localhost/",
		"contains invalid characters"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outcome outcome = send_to(rows[i].url, NULL, ENOUGH_MS);

		assert_failure(&outcome, ERROR_CONFIG, rows[i].part);
		assert_null(strstr(outcome.err.message, "hid"));
		assert_null(strstr(outcome.err.hint, "hid"));
	}
}

static void
refuses_an_odd_certificate_before_a_byte_is_sent(void **state)
{
	static const struct {
		const char *peer;
		const char *host;
		const char *part;
	} rows[] = {
	    {"expired", "localhost", "has expired"},
	    {"not-yet-valid", "localhost", "is not valid yet"},
	    {"wrong-host", "localhost", "issued for another name"},
	    {"self-signed", "localhost", "not signed by a trusted"},
	    {"other-ca", "localhost", "not signed by a trusted"},
	    {"missing-intermediate", "localhost", "not signed by a trusted"},
	    {"no-server-purpose", "localhost", "not valid for a server"},
	    {"rsa-1024", "localhost", "uses a weak"},
	    {"sha1", "localhost", "uses a weak"},
	    {"address-as-name", "127.0.0.1", "issued for another name"},
	    {"address-other", "127.0.0.1", "issued for another name"},
	    {"name-not-address", "localhost", "issued for another name"},
	    {"wildcard-top", "example.localhost", "issued for another name"},
	    {"wildcard-part", "mail.example.localhost",
		"issued for another name"},
	    {"wildcard-good", "a.mail.example.localhost",
		"issued for another name"},
	    {"wildcard-good", "example.localhost", "issued for another name"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outcome outcome =
		    send_form(rows[i].peer, rows[i].host, "/token");

		print_message("%s\n", rows[i].peer);
		assert_failure(&outcome, ERROR_SECURITY, rows[i].part);
		assert_string_not_equal(outcome.err.hint, "");
		assert_nothing_was_sent(rows[i].peer);
	}
}

/* libcurl's own check does, but not without a trusted CA. */
static void
takes_no_name_from_the_subject(void **state)
{
	const char *anchor =
	    curl_peer_verifier() == CURL_PEER_VERIFIER_POSTRIDER
	    ? "ca.pem"
	    : "revoking.pem";
	const char *part = curl_peer_verifier() == CURL_PEER_VERIFIER_POSTRIDER
	    ? "issued for another name"
	    : "not signed by a trusted";
	char url[128];
	struct outcome outcome;

	(void)state;
	snprintf(url, sizeof url, "https://localhost:%u/token",
	    port_of("common-name-only"));
	outcome = send_to(url, anchor, ENOUGH_MS);
	assert_failure(&outcome, ERROR_SECURITY, part);
	assert_nothing_was_sent("common-name-only");
}

static void
accepts_a_good_certificate(void **state)
{
	static const char *const rows[][2] = {
	    {"good", "localhost"},
	    {"good", "LocalHost"},
	    {"good", "127.0.0.1"},
	    {"good-v6", "[::1]"},
	    {"address-good", "127.0.0.1"},
	    {"name-good", "localhost"},
	    {"only-TLSv1_2", "localhost"},
	    {"only-TLSv1_3", "localhost"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outcome outcome =
		    send_form(rows[i][0], rows[i][1], "/token");

		assert_success(&outcome, "access-token-of-the-answer");
	}
}

static void
accepts_one_label_under_a_wildcard(void **state)
{
	struct outcome outcome =
	    send_form("wildcard-good", "a.example.localhost", "/token");

	(void)state;
	assert_success(&outcome, "access-token-of-the-answer");
}

static void
believes_only_the_anchors_it_is_given(void **state)
{
	char url[128];
	struct outcome outcome;

	(void)state;
	snprintf(url, sizeof url, "https://localhost:%u/token",
	    port_of("self-signed"));
	outcome = send_to(url, "revoking.pem", ENOUGH_MS);
	assert_failure(&outcome, ERROR_SECURITY, "not signed by a trusted");
	outcome = send_to(url, NULL, ENOUGH_MS);
	assert_failure(&outcome, ERROR_SECURITY, "not signed by a trusted");
	assert_non_null(strstr(outcome.err.hint, "--trust-setting"));
	assert_null(strstr(outcome.err.hint, "--tls-"));
	outcome = send_to(url, "missing.pem", ENOUGH_MS);
	assert_failure(&outcome, ERROR_CONFIG, "missing.pem");
	assert_nothing_was_sent("self-signed");
}

static void
refuses_what_a_stapled_answer_takes_back(void **state)
{
	char url[128];
	struct outcome outcome;

	(void)state;
	snprintf(url, sizeof url, "https://localhost:%u/",
	    port_of("stapled-revoked"));
	outcome = send_to(url, "revoking.pem", ENOUGH_MS);
	if (curl_peer_verifier() == CURL_PEER_VERIFIER_POSTRIDER)
		assert_failure(&outcome, ERROR_SECURITY, "is revoked");
	else /* only libcurl with GnuTLS looks */
		assert_failure(&outcome, ERROR_TEMPORARY, "not HTTP");
	/* The certificate is accepted, but the server does not speak HTTP. */
	snprintf(url, sizeof url, "https://localhost:%u/",
	    port_of("stapled-good"));
	outcome = send_to(url, "revoking.pem", ENOUGH_MS);
	assert_failure(&outcome, ERROR_TEMPORARY, "not HTTP");
}

static void
refuses_a_handshake_that_fails(void **state)
{
	static const struct {
		const char *peer;
		enum error_code code;
		const char *part;
	} rows[] = {
	    {"only-TLSv1", ERROR_SECURITY, "TLS handshake failed"},
	    {"only-TLSv1_1", ERROR_SECURITY, "TLS handshake failed"},
	    {"weak-exchange", ERROR_SECURITY, "obsolete TLS cipher suite"},
	    {"static-rsa", ERROR_SECURITY, "obsolete TLS cipher suite"},
	    {"cbc", ERROR_SECURITY, "obsolete TLS cipher suite"},
	    {"alert", ERROR_SECURITY, "TLS handshake failed"},
	    {"no-tls", ERROR_SECURITY, "TLS handshake failed"},
	    {"plain-http", ERROR_SECURITY, "TLS handshake failed"},
	    {"closed-at-once", ERROR_TEMPORARY,
		"closed during the TLS handshake"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct outcome outcome =
		    send_form(rows[i].peer, "localhost", "/token");

		print_message("%s\n", rows[i].peer);
		assert_failure(&outcome, rows[i].code, rows[i].part);
		assert_nothing_was_sent(rows[i].peer);
	}
}

static struct outcome
send_by_proxy(const char *proxy, const char *scheme, const char *host,
    const char *peer)
{
	char url[128];
	struct outcome outcome;

	snprintf(url, sizeof url, "%s://localhost:%u", scheme, port_of(proxy));
	setenv("https_proxy", url, 1);
	outcome = send_form(peer, host, "/token");
	unsetenv("https_proxy");
	return outcome;
}

static void
goes_through_a_proxy_and_judges_who_is_behind(void **state)
{
	struct outcome outcome =
	    send_by_proxy("proxy", "http", "localhost", "good");

	(void)state;
	assert_success(&outcome, "access-token-of-the-answer");
	/* The proxy looks the name up: it may have its last dot. */
	outcome = send_by_proxy("proxy", "http", "mail.example.test.", "good");
	assert_success(&outcome, "access-token-of-the-answer");
	outcome = send_by_proxy("proxy", "http", "example.test", "good");
	assert_failure(&outcome, ERROR_SECURITY, "issued for another name");
	outcome =
	    send_by_proxy("proxy", "http", "localhost", "no-server-purpose");
	assert_failure(&outcome, ERROR_SECURITY, "not valid for a server");
	assert_nothing_was_sent("no-server-purpose");
}

static void
explains_a_proxy_that_does_not_help(void **state)
{
	struct outcome outcome =
	    send_by_proxy("proxy-refuses", "http", "localhost", "good");

	(void)state;
	assert_failure(&outcome, ERROR_TEMPORARY,
	    "refused to connect: status 403");
	outcome =
	    send_by_proxy("proxy-untrusted", "https", "localhost", "good");
	assert_failure(&outcome, ERROR_SECURITY,
	    "the certificate of the proxy");
}

static int
start_peers(void **state)
{
	char script[] = "tests/support/dialogue/https_peers.py";
	char *argv[] = {"python3", script, directory, NULL};
	char line[128];
	char *port;
	struct error err;

	(void)state;
	for (const char *const *name =
		 (const char *const[]){"https_proxy", "HTTPS_PROXY",
		     "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY", NULL};
	     *name != NULL; name++)
		unsetenv(*name);
	if (make_directory() == -1 ||
	    spawn_start(&peers, argv, SPAWN_IN | SPAWN_OUT, &err) == -1)
		return -1;
	answers = fdopen(dup(peers.out), "r");
	while (answers != NULL && fgets(line, sizeof line, answers) != NULL) {
		if (strcmp(line, "ready\n") == 0)
			return 0;
		port = strchr(line, ' ');
		if (known_count == PEERS_MAX || port == NULL)
			return -1;
		snprintf(known[known_count].name,
		    sizeof known[known_count].name, "%.*s", (int)(port - line),
		    line);
		known[known_count].port = (unsigned)strtoul(port, NULL, 10);
		known_count++;
	}
	return -1;
}

static int
end_peers(void **state)
{
	struct error err;
	int status;

	spawn_close_in(&peers);
	if (spawn_wait(&peers, clock_now_ms() + ENOUGH_MS, &status, &err) == -1)
		return -1;
	spawn_done(&peers);
	fclose(answers);
	return remove_directory(state) == 0 && status == 0 ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sends_a_form_and_takes_the_answer),
	    cmocka_unit_test(says_who_it_is_and_what_it_takes),
	    cmocka_unit_test(gets_without_a_form),
	    cmocka_unit_test(hands_out_an_answer_that_is_an_error),
	    cmocka_unit_test(tells_what_time_the_server_has),
	    cmocka_unit_test(keeps_all_bytes_of_an_answer),
	    cmocka_unit_test(refuses_what_is_no_answer),
	    cmocka_unit_test(names_the_endpoint_that_redirects),
	    cmocka_unit_test(waits_no_longer_than_it_may),
	    cmocka_unit_test(says_that_nobody_is_there),
	    cmocka_unit_test(refuses_a_url_that_is_none_of_ours),
	    cmocka_unit_test(refuses_an_odd_certificate_before_a_byte_is_sent),
	    cmocka_unit_test(takes_no_name_from_the_subject),
	    cmocka_unit_test(accepts_a_good_certificate),
	    cmocka_unit_test(accepts_one_label_under_a_wildcard),
	    cmocka_unit_test(believes_only_the_anchors_it_is_given),
	    cmocka_unit_test(refuses_what_a_stapled_answer_takes_back),
	    cmocka_unit_test(refuses_a_handshake_that_fails),
	    cmocka_unit_test(goes_through_a_proxy_and_judges_who_is_behind),
	    cmocka_unit_test(explains_a_proxy_that_does_not_help),
	};

	return cmocka_run_group_tests(tests, start_peers, end_peers);
}
