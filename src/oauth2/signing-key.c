/* SPDX-License-Identifier: MIT */
/*
 * Loads a private key, selects its algorithm (RFC 7518 3) and signs with it.
 */
#include "oauth2/signing-key.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "tls/key-source.h"

enum {
	KEY_ID_SIZE = 32
};

struct signing_algorithm {
	const char *name;
	gnutls_pk_algorithm_t kind;
	gnutls_ecc_curve_t curve; /* GNUTLS_ECC_CURVE_INVALID for RSA */
	enum signing_rsa rsa;     /* for RSA keys */
	gnutls_sign_algorithm_t sign;
	size_t width; /* of r and of s, in bytes */
};

static const struct signing_algorithm algorithms[] = {
    {"PS256", GNUTLS_PK_RSA, GNUTLS_ECC_CURVE_INVALID, SIGNING_PS256,
	GNUTLS_SIGN_RSA_PSS_RSAE_SHA256, 0},
    {"RS256", GNUTLS_PK_RSA, GNUTLS_ECC_CURVE_INVALID, SIGNING_RS256,
	GNUTLS_SIGN_RSA_SHA256, 0},
    {"PS256", GNUTLS_PK_RSA_PSS, GNUTLS_ECC_CURVE_INVALID, SIGNING_PS256,
	GNUTLS_SIGN_RSA_PSS_SHA256, 0},
    {"ES256", GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP256R1, SIGNING_PS256,
	GNUTLS_SIGN_ECDSA_SHA256, 32},
    {"ES384", GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP384R1, SIGNING_PS256,
	GNUTLS_SIGN_ECDSA_SHA384, 48},
    {"ES512", GNUTLS_PK_ECDSA, GNUTLS_ECC_CURVE_SECP521R1, SIGNING_PS256,
	GNUTLS_SIGN_ECDSA_SHA512, 66},
};

struct signing_key {
	gnutls_privkey_t private_key;
	gnutls_pubkey_t public_key;
	struct secret *pin; /* of the key's PKCS#11 token, or NULL */
	const struct signing_algorithm *algorithm;
	bool has_certificate;
	unsigned char thumbprint[SIGNING_THUMBPRINT_SIZE];
	char shown[KEY_SOURCE_SHOWN_SIZE]; /* the key, for messages */
};

static int signing_key_init(struct signing_key *key, struct error *err);
static int signing_key_choose_algorithm(struct signing_key *key,
    enum signing_rsa rsa, struct error *err);
static int signing_key_load_certificate(struct signing_key *key,
    const char *name, struct error *err);
static bool signing_key_matches(const struct signing_key *key,
    gnutls_x509_crt_t certificate);
static int convert_ecdsa_signature(const struct signing_algorithm *algorithm,
    const gnutls_datum_t *encoded, unsigned char *out);
static bool write_padded_number(const gnutls_datum_t *number, size_t width,
    unsigned char *out);

struct signing_key *
signing_key_new(const char *name, const char *certificate, enum signing_rsa rsa,
    struct error *err)
{
	struct signing_key *key = calloc(1, sizeof *key);

	if (key == NULL) {
		error_no_memory(err);
		return NULL;
	}
	key_source_show(name, key->shown);
	if (signing_key_init(key, err) == -1 ||
	    key_source_private(name, key->private_key, &key->pin, err) == -1 ||
	    signing_key_choose_algorithm(key, rsa, err) == -1 ||
	    (certificate != NULL &&
		signing_key_load_certificate(key, certificate, err) == -1)) {
		signing_key_free(key);
		return NULL;
	}
	return key;
}

void
signing_key_free(struct signing_key *key)
{
	if (key == NULL)
		return;
	if (key->private_key != NULL)
		gnutls_privkey_deinit(key->private_key);
	if (key->public_key != NULL)
		gnutls_pubkey_deinit(key->public_key);
	secret_free(key->pin);
	free(key);
}

const char *
signing_key_algorithm(const struct signing_key *key)
{
	return key->algorithm->name;
}

const unsigned char *
signing_key_thumbprint(const struct signing_key *key)
{
	return key->has_certificate ? key->thumbprint : NULL;
}

int
signing_key_sign(struct signing_key *key, const void *bytes, size_t len,
    unsigned char signature[SIGNING_SIGNATURE_MAX], size_t *ret_len,
    struct error *err)
{
	const gnutls_datum_t message = {
	    .data = (unsigned char *)(intptr_t)bytes,
	    .size = (unsigned)len,
	};
	gnutls_datum_t raw;
	int failure = gnutls_privkey_sign_data2(key->private_key,
	    key->algorithm->sign, 0, &message, &raw);
	int result = 0;

	if (failure < 0)
		return error_set(err, ERROR_CONFIG,
		    "%s: cannot sign with %s: %s", key->shown,
		    key->algorithm->name, gnutls_strerror(failure));
	if (key->algorithm->width > 0) {
		result =
		    convert_ecdsa_signature(key->algorithm, &raw, signature);
		*ret_len = 2 * key->algorithm->width;
	} else if (raw.size <= SIGNING_SIGNATURE_MAX) {
		memcpy(signature, raw.data, raw.size);
		*ret_len = raw.size;
	} else {
		result = -1;
	}
	gnutls_free(raw.data);
	return result == 0 ? 0
			   : error_set(err, ERROR_CONFIG,
				 "%s: created an invalid %s signature",
				 key->shown, key->algorithm->name);
}

static int
signing_key_init(struct signing_key *key, struct error *err)
{
	if (gnutls_privkey_init(&key->private_key) < 0) {
		key->private_key = NULL;
		return error_no_memory(err);
	}
	if (gnutls_pubkey_init(&key->public_key) < 0) {
		key->public_key = NULL;
		return error_no_memory(err);
	}
	return 0;
}

static int
signing_key_choose_algorithm(struct signing_key *key, enum signing_rsa rsa,
    struct error *err)
{
	gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
	gnutls_pk_algorithm_t kind;

	if (gnutls_pubkey_import_privkey(key->public_key, key->private_key, 0,
		0) < 0)
		return error_set(err, ERROR_CONFIG,
		    "%s: cannot find the public key", key->shown);
	kind = (gnutls_pk_algorithm_t)
	    gnutls_pubkey_get_pk_algorithm(key->public_key, NULL);
	if (kind == GNUTLS_PK_ECDSA)
		gnutls_pubkey_export_ecc_raw2(key->public_key, &curve, NULL,
		    NULL, 0);
	for (size_t i = 0; i < sizeof algorithms / sizeof *algorithms; i++) {
		const struct signing_algorithm *row = &algorithms[i];

		if (row->kind == kind && row->curve == curve &&
		    (row->kind != GNUTLS_PK_RSA || row->rsa == rsa)) {
			key->algorithm = row;
			return 0;
		}
	}
	error_set(err, ERROR_CONFIG, "%s: %s keys cannot sign assertions",
	    key->shown, gnutls_pk_get_name(kind));
	return error_hint(err, "use an RSA key or a P-256, P-384 or P-521 key");
}

static int
signing_key_load_certificate(struct signing_key *key, const char *name,
    struct error *err)
{
	gnutls_x509_crt_t certificate;
	size_t len = sizeof key->thumbprint;
	char shown[KEY_SOURCE_SHOWN_SIZE];
	int result = -1;

	key_source_show(name, shown);
	if (gnutls_x509_crt_init(&certificate) < 0)
		return error_no_memory(err);
	if (key_source_certificate(name, certificate, err) == -1)
		goto out;
	if (!signing_key_matches(key, certificate)) {
		error_set(err, ERROR_CONFIG,
		    "%s: the certificate does not match the key %s", shown,
		    key->shown);
		goto out;
	}
	if (gnutls_x509_crt_get_fingerprint(certificate, GNUTLS_DIG_SHA256,
		key->thumbprint, &len) < 0) {
		error_set(err, ERROR_CONFIG,
		    "%s: cannot compute the fingerprint", shown);
		goto out;
	}
	key->has_certificate = true;
	result = 0;
out:
	gnutls_x509_crt_deinit(certificate);
	return result;
}

static bool
signing_key_matches(const struct signing_key *key,
    gnutls_x509_crt_t certificate)
{
	unsigned char ids[2][KEY_ID_SIZE];
	size_t key_len = KEY_ID_SIZE;
	size_t certificate_len = KEY_ID_SIZE;

	return gnutls_pubkey_get_key_id(key->public_key,
		   GNUTLS_KEYID_USE_SHA256, ids[0], &key_len) == 0 &&
	    gnutls_x509_crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA256,
		ids[1], &certificate_len) == 0 &&
	    key_len == certificate_len && memcmp(ids[0], ids[1], key_len) == 0;
}

/* Converts a signature from DER to r and s, concatenated. */
static int
convert_ecdsa_signature(const struct signing_algorithm *algorithm,
    const gnutls_datum_t *encoded, unsigned char *out)
{
	size_t width = algorithm->width;
	gnutls_datum_t r;
	gnutls_datum_t s;
	bool fits;

	if (gnutls_decode_rs_value(encoded, &r, &s) < 0)
		return -1;
	fits = write_padded_number(&r, width, out) &&
	    write_padded_number(&s, width, out + width);
	gnutls_free(r.data);
	gnutls_free(s.data);
	return fits ? 0 : -1;
}

/* Removes or adds leading zeros to fit the width. */
static bool
write_padded_number(const gnutls_datum_t *number, size_t width,
    unsigned char *out)
{
	const unsigned char *digits = number->data;
	size_t len = number->size;

	while (len > 0 && *digits == 0) {
		digits++;
		len--;
	}
	if (len > width)
		return false;
	memset(out, 0, width - len);
	memcpy(out + width - len, digits, len);
	return true;
}
