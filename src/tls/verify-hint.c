/* SPDX-License-Identifier: MIT */
/*
 * Says what the user can do about a certificate that verify.c refuses.
 */
#include "tls/verify-hint.h"

#include <string.h>

#include "tls/cert-names.h"

int
verify_hint_interception(const struct tls_policy *policy,
    const struct cert_chain *facts, struct error *err)
{
	error_set_cause(err, "interception");
	if (policy->trust_setting == NULL) {
		error_hint(err,
		    "%s decrypts the connection: exclude %s from its scan of "
		    "mail and TLS, or trust its CA",
		    facts->interceptor, policy->host);
		return error_set_topic(err, ERROR_TOPIC_TRUST_FILE);
	}
	return error_hint(err,
	    "%s decrypts the connection: exclude %s from its scan of TLS, or "
	    "set %s to its CA",
	    facts->interceptor, policy->host, policy->trust_setting);
}

int
verify_hint_settings(const struct tls_policy *policy,
    const struct cert_chain *facts, struct error *err)
{
	const char *chain = facts->is_alone
	    ? "if the issuer is a public CA, the server must send the whole "
	      "chain (often fullchain.pem); "
	    : "";

	if (policy->trust_setting == NULL) {
		error_hint(err,
		    "%sfor a server of your own, pin its certificate, %s, or "
		    "trust its CA, which this command saves: openssl s_client "
		    "-showcerts %s </dev/null >ca.pem",
		    chain, facts->sha256, policy->s_client_options);
		return error_set_topic(err, ERROR_TOPIC_SERVER_TRUST);
	}
	if (policy->fingerprint_setting == NULL)
		return error_hint(err,
		    "update the package ca-certificates; for a server of your "
		    "own, set %s to its CA",
		    policy->trust_setting);
	return error_hint(err,
	    "for a server of your own, set %s to its CA, or %s",
	    policy->trust_setting, policy->fingerprint_setting);
}

int
verify_hint_names(const struct tls_policy *policy, const char *names,
    struct error *err)
{
	const char *advice = "check the host name of the server, which must be "
			     "a name in the certificate";

	if (*names == '\0')
		return error_hint(err,
		    "check the host name of the server; its "
		    "certificate contains no name");
	if (cert_names_is_address(policy->host_ascii))
		advice = "set the host to a name in the certificate, not an "
			 "address";
	else if (strchr(names, '*') != NULL)
		advice = "set the host to your hosting company's name for it";
	return error_hint(err, "%s: %s", advice, names);
}
