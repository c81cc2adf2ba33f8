/* SPDX-License-Identifier: MIT */
/*
 * Tests how mechanisms prepare names and passwords, and how they check the
 * server's challenges.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gsasl.h>

#include "smtp/sasl-names.h"
#include "smtp/params.h"
#include "smtp/sasl.h"
#include "smtp/tls.h"

/* ---- names and passwords ------------------------------------------------- */

static struct secret *
secret_of(const char *text)
{
	struct error err;
	struct secret *secret = secret_new(&err);

	assert_non_null(secret);
	assert_int_equal(secret_add(secret, text, strlen(text), &err), 0);
	return secret;
}

static void
passes_a_domain_as_each_mechanism_wants_it(void **state)
{
	static const struct {
		const char *mechanism;
		const char *user;
		const char *ntlm_domain;
		const char *authid;
	} rows[] = {
	    {"PLAIN", "CORP\\alice", NULL, "CORP\\alice"},
	    {"PLAIN", "alice@corp.example", "CORP", "alice@corp.example"},
	    {"NTLM", "alice", NULL, "alice"},
	    {"NTLM", "alice", "CORP", "alice@CORP"},
	    {"NTLM", "CORP\\alice", NULL, "alice@CORP"},
	    {"NTLM", "OLD\\alice", "CORP", "alice@CORP"},
	    {"NTLM", "alice@corp.example", NULL, "alice@corp.example"},
	    {"NTLM", "alice@corp.example", "CORP", "alice@CORP"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smtp_params params = {.user = rows[i].user,
		    .ntlm_domain = rows[i].ntlm_domain,
		    .host = "h"};
		struct sasl_names names;
		struct error err;

		assert_int_equal(sasl_names_fill(&names,
				     sasl_find(rows[i].mechanism), &params,
				     NULL, &err),
		    0);
		assert_string_equal(names.authid, rows[i].authid);
		assert_string_equal(names.service, "smtp");
		assert_string_equal(names.host, "h");
	}
}

static void
refuses_what_a_mechanism_cannot_carry(void **state)
{
	static const struct {
		const char *mechanism;
		const char *user;
		const char *password;
		const char *told; /* NULL: it can */
	} rows[] = {
	    {"SCRAM-SHA-256", "m\u00fcller", "p\u00e4\u20acss", NULL},
	    {"PLAIN", "m\u00fcller", "p\u00e4\u20acss", NULL},
	    {"PLAIN", "alice", "tab\t", NULL},
	    {"SCRAM-SHA-256", "alice", "tab\t", "password"},
	    {"SCRAM-SHA-1", "a\u200elice", "secret", "user name"},
	    {"CRAM-MD5", "alice", "\xff", "password"},
	    {"PLAIN", "alice", "\xff", "password"},
	    {"PLAIN", "al\xff", "secret", "user name"},
	    {"PLAIN", "alice", "se\u200ecret", "password"},
	    {"DIGEST-MD5", "alice", "se\u200ecret", "password"},
	    {"LOGIN", "al\xff", "\xff", NULL},
	    {"NTLM", "m\u00fcller", "secret", "user name"},
	    {"NTLM", "alice", "p\u00e4ss", "password"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct secret *secret = secret_of(rows[i].password);
		struct smtp_params params = {.user = rows[i].user, .host = "h"};
		struct sasl_names names;
		struct error err = {0};
		int result = sasl_names_fill(&names,
		    sasl_find(rows[i].mechanism), &params, secret, &err);

		secret_free(secret);
		assert_int_equal(result, rows[i].told == NULL ? 0 : -1);
		if (rows[i].told == NULL)
			continue;
		assert_int_equal(err.code, ERROR_AUTH);
		assert_non_null(strstr(err.message, rows[i].told));
		assert_null(strstr(err.message, "secret"));
	}
}

static void
takes_a_service_in_both_spellings(void **state)
{
	static const char *const good[] = {"smtp@mail.example.test",
	    "smtp/mail.example.test", "submission@h"};
	static const char *const bad[] = {"", "smtp", "@h", "smtp@", "smtp/h@R",
	    "smtp@h@R", "smtp@a b"};
	struct smtp_params params = {.host = "h",
	    .target_name = "submission/other"};
	struct sasl_names names;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_true(sasl_names_is_target(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(sasl_names_is_target(bad[i]));
	assert_int_equal(sasl_names_fill(&names, sasl_find("GSSAPI"), &params,
			     NULL, &err),
	    0);
	assert_string_equal(names.service, "submission");
	assert_string_equal(names.host, "other");
	assert_int_equal(sasl_names_fill(&names, sasl_find("DIGEST-MD5"),
			     &params, NULL, &err),
	    0);
	assert_string_equal(names.host, "h");
}

/* ---- the words ----------------------------------------------------------- */

/* The response to a challenge of text (NULL: none), decoded. Freed by the
 * caller; NULL on failure. */
static char *
step(struct sasl *sasl, const char *text, size_t len, struct error *err)
{
	struct secret *response = secret_new(err);
	char *challenge = NULL;
	char *answer = NULL;
	char *copy = NULL;
	size_t answer_len = 0;

	assert_non_null(response);
	if (text != NULL)
		assert_int_equal(gsasl_base64_to(text, len, &challenge, NULL),
		    GSASL_OK);
	if (sasl_step(sasl, challenge, response, err) == 0) {
		assert_int_equal(gsasl_base64_from(secret_bytes(response),
				     secret_len(response), &answer,
				     &answer_len),
		    GSASL_OK);
		copy = calloc(1, answer_len + 1);
		assert_non_null(copy);
		if (answer_len > 0)
			memcpy(copy, answer, answer_len);
		gsasl_free(answer);
	}
	gsasl_free(challenge);
	secret_free(response);
	return copy;
}

static char *
say(struct sasl *sasl, const char *text, struct error *err)
{
	return step(sasl, text, text != NULL ? strlen(text) : 0, err);
}

static void
binds_to_the_channel(void **state)
{
	static const struct tls_binding exporter = {true, 4, "abcd"};
	static const struct tls_binding unique = {false, 4, "abcd"};
	static const struct {
		const char *mechanism;
		const struct tls_binding *binding;
		const char *first; /* NULL: refused before anything is said */
	} rows[] = {
	    {"SCRAM-SHA-256-PLUS", &exporter, "p=tls-exporter,,n=alice,r="},
	    {"SCRAM-SHA-1-PLUS", &unique, "p=tls-unique,,n=alice,r="},
	    {"SCRAM-SHA-256-PLUS", NULL, NULL},
	    {"SCRAM-SHA-1-PLUS", NULL, NULL},
	    {"SCRAM-SHA-256", NULL, "n,,n=alice,r="},
	};
	struct secret *secret = secret_of("secret");

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smtp_params params = {.user = "alice", .host = "h"};
		struct error err;
		struct sasl *sasl = sasl_new(sasl_find(rows[i].mechanism),
		    &params, secret, rows[i].binding, &err);
		char *first = sasl != NULL ? say(sasl, NULL, &err) : NULL;

		assert_int_equal(first == NULL, rows[i].first == NULL);
		if (first != NULL && rows[i].first != NULL)
			assert_memory_equal(first, rows[i].first,
			    strlen(rows[i].first));
		free(first);
		sasl_free(sasl);
	}
	secret_free(secret);
}

/* RFC 5802 6.: "y" where the library can say it; "n" else, never nothing. */
static void
can_sign_in_where_no_binding_is_offered(void **state)
{
	static const struct tls_binding exporter = {true, 4, "abcd"};
	struct secret *secret = secret_of("secret");
	struct smtp_params params = {.user = "alice", .host = "h"};
	struct error err;
	struct sasl *sasl = sasl_new(sasl_find("SCRAM-SHA-256"), &params,
	    secret, &exporter, &err);
	char *first;

	(void)state;
	assert_non_null(sasl);
	first = say(sasl, NULL, &err);
	assert_non_null(first);
	assert_true(*first == 'y' || *first == 'n');
	assert_memory_equal(first + 1, ",,n=alice,r=", 12);
	free(first);
	sasl_free(sasl);
	secret_free(secret);
}

static void
carries_another_identity(void **state)
{
	static const struct {
		const char *mechanism;
		const char *first;
	} rows[] = {
	    {"SCRAM-SHA-256", "n,a=team,n=alice,r="},
	    {"EXTERNAL", "team"},
	};
	struct secret *secret = secret_of("secret");

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smtp_params params = {.user = "alice",
		    .authzid = "team",
		    .host = "h"};
		struct error err;
		struct sasl *sasl = sasl_new(sasl_find(rows[i].mechanism),
		    &params, secret, NULL, &err);
		char *first;

		assert_non_null(sasl);
		first = say(sasl, NULL, &err);
		assert_non_null(first);
		assert_memory_equal(first, rows[i].first,
		    strlen(rows[i].first));
		free(first);
		sasl_free(sasl);
	}
	secret_free(secret);
}

static void
names_the_realm_in_a_digest(void **state)
{
	static const struct {
		const char *realm;
		const char *challenge;
		const char *field;
	} rows[] = {
	    {NULL,
		"realm=\"one\",realm=\"two\",nonce=\"x\",qop=\"auth\","
		"charset=utf-8,algorithm=md5-sess",
		"realm=\"one\""},
	    {"two",
		"realm=\"one\",realm=\"two\",nonce=\"x\",qop=\"auth\","
		"charset=utf-8,algorithm=md5-sess",
		"realm=\"two\""},
	    {"mine",
		"nonce=\"x\",qop=\"auth\",charset=utf-8,algorithm=md5-sess",
		"realm=\"mine\""},
	};
	struct secret *secret = secret_of("secret");

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct smtp_params params = {.user = "alice",
		    .realm = rows[i].realm,
		    .authzid = "team",
		    .host = "h"};
		struct error err;
		struct sasl *sasl = sasl_new(sasl_find("DIGEST-MD5"), &params,
		    secret, NULL, &err);
		char *answer;

		assert_non_null(sasl);
		answer = say(sasl, rows[i].challenge, &err);
		assert_non_null(answer);
		assert_non_null(strstr(answer, rows[i].field));
		assert_non_null(strstr(answer, "digest-uri=\"smtp/h\""));
		assert_non_null(strstr(answer, "authzid=\"team\""));
		assert_null(strstr(answer, "secret"));
		assert_false(sasl_is_done(sasl));
		free(answer);
		sasl_free(sasl);
	}
	secret_free(secret);
}

/* ---- challenges ---------------------------------------------------------- */

static void
looks_at_an_ntlm_challenge_before_the_library(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum error_code code;
	} rows[] = {
	    {"", 0, ERROR_AUTH},
	    {"NTLMSSP\0\2\0\0\0", 12, ERROR_AUTH},
	    {"NTLMSSP\0\1\0\0\0\0\0\0\0\40\0\0\0\1\2\0\0abcdefgh", 32,
		ERROR_AUTH},
	    {"NTLMSSP\0\2\0\0\0\20\0\20\0\40\0\0\0\1\2\0\0abcdefgh", 32,
		ERROR_SECURITY},
	    {"NTLMSSP\0\2\0\0\0\2\0\2\0\0\0\0\20\1\2\0\0abcdefgh", 32,
		ERROR_SECURITY},
	    {"NTLMSSP\0\2\0\0\0\377\377\377\377\40\0\0\0\1\2\0\0abcdefgh", 32,
		ERROR_SECURITY},
	    {"NTLMSSP\0\2\0\0\0\0\0\0\0\40\0\0\0\1\2\0\0abcdefgh", 32,
		ERROR_NONE},
	    {"NTLMSSP\0\2\0\0\0\0\0\0\0\0\50\0\0\1\2\0\0abcdefgh", 32,
		ERROR_NONE},
	};
	struct secret *secret = secret_of("secret");
	struct smtp_params params = {.user = "alice", .host = "h"};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct error err = {0};
		struct sasl *sasl =
		    sasl_new(sasl_find("NTLM"), &params, secret, NULL, &err);
		char *answer;

		assert_non_null(sasl);
		answer = say(sasl, NULL, &err);
		assert_non_null(answer);
		free(answer);
		answer = step(sasl, rows[i].bytes, rows[i].len, &err);
		assert_int_equal(answer == NULL, rows[i].code != ERROR_NONE);
		assert_int_equal(err.code, rows[i].code);
		assert_int_equal(sasl_is_done(sasl), answer != NULL);
		free(answer);
		sasl_free(sasl);
	}
	secret_free(secret);
}

static void
answers_no_challenge_too_many(void **state)
{
	static const char *const names[] = {"PLAIN", "EXTERNAL", "ANONYMOUS",
	    "CRAM-MD5", "LOGIN"};
	struct secret *secret = secret_of("secret");
	struct smtp_params params = {.user = "alice", .host = "h"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct sasl_mechanism *mechanism = sasl_find(names[i]);
		struct error err;
		struct sasl *sasl =
		    sasl_new(mechanism, &params, secret, NULL, &err);

		assert_non_null(sasl);
		for (int turn = 0; !sasl_is_done(sasl); turn++) {
			char *answer = say(sasl, "<1@h>", &err);

			assert_non_null(answer);
			assert_true(turn < 2);
			free(answer);
		}
		assert_null(say(sasl, "<1@h>", &err));
		assert_int_equal(err.code, ERROR_AUTH);
		assert_non_null(
		    strstr(err.message, "after the exchange ended"));
		sasl_free(sasl);
	}
	secret_free(secret);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(passes_a_domain_as_each_mechanism_wants_it),
	    cmocka_unit_test(refuses_what_a_mechanism_cannot_carry),
	    cmocka_unit_test(takes_a_service_in_both_spellings),
	    cmocka_unit_test(binds_to_the_channel),
	    cmocka_unit_test(can_sign_in_where_no_binding_is_offered),
	    cmocka_unit_test(carries_another_identity),
	    cmocka_unit_test(names_the_realm_in_a_digest),
	    cmocka_unit_test(looks_at_an_ntlm_challenge_before_the_library),
	    cmocka_unit_test(answers_no_challenge_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
