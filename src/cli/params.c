/* SPDX-License-Identifier: MIT */
/*
 * The one place where the account's words become the session's and the
 * credential source's, which know nothing of a configuration.
 */
#include "cli/params.h"

#include <stdio.h>

#include "base/clock.h"
#include "smtp/sasl-names.h"
#include "smtp/sasl.h"

enum {
	/* The reply to the message may take longer than others: RFC 5321
	   4.5.3.2.6 wants minutes. */
	FINAL_TIMEOUT_FACTOR = 8
};

static enum smtp_tls params_tls(const struct account *account);
static int refuse_mechanism(const char *name, struct error *err);

struct smtp_params
params_for_session(const struct account *account, int64_t deadline_ms)
{
	const char *user = account->text[SETTING_USER];

	/* It is POP that signs in then. */
	if (account_signs_in_by_pop(account))
		user = NULL;
	/* XOAUTH2 and OAUTHBEARER name the mailbox; the token says who. */
	else if (account->uses_oauth2 && account->text[SETTING_MAILBOX] != NULL)
		user = account->text[SETTING_MAILBOX];
	return (struct smtp_params){.host = account->text[SETTING_HOST],
	    .port = account_number(account, SETTING_PORT),
	    .tls = params_tls(account),
	    .tls_trust_file = account->text[SETTING_TLS_TRUST_FILE],
	    .tls_crl_file = account->text[SETTING_TLS_CRL_FILE],
	    .tls_fingerprint = account->list[SETTING_TLS_FINGERPRINT].element,
	    .tls_fingerprint_count =
		account->list[SETTING_TLS_FINGERPRINT].count,
	    .tls_cert_file = account->text[SETTING_TLS_CERT_FILE],
	    .tls_key_file = account->text[SETTING_TLS_KEY_FILE],
	    .ehlo_name = account->text[SETTING_DOMAIN],
	    .chunking = account_bool(account, SETTING_CHUNKING),
	    .user = user,
	    .authzid = account->text[SETTING_AUTHZID],
	    .mechanism = account->list[SETTING_AUTH].element,
	    .mechanism_count = account->list[SETTING_AUTH].count,
	    .wants_sign_in = account_wants_sign_in(account),
	    .secure_mechanisms = account_is(account, SETTING_AUTH, "secure"),
	    .simple_mechanisms = account_is(account, SETTING_PREFER, "simple"),
	    .fallback = account_bool(account, SETTING_FALLBACK),
	    .realm = account->text[SETTING_REALM],
	    .ntlm_domain = account->text[SETTING_NTLM_DOMAIN],
	    .target_name = account->text[SETTING_TARGET_NAME],
	    .command = account_command(account),
	    .own_mechanism = {account->text[SETTING_MECHANISM],
		SASL_IS_COMMAND | (user != NULL ? SASL_NEEDS_SECRET : 0)},
	    .timeout_ms = account_duration_ms(account, SETTING_TIMEOUT),
	    .final_timeout_ms = account_duration_ms(account, SETTING_TIMEOUT) *
		FINAL_TIMEOUT_FACTOR,
	    .deadline_ms = deadline_ms};
}

int
params_check(const struct account *account, struct error *err)
{
	const char *target = account->text[SETTING_TARGET_NAME];

	if (target != NULL && !sasl_names_is_target(target))
		return error_set(err, ERROR_CONFIG,
		    "target-name: \"%s\" is not of the form smtp@host", target);
	for (size_t i = 0; i < account->list[SETTING_AUTH].count; i++) {
		if (sasl_find(account->list[SETTING_AUTH].element[i]) != NULL)
			continue;
		return refuse_mechanism(account->list[SETTING_AUTH].element[i],
		    err);
	}
	return 0;
}

struct credential_request
params_for_credential(const struct account *account,
    const struct selection *selection)
{
	return (struct credential_request){.account = account_label(account),
	    .host = account->text[SETTING_HOST],
	    .port = account_number(account, SETTING_PORT),
	    .user = account->text[SETTING_USER],
	    .source = account->text[SETTING_CREDENTIAL],
	    .helper = account->text[SETTING_CREDENTIAL_HELPER],
	    .is_token = account->uses_oauth2,
	    .selection = selection->word,
	    .prompt = true,
	    .deadline_ms =
		clock_now_ms() + account_duration_ms(account, SETTING_TIMEOUT)};
}

bool
params_need_secret(const struct account *account)
{
	bool needed = account->list[SETTING_AUTH].count == 0;

	for (size_t i = 0; i < account->list[SETTING_AUTH].count; i++) {
		const struct sasl_mechanism *mechanism =
		    sasl_find(account->list[SETTING_AUTH].element[i]);

		if (mechanism != NULL &&
		    (mechanism->traits & SASL_NEEDS_SECRET) != 0)
			needed = true;
	}
	return account->text[SETTING_USER] != NULL && needed;
}

static enum smtp_tls
params_tls(const struct account *account)
{
	if (account_is(account, SETTING_TLS, "implicit"))
		return SMTP_TLS_IMPLICIT;
	return account_is(account, SETTING_TLS, "none") ? SMTP_TLS_NONE
							: SMTP_TLS_STARTTLS;
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
