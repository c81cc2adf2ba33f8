/* SPDX-License-Identifier: MIT */
/*
 * The one place where the account's words become the session's and the
 * credential source's, which know nothing of a configuration.
 */
#include "cli/params.h"

#include <stdio.h>

#include "base/clock.h"
#include "smtp/names.h"
#include "smtp/sasl.h"

enum {
	/* The reply to the message may take longer than others: RFC 5321
	   4.5.3.2.6 wants minutes. */
	FINAL_TIMEOUT_FACTOR = 8
};

static int refuse_mechanism(const char *name, struct error *err);

struct smtp_params
params_for_session(const struct account *account, int64_t deadline_ms)
{
	static const enum smtp_tls tls_of[] = {
	    [ACCOUNT_TLS_STARTTLS] = SMTP_TLS_STARTTLS,
	    [ACCOUNT_TLS_IMPLICIT] = SMTP_TLS_IMPLICIT,
	    [ACCOUNT_TLS_NONE] = SMTP_TLS_NONE,
	};

	const char *user = account->user;

	/* It is POP that signs in then. */
	if (account->auth.pop_first)
		user = NULL;
	/* XOAUTH2 and OAUTHBEARER name the mailbox; the token says who. */
	else if (account->oauth2.wanted && account->mailbox != NULL)
		user = account->mailbox;
	return (struct smtp_params){.host = account->host,
	    .port = account->port,
	    .tls = tls_of[account->tls],
	    .tls_trust_file = account->tls_trust_file,
	    .tls_crl_file = account->tls_crl_file,
	    .tls_fingerprint = account->tls_fingerprint,
	    .tls_fingerprint_count = account->tls_fingerprint_count,
	    .tls_cert_file = account->tls_cert_file,
	    .tls_key_file = account->tls_key_file,
	    .ehlo_name = account->domain,
	    .chunking = account->chunking,
	    .user = user,
	    .authzid = account->authzid,
	    .mechanism = account->auth.mechanism,
	    .mechanism_count = account->auth.mechanism_count,
	    .wants_sign_in = account->auth.is_wanted,
	    .secure_mechanisms = account->auth.secure,
	    .simple_mechanisms = account->auth.prefers_simple,
	    .fallback = account->auth.falls_back,
	    .realm = account->auth.realm,
	    .ntlm_domain = account->auth.ntlm_domain,
	    .target_name = account->auth.target_name,
	    .command = account->auth.command,
	    .own_mechanism = {account->auth.command_mechanism,
		SASL_IS_COMMAND | (user != NULL ? SASL_NEEDS_SECRET : 0)},
	    .timeout_ms = account->timeout_ms,
	    .final_timeout_ms = account->timeout_ms * FINAL_TIMEOUT_FACTOR,
	    .deadline_ms = deadline_ms};
}

int
params_check(const struct account *account, struct error *err)
{
	const char *target = account->auth.target_name;

	if (target != NULL && !names_is_target(target))
		return error_set(err, ERROR_CONFIG,
		    "target-name: \"%s\" is not of the form smtp@host", target);
	for (size_t i = 0; i < account->auth.mechanism_count; i++) {
		if (sasl_find(account->auth.mechanism[i]) != NULL)
			continue;
		return refuse_mechanism(account->auth.mechanism[i], err);
	}
	return 0;
}

struct credential_request
params_for_credential(const struct account *account,
    const struct selection *selection)
{
	return (struct credential_request){.account = account_label(account),
	    .host = account->host,
	    .port = account->port,
	    .user = account->user,
	    .source = account->credential,
	    .helper = account->credential_helper,
	    .is_token = account->oauth2.wanted,
	    .selection = selection->word,
	    .prompt = true,
	    .deadline_ms = clock_now_ms() + account->timeout_ms};
}

bool
params_need_secret(const struct account *account)
{
	bool needed = account->auth.mechanism_count == 0;

	for (size_t i = 0; i < account->auth.mechanism_count; i++) {
		const struct sasl_mechanism *mechanism =
		    sasl_find(account->auth.mechanism[i]);

		if (mechanism != NULL &&
		    (mechanism->traits & SASL_NEEDS_SECRET) != 0)
			needed = true;
	}
	return account->user != NULL && needed;
}

static int
refuse_mechanism(const char *name, struct error *err)
{
	char known[ERROR_HINT_SIZE] = "";
	size_t used = 0;

	for (const struct sasl_mechanism *mechanism = sasl_mechanisms;
	     mechanism->name != NULL && used < sizeof known; mechanism++) {
		if (sasl_is_known(mechanism))
			used += (size_t)snprintf(known + used,
			    sizeof known - used, " %s", mechanism->name);
	}
	error_set(err, ERROR_CONFIG, "auth: there is no mechanism \"%s\"",
	    name);
	return error_hint(err, "known are%s; or auto or secure, alone", known);
}
