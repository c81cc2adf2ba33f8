/* SPDX-License-Identifier: MIT */
/*
 * Tests getting access tokens from postrider-credential, fetching again after a
 * temporary failure, and replacing a refused one once.
 */
#include "fetch.h"

#include "base/secret.h"

static char *const selection[] = {"--account=work", "--port=587", NULL};

static struct credential_request
token_request(void)
{
	struct credential_request request =
	    request_of(NULL, "store", ENOUGH_MS);

	request.account = "work";
	request.is_token = true;
	request.selection = selection;
	return request;
}

static struct credential *
start(const struct credential_request *request)
{
	struct error err;
	struct credential *credential = credential_start(request, &err);

	assert_non_null(credential);
	return credential;
}

static void
assert_token(struct credential *credential, const char *wanted)
{
	const struct secret *token;
	struct error err;

	assert_int_equal(credential_await(credential, &token, &err), 0);
	assert_string_equal(secret_bytes(token), wanted);
}

static void
assert_log(const char *wanted)
{
	struct buf text;

	buf_init(&text, 4096);
	read_back("log", &text);
	assert_string_equal(buf_text(&text), wanted);
	buf_done(&text);
}

/* Answers with the token "1", then "2" and so on. */
static void
write_counter(void)
{
	unlink("log");
	write_script("postrider-credential",
	    "echo \"$*\" >>$D/log; sed -n 's/^password=/erased /p' >>$D/log\n"
	    "case \"$*\" in *get*) echo password=$(grep -c get $D/log);\n"
	    "echo password_expiry_utc=1795305600;; esac");
}

static void
asks_the_keeper_about_the_account_whatever_helper_is_set(void **state)
{
	struct credential_request request = token_request();
	struct credential *credential;

	(void)state;
	write_counter();
	request.min_valid_ms = 90000;
	credential = start(&request);
	assert_token(credential, "1");
	assert_int_equal(credential_expires_at(credential), 1795305600);
	assert_log("--account=work --port=587 get --min-valid=90000ms\n");
	credential_free(credential);
}

static void
renews_a_token_once(void **state)
{
	struct credential_request request = token_request();
	struct credential *credential;
	struct error err;

	(void)state;
	write_counter();
	credential = start(&request);
	assert_false(credential_may_renew(credential));
	assert_token(credential, "1");
	assert_true(credential_may_renew(credential));
	assert_int_equal(credential_renew(credential, &err), 0);
	assert_token(credential, "2");
	assert_false(credential_may_renew(credential));
	assert_log("--account=work --port=587 get\n"
		   "--account=work --port=587 erase\nerased 1\n"
		   "--account=work --port=587 get\n");
	credential_free(credential);
}

static void
renews_nothing_that_is_another_programs(void **state)
{
	static const char *const sources[] = {"command:echo 1", "file:token"};
	struct credential *credential;

	(void)state;
	write_file("token", "1\n", 0600);
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		struct credential_request request = token_request();

		request.source = sources[i];
		credential = start(&request);
		assert_token(credential, "1");
		assert_false(credential_may_renew(credential));
		credential_free(credential);
	}
}

static void
asks_again_after_what_passes(void **state)
{
	struct credential_request request = token_request();
	const struct secret *token;
	struct credential *credential;
	struct error err;

	(void)state;
	unlink("log");
	write_script("postrider-credential",
	    "echo x >>$D/log; [ $(grep -c x $D/log) -gt 1 ] && "
	    "{ echo password=late; exit 0; }\n"
	    "echo 'postrider-credential: busy' >&2; exit 79");
	credential = start(&request);
	assert_int_equal(credential_await(credential, &token, &err), -1);
	assert_int_equal(err.code, ERROR_TEMPORARY);
	assert_string_equal(err.message, "busy");
	assert_token(credential, "late");
	assert_token(credential, "late");
	assert_log("x\nx\n");
	credential_free(credential);
}

static void
asks_once_after_what_stays(void **state)
{
	struct credential_request request = token_request();
	const struct secret *token;
	struct credential *credential;
	struct error err;

	(void)state;
	unlink("log");
	write_script("postrider-credential", "echo x >>$D/log; exit 75");
	credential = start(&request);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(credential_await(credential, &token, &err),
		    -1);
		assert_int_equal(err.code, ERROR_KEYRING);
	}
	assert_log("x\n");
	credential_free(credential);
}

static void
passes_a_warning_on_once(void **state)
{
	struct credential_request request = token_request();
	struct credential *credential;
	struct error warning;

	(void)state;
	write_script("postrider-credential",
	    "echo 'wait: renewing' >&2; echo 'warning: not stored' >&2\n"
	    "echo 'hint: sign in again' >&2; echo password=good");
	credential = start(&request);
	assert_token(credential, "good");
	assert_true(credential_take_warning(credential, &warning));
	assert_string_equal(warning.message, "not stored");
	assert_string_equal(warning.hint, "sign in again");
	assert_token(credential, "good");
	assert_false(credential_take_warning(credential, &warning));
	credential_free(credential);
}

static void
says_who_must_sign_in(void **state)
{
	struct credential_request request = token_request();
	const struct secret *token;
	struct credential *credential;
	struct error err;

	(void)state;
	write_script("postrider-credential", "true");
	request.prompt = true;
	credential = start(&request);
	assert_int_equal(credential_await(credential, &token, &err), -1);
	assert_int_equal(err.code, ERROR_AUTH);
	assert_string_equal(err.message,
	    "not signed in as alice@example.test at smtp.example.test");
	assert_string_equal(err.hint, "sign in: postrider login work");
	credential_free(credential);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		asks_the_keeper_about_the_account_whatever_helper_is_set),
	    cmocka_unit_test(renews_a_token_once),
	    cmocka_unit_test(renews_nothing_that_is_another_programs),
	    cmocka_unit_test(asks_again_after_what_passes),
	    cmocka_unit_test(asks_once_after_what_stays),
	    cmocka_unit_test(passes_a_warning_on_once),
	    cmocka_unit_test(says_who_must_sign_in),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
