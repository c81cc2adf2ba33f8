/* SPDX-License-Identifier: MIT */
/*
 * Tests the browser part of a sign-in: which requests end it, which do not, and
 * what user and browser see.
 */
#include "authorize-fixture.h"

static void
signs_in_with_the_answer_of_the_browser(void **state)
{
	struct login login;
	char uri[64];

	(void)state;
	login_init(&login);
	login_start(&login);
	assert_int_equal(get_answer(&login, "code=4%2F0A"), 200);
	assert_non_null(strstr(login.answer, "You are signed in"));
	snprintf(uri, sizeof uri, "http://127.0.0.1:%u/", login.port);
	assert_signed_in(&login, "4/0A");
	assert_string_equal(login.redirect_uri, uri);
}

static void
takes_a_code_that_is_long(void **state)
{
	char parameters[8192] = "code=";
	struct login login;

	(void)state;
	memset(parameters + 5, 'x', sizeof parameters - 6);
	login_init(&login);
	login_start(&login);
	assert_int_equal(get_answer(&login, parameters), 200);
	assert_signed_in(&login, parameters + 5);
}

static void
asks_for_what_it_was_told(void **state)
{
	struct login login;
	char uri[64];

	(void)state;
	login_init(&login);
	login.request.url = "https://accounts.example.com/auth?tenant=1";
	login.request.redirect_host = "localhost";
	login.request.redirect_path = "/back";
	login.request.login_hint = "me@example.com";
	login.request.parameters = "access_type=offline&prompt=consent";
	login_start(&login);
	assert_non_null(strstr(login.text,
	    "https://accounts.example.com/auth?tenant=1&response_type=code&"
	    "client_id=an%20id&redirect_uri=http%3A%2F%2Flocalhost%3A"));
	assert_non_null(strstr(login.text,
	    "%2Fback&scope=mail%20offline&login_hint=me%40example.com&"
	    "state="));
	assert_non_null(strstr(login.text,
	    "&code_challenge_method=S256&access_type=offline&"
	    "prompt=consent\n"));
	assert_int_equal(strlen(login.state), 43);
	assert_int_equal(get_answer(&login, "code=1"), 200);
	assert_signed_in(&login, "1");
	snprintf(uri, sizeof uri, "http://localhost:%u/back", login.port);
	assert_string_equal(login.redirect_uri, uri);
}

static void
sends_pages_that_may_do_nothing(void **state)
{
	static const char *const fields[] = {
	    "Content-Type: text/html; charset=utf-8\r\n",
	    "Cache-Control: no-store\r\n",
	    "Content-Security-Policy: default-src 'none'; ",
	    "style-src 'unsafe-inline';",
	    "Referrer-Policy: no-referrer\r\n",
	    "X-Content-Type-Options: nosniff\r\n",
	    "Connection: close\r\n",
	};
	struct login login;

	(void)state;
	login_init(&login);
	login_start(&login);
	get_answer(&login, "code=1");
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		assert_non_null(strstr(login.answer, fields[i]));
	assert_signed_in(&login, "1");
}

static void
goes_on_after_an_answer_with_another_state(void **state)
{
	struct login login;
	char target[256];

	(void)state;
	login_init(&login);
	login_start(&login);
	assert_int_equal(get(&login, "/?code=bad&state=x"), 400);
	assert_non_null(
	    strstr(login.answer, "does not belong to the current sign-in"));
	await_output(&login, "this sign-in: \"state\" is wrong. Still waiting");
	assert_int_equal(get(&login, "/?code=bad"), 400);
	await_output(&login,
	    "this sign-in: \"state\" is missing. Still waiting");
	snprintf(target, sizeof target, "/?code=bad&state=%s&state=x",
	    login.state);
	assert_int_equal(get(&login, target), 400);
	await_output(&login, "this sign-in: \"state\" appears twice. Still");
	assert_int_equal(get(&login, "/?error=access_denied&state=x"), 400);
	assert_int_equal(get_answer(&login, "code=good"), 200);
	assert_signed_in(&login, "good");
}

static void
does_not_let_foreign_answers_fill_the_terminal(void **state)
{
	struct login login;

	(void)state;
	login_init(&login);
	login_start(&login);
	for (int i = 0; i < 20; i++)
		assert_int_equal(get(&login, "/?state=x"), 400);
	get_answer(&login, "code=1");
	login_join(&login);
	assert_in_range(strlen(login.text), 1, 2000);
	assert_int_equal(login.result, 0);
}

static void
answers_nobody_who_calls_it_by_another_name(void **state)
{
	struct login login;
	char host[64];

	(void)state;
	login_init(&login);
	login_start(&login);
	snprintf(login.target, sizeof login.target, "/?code=bad&state=%s",
	    login.state);
	snprintf(host, sizeof host, "localhost:%u", login.port);
	assert_int_equal(request_at(&login, "GET", login.target, host), 421);
	assert_int_equal(request_at(&login, "GET", login.target, "127.0.0.1"),
	    421);
	assert_int_equal(request_at(&login, "GET", login.target,
			     "evil.example"),
	    421);
	assert_int_equal(get_answer(&login, "code=good"), 200);
	assert_signed_in(&login, "good");
}

static void
answers_no_other_path_and_no_other_method(void **state)
{
	struct login login;
	char target[256];

	(void)state;
	login_init(&login);
	login_start(&login);
	assert_int_equal(get(&login, "/favicon.ico"), 404);
	snprintf(target, sizeof target, "/x?code=bad&state=%s", login.state);
	assert_int_equal(get(&login, target), 404);
	snprintf(target, sizeof target, "//?code=bad&state=%s", login.state);
	assert_int_equal(get(&login, target), 404);
	snprintf(target, sizeof target, "/?code=bad&state=%s", login.state);
	assert_int_equal(request_at(&login, "HEAD", target, login.host), 405);
	assert_null(strstr(login.answer, "<html"));
	assert_int_equal(request_at(&login, "POST", target, login.host), 405);
	assert_non_null(strstr(login.answer, "Allow: GET\r\n"));
	assert_int_equal(get_answer(&login, "code=good"), 200);
	assert_signed_in(&login, "good");
}

static void
survives_visitors_who_say_nothing_or_nonsense(void **state)
{
	struct login login;
	int silent;
	int mad;

	(void)state;
	login_init(&login);
	login_start(&login);
	silent = visit(&login);
	mad = visit(&login);
	assert_int_equal(send(mad, "\x16\x03\x01 / \r\n\r\n", 9, 0), 9);
	read_answer(&login, mad);
	assert_int_equal(get_answer(&login, "code=good"), 200);
	assert_int_equal(read_answer(&login, silent), 0);
	assert_signed_in(&login, "good");
}

static void
uses_one_answer_only(void **state)
{
	struct login login;
	int second;

	(void)state;
	login_init(&login);
	login_start(&login);
	second = visit(&login);
	login.second = second;
	assert_int_equal(get_answer(&login, "code=1"), 200);
	assert_int_not_equal(read_answer(&login, second), 200);
	assert_signed_in(&login, "1");
	assert_int_equal(visit(&login), -1);
}

static void
tells_the_browser_when_the_code_was_no_use(void **state)
{
	struct login login;

	(void)state;
	login_init(&login);
	login.refusal = "the token endpoint says: <invalid_grant>";
	login_start(&login);
	assert_int_equal(get_answer(&login, "code=1"), 502);
	assert_non_null(strstr(login.answer, "says: &lt;invalid_grant&gt;"));
	login_join(&login);
	assert_int_equal(login.result, -1);
	assert_int_equal(login.finished, 1);
	assert_int_equal(login.err.code, ERROR_AUTH);
	assert_string_equal(login.err.message, login.refusal);
	assert_string_equal(login.err.hint, "ask somebody");
}

static void
ends_when_the_person_declines(void **state)
{
	struct login login;

	(void)state;
	login_init(&login);
	login_start(&login);
	assert_int_equal(get_answer(&login, "error=access_denied"), 403);
	assert_non_null(strstr(login.answer, "The sign-in was declined"));
	assert_failed(&login, ERROR_AUTH,
	    "the sign-in was declined in the browser");
}

static void
ends_with_what_the_server_says(void **state)
{
	struct login login;

	(void)state;
	login_init(&login);
	login_start(&login);
	assert_int_equal(get_answer(&login,
			     "error=invalid_request&error_description="
			     "AADSTS50011%3A+The+redirect"),
	    502);
	assert_failed(&login, ERROR_AUTH,
	    "the sign-in failed in the browser: invalid_request: "
	    "AADSTS50011: The redirect");
}

static void
ends_when_another_issuer_answers(void **state)
{
	struct login login;

	(void)state;
	login_init(&login);
	login.request.issuer = "https://accounts.example.com";
	login_start(&login);
	assert_int_equal(get_answer(&login,
			     "code=1&iss=https%3A%2F%2Fevil.example"),
	    403);
	assert_non_null(strstr(login.answer, "cannot be trusted"));
	assert_failed(&login, ERROR_SECURITY,
	    "the response in the browser is from https://evil.example, not "
	    "from "
	    "https://accounts.example.com");
}

static void
ends_when_no_issuer_answers_though_one_must(void **state)
{
	struct login login;

	(void)state;
	login_init(&login);
	login.request.issuer = "https://accounts.example.com";
	login.request.issuer_required = true;
	login_start(&login);
	assert_int_equal(get_answer(&login, "code=1"), 403);
	assert_failed(&login, ERROR_SECURITY,
	    "the response in the browser names no issuer; expected "
	    "https://accounts.example.com");
}

static void
ends_when_nobody_answers_in_time(void **state)
{
	struct login login;

	(void)state;
	login_init(&login);
	login.request.deadline_ms = clock_now_ms() + 300;
	login_start(&login);
	assert_failed(&login, ERROR_AUTH,
	    "no response from the browser within 1 s");
	assert_string_equal(login.err.hint,
	    "sign in again with a browser on this computer");
}

static void
takes_a_pasted_address(void **state)
{
	struct login login;
	char line[256];

	(void)state;
	login_init(&login);
	login_start_with_paste(&login);
	await_output(&login, "Paste the URL of that page here");
	snprintf(line, sizeof line, "http://%s/?code=a%%2Fb&state=%s\n",
	    login.host, login.state);
	type(&login, line);
	assert_signed_in(&login, "a/b");
	assert_int_equal(visit(&login), -1);
}

static void
takes_a_pasted_address_in_any_dress(void **state)
{
	struct login login;
	char line[256];

	(void)state;
	login_init(&login);
	login_start_with_paste(&login);
	snprintf(line, sizeof line, "\n \"%s/?state=%s&code=1#_=_\" \r\n",
	    login.host, login.state);
	type(&login, line);
	assert_signed_in(&login, "1");
}

static void
gives_another_chance_after_a_pasted_mistake(void **state)
{
	struct login login;
	char line[256];

	(void)state;
	login_init(&login);
	login_start_with_paste(&login);
	type(&login, "yes\n");
	await_output(&login, "is not the URL of the final page");
	snprintf(line, sizeof line, "http://%s/?code=bad&state=x\n",
	    login.host);
	type(&login, line);
	await_output(&login,
	    "is incomplete or belongs to another sign-in: \"state\" is "
	    "wrong");
	snprintf(line, sizeof line, "http://%s/?code=good&state=%s\n",
	    login.host, login.state);
	type(&login, line);
	assert_signed_in(&login, "good");
}

static void
fails_as_a_pasted_address_does(void **state)
{
	struct login login;
	char line[256];

	(void)state;
	login_init(&login);
	login_start_with_paste(&login);
	snprintf(line, sizeof line, "http://%s/?error=access_denied&state=%s\n",
	    login.host, login.state);
	type(&login, line);
	assert_failed(&login, ERROR_AUTH,
	    "the sign-in was declined in the browser");
}

static void
waits_for_the_browser_when_typing_ends(void **state)
{
	struct login login;

	(void)state;
	login_init(&login);
	login_start_with_paste(&login);
	type(&login, "hm");
	stop_typing(&login);
	await_output(&login, "is not the URL of the final page");
	assert_int_equal(get_answer(&login, "code=1"), 200);
	assert_signed_in(&login, "1");
}

static void
passes_over_a_pasted_line_without_end(void **state)
{
	static char much[SECRET_MAX + 100];
	struct login login;

	(void)state;
	memset(much, 'x', sizeof much - 1);
	login_init(&login);
	login_start_with_paste(&login);
	type(&login, much);
	type(&login, "\n");
	await_output(&login, "is not the URL of the final page");
	assert_int_equal(get_answer(&login, "code=1"), 200);
	assert_signed_in(&login, "1");
}

static void
opens_the_browser(void **state)
{
	struct login login;

	(void)state;
	/* It outlives the sign-in, and must not inherit the listener. */
	setenv("BROWSER", "sh -c sleep${IFS}5", 1);
	login_init(&login);
	login.request.paste_only = false;
	login_start(&login);
	await_output(&login, "Opening the browser to sign in");
	get_answer(&login, "code=1");
	assert_signed_in(&login, "1");
	assert_int_equal(visit(&login), -1);
}

static void
says_so_when_there_is_no_browser(void **state)
{
	struct login login;

	(void)state;
	setenv("BROWSER", "/nonexistent/browser", 1);
	login_init(&login);
	login.request.paste_only = false;
	login_start(&login);
	await_output(&login, "Open this page in a browser to sign in");
	get_answer(&login, "code=1");
	assert_signed_in(&login, "1");
}

static void
refuses_an_endpoint_that_is_not_safe_to_open(void **state)
{
	static const char *const urls[] = {"http://accounts.example.com/auth",
	    "file:///etc/passwd", "--help", "https://",
	    "http://localhost.example.com/", "http://127.0.0.1:1@evil.example/",
	    "https://a.example/\x1b[2J", "https://a.example/ b",
	    "https://a.example/#x"};

	(void)state;
	for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		struct login login;

		login_init(&login);
		login.request.url = urls[i];
		login.request.out = stderr;
		assert_int_equal(authorize(&login.request, &login.err), -1);
		assert_int_equal(login.err.code, ERROR_CONFIG);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(signs_in_with_the_answer_of_the_browser),
	    cmocka_unit_test(takes_a_code_that_is_long),
	    cmocka_unit_test(asks_for_what_it_was_told),
	    cmocka_unit_test(sends_pages_that_may_do_nothing),
	    cmocka_unit_test(goes_on_after_an_answer_with_another_state),
	    cmocka_unit_test(does_not_let_foreign_answers_fill_the_terminal),
	    cmocka_unit_test(answers_nobody_who_calls_it_by_another_name),
	    cmocka_unit_test(answers_no_other_path_and_no_other_method),
	    cmocka_unit_test(survives_visitors_who_say_nothing_or_nonsense),
	    cmocka_unit_test(uses_one_answer_only),
	    cmocka_unit_test(tells_the_browser_when_the_code_was_no_use),
	    cmocka_unit_test(ends_when_the_person_declines),
	    cmocka_unit_test(ends_with_what_the_server_says),
	    cmocka_unit_test(ends_when_another_issuer_answers),
	    cmocka_unit_test(ends_when_no_issuer_answers_though_one_must),
	    cmocka_unit_test(ends_when_nobody_answers_in_time),
	    cmocka_unit_test(takes_a_pasted_address),
	    cmocka_unit_test(takes_a_pasted_address_in_any_dress),
	    cmocka_unit_test(gives_another_chance_after_a_pasted_mistake),
	    cmocka_unit_test(fails_as_a_pasted_address_does),
	    cmocka_unit_test(waits_for_the_browser_when_typing_ends),
	    cmocka_unit_test(passes_over_a_pasted_line_without_end),
	    cmocka_unit_test(opens_the_browser),
	    cmocka_unit_test(says_so_when_there_is_no_browser),
	    cmocka_unit_test(refuses_an_endpoint_that_is_not_safe_to_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
