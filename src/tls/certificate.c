/* SPDX-License-Identifier: MIT */
/*
 * Parses a certificate.
 */
#include "tls/certificate.h"

#include <stddef.h>

gnutls_x509_crt_t
certificate_parse(const gnutls_datum_t *der)
{
	gnutls_x509_crt_t certificate;

	if (gnutls_x509_crt_init(&certificate) < 0)
		return NULL;
	if (gnutls_x509_crt_import(certificate, der, GNUTLS_X509_FMT_DER) == 0)
		return certificate;
	gnutls_x509_crt_deinit(certificate);
	return NULL;
}
