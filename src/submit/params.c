/* SPDX-License-Identifier: MIT */
/*
 * Translates an account. The layers smtp and credential know no configuration.
 */
#include "submit/params.h"

#include "base/clock.h"
#include "smtp/sasl.h"

static int64_t params_deadline(const struct account *account);
static enum smtp_tls params_tls(const struct account *account);

struct smtp_params
params_for_session(const struct account *account)
{
	const char *user = account->text[SETTING_USER];

	/* POP signs in, not AUTH. */
	if (account_signs_in_by_pop(account))
		user = NULL;
	/* XOAUTH2 and OAUTHBEARER name the mailbox, the token the user. */
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
	    .tls_priority = account->text[SETTING_TLS_PRIORITY],
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
	    .final_timeout_ms =
		account_duration_ms(account, SETTING_FINAL_TIMEOUT),
	    .deadline_ms = params_deadline(account)};
}

struct credential_request
params_for_credential(const struct route *route)
{
	const struct account *account = route->account;
	int64_t deadline_ms = params_deadline(account);

	return (struct credential_request){.account = account_label(account),
	    .host = account->text[SETTING_HOST],
	    .port = account_number(account, SETTING_PORT),
	    .user = account->text[SETTING_USER],
	    .source = account->text[SETTING_CREDENTIAL],
	    .helper = account->text[SETTING_CREDENTIAL_HELPER],
	    .is_token = account->uses_oauth2,
	    .selection = route->selection,
	    .kind = params_secret_kind(account),
	    .prompt = true,
	    .deadline_ms = clock_earlier_ms(deadline_ms,
		clock_now_ms() + account_duration_ms(account, SETTING_TIMEOUT)),
	    .final_deadline_ms = deadline_ms};
}

const char *
params_secret_kind(const struct account *account)
{
	const struct provider *provider = account->provider;
	unsigned sign_in = provider != NULL ? provider->sign_in : 0;

	return (sign_in & PROVIDER_APP_PASSWORD) != 0 &&
		(sign_in & (PROVIDER_PASSWORD | PROVIDER_KEY)) == 0
	    ? "app password"
	    : "password";
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

static int64_t
params_deadline(const struct account *account)
{
	return clock_now_ms() + account_duration_ms(account, SETTING_DEADLINE);
}

static enum smtp_tls
params_tls(const struct account *account)
{
	if (account_is(account, SETTING_TLS, "implicit"))
		return SMTP_TLS_IMPLICIT;
	return account_is(account, SETTING_TLS, "none") ? SMTP_TLS_NONE
							: SMTP_TLS_STARTTLS;
}
