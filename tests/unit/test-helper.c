/* SPDX-License-Identifier: MIT */
/*
 * Tests how postrider calls postrider-credential and git credential helpers,
 * and how it interprets their answers and failures.
 */
#include "fetch.h"

static void
assert_file(const char *name, const char *wanted)
{
	struct buf text;

	buf_init(&text, 4096);
	read_back(name, &text);
	assert_string_equal(buf_text(&text), wanted);
	buf_done(&text);
}

static int
store(const char *helper, const char *password, struct error *err)
{
	struct credential_request request = request_of(NULL, helper, ENOUGH_MS);
	struct secret *secret = secret_new(err);
	int result;

	assert_int_equal(secret_add(secret, password, strlen(password), err),
	    0);
	result = credential_store(&request, secret, err);
	secret_free(secret);
	return result;
}

static void
asks_the_keyring_in_gits_protocol(void **state)
{
	struct outcome outcome;

	(void)state;
	write_script("postrider-credential",
	    "echo \"$*\" >$D/words; cat >$D/asked\n"
	    "printf 'username=alice@example.test\\npassword=s3cret\\n\\n'");
	outcome = fetch("keyring", NULL, ENOUGH_MS);
	assert_string_equal(outcome.password, "s3cret");
	assert_file("words", "get\n");
	assert_file("asked",
	    "protocol=smtp\nhost=smtp.example.test:587\n"
	    "username=alice@example.test\n\n");
}

static void
hands_a_password_to_be_kept(void **state)
{
	struct error err;

	(void)state;
	write_script("postrider-credential",
	    "echo \"$*\" >$D/words; cat >$D/asked");
	assert_int_equal(store(NULL, "s3cret", &err), 0);
	assert_file("words", "store\n");
	assert_file("asked",
	    "protocol=smtp\nhost=smtp.example.test:587\n"
	    "username=alice@example.test\npassword=s3cret\n\n");
	write_script("postrider-credential",
	    "echo 'postrider-credential: the keyring is locked' >&2; exit 75");
	assert_int_equal(store(NULL, "s3cret", &err), -1);
	assert_int_equal(err.code, ERROR_KEYRING);
	assert_string_equal(err.message, "the keyring is locked");
}

static void
says_how_to_store_a_password_that_is_missing(void **state)
{
	static const char *const answers[] = {"true",
	    "cat >/dev/null; echo username=x", "echo password="};

	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		struct outcome outcome;

		write_script("postrider-credential", answers[i]);
		outcome = fetch(NULL, NULL, ENOUGH_MS);
		assert_failure(&outcome, ERROR_AUTH,
		    "the keyring has no password for alice@example.test at "
		    "smtp.example.test");
		assert_non_null(strstr(outcome.err.hint,
		    "postrider login alice@example.test"));
		assert_non_null(strstr(outcome.err.hint,
		    "host smtp.example.test service smtp user "
		    "alice@example.test"));
	}
}

static void
takes_over_why_the_keyring_failed(void **state)
{
	static const struct {
		const char *body, *message, *hint;
		enum error_code code;
	} rows[] = {
	    {"echo 'noise' >&2\n"
	     "echo 'postrider-credential: the keyring is locked' >&2\n"
	     "echo 'hint: unlock it' >&2; exit 75",
		"the keyring is locked", "unlock it", ERROR_KEYRING},
	    {"echo 'postrider-credential: dismissed' >&2; exit 77", "dismissed",
		"", ERROR_AUTH},
	    {"echo 'postrider-credential: not so' >&2; exit 78", "not so", "",
		ERROR_CONFIG},
	    {"exit 70", "the keyring ended with exit status 70", "", ERROR_BUG},
	    {"exit 72", "the keyring ended with exit status 72", "",
		ERROR_KEYRING},
	    {"kill -SEGV $$", "the keyring was ended by signal 11", "",
		ERROR_KEYRING},
	    {"printf '\\033[2Jx' >&2; exit 1", "the keyring failed: \\x1B[2Jx",
		"", ERROR_KEYRING},
	    {"echo password=half; exit 75",
		"the keyring ended with exit status 75", "", ERROR_KEYRING},
	    {"echo nonsense", "line 1 of the credential has no \"=\"", "",
		ERROR_KEYRING},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct outcome outcome;

		write_script("postrider-credential", rows[i].body);
		outcome = fetch(NULL, NULL, ENOUGH_MS);
		assert_failure(&outcome, rows[i].code, "");
		assert_string_equal(outcome.err.message, rows[i].message);
		assert_string_equal(outcome.err.hint, rows[i].hint);
	}
}

static void
takes_over_a_cause_that_it_knows(void **state)
{
	struct outcome outcome;

	(void)state;
	write_script("postrider-credential",
	    "echo 'postrider-credential: over' >&2\n"
	    "echo 'cause: token-expired' >&2; exit 77");
	outcome = fetch("keyring", NULL, ENOUGH_MS);
	assert_failure(&outcome, ERROR_AUTH, "over");
	assert_string_equal(outcome.err.cause, "token-expired");
	write_script("postrider-credential",
	    "echo 'postrider-credential: over' >&2\n"
	    "echo 'cause: of-a-later-version' >&2; exit 77");
	outcome = fetch("keyring", NULL, ENOUGH_MS);
	assert_failure(&outcome, ERROR_AUTH, "over");
	assert_string_equal(outcome.err.cause, "no-credential");
}

static void
asks_for_a_token_again_when_who_was_asked_was_killed(void **state)
{
	struct credential_request request =
	    request_of("keyring", NULL, ENOUGH_MS);
	const struct secret *secret = NULL;
	struct credential *credential;
	struct error err;

	(void)state;
	request.is_token = true;
	write_script("postrider-credential",
	    "if mkdir $D/was-killed; then echo 'wait: a moment' >&2; "
	    "kill -9 $$; fi\n"
	    "printf 'username=x\\npassword=token\\n\\n'");
	credential = credential_start(&request, &err);
	assert_non_null(credential);
	assert_int_equal(credential_await(credential, &secret, &err), -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
	assert_string_equal(err.message,
	    "postrider-credential was ended by signal 9");
	assert_int_equal(credential_await(credential, &secret, &err), 0);
	assert_string_equal(secret_bytes(secret), "token");
	credential_free(credential);
}

static void
says_that_the_keyring_program_is_missing(void **state)
{
	struct outcome outcome;

	(void)state;
	unlink("postrider-credential");
	outcome = fetch(NULL, NULL, ENOUGH_MS);
	assert_failure(&outcome, ERROR_KEYRING, "/postrider-credential: ");
	setenv("POSTRIDER_EXEC_PATH", "relative", 1);
	outcome = fetch(NULL, NULL, ENOUGH_MS);
	setenv("POSTRIDER_EXEC_PATH", directory, 1);
	assert_failure(&outcome, ERROR_CONFIG, "not an absolute path");
}

static void
ends_a_keyring_that_does_not_answer_in_time(void **state)
{
	struct outcome outcome;

	(void)state;
	write_script("postrider-credential",
	    "echo $$ >$D/pid; echo password=half; exec sleep 60");
	outcome = fetch(NULL, NULL, SHORT_MS);
	assert_failure(&outcome, ERROR_KEYRING,
	    "the keyring didn't answer within 0.2 s");
	assert_process_gone("pid");
}

static void
is_patient_while_the_keyring_asks_a_person(void **state)
{
	static const char body[] =
	    "echo 'wait: the keyring asks' >&2; sleep 0.5; echo password=late";
	struct outcome outcome;
	char helper[PATH_MAX];

	(void)state;
	write_script("postrider-credential", body);
	outcome = fetch(NULL, NULL, SHORT_MS);
	assert_string_equal(outcome.password, "late");

	/* Only postrider-credential can extend the deadline. */
	write_script("foreign", body);
	snprintf(helper, sizeof helper, "%s/foreign", directory);
	outcome = fetch(NULL, helper, SHORT_MS);
	assert_failure(&outcome, ERROR_KEYRING, "/foreign\" didn't answer");
}

static void
runs_a_git_credential_helper_in_its_place(void **state)
{
	struct outcome outcome;
	char helper[PATH_MAX + 32];
	char path[PATH_MAX * 2];

	(void)state;
	write_script("postrider-credential", "echo password=keyring");
	write_script("git-credential-pass",
	    "echo \"$*\" >$D/words; cat >/dev/null; echo password=s3cret");
	snprintf(path, sizeof path, "%s:%s", directory, getenv("PATH"));
	setenv("PATH", path, 1);
	outcome = fetch(NULL, "pass --file=/x  '$HOME;'", ENOUGH_MS);
	assert_string_equal(outcome.password, "s3cret");
	assert_file("words", "--file=/x '$HOME;' get\n");
	snprintf(helper, sizeof helper, "%s/git-credential-pass a", directory);
	outcome = fetch("keyring", helper, ENOUGH_MS);
	assert_string_equal(outcome.password, "s3cret");
	assert_file("words", "a get\n");
}

static void
lets_git_find_the_helpers_it_keeps_to_itself(void **state)
{
	struct outcome outcome;

	(void)state;
	write_script("git",
	    "echo \"$*\" >$D/words; cat >/dev/null; echo password=s3cret");
	outcome = fetch(NULL, "only-git-has-it --a", ENOUGH_MS);
	assert_string_equal(outcome.password, "s3cret");
	assert_file("words", "credential-only-git-has-it --a get\n");
	unlink("git");
}

static void
names_the_helper_that_failed(void **state)
{
	static const struct {
		const char *helper, *part;
		enum error_code code;
	} rows[] = {
	    {"fails x",
		"credential-helper \"fails\" failed: Connection refused",
		ERROR_KEYRING},
	    {"silent", "credential-helper \"silent\" has no password",
		ERROR_AUTH},
	    {"fails --password=hunter2", "is withheld", ERROR_KEYRING},
	    {"/nonexistent/helper hunter2", "/nonexistent/helper",
		ERROR_CONFIG},
	    {"!cat hunter2", "begins with \"!\"", ERROR_CONFIG},
	    {"a b c d e f g h i j k l m n o p q r", "words", ERROR_CONFIG},
	};

	(void)state;
	write_script("git-credential-fails",
	    "echo first >&2\n"
	    "[ $1 = x ] && echo 'x: connection refused' >&2 || echo \"bad $1\" "
	    ">&2\n"
	    "exit 1");
	write_script("git-credential-silent", "exit 0");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct outcome outcome = fetch(NULL, rows[i].helper, ENOUGH_MS);

		assert_failure(&outcome, rows[i].code, rows[i].part);
		assert_null(strstr(outcome.err.message, "hunter2"));
	}
}

static void
refuses_names_that_would_add_a_line(void **state)
{
	struct credential_request request = request_of(NULL, NULL, ENOUGH_MS);
	struct error err;

	(void)state;
	write_script("postrider-credential", "echo password=s3cret");
	request.user = "alice\nhost=evil.test";
	assert_null(credential_start(&request, &err));
	assert_int_equal(err.code, ERROR_DATA);
	request.user = "alice";
	request.host = "smtp.example.test\r";
	assert_null(credential_start(&request, &err));
	assert_int_equal(err.code, ERROR_DATA);
}

/* Like git credential-cache, which starts a daemon; others keep standard error
 * open. */
static void
does_not_wait_for_a_daemon_left_behind(void **state)
{
	struct outcome outcome;

	(void)state;
	write_script("postrider-credential",
	    "sleep 30 >/dev/null & echo password=s3cret");
	outcome = fetch(NULL, NULL, ENOUGH_MS);
	assert_string_equal(outcome.password, "s3cret");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(asks_the_keyring_in_gits_protocol),
	    cmocka_unit_test(hands_a_password_to_be_kept),
	    cmocka_unit_test(says_how_to_store_a_password_that_is_missing),
	    cmocka_unit_test(takes_over_why_the_keyring_failed),
	    cmocka_unit_test(takes_over_a_cause_that_it_knows),
	    cmocka_unit_test(
		asks_for_a_token_again_when_who_was_asked_was_killed),
	    cmocka_unit_test(says_that_the_keyring_program_is_missing),
	    cmocka_unit_test(ends_a_keyring_that_does_not_answer_in_time),
	    cmocka_unit_test(is_patient_while_the_keyring_asks_a_person),
	    cmocka_unit_test(runs_a_git_credential_helper_in_its_place),
	    cmocka_unit_test(lets_git_find_the_helpers_it_keeps_to_itself),
	    cmocka_unit_test(names_the_helper_that_failed),
	    cmocka_unit_test(refuses_names_that_would_add_a_line),
	    cmocka_unit_test(does_not_wait_for_a_daemon_left_behind),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
