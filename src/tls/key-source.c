/* SPDX-License-Identifier: MIT */
/*
 * Loads private keys and certificates from PEM files and PKCS#11 tokens.
 */
#include "tls/key-source.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <gnutls/pkcs11.h>

#include "base/file.h"
#include "base/secret.h"
#include "base/text.h"
#include "tls/pkcs11-uri.h"

static int key_source_import_pkcs11(const char *name,
    gnutls_x509_crt_t certificate, struct error *err);
static int key_source_answer_pin(void *data, int attempt, const char *uri,
    const char *label, unsigned flags, char *out, size_t out_size);
static int key_source_import_file(const char *path, gnutls_privkey_t key,
    struct error *err);
static bool is_encrypted(const struct secret *pem);
static int key_source_explain_pkcs11(int failure, const char *uri,
    struct error *err);

int
key_source_private(const char *name, gnutls_privkey_t key,
    struct secret **ret_pin, struct error *err)
{
	struct pkcs11_uri pkcs11;
	int failure;
	int result = -1;

	if (!pkcs11_uri_is(name))
		return key_source_import_file(name, key, err);
	if (pkcs11_uri_init(&pkcs11, name, err) == -1)
		goto out;
	if (pkcs11.pin != NULL)
		gnutls_privkey_set_pin_function(key, key_source_answer_pin,
		    pkcs11.pin);
	failure = gnutls_privkey_import_url(key, secret_bytes(pkcs11.uri), 0);
	if (failure < 0) {
		key_source_explain_pkcs11(failure, name, err);
		goto out;
	}
	*ret_pin = pkcs11.pin;
	pkcs11.pin = NULL;
	result = 0;
out:
	pkcs11_uri_done(&pkcs11);
	return result;
}

int
key_source_certificate(const char *name, gnutls_x509_crt_t certificate,
    struct error *err)
{
	struct secret *pem;
	gnutls_datum_t data;
	int failure;

	if (pkcs11_uri_is(name))
		return key_source_import_pkcs11(name, certificate, err);
	/* The file may contain the key, too. */
	pem = key_source_read_pem(name, FILE_TRUSTED, &data, err);
	if (pem == NULL)
		return -1;
	failure =
	    gnutls_x509_crt_import(certificate, &data, GNUTLS_X509_FMT_PEM);
	secret_free(pem);
	if (failure >= 0)
		return 0;
	error_set(err, ERROR_CONFIG, "%s: no PEM certificate: %s", name,
	    gnutls_strerror(failure));
	return error_hint(err,
	    "convert it: openssl x509 -in FILE -out NEW.pem (with -inform der "
	    "if it is binary), or openssl pkcs12 for a .p12 or .pfx file");
}

struct secret *
key_source_read_pem(const char *path, enum file_protection protection,
    gnutls_datum_t *ret_data, struct error *err)
{
	int fd = file_open_protected(path, protection, ERROR_CONFIG, err);
	struct secret *pem = fd != -1 ? secret_new(err) : NULL;

	if (pem != NULL && secret_read(pem, fd, INT64_MAX, err) == -1) {
		error_set(err, ERROR_CONFIG,
		    "%s: cannot be read, or is longer than 64 KiB", path);
		secret_free(pem);
		pem = NULL;
	}
	if (fd != -1)
		close(fd);
	if (pem != NULL)
		*ret_data = (gnutls_datum_t){.data = (unsigned char *)(intptr_t)
						 secret_bytes(pem),
		    .size = (unsigned)secret_len(pem)};
	return pem;
}

void
key_source_show(const char *name, char out[KEY_SOURCE_SHOWN_SIZE])
{
	size_t len = strlen(name);

	/* The PIN may follow the "?" or, in older URIs, be anywhere. */
	if (pkcs11_uri_is(name)) {
		const char *pin = strstr(name, "pin-");

		len = strcspn(name, "?");
		if (pin != NULL && (size_t)(pin - name) < len)
			len = (size_t)(pin - name);
	}
	text_printable(out, KEY_SOURCE_SHOWN_SIZE, name, len);
}

static int
key_source_import_pkcs11(const char *name, gnutls_x509_crt_t certificate,
    struct error *err)
{
	struct pkcs11_uri pkcs11;
	int result = pkcs11_uri_init(&pkcs11, name, err);

	if (result == 0) {
		int failure;

		if (pkcs11.pin != NULL)
			gnutls_x509_crt_set_pin_function(certificate,
			    key_source_answer_pin, pkcs11.pin);
		failure = gnutls_x509_crt_import_url(certificate,
		    secret_bytes(pkcs11.uri), 0);
		result = failure < 0
		    ? key_source_explain_pkcs11(failure, name, err)
		    : 0;
	}
	pkcs11_uri_done(&pkcs11);
	return result;
}

/* Gives the PIN once only: repeating a wrong PIN locks the token. */
static int
key_source_answer_pin(void *data, int attempt, const char *uri,
    const char *label, unsigned flags, char *out, size_t out_size)
{
	const struct secret *pin = data;

	(void)uri;
	(void)label;
	if (attempt > 0 || (flags & GNUTLS_PIN_WRONG) != 0 ||
	    secret_len(pin) >= out_size)
		return GNUTLS_E_PKCS11_PIN_ERROR;
	memcpy(out, secret_bytes(pin), secret_len(pin) + 1);
	return 0;
}

static int
key_source_import_file(const char *path, gnutls_privkey_t key,
    struct error *err)
{
	gnutls_datum_t data;
	struct secret *pem = key_source_read_pem(path, FILE_SECRET, &data, err);
	int failure;

	if (pem == NULL)
		return -1;
	if (is_encrypted(pem)) {
		secret_free(pem);
		error_set(err, ERROR_CONFIG, "%s: the key is encrypted", path);
		return error_hint(err,
		    "decrypt it with \"openssl pkey\" into a file that only "
		    "you "
		    "can read, or use a PKCS#11 token: \"pkcs11:...\"");
	}
	failure = gnutls_privkey_import_x509_raw(key, &data,
	    GNUTLS_X509_FMT_PEM, NULL, 0);
	secret_free(pem);
	if (failure >= 0)
		return 0;
	error_set(err, ERROR_CONFIG, "%s: no PEM private key: %s", path,
	    gnutls_strerror(failure));
	return error_hint(err,
	    "name the file with the private key (tls-key-file, client-key), or "
	    "convert it: openssl pkey -in FILE -out NEW.pem");
}

/* PKCS#8, and OpenSSL's older format (RFC 1421 section 4.6.1.1). */
static bool
is_encrypted(const struct secret *pem)
{
	return strstr(secret_bytes(pem), "BEGIN ENCRYPTED") != NULL ||
	    strstr(secret_bytes(pem), "Proc-Type: 4,ENCRYPTED") != NULL;
}

static int
key_source_explain_pkcs11(int failure, const char *uri, struct error *err)
{
	char shown[KEY_SOURCE_SHOWN_SIZE];

	key_source_show(uri, shown);
	error_set(err, ERROR_CONFIG, "%s: %s", shown, gnutls_strerror(failure));
	switch (failure) {
	case GNUTLS_E_PKCS11_PIN_ERROR:
	case GNUTLS_E_PKCS11_PIN_EXPIRED:
	case GNUTLS_E_PKCS11_PIN_LOCKED:
		return error_hint(err,
		    "append the file that contains the PIN to the URI: "
		    "?pin-source=file:/...");
	case GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE:
		return error_hint(err,
		    "list the objects with \"p11tool --list-all\"; private "
		    "keys "
		    "also need the PIN: append ?pin-source=file:/...");
	default:
		return error_hint(err,
		    "list the tokens with \"p11tool --list-tokens\"");
	}
}
