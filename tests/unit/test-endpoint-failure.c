/* SPDX-License-Identifier: MIT */
/*
 * Tests the hints for all of Microsoft's error numbers and the error codes of
 * the RFCs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/cause.h"
#include "config/endpoint-failure.h"

static const struct endpoint_request me = {.account = "me"};

static const struct {
	long number;
	const char *word;
} numbers[] = {
    {65001, "give consent"},
    {65004, "give consent"},
    {90094, "administrator"},
    {50194, "set tenant"},
    {700011, "has no such client-id"},
    {700016, "has no such client-id"},
    {50020, "wrong kind"},
    {500208, "wrong kind"},
    {50011, "http://localhost"},
    {7000218, "Allow public client flows"},
    {700025, "remove client-secret from me"},
    {7000215, "create a new client secret"},
    {7000222, "create a new client secret"},
    {53003, "Sign-in logs"},
    {65001, "ask an administrator of the organisation to consent"},
    {700027, "certificate"},
    {50012, "certificate"},
    {700024, "clock"},
    {50076, "second factor"},
    {50078, "second factor"},
    {50079, "second factor"},
    {53000, "Conditional Access"},
    {53003, "Conditional Access"},
    {530035, "security defaults"},
    {70008, "sign in again: postrider login me"},
    {700082, "sign in again: postrider login me"},
    {70043, "sign in again: postrider login me"},
    {50173, "sign in again: postrider login me"},
    {50089, "sign in again: postrider login me"},
    {70016, "postrider login --device me"},
    {70018, "wrong or has expired"},
    {70019, "wrong or has expired"},
    {70011, "SMTP.Send"},
    {28002, "SMTP.Send"},
    {650057, "SMTP.Send"},
    {28000, "one resource only"},
    {50196, "too many identical requests"},
};

static const struct {
	const char *error;
	const char *word;
} errors[] = {
    {"invalid_grant", "sign in again: postrider login me"},
    {"interaction_required", "sign in again: postrider login me"},
    {"login_required", "sign in again: postrider login me"},
    {"consent_required", "give consent: postrider login me"},
    {"expired_token", "postrider login --device me"},
    {"access_denied", "postrider login me"},
    {"invalid_client", "client-secret"},
    {"unauthorized_client", "grant of me"},
    {"INVALID_REFRESH_TOKEN", "sign in again: postrider login me"},
    {"redirect_uri_mismatch", "Desktop app"},
    {"org_internal", "account of the organisation"},
    {"temporarily_unavailable", "try again later"},
    {"unsupported_grant_type", "grant"},
    {"invalid_scope", "scope of me"},
    {"invalid_target", "scope of me"},
    {"admin_policy_enforced", "administrator"},
    {"disabled_client", "register another"},
    {"deleted_client", "register another"},
};

static const char *
hint_for(struct error *err, const char *message, const char *error)
{
	error_set(err, ERROR_AUTH, "%s", message);
	assert_int_equal(endpoint_failure_explain(err, error, &me), -1);
	assert_string_equal(err->message, message);
	return err->hint;
}

static void
has_advice_for_each_number_of_microsofts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct error err;
		char message[64];

		snprintf(message, sizeof message, "x: y: AADSTS%ld: z",
		    numbers[i].number);
		assert_non_null(strstr(hint_for(&err, message, "made_up"),
		    numbers[i].word));
		assert_null(strchr(err.hint, '%'));
	}
}

static void
has_advice_for_each_code_of_the_rfcs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
		struct error err;

		assert_non_null(strstr(hint_for(&err, "x", errors[i].error),
		    errors[i].word));
		assert_null(strchr(err.hint, '%'));
	}
}

static void
knows_whether_a_retry_can_help(void **state)
{
	static const struct {
		const char *error;
		const char *message;
		enum error_code code;
		bool is_over;
		const char *cause;
	} rows[] = {
	    {"invalid_grant", "x: y", ERROR_AUTH, true, "sign-in-expired"},
	    {"invalid_grant", "AADSTS700082: x", ERROR_AUTH, true,
		"sign-in-expired"},
	    {"invalid_request", "AADSTS700082: x", ERROR_AUTH, false,
		"sign-in-expired"},
	    /* These leave the refresh token as it was. */
	    {"invalid_grant", "AADSTS50076: x", ERROR_AUTH, false,
		"interaction-due"},
	    {"invalid_grant", "AADSTS53003: x", ERROR_AUTH, false,
		"policy-sign-in"},
	    {"invalid_grant", "AADSTS65001: x", ERROR_AUTH, false,
		"consent-due"},
	    {"invalid_grant", "AADSTS50999: x", ERROR_AUTH, false,
		"interaction-due"},
	    {"invalid_grant", "AADSTS70000: x", ERROR_AUTH, false,
		"sign-in-expired"},
	    {"server_error", "x", ERROR_TEMPORARY, false, "token-endpoint"},
	    {"slow_down", "x", ERROR_TEMPORARY, false, "too-many-sign-ins"},
	    {"invalid_grant", "AADSTS50196: x", ERROR_LATER, false,
		"too-many-sign-ins"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct error err;

		error_set(&err, ERROR_AUTH, "%s", rows[i].message);
		endpoint_failure_explain(&err, rows[i].error, &me);
		assert_int_equal(err.code, rows[i].code);
		assert_string_equal(err.cause, rows[i].cause);
		assert_int_equal(endpoint_failure_ends_sign_in(&err,
				     rows[i].error, &me),
		    rows[i].is_over);
	}
}

static void
names_causes_that_exist(void **state)
{
	const struct endpoint_failure *row = endpoint_failures;

	(void)state;
	for (; row->cause != NULL; row++)
		assert_non_null(cause_find(row->cause, strlen(row->cause)));
}

static void
does_not_read_words_in_the_url(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, ERROR_AUTH, "https://invalid_rapt.test: %s", "x");
	endpoint_failure_explain(&err, "invalid_grant", &me);
	assert_string_equal(err.cause, "sign-in-expired");
}

static void
prefers_the_number_which_says_more(void **state)
{
	struct error err;

	(void)state;
	assert_non_null(
	    strstr(hint_for(&err, "AADSTS7000218: x", "invalid_client"),
		"Allow public client flows"));
}

static void
falls_back_where_a_number_is_unknown_or_none(void **state)
{
	static const char *const messages[] = {"AADSTS1: x", "AADSTS", "x",
	    "AADSTSx", "AADSTS700820: x",
	    "AADSTS99999999999999999999999999: x"};

	(void)state;
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		struct error err;

		assert_non_null(
		    strstr(hint_for(&err, messages[i], "invalid_client"),
			"check client-id"));
	}
}

static void
counts_the_first_number(void **state)
{
	struct error err;

	(void)state;
	assert_non_null(
	    strstr(hint_for(&err, "AADSTS50011: x AADSTS700082: y", NULL),
		"http://localhost"));
}

static void
leaves_the_hint_where_it_knows_nothing(void **state)
{
	struct error err;

	(void)state;
	error_set(&err, ERROR_AUTH, "x");
	error_hint(&err, "as it was");
	endpoint_failure_explain(&err, "made_up", &me);
	assert_string_equal(err.hint, "as it was");
	endpoint_failure_explain(&err, NULL, &me);
	assert_string_equal(err.hint, "as it was");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(has_advice_for_each_number_of_microsofts),
	    cmocka_unit_test(has_advice_for_each_code_of_the_rfcs),
	    cmocka_unit_test(knows_whether_a_retry_can_help),
	    cmocka_unit_test(names_causes_that_exist),
	    cmocka_unit_test(does_not_read_words_in_the_url),
	    cmocka_unit_test(prefers_the_number_which_says_more),
	    cmocka_unit_test(falls_back_where_a_number_is_unknown_or_none),
	    cmocka_unit_test(counts_the_first_number),
	    cmocka_unit_test(leaves_the_hint_where_it_knows_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
