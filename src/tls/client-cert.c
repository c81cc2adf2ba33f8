/* SPDX-License-Identifier: MIT */
/*
 * Loads a client certificate and its private key into TLS credentials.
 */
#include "tls/client-cert.h"

#include <gnutls/abstract.h>

#include "tls/key-source.h"
#include "tls/pkcs11-uri.h"

enum {
	CHAIN_MAX = 16
};

static int client_cert_load_chain(const char *certificate,
    gnutls_pcert_st *chain, unsigned *ret_len, struct error *err);
static int client_cert_set_key(gnutls_certificate_credentials_t credentials,
    const char *certificate, const char *key_name, gnutls_privkey_t key,
    struct error *err);

int
client_cert_load(gnutls_certificate_credentials_t credentials,
    const char *certificate, const char *key_name, struct secret **ret_pin,
    struct error *err)
{
	struct secret *pin = NULL;
	gnutls_privkey_t key;

	if (gnutls_privkey_init(&key) < 0)
		return error_no_memory(err);
	if (key_source_private(key_name, key, &pin, err) == 0 &&
	    client_cert_set_key(credentials, certificate, key_name, key, err) ==
		0) {
		*ret_pin = pin;
		return 0;
	}
	gnutls_privkey_deinit(key);
	secret_free(pin);
	return -1;
}

/* On success, chain and key belong to the credentials. */
static int
client_cert_set_key(gnutls_certificate_credentials_t credentials,
    const char *certificate, const char *key_name, gnutls_privkey_t key,
    struct error *err)
{
	gnutls_pcert_st chain[CHAIN_MAX];
	char shown[KEY_SOURCE_SHOWN_SIZE];
	unsigned len = CHAIN_MAX;
	int failure;

	if (client_cert_load_chain(certificate, chain, &len, err) == -1)
		return -1;
	failure = gnutls_certificate_set_key(credentials, NULL, 0, chain,
	    (int)len, key);
	if (failure >= 0)
		return 0;
	for (unsigned i = 0; i < len; i++)
		gnutls_pcert_deinit(&chain[i]);
	key_source_show(key_name, shown);
	error_set(err, ERROR_CONFIG, "%s and %s: %s", certificate, shown,
	    gnutls_strerror(failure));
	return error_hint(err,
	    "check that tls-cert-file (first the client's own certificate, "
	    "then its CAs) and tls-key-file belong together");
}

static int
client_cert_load_chain(const char *certificate, gnutls_pcert_st *chain,
    unsigned *ret_len, struct error *err)
{
	char shown[KEY_SOURCE_SHOWN_SIZE];
	struct secret *pem = NULL;
	gnutls_datum_t data;
	int failure;

	if (pkcs11_uri_is(certificate)) {
		failure = gnutls_pcert_list_import_x509_file(chain, ret_len,
		    certificate, GNUTLS_X509_FMT_PEM, NULL, NULL, 0);
	} else {
		pem =
		    key_source_read_pem(certificate, FILE_TRUSTED, &data, err);
		if (pem == NULL)
			return -1;
		failure = gnutls_pcert_list_import_x509_raw(chain, ret_len,
		    &data, GNUTLS_X509_FMT_PEM, 0);
	}
	secret_free(pem);
	if (failure >= 0)
		return 0;
	key_source_show(certificate, shown);
	return error_set(err, ERROR_CONFIG, "%s: %s", shown,
	    gnutls_strerror(failure));
}
