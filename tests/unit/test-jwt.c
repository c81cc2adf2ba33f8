/* SPDX-License-Identifier: MIT */
/*
 * Tests the client assertion: its contents, and its signature as verified by
 * OpenSSL. OpenSSL creates the keys; SoftHSM holds some of them.
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

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <jansson.h>

#include "base/file.h"
#include "oauth2/jwt.h"

#include "directory.h"

enum {
	NOW = 1800000000,
	PART_MAX = 4096
};

static const char client_id[] = "6731de76-14a6-49ae-97bc-6eba6914391e";
static const char audience[] =
    "https://login.example.test/tenant/oauth2/v2.0/token";
static const char pin[] = "47110815";

/* Keys with certificates, and how OpenSSL verifies their signatures. */
static const struct kind {
	const char *name;
	const char *key;
	const char *certificate;
	const char *make; /* arguments of "openssl genpkey" */
	const char *algorithm;
	const char *check; /* arguments of "openssl dgst" */
	enum signing_rsa rsa;
	size_t width; /* of a signature */
	bool elliptic;
} kinds[] = {
    {"rsa", "rsa.key", "rsa.pem",
	"-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "PS256",
	"-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32",
	SIGNING_PS256, 256, false},
    {"rsa", "rsa.key", "rsa.pem", NULL, "RS256", "-sha256", SIGNING_RS256, 256,
	false},
    {"rsa-pss", "rsa-pss.key", "rsa-pss.pem",
	"-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048", "PS256",
	"-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32",
	SIGNING_PS256, 256, false},
    {"p256", "p256.key", "p256.pem",
	"-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "ES256", "-sha256",
	SIGNING_PS256, 64, true},
    {"p384", "p384.key", "p384.pem",
	"-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "ES384", "-sha384",
	SIGNING_PS256, 96, true},
    {"p521", "p521.key", "p521.pem",
	"-algorithm EC -pkeyopt ec_paramgen_curve:P-521", "ES512", "-sha512",
	SIGNING_PS256, 132, true},
};

/* The three parts of an assertion, decoded. */
struct jwt {
	json_t *header;
	json_t *claims;
	size_t signed_len; /* of header, dot and claims as they are signed */
	unsigned char signature[PART_MAX];
	size_t signature_len;
};

__attribute__((format(printf, 1, 2))) static void
run(const char *format, ...)
{
	char line[2048];
	char command[2200];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	snprintf(command, sizeof command, "{ %s ; } >log 2>&1", line);
	if (system(command) != 0) {
		fail_msg("%s (%d)", line, system("cat log >&2"));
	}
}

static struct jwt_request
request_with(const char *key, const char *certificate)
{
	return (struct jwt_request){
	    .client_id = client_id,
	    .audience = audience,
	    .certificate = certificate,
	    .key = key,
	    .now = NOW,
	};
}

static struct jwt_request
request_for(const struct kind *kind)
{
	struct jwt_request request = request_with(kind->key, kind->certificate);

	request.rsa = kind->rsa;
	return request;
}

static struct secret *
assertion(const struct jwt_request *request)
{
	struct secret *made = NULL;
	struct error err;

	if (jwt_assertion(request, &made, &err) != 0)
		fail_msg("%s", err.message);
	return made;
}

static void
assert_refused(const struct jwt_request *request, const char *part)
{
	struct secret *made = NULL;
	struct error err;

	assert_int_equal(jwt_assertion(request, &made, &err), -1);
	assert_null(made);
	if (strstr(err.message, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, err.message);
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_null(strstr(err.message, pin));
	assert_null(strstr(err.hint, pin));
}

static size_t
decode(const char *text, size_t len, unsigned char out[PART_MAX])
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t out_len = 0;
	unsigned bits = 0;
	int count = 0;

	for (size_t i = 0; i < len; i++) {
		const char *at = strchr(alphabet, text[i]);

		assert_non_null(at);
		assert_true(out_len < PART_MAX);
		bits = bits << 6 | (unsigned)(at - alphabet);
		count += 6;
		if (count >= 8) {
			count -= 8;
			out[out_len++] = (unsigned char)(bits >> count);
		}
	}
	return out_len;
}

static json_t *
decode_json(const char *text, size_t len)
{
	unsigned char bytes[PART_MAX];
	json_error_t err;
	json_t *object =
	    json_loadb((char *)bytes, decode(text, len, bytes), 0, &err);

	assert_non_null(object);
	return object;
}

static struct jwt
parse(const struct secret *made)
{
	const char *text = secret_bytes(made);
	const char *first = strchr(text, '.');
	const char *second = strchr(first + 1, '.');
	struct jwt jwt = {
	    .header = decode_json(text, (size_t)(first - text)),
	    .claims = decode_json(first + 1, (size_t)(second - first - 1)),
	    .signed_len = (size_t)(second - text),
	};

	jwt.signature_len =
	    decode(second + 1, strlen(second + 1), jwt.signature);
	return jwt;
}

static void
done(struct jwt *jwt, struct secret *made)
{
	json_decref(jwt->header);
	json_decref(jwt->claims);
	secret_free(made);
}

static const char *
text_of(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "(none)";
}

static long
number_of(json_t *object, const char *name)
{
	assert_true(json_is_integer(json_object_get(object, name)));
	return (long)json_integer_value(json_object_get(object, name));
}

static void
write_bytes(const char *name, const void *bytes, size_t len)
{
	struct error err;

	assert_int_equal(file_replace(name, bytes, len, 0600, &err), 0);
}

/* OpenSSL reads DER, a JWT has the two numbers side by side. */
static void
write_signature(const struct kind *kind, struct jwt *jwt)
{
	gnutls_datum_t r = {jwt->signature, (unsigned)kind->width / 2};
	gnutls_datum_t s = {jwt->signature + kind->width / 2,
	    (unsigned)kind->width / 2};
	gnutls_datum_t der;

	assert_int_equal(jwt->signature_len, kind->width);
	if (!kind->elliptic) {
		write_bytes("signature", jwt->signature, jwt->signature_len);
		return;
	}
	assert_int_equal(gnutls_encode_rs_value(&der, &r, &s), 0);
	write_bytes("signature", der.data, der.size);
	gnutls_free(der.data);
}

static void
assert_openssl_believes(const struct kind *kind, const struct secret *made)
{
	struct jwt jwt = parse(made);

	assert_string_equal(text_of(jwt.header, "alg"), kind->algorithm);
	write_bytes("signed", secret_bytes(made), jwt.signed_len);
	write_signature(kind, &jwt);
	run("openssl dgst %s -verify %s.pub -signature signature signed",
	    kind->check, kind->name);
	done(&jwt, NULL);
}

static void
signs_so_that_openssl_believes_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct jwt_request request = request_for(&kinds[i]);
		struct secret *made = assertion(&request);

		assert_openssl_believes(&kinds[i], made);
		secret_free(made);
	}
}

static void
keeps_the_width_of_numbers_that_begin_with_zeros(void **state)
{
	enum {
		OFTEN = 600 /* about two of them have a short r, two an s */
	};
	struct jwt_request request = request_for(&kinds[3]);
	unsigned short_ones = 0;

	(void)state;
	for (size_t i = 0; i < OFTEN; i++) {
		struct secret *made = assertion(&request);
		struct jwt jwt = parse(made);

		assert_int_equal(jwt.signature_len, 64);
		if (jwt.signature[0] == 0 || jwt.signature[32] == 0) {
			assert_openssl_believes(&kinds[3], made);
			short_ones++;
		}
		done(&jwt, made);
	}
	print_message("%u were short\n", short_ones);
}

static void
claims_what_the_server_wants(void **state)
{
	struct jwt_request request = request_for(&kinds[0]);
	struct secret *made = assertion(&request);
	struct jwt jwt = parse(made);
	long lifetime = number_of(jwt.claims, "exp") - NOW;

	(void)state;
	assert_string_equal(text_of(jwt.claims, "iss"), client_id);
	assert_string_equal(text_of(jwt.claims, "sub"), client_id);
	assert_string_equal(text_of(jwt.claims, "aud"), audience);
	assert_int_equal(number_of(jwt.claims, "iat"), NOW);
	assert_int_equal(number_of(jwt.claims, "nbf"), NOW);
	assert_in_range(lifetime, 300, 600);
	assert_string_equal(text_of(jwt.header, "typ"), "JWT");
	assert_null(json_object_get(jwt.header, "kid"));
	done(&jwt, made);
}

static void
names_the_certificate_by_its_thumbprint(void **state)
{
	struct jwt_request request = request_for(&kinds[0]);
	struct secret *made = assertion(&request);
	struct jwt jwt = parse(made);

	(void)state;
	write_bytes("thumbprint", text_of(jwt.header, "x5t#S256"),
	    strlen(text_of(jwt.header, "x5t#S256")));
	run("openssl x509 -in rsa.pem -outform DER | openssl sha256 -binary | "
	    "openssl base64 -A | tr +/ -_ | tr -d = >expected && "
	    "cmp expected thumbprint");
	done(&jwt, made);
}

static void
does_without_a_certificate(void **state)
{
	struct jwt_request request = request_with("p256.key", NULL);
	struct secret *made;
	struct jwt jwt;

	(void)state;
	made = assertion(&request);
	jwt = parse(made);
	assert_null(json_object_get(jwt.header, "x5t#S256"));
	assert_openssl_believes(&kinds[3], made);
	done(&jwt, made);
}

static void
is_never_the_same_twice(void **state)
{
	struct jwt_request request = request_for(&kinds[0]);
	struct secret *made[2] = {assertion(&request), assertion(&request)};
	struct jwt jwt[2] = {parse(made[0]), parse(made[1])};
	const char *id = text_of(jwt[0].claims, "jti");

	(void)state;
	assert_string_not_equal(id, text_of(jwt[1].claims, "jti"));
	assert_int_equal(strlen(id), 36); /* RFC 9562 4 */
	assert_int_equal(strspn(id, "0123456789abcdef-"), 36);
	assert_int_equal(id[8], '-');
	assert_int_equal(id[14], '4');
	assert_non_null(strchr("89ab", id[19]));
	done(&jwt[0], made[0]);
	done(&jwt[1], made[1]);
}

static void
refuses_a_key_that_does_not_do(void **state)
{
	static const struct {
		const char *key;
		const char *certificate;
		const char *part;
	} rows[] = {
	    {"rsa.key", "p256.pem", "does not match the key"},
	    {"p256.key", "other.pem", "does not match the key"},
	    {"missing.key", "rsa.pem", "missing.key: No such file"},
	    {"rsa.key", "missing.pem", "missing.pem: No such file"},
	    {"rsa.key", "rsa.key", "rsa.key: no PEM certificate"},
	    {"closed.pem", "rsa.pem", "closed.pem: no PEM private key"},
	    {"encrypted.key", "rsa.pem", "encrypted.key: the key is encrypted"},
	    {"old.key", "rsa.pem", "old.key: the key is encrypted"},
	    {"open.key", "rsa.pem", "open.key: contains a secret but"},
	    {"ed25519.key", NULL, "keys cannot sign assertions"},
	    {"empty.key", NULL, "empty.key: no PEM private key"},
	    {"long.key", NULL, "long.key: cannot be read, or is longer"},
	    {".", NULL, "is a directory"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct jwt_request request =
		    request_with(rows[i].key, rows[i].certificate);

		assert_refused(&request, rows[i].part);
	}
}

static void
refuses_what_is_no_text(void **state)
{
	struct jwt_request request = request_for(&kinds[3]);

	(void)state;
	request.client_id = "\xff\xfe";
	assert_refused(&request, "is not valid UTF-8");
}

static void
takes_key_and_certificate_from_one_file(void **state)
{
	struct jwt_request request = request_with("both.pem", "both.pem");
	struct secret *made = assertion(&request);

	(void)state;
	assert_openssl_believes(&kinds[3], made);
	secret_free(made);
}

static void
signs_by_a_token(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const struct kind *kind = &kinds[i];
		char uri[256];
		struct jwt_request request = request_for(kind);
		struct secret *made;

		if (strcmp(kind->name, "rsa") != 0 &&
		    strcmp(kind->name, "p256") != 0)
			continue;
		snprintf(uri, sizeof uri,
		    "pkcs11:token=postrider%%20test;object=%s;type=private?"
		    "pin-value=%s",
		    kind->name, pin);
		request.key = uri;
		made = assertion(&request);
		assert_openssl_believes(kind, made);
		secret_free(made);
	}
}

static void
reads_the_pin_from_a_file_and_the_certificate_from_the_token(void **state)
{
	static const char certificate[] =
	    "pkcs11:token=postrider%20test;object=rsa;type=cert";
	static const char *const sources[][2] = {
	    {"?pin-source=file:", ""},
	    {"?pin-source=file://", ""},
	    {"?pin-source=", ""},
	    {"?pin-source=file%3a", "&module-name=libsofthsm2"},
	    {"?module-name=libsofthsm2&pin-source=", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		char key[256];
		struct jwt_request request = request_with(key, certificate);
		struct secret *made;
		struct jwt jwt;

		snprintf(key, sizeof key,
		    "pkcs11:token=postrider%%20test;object=rsa;type=private"
		    "%s%s/pin%s",
		    sources[i][0], directory, sources[i][1]);
		made = assertion(&request);
		jwt = parse(made);
		assert_int_equal(strlen(text_of(jwt.header, "x5t#S256")), 43);
		assert_openssl_believes(&kinds[0], made);
		done(&jwt, made);
	}
}

static void
explains_a_token_that_does_not_do(void **state)
{
	static const struct {
		const char *key;
		const char *part;
	} rows[] = {
	    {"pkcs11:token=none;object=rsa;type=private?pin-value=47110815",
		"pkcs11:token=none;object=rsa;type=private: "},
	    {"pkcs11:token=postrider%20test;object=none;type=private"
	     "?pin-value=47110815",
		"object=none;type=private: "},
	    {"pkcs11:token=postrider%20test;object=rsa;type=private",
		"object=rsa;type=private: "},
	    {"pkcs11:token=postrider%20test;object=p256;type=private"
	     "?pin-value=47110815",
		"does not match the key"},
	    {"pkcs11:pin-value=47110815;token=none", "pkcs11:: "},
	    {"pkcs11:%%%?pin-value=47110815", "pkcs11:%%%: "},
	    {"pkcs11:object=rsa?pin-source=file:missing", "missing: No such"},
	    {"pkcs11:object=rsa?pin-source=open.pin", "open.pin: contains a"},
	    {"pkcs11:object=rsa?pin-source=|cat%20pin",
		"commands are not supported"},
	    {"pkcs11:object=rsa?pin-source=", "does not name a file"},
	    {"pkcs11:object=rsa?pin-source=pin%g0", "does not name a file"},
	    {"pkcs11:object=rsa?pin-source=a%00b", "does not name a file"},
	    {"pkcs11:token=postrider%20test;object=rsa;type=private"
	     "?pin-source=wrong.pin",
		"object=rsa;type=private: "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct jwt_request request =
		    request_with(rows[i].key, "rsa.pem");

		assert_refused(&request, rows[i].part);
	}
}

static void
make_keys(void)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *name = kinds[i].name;

		if (kinds[i].make == NULL)
			continue;
		run("openssl genpkey %s -out %s.key && chmod 600 %s.key && "
		    "openssl req -new -x509 -key %s.key -subj /CN=%s -days 30 "
		    "-out %s.pem && openssl pkey -in %s.key -pubout -out "
		    "%s.pub",
		    kinds[i].make, name, name, name, name, name, name, name);
	}
	run("cat p256.pem p256.key >both.pem && chmod 600 both.pem");
	run("openssl req -new -x509 -newkey ec -pkeyopt "
	    "ec_paramgen_curve:P-256 -nodes -subj /CN=other -keyout other.key "
	    "-out other.pem");
	run("openssl pkey -in rsa.key -aes256 -passout pass:x "
	    "-out encrypted.key");
	run("openssl rsa -in rsa.key -aes256 -passout pass:x -traditional "
	    "-out old.key");
	run("openssl genpkey -algorithm ED25519 -out ed25519.key");
	run("cp rsa.key open.key && cp rsa.pem closed.pem && : >empty.key && "
	    "head -c 70000 /dev/zero >long.key");
	run("chmod 600 encrypted.key old.key ed25519.key empty.key long.key && "
	    "chmod 600 closed.pem && chmod 644 open.key");
}

static void
fill_token(void)
{
	run("mkdir tokens && echo directories.tokendir = $PWD/tokens "
	    ">softhsm.conf && echo %s >pin && chmod 600 pin && "
	    "echo 00000000 >wrong.pin && chmod 600 wrong.pin && "
	    "echo 1 >open.pin && chmod 644 open.pin",
	    pin);
	setenv("SOFTHSM2_CONF", "softhsm.conf", 1);
	run("softhsm2-util --init-token --free --label 'postrider test' "
	    "--pin %s --so-pin 12345678",
	    pin);
	run("softhsm2-util --import rsa.key --token 'postrider test' --label "
	    "rsa --id 01 --pin %s",
	    pin);
	run("softhsm2-util --import p256.key --token 'postrider test' --label "
	    "p256 --id 02 --pin %s",
	    pin);
	run("p11tool --login --set-pin %s --write --load-certificate rsa.pem "
	    "--label rsa --id 01 'pkcs11:token=postrider%%20test'",
	    pin);
}

static int
set_up(void **state)
{
	(void)state;
	if (enter_directory() == -1)
		return -1;
	make_keys();
	fill_token();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(signs_so_that_openssl_believes_it),
	    cmocka_unit_test(keeps_the_width_of_numbers_that_begin_with_zeros),
	    cmocka_unit_test(claims_what_the_server_wants),
	    cmocka_unit_test(names_the_certificate_by_its_thumbprint),
	    cmocka_unit_test(does_without_a_certificate),
	    cmocka_unit_test(is_never_the_same_twice),
	    cmocka_unit_test(refuses_a_key_that_does_not_do),
	    cmocka_unit_test(refuses_what_is_no_text),
	    cmocka_unit_test(takes_key_and_certificate_from_one_file),
	    cmocka_unit_test(signs_by_a_token),
	    cmocka_unit_test(
		reads_the_pin_from_a_file_and_the_certificate_from_the_token),
	    cmocka_unit_test(explains_a_token_that_does_not_do),
	};

	return cmocka_run_group_tests(tests, set_up, remove_directory);
}
