/* SPDX-License-Identifier: MIT */
/*
 * Prints what GNU SASL's client says of channel binding when it signs in by
 * plain SCRAM and knows the channel (RFC 5802 section 6): "y", or "n" where it
 * only works without knowing.
 */
#include <stdio.h>

#include <gsasl.h>

int
main(void)
{
	Gsasl *library;
	Gsasl_session *session;
	char *out = NULL;
	size_t len = 0;

	if (gsasl_init(&library) != GSASL_OK ||
	    gsasl_client_start(library, "SCRAM-SHA-256", &session) != GSASL_OK)
		return 70;
	gsasl_property_set(session, GSASL_AUTHID, "alice");
	gsasl_property_set(session, GSASL_PASSWORD, "secret");
	gsasl_property_set(session, GSASL_CB_TLS_EXPORTER, "AAAA");
	if (gsasl_step(session, "", 0, &out, &len) == GSASL_NEEDS_MORE)
		printf("%.1s\n", out);
	else
		printf("n\n");
	gsasl_free(out);
	gsasl_finish(session);
	gsasl_done(library);
	return 0;
}
