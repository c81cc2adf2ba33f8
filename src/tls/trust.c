/* SPDX-License-Identifier: MIT */
/*
 * Finds the trust anchors that a chain may need by name, without parsing them
 * all. GnuTLS verifies the chain (verify.c).
 */
#include "tls/trust.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <gnutls/x509.h>

#include "base/buf.h"
#include "base/file.h"
#include "tls/certificate.h"

enum {
	BUNDLE_MAX = 16 * 1024 * 1024,
	CHAIN_MAX = 16
};

/* The files with all trust anchors of various systems. */
static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",     /* Debian, Arch, Alpine */
    "/etc/pki/tls/certs/ca-bundle.crt",       /* Fedora, RHEL */
    "/etc/ssl/ca-bundle.pem",                 /* openSUSE */
    "/etc/ssl/cert.pem",                      /* OpenBSD, macOS */
    "/usr/local/share/certs/ca-root-nss.crt", /* FreeBSD */
    "/usr/local/etc/openssl@3/cert.pem",      /* Homebrew */
};

static const char begin_mark[] = "-----BEGIN CERTIFICATE-----";

/* The names of the issuers in the chain, as DER. */
struct issuer_names {
	gnutls_datum_t name[CHAIN_MAX];
	size_t count;
};

static int read_bundle(const char *path, struct buf *bundle, struct error *err);
static int check_bundle(const char *path, const struct buf *bundle,
    struct error *err);
static void collect_issuers(struct issuer_names *issuers,
    const gnutls_datum_t *chain, size_t chain_len);
static void add_matches(gnutls_certificate_credentials_t credentials,
    const struct buf *bundle, const struct issuer_names *issuers);
static void add_if_issuer(gnutls_certificate_credentials_t credentials,
    const gnutls_datum_t *der, const struct issuer_names *issuers);

int
trust_add_issuers(gnutls_certificate_credentials_t credentials,
    const char *path, const gnutls_datum_t *chain, size_t chain_len,
    struct error *err)
{
	struct issuer_names issuers = {.count = 0};
	struct buf bundle;
	int result;

	buf_init(&bundle, BUNDLE_MAX);
	result = read_bundle(path, &bundle, err);
	if (result == 0 && path != NULL)
		result = check_bundle(path, &bundle, err);
	if (result == 0) {
		collect_issuers(&issuers, chain, chain_len);
		add_matches(credentials, &bundle, &issuers);
	}
	for (size_t i = 0; i < issuers.count; i++)
		gnutls_free(issuers.name[i].data);
	buf_done(&bundle);
	return result;
}

int
trust_add_revocations(gnutls_certificate_credentials_t credentials,
    const char *path, struct error *err)
{
	struct buf list;
	int result;

	buf_init(&list, BUNDLE_MAX);
	result = read_bundle(path, &list, err);
	if (result == 0) {
		const gnutls_datum_t pem = {.data = (unsigned char *)list.data,
		    .size = (unsigned)list.len};
		int count = gnutls_certificate_set_x509_crl_mem(credentials,
		    &pem, GNUTLS_X509_FMT_PEM);

		if (count < 0)
			result = error_set(err, ERROR_CONFIG, "%s: %s", path,
			    gnutls_strerror(count));
	}
	buf_done(&list);
	return result;
}

/* A system without a bundle is not an error: verify.c then lets GnuTLS find the
 * anchors. */
static int
read_bundle(const char *path, struct buf *bundle, struct error *err)
{
	struct error ignored;
	int result;
	int fd = -1;

	if (path != NULL) {
		fd = file_open_protected(path, FILE_TRUSTED, ERROR_CONFIG, err);
	} else {
		for (size_t i = 0;
		     fd == -1 && i < sizeof bundles / sizeof *bundles; i++)
			fd = file_open(bundles[i], ERROR_CONFIG, &ignored);
	}
	if (fd == -1 && path != NULL && err->hint[0] == '\0')
		error_hint(err, "check tls-trust-file or token-trust-file");
	if (fd == -1)
		return path == NULL ? 0 : -1;
	result =
	    file_read(fd, bundle, path != NULL ? path : "trust anchors", err);
	close(fd);
	return result;
}

/* A file of the user: a key or a certificate in DER would else be taken for a
 * CA that did not sign the server's certificate. */
static int
check_bundle(const char *path, const struct buf *bundle, struct error *err)
{
	if (strstr(buf_text(bundle), begin_mark) != NULL)
		return 0;
	error_set(err, ERROR_CONFIG, "%s: contains no certificate in PEM form",
	    path);
	return error_hint(err,
	    "write the CA's certificate to it; this command converts one in "
	    "DER: openssl x509 -inform der -in CA.cer -out %s",
	    path);
}

static void
collect_issuers(struct issuer_names *issuers, const gnutls_datum_t *chain,
    size_t chain_len)
{
	for (size_t i = 0; i < chain_len && i < CHAIN_MAX; i++) {
		gnutls_x509_crt_t certificate = certificate_parse(&chain[i]);
		gnutls_datum_t *issuer = &issuers->name[issuers->count];

		if (certificate == NULL)
			continue;
		if (gnutls_x509_crt_get_raw_issuer_dn(certificate, issuer) == 0)
			issuers->count++;
		gnutls_x509_crt_deinit(certificate);
	}
}

static void
add_matches(gnutls_certificate_credentials_t credentials,
    const struct buf *bundle, const struct issuer_names *issuers)
{
	static const char end[] = "-----END CERTIFICATE-----";
	const char *at = buf_text(bundle);

	while ((at = strstr(at, begin_mark)) != NULL) {
		const char *stop = strstr(at, end);
		gnutls_datum_t pem;
		gnutls_datum_t der;

		if (stop == NULL)
			return;
		stop += sizeof end - 1;
		pem.data = (unsigned char *)at;
		pem.size = (unsigned)(stop - at);
		if (gnutls_pem_base64_decode2("CERTIFICATE", &pem, &der) == 0) {
			add_if_issuer(credentials, &der, issuers);
			gnutls_free(der.data);
		}
		at = stop;
	}
}

/* Adds the certificate if one of the names occurs anywhere in its DER. GnuTLS
 * then checks whether it is the subject. */
static void
add_if_issuer(gnutls_certificate_credentials_t credentials,
    const gnutls_datum_t *der, const struct issuer_names *issuers)
{
	bool found = false;

	for (size_t i = 0; i < issuers->count && !found; i++)
		found = memmem(der->data, der->size, issuers->name[i].data,
			    issuers->name[i].size) != NULL;
	if (found)
		gnutls_certificate_set_x509_trust_mem(credentials, der,
		    GNUTLS_X509_FMT_DER);
}
