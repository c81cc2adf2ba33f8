/* SPDX-License-Identifier: MIT */
/* Tests base64 and base64url with the vectors of RFC 4648 10. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/base64.h"

static void
assert_encodes_padded(const void *bytes, size_t len, const char *expected)
{
	struct error err;
	struct secret *out = secret_new(&err);

	assert_non_null(out);
	assert_int_equal(base64_add(out, bytes, len, &err), 0);
	assert_string_equal(secret_bytes(out), expected);
	secret_free(out);
}

static void
encodes_with_padding(void **state)
{
	(void)state;
	assert_encodes_padded("", 0, "");
	assert_encodes_padded("f", 1, "Zg==");
	assert_encodes_padded("fo", 2, "Zm8=");
	assert_encodes_padded("foo", 3, "Zm9v");
	assert_encodes_padded("foob", 4, "Zm9vYg==");
	assert_encodes_padded("\xfb\xff\xbf", 3, "+/+/");
}

static void
assert_encodes(const void *bytes, size_t len, const char *expected)
{
	struct error err;
	struct secret *out = secret_new(&err);

	assert_non_null(out);
	assert_int_equal(base64url_add(out, bytes, len, &err), 0);
	assert_string_equal(secret_bytes(out), expected);
	secret_free(out);
}

static void
encodes_the_vectors_of_the_rfc(void **state)
{
	(void)state;
	assert_encodes("", 0, "");
	assert_encodes("f", 1, "Zg");
	assert_encodes("fo", 2, "Zm8");
	assert_encodes("foo", 3, "Zm9v");
	assert_encodes("foob", 4, "Zm9vYg");
	assert_encodes("fooba", 5, "Zm9vYmE");
	assert_encodes("foobar", 6, "Zm9vYmFy");
}

static void
writes_the_alphabet_for_urls(void **state)
{
	(void)state;
	assert_encodes("\xfb\xff\xbf\x00", 4, "-_-_AA");
	assert_encodes("\x03\xec\xff\xe0\xc1", 5, "A-z_4ME");
}

static void
adds_behind_what_is_there(void **state)
{
	struct error err;
	struct secret *out = secret_new(&err);

	(void)state;
	assert_non_null(out);
	assert_int_equal(base64url_add(out, "foo", 3, &err), 0);
	assert_int_equal(secret_add(out, ".", 1, &err), 0);
	assert_int_equal(base64url_add(out, "ba", 2, &err), 0);
	assert_string_equal(secret_bytes(out), "Zm9v.YmE");
	secret_free(out);
}

static void
refuses_what_is_too_long_for_a_secret(void **state)
{
	static char much[SECRET_MAX];
	struct error err;
	struct secret *out = secret_new(&err);

	(void)state;
	assert_non_null(out);
	assert_int_equal(base64url_add(out, much, sizeof much, &err), -1);
	assert_int_equal(err.code, ERROR_DATA);
	secret_free(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(encodes_with_padding),
	    cmocka_unit_test(encodes_the_vectors_of_the_rfc),
	    cmocka_unit_test(writes_the_alphabet_for_urls),
	    cmocka_unit_test(adds_behind_what_is_there),
	    cmocka_unit_test(refuses_what_is_too_long_for_a_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
