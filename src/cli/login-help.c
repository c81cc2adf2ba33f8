/* SPDX-License-Identifier: MIT */
/*
 * Words the help of a provider's block for the questions of login.
 */
#include "cli/login-help.h"

#include "base/text.h"
#include "submit/params.h"

int
login_help_password(const struct login *login, struct buf *text,
    struct error *err)
{
	const struct account *account = login->route.account;
	const char *kind = params_secret_kind(account);
	const char *help = account->provider != NULL
	    ? account->provider->text[PROVIDER_CREDENTIAL_HELP]
	    : NULL;
	const char *article = *kind == 'a' ? "an" : "a";

	if (help == NULL)
		return buf_add_text(text, "the password of the account", err);
	if (text_has_prefix(help, "a ") || text_has_prefix(help, "an ") ||
	    text_has_prefix(help, "the "))
		return buf_add_text(text, help, err);
	return buf_addf(text, err, "%s %s, %s %s", article, kind,
	    text_has_prefix(help, "https://") ? "created at" : "as follows:",
	    help);
}

const char *
login_help_client(const struct login *login)
{
	const struct provider *provider = login->route.account->provider;
	const char *help =
	    provider != NULL ? provider->text[PROVIDER_CLIENT_HELP] : NULL;

	return help != NULL ? help : "ask the administrator of the mail server";
}
