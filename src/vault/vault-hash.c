/* SPDX-License-Identifier: MIT */
/*
 * Hashes the key of an entry by SHA-256. GLib comes with libsecret, and a
 * program that loaded GnuTLS as well would start more slowly; so only a build
 * without libsecret uses GnuTLS.
 */
#include "vault/vault-place.h"

#include <stdio.h>
#include <string.h>
#ifdef HAVE_LIBSECRET
#include <glib.h>
#else
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#endif

#include "base/buf.h"

enum {
	KEY_MAX = 64 * 1024
};

static int hash_text(const struct buf *text, char out[VAULT_HASH_SIZE],
    struct error *err);

int
vault_hash(const struct vault_key *key, char out[VAULT_HASH_SIZE],
    struct error *err)
{
	const char *parts[] = {key->service, key->host, key->user};
	size_t count = sizeof parts / sizeof parts[0];
	struct buf text;
	int result = 0;

	buf_init(&text, KEY_MAX);
	/* The final NULs keep different keys different. */
	for (size_t i = 0; i < count && result == 0; i++)
		result = buf_add(&text, parts[i], strlen(parts[i]) + 1, err);
	if (result == 0)
		result = hash_text(&text, out, err);
	buf_done(&text);
	return result;
}

#ifdef HAVE_LIBSECRET
static int
hash_text(const struct buf *text, char out[VAULT_HASH_SIZE], struct error *err)
{
	char *hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
	    (const guchar *)text->data, text->len);

	(void)err;
	snprintf(out, VAULT_HASH_SIZE, "%s", hash);
	g_free(hash);
	return 0;
}
#else
static int
hash_text(const struct buf *text, char out[VAULT_HASH_SIZE], struct error *err)
{
	unsigned char digest[VAULT_HASH_SIZE / 2];
	int status =
	    gnutls_hash_fast(GNUTLS_DIG_SHA256, text->data, text->len, digest);

	if (status < 0)
		return error_set(err, ERROR_SYSTEM, "SHA-256: %s",
		    gnutls_strerror(status));
	for (size_t i = 0; i < sizeof digest; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
	return 0;
}
#endif
