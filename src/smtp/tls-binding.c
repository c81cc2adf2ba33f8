/* SPDX-License-Identifier: MIT */
/*
 * Gets the channel binding of a TLS session: tls-exporter (RFC 9266), else
 * tls-unique (RFC 5929) if the handshake makes that safe (RFC 7627).
 */
#include <string.h>

#include <gnutls/gnutls.h>

#include "smtp/tls.h"

bool
tls_get_binding(const struct tls *tls, struct tls_binding *binding)
{
	gnutls_session_t session = tls_session(tls);
	bool is_exporter =
	    gnutls_protocol_get_version(session) >= GNUTLS_TLS1_3;
	gnutls_channel_binding_t type = GNUTLS_CB_TLS_UNIQUE;
	gnutls_datum_t bytes = {NULL, 0};
	bool fits;

	if (is_exporter) {
#if GNUTLS_VERSION_NUMBER >= 0x030702
		type = GNUTLS_CB_TLS_EXPORTER;
#else
		return false;
#endif
	} else if (gnutls_session_ext_master_secret_status(session) == 0) {
		return false;
	}
	if (gnutls_session_channel_binding(session, type, &bytes) != 0)
		return false;
	fits = bytes.size > 0 && bytes.size <= sizeof binding->bytes;
	if (fits) {
		binding->is_exporter = is_exporter;
		binding->len = bytes.size;
		memcpy(binding->bytes, bytes.data, bytes.size);
	}
	gnutls_free(bytes.data);
	return fits;
}
