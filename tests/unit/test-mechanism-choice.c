/* SPDX-License-Identifier: MIT */
/* Tests which mechanism is chosen, and the errors if none can be used. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "smtp/auth.h"
#include "smtp/mechanism-choice.h"

enum {
	WORDS_MAX = 4
};

struct choice_case {
	const char *offered; /* as an extension says it */
	const char *auth[WORDS_MAX];
	const char *chosen;  /* NULL: none, and then */
	const char *message; /* part of the message or of the hint */
	bool secure, simple, has_cert, lacks_user;
};

static size_t
count_words(const char *const words[WORDS_MAX])
{
	size_t n = 0;

	while (n < WORDS_MAX && words[n] != NULL)
		n++;
	return n;
}

static struct smtp_params
params_of(const struct choice_case *row)
{
	return (struct smtp_params){.host = "h",
	    .port = 587,
	    .user = row->lacks_user ? NULL : "alice",
	    .tls_cert_file = row->has_cert ? "cert.pem" : NULL,
	    .mechanism = (char *const *)row->auth,
	    .mechanism_count = count_words(row->auth),
	    .secure_mechanisms = row->secure,
	    .simple_mechanisms = row->simple};
}

static struct smtp_extensions
offer_mechanisms(const char *mechanisms)
{
	struct smtp_extensions extensions = {.auth = *mechanisms != '\0'};

	snprintf(extensions.mechanisms, sizeof extensions.mechanisms, " %s ",
	    mechanisms);
	return extensions;
}

#define EVERYTHING                                                \
	"ANONYMOUS NTLM CRAM-MD5 DIGEST-MD5 LOGIN PLAIN XOAUTH2 " \
	"OAUTHBEARER SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-1-PLUS " \
	"SCRAM-SHA-256-PLUS EXTERNAL"

static const struct sasl_mechanism *
choose_mechanism(const struct smtp_params *params,
    const struct smtp_extensions *extensions, struct error *err)
{
	size_t place = 0;
	const struct sasl_mechanism *mechanism =
	    mechanism_choice_next(params, extensions, &place);

	if (mechanism == NULL)
		mechanism_choice_explain(params, extensions, err);
	return mechanism;
}

static void
chooses_the_best_that_both_sides_allow(void **state)
{
	static const struct choice_case rows[] = {
	    {.offered = EVERYTHING,
		.auth = {NULL},
		.chosen = "SCRAM-SHA-256-PLUS"},
	    {.offered = "PLAIN SCRAM-SHA-1-PLUS SCRAM-SHA-256",
		.auth = {NULL},
		.chosen = "SCRAM-SHA-1-PLUS"},
	    {.offered = "PLAIN SCRAM-SHA-1 SCRAM-SHA-256",
		.auth = {NULL},
		.chosen = "SCRAM-SHA-256"},
	    {.offered = "NTLM CRAM-MD5 DIGEST-MD5 LOGIN PLAIN",
		.auth = {NULL},
		.chosen = "PLAIN"},
	    {.offered = "NTLM CRAM-MD5 DIGEST-MD5 LOGIN",
		.auth = {NULL},
		.chosen = "LOGIN"},
	    {.offered = "NTLM CRAM-MD5 DIGEST-MD5",
		.auth = {NULL},
		.chosen = "DIGEST-MD5"},
	    {.offered = "NTLM CRAM-MD5", .auth = {NULL}, .chosen = "CRAM-MD5"},
	    {.offered = "NTLM", .auth = {NULL}, .chosen = "NTLM"},
	    {.offered = EVERYTHING,
		.auth = {NULL},
		.simple = true,
		.chosen = "PLAIN"},
	    {.offered = "SCRAM-SHA-1 LOGIN",
		.auth = {NULL},
		.simple = true,
		.chosen = "LOGIN"},
	    {.offered = "SCRAM-SHA-1 NTLM",
		.auth = {NULL},
		.simple = true,
		.chosen = "SCRAM-SHA-1"},
	    {.offered = EVERYTHING,
		.auth = {NULL},
		.secure = true,
		.chosen = "SCRAM-SHA-256-PLUS"},
	    {.offered = "PLAIN LOGIN CRAM-MD5",
		.auth = {NULL},
		.secure = true,
		.chosen = "CRAM-MD5"},
	    {.offered = "PLAIN CRAM-MD5",
		.auth = {NULL},
		.secure = true,
		.simple = true,
		.chosen = "CRAM-MD5"},
	    {.offered = EVERYTHING,
		.auth = {"login", "plain"},
		.chosen = "LOGIN"},
	    {.offered = EVERYTHING,
		.auth = {"ntlm", "plain"},
		.simple = true,
		.chosen = "NTLM"},
	    {.offered = "PLAIN LOGIN",
		.auth = {"scram-sha-256-plus", "login"},
		.chosen = "LOGIN"},
	    {.offered = EVERYTHING,
		.auth = {"anonymous"},
		.chosen = "ANONYMOUS"},
	    {.offered = EVERYTHING,
		.auth = {"anonymous"},
		.lacks_user = true,
		.chosen = "ANONYMOUS"},
	    {.offered = EVERYTHING,
		.auth = {NULL},
		.has_cert = true,
		.chosen = "SCRAM-SHA-256-PLUS"},
	    {.offered = EVERYTHING,
		.auth = {NULL},
		.has_cert = true,
		.lacks_user = true,
		.chosen = "EXTERNAL"},
	    {.offered = EVERYTHING,
		.auth = {"external"},
		.has_cert = true,
		.chosen = "EXTERNAL"},
	    {.offered = EVERYTHING, .auth = {"xoauth2"}, .chosen = "XOAUTH2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smtp_params params = params_of(&rows[i]);
		struct smtp_extensions extensions =
		    offer_mechanisms(rows[i].offered);
		struct error err;
		const struct sasl_mechanism *chosen =
		    choose_mechanism(&params, &extensions, &err);

		if (chosen == NULL)
			fail_msg("row %zu: %s", i, err.message);
		assert_string_equal(chosen->name, rows[i].chosen);
		assert_null(auth_objection(&params, &extensions, chosen));
	}
}

static void
says_why_nothing_can_be_chosen(void **state)
{
	static const struct choice_case rows[] = {
	    {.offered = "", .auth = {NULL}, .message = "does not offer AUTH"},
	    {.offered = "SKEY", .auth = {NULL}, .message = "SCRAM-SHA-256"},
	    {.offered = "XOAUTH2", .auth = {NULL}, .message = "OAuth2"},
	    {.offered = "ANONYMOUS", .auth = {NULL}, .message = "ANONYMOUS"},
	    {.offered = "PLAIN LOGIN",
		.auth = {NULL},
		.secure = true,
		.message = "reveal the password"},
	    {.offered = "PLAIN",
		.auth = {"login"},
		.message = "LOGIN: not offered"},
	    {.offered = "EXTERNAL",
		.auth = {"external"},
		.message = "a client certificate"},
	    {.offered = "PLAIN",
		.auth = {"plain"},
		.lacks_user = true,
		.message = "needs a user"},
	    {.offered = "PLAIN SCRAM-SHA-256",
		.auth = {"scram-sha-256-plus"},
		.message = "attacker"},
	    {.offered = "PLAIN SCRAM-SHA-256",
		.auth = {"scram-sha-256-plus", "scram-sha-1-plus"},
		.message = "which is required"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smtp_params params = params_of(&rows[i]);
		struct smtp_extensions extensions =
		    offer_mechanisms(rows[i].offered);
		struct error err = {0};

		assert_null(choose_mechanism(&params, &extensions, &err));
		assert_true(*err.hint != '\0');
		if (strstr(err.message, rows[i].message) == NULL &&
		    strstr(err.hint, rows[i].message) == NULL)
			fail_msg("row %zu: %s; %s", i, err.message, err.hint);
	}
}

static void
takes_missing_channel_binding_for_an_attack(void **state)
{
	struct choice_case row = {.offered = "SCRAM-SHA-256",
	    .auth = {"scram-sha-256-plus"}};
	struct smtp_params params = params_of(&row);
	struct smtp_extensions extensions = offer_mechanisms(row.offered);
	struct error err = {0};

	(void)state;
	assert_null(choose_mechanism(&params, &extensions, &err));
	assert_int_equal(err.code, ERROR_SECURITY);
}

static void
names_an_objection_to_each(void **state)
{
	static const struct {
		struct choice_case row;
		const char *mechanism;
		const char *objection;
	} rows[] = {
	    {{.offered = "LOGIN", .auth = {NULL}}, "PLAIN",
		"not offered by the server"},
	    {{.offered = "PLAIN", .auth = {"login"}}, "PLAIN",
		"not among the allowed mechanisms"},
	    {{.offered = "PLAIN", .auth = {NULL}, .secure = true}, "PLAIN",
		"reveals the password to the server"},
	    {{.offered = "EXTERNAL", .auth = {NULL}, .lacks_user = true},
		"EXTERNAL", "needs a client certificate"},
	    {{.offered = "ANONYMOUS", .auth = {NULL}}, "ANONYMOUS",
		"is used only when named"},
	    {{.offered = "XOAUTH2", .auth = {NULL}}, "XOAUTH2",
		"needs an OAuth2 token"},
	    {{.offered = "PLAIN", .auth = {NULL}, .lacks_user = true}, "PLAIN",
		"needs a user"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smtp_params params = params_of(&rows[i].row);
		struct smtp_extensions extensions =
		    offer_mechanisms(rows[i].row.offered);

		assert_string_equal(auth_objection(&params, &extensions,
					sasl_find(rows[i].mechanism)),
		    rows[i].objection);
	}
}

static void
signs_in_without_a_user_only_where_none_is_needed(void **state)
{
	static const struct {
		struct choice_case row;
		bool wanted;
	} rows[] = {
	    {{.offered = EVERYTHING, .auth = {NULL}}, true},
	    {{.offered = EVERYTHING " GSSAPI",
		 .auth = {NULL},
		 .lacks_user = true},
		false},
	    {{.offered = EVERYTHING, .auth = {"plain"}, .lacks_user = true},
		false},
	    {{.offered = EVERYTHING, .auth = {"gssapi"}, .lacks_user = true},
		true},
	    {{.offered = EVERYTHING, .auth = {"anonymous"}, .lacks_user = true},
		true},
	    {{.offered = EVERYTHING,
		 .auth = {"plain", "external"},
		 .lacks_user = true},
		true},
	    {{.offered = EVERYTHING,
		 .auth = {NULL},
		 .lacks_user = true,
		 .has_cert = true},
		true},
	    {{.offered = "PLAIN",
		 .auth = {NULL},
		 .lacks_user = true,
		 .has_cert = true},
		false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smtp_params params = params_of(&rows[i].row);
		struct smtp_extensions extensions =
		    offer_mechanisms(rows[i].row.offered);

		assert_int_equal(auth_is_wanted(&params, &extensions),
		    rows[i].wanted);
	}
}

static void
knows_which_is_which_with_channel_binding(void **state)
{
	(void)state;
	assert_ptr_equal(sasl_sibling(sasl_find("SCRAM-SHA-1")),
	    sasl_find("SCRAM-SHA-1-PLUS"));
	assert_ptr_equal(sasl_sibling(sasl_find("scram-sha-256-plus")),
	    sasl_find("SCRAM-SHA-256"));
	assert_null(sasl_sibling(sasl_find("PLAIN")));
	assert_null(sasl_find("PLAIN-CLIENTTOKEN"));
	assert_null(sasl_find(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(chooses_the_best_that_both_sides_allow),
	    cmocka_unit_test(says_why_nothing_can_be_chosen),
	    cmocka_unit_test(takes_missing_channel_binding_for_an_attack),
	    cmocka_unit_test(names_an_objection_to_each),
	    cmocka_unit_test(signs_in_without_a_user_only_where_none_is_needed),
	    cmocka_unit_test(knows_which_is_which_with_channel_binding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
