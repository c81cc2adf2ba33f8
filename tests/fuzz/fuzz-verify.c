/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as the certificates of a server. One is accepted only if what the
 * authority signed is in it, byte for byte; with a pinned fingerprint, only if
 * it is the very certificate.
 *
 * chains.py makes the authority and seeds: a byte of flags, then certificates,
 * each after its length. The functions of GnuTLS that take the chain from a
 * session are replaced by those that take it from the input.
 */
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "tls/verify.h"

#include "fuzz.h"

enum {
	FLAG_STRENGTH = 1,
	FLAG_PINNED = 2,
	CHAIN_MAX = 20,
	FILE_MAX = 8192,
	HEX_SIZE = 65
};

struct file {
	unsigned char bytes[FILE_MAX];
	size_t len;
};

/* What the session would hold. */
struct peer {
	gnutls_certificate_credentials_t credentials;
	gnutls_datum_t chain[CHAIN_MAX];
	unsigned count;
};

int LLVMFuzzerInitialize(const int *argc, char ***argv);
const gnutls_datum_t *
__wrap_gnutls_certificate_get_peers(gnutls_session_t session,
    unsigned *ret_count);
int __wrap_gnutls_certificate_verify_peers(gnutls_session_t session,
    gnutls_typed_vdata_st *data, unsigned elements, unsigned *ret_status);

static char trust_path[PATH_MAX];
static char pinned[HEX_SIZE];
static struct file leaf;
static struct file signed_parts[2];

static void
read_file(const char *directory, const char *name, struct file *file)
{
	char path[PATH_MAX];
	FILE *in;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	in = fopen(path, "rb");
	require(in != NULL);
	file->len = fread(file->bytes, 1, sizeof file->bytes, in);
	require(file->len > 0 && file->len < sizeof file->bytes);
	fclose(in);
}

int
LLVMFuzzerInitialize(const int *argc, char ***argv)
{
	const char *directory = getenv("FUZZ_CHAINS");
	unsigned char digest[32];

	(void)argc;
	(void)argv;
	require(directory != NULL);
	snprintf(trust_path, sizeof trust_path, "%s/trust.pem", directory);
	read_file(directory, "leaf.der", &leaf);
	read_file(directory, "leaf.tbs", &signed_parts[0]);
	read_file(directory, "other.tbs", &signed_parts[1]);
	require(gnutls_hash_fast(GNUTLS_DIG_SHA256, leaf.bytes, leaf.len,
		    digest) == 0);
	for (size_t i = 0; i < sizeof digest; i++)
		snprintf(pinned + 2 * i, 3, "%02x", digest[i]);
	return 0;
}

const gnutls_datum_t *
__wrap_gnutls_certificate_get_peers(gnutls_session_t session,
    unsigned *ret_count)
{
	const struct peer *peer = (const struct peer *)session;

	*ret_count = peer->count;
	return peer->count > 0 ? peer->chain : NULL;
}

/* As GnuTLS does with the priority string of postrider. */
int
__wrap_gnutls_certificate_verify_peers(gnutls_session_t session,
    gnutls_typed_vdata_st *data, unsigned elements, unsigned *ret_status)
{
	const struct peer *peer = (const struct peer *)session;
	gnutls_x509_crt_t certificates[CHAIN_MAX];
	gnutls_x509_trust_list_t anchors;
	unsigned count = 0;
	int failure = 0;

	gnutls_certificate_get_trust_list(peer->credentials, &anchors);
	while (failure == 0 && count < peer->count) {
		require(gnutls_x509_crt_init(&certificates[count]) == 0);
		failure = gnutls_x509_crt_import(certificates[count],
		    &peer->chain[count], GNUTLS_X509_FMT_DER);
		count++;
	}
	if (failure == 0)
		failure = gnutls_x509_trust_list_verify_crt2(anchors,
		    certificates, count, data, elements,
		    GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM), ret_status,
		    NULL);
	while (count > 0)
		gnutls_x509_crt_deinit(certificates[--count]);
	return failure;
}

static void
check_accepted(const gnutls_datum_t *certificate, bool is_pinned)
{
	bool is_signed = false;

	if (is_pinned) {
		require(certificate->size == leaf.len &&
		    memcmp(certificate->data, leaf.bytes, leaf.len) == 0);
		return;
	}
	for (int i = 0; i < 2; i++)
		is_signed = is_signed ||
		    memmem(certificate->data, certificate->size,
			signed_parts[i].bytes, signed_parts[i].len) != NULL;
	require(is_signed);
}

static void
take_chain(struct peer *peer, const uint8_t *data, size_t len)
{
	while (len > 2 && peer->count < CHAIN_MAX) {
		size_t size = (size_t)data[0] << 8 | data[1];
		gnutls_datum_t *one = &peer->chain[peer->count++];

		data += 2;
		len -= 2;
		if (size > len)
			size = len;
		one->data = gnutls_malloc(size > 0 ? size : 1);
		one->size = (unsigned)size;
		require(one->data != NULL);
		memcpy(one->data, data, size);
		data += size;
		len -= size;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *const fingerprints[] = {pinned};
	struct tls_policy policy = {.host = "localhost",
	    .s_client_options = "-connect localhost:465",
	    .host_ascii = "localhost",
	    .trust_file = trust_path};
	struct peer peer = {.count = 0};
	struct error err;

	if (len == 0)
		return 0;
	policy.check_strength = (data[0] & FLAG_STRENGTH) != 0;
	if ((data[0] & FLAG_PINNED) != 0) {
		policy.fingerprint = fingerprints;
		policy.fingerprint_count = 1;
	}
	require(
	    gnutls_certificate_allocate_credentials(&peer.credentials) == 0);
	take_chain(&peer, data + 1, len - 1);
	if (verify_peer((gnutls_session_t)&peer, peer.credentials, &policy,
		&err) == 0) {
		check_accepted(&peer.chain[0], policy.fingerprint_count > 0);
	} else {
		require(err.code == ERROR_SECURITY);
		check_text(err.message);
		check_text(err.hint);
	}
	for (unsigned i = 0; i < peer.count; i++)
		gnutls_free(peer.chain[i].data);
	gnutls_certificate_free_credentials(peer.credentials);
	return 0;
}
