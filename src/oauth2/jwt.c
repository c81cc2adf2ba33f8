/* SPDX-License-Identifier: MIT */
/*
 * Builds a JWT from header, claims and signature, each encoded as base64url
 * (RFC 7515 3.1).
 */
#include "oauth2/jwt.h"

#include <stdio.h>

#include <gnutls/crypto.h>
#include <jansson.h>

#include "base/base64.h"

enum {
	LIFETIME_S = 420, /* Microsoft expects 5 to 10 minutes */
	UUID_SIZE = 37,
	JSON_MAX = 8192
};

static int jwt_add_header(struct secret *jwt, const struct signing_key *key,
    struct error *err);
static int jwt_add_claims(struct secret *jwt, const struct jwt_request *request,
    struct error *err);
static int jwt_make_uuid(char out[UUID_SIZE], struct error *err);
static int jwt_add_json(struct secret *jwt, json_t *object, struct error *err);
static int jwt_add_signature(struct secret *jwt, struct signing_key *key,
    struct error *err);

int
jwt_assertion(const struct jwt_request *request, struct secret **ret_jwt,
    struct error *err)
{
	struct secret *jwt = NULL;
	struct signing_key *key = signing_key_new(request->key,
	    request->certificate, request->rsa, err);
	int result = -1;

	if (key == NULL)
		goto out;
	jwt = secret_new(err);
	if (jwt == NULL || jwt_add_header(jwt, key, err) == -1 ||
	    secret_add_text(jwt, ".", err) == -1 ||
	    jwt_add_claims(jwt, request, err) == -1 ||
	    jwt_add_signature(jwt, key, err) == -1)
		goto out;
	*ret_jwt = jwt;
	jwt = NULL;
	result = 0;
out:
	secret_free(jwt);
	signing_key_free(key);
	return result;
}

static int
jwt_add_header(struct secret *jwt, const struct signing_key *key,
    struct error *err)
{
	const unsigned char *digest = signing_key_thumbprint(key);
	struct secret *thumbprint = secret_new(err);
	int result = -1;

	if (thumbprint == NULL)
		return -1;
	if (digest == NULL ||
	    base64url_add(thumbprint, digest, SIGNING_THUMBPRINT_SIZE, err) ==
		0)
		result = jwt_add_json(jwt,
		    json_pack("{ss, ss, ss*}", "alg",
			signing_key_algorithm(key), "typ", "JWT", "x5t#S256",
			digest != NULL ? secret_bytes(thumbprint) : NULL),
		    err);
	secret_free(thumbprint);
	return result;
}

static int
jwt_add_claims(struct secret *jwt, const struct jwt_request *request,
    struct error *err)
{
	json_int_t now = (json_int_t)request->now;
	char id[UUID_SIZE];

	if (jwt_make_uuid(id, err) == -1)
		return -1;
	return jwt_add_json(jwt,
	    json_pack("{ss, ss, ss, ss, sI, sI, sI}", "aud", request->audience,
		"iss", request->client_id, "sub", request->client_id, "jti", id,
		"nbf", now, "iat", now, "exp", now + LIFETIME_S),
	    err);
}

/* A random UUID (RFC 9562 5.4). */
static int
jwt_make_uuid(char out[UUID_SIZE], struct error *err)
{
	static const size_t dashes[] = {8, 13, 18, 23};
	unsigned char bytes[16];
	size_t at = 0;

	if (gnutls_rnd(GNUTLS_RND_NONCE, bytes, sizeof bytes) < 0)
		return error_set(err, ERROR_SYSTEM,
		    "cannot generate random bytes");
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	for (size_t i = 0; i < sizeof bytes; i++) {
		for (size_t j = 0; j < sizeof dashes / sizeof *dashes; j++) {
			if (at == dashes[j])
				out[at++] = '-';
		}
		snprintf(out + at, UUID_SIZE - at, "%02x", bytes[i]);
		at += 2;
	}
	return 0;
}

/* Takes the object. NULL means that a string wasn't UTF-8 or memory was short.
 */
static int
jwt_add_json(struct secret *jwt, json_t *object, struct error *err)
{
	char text[JSON_MAX];
	size_t len;

	if (object == NULL)
		return error_set(err, ERROR_CONFIG,
		    "the client ID or the token endpoint is not valid UTF-8");
	/* json_dumps would need the free() that json-document.c has set. */
	len = json_dumpb(object, text, sizeof text, JSON_COMPACT);
	json_decref(object);
	if (len == 0 || len > sizeof text)
		return error_set(err, ERROR_CONFIG,
		    "the client ID or the token endpoint is too long");
	return base64url_add(jwt, text, len, err);
}

static int
jwt_add_signature(struct secret *jwt, struct signing_key *key,
    struct error *err)
{
	unsigned char signature[SIGNING_SIGNATURE_MAX];
	size_t len;

	if (signing_key_sign(key, secret_bytes(jwt), secret_len(jwt), signature,
		&len, err) == -1 ||
	    secret_add_text(jwt, ".", err) == -1)
		return -1;
	return base64url_add(jwt, signature, len, err);
}
