/* SPDX-License-Identifier: MIT */
/*
 * The place that a login stores its credential in: tries it, and names it.
 */
#include "cli/login-place.h"

#include <string.h>

#include "base/buf.h"

#include "cli/credential-place.h"
#include "base/shell-word.h"
#include "credential/credential.h"
#include "submit/params.h"

enum {
	EXAMPLE_MAX = 4096
};

int
login_check_place(struct login *login, struct error *err)
{
	struct credential_request request =
	    params_for_credential(&login->route);

	return credential_check_store(&request, err);
}

int
login_ensure_place(struct login *login, struct error *err)
{
	struct credential_place place;

	if (login_check_place(login, err) == 0)
		return 0;
	credential_place_find(&place, login->route.account, false);
	if (err->code != ERROR_KEYRING ||
	    place.kind != CREDENTIAL_PLACE_KEYRING)
		return -1;
	return login_offer_files(login, err);
}

void
login_print_place(const struct login *login, enum login_method method)
{
	const struct account *account = login->route.account;
	const char *encrypt = account->text[SETTING_CREDENTIAL_ENCRYPT];
	const char *secret =
	    method == LOGIN_BY_OAUTH2 ? "the tokens are" : "the password is";
	struct credential_place place;

	credential_place_find(&place, account, false);
	if (place.kind != CREDENTIAL_PLACE_DIRECTORY || encrypt == NULL)
		login_say(login, "%s stored in %s", secret, place.name);
	else if (strcmp(encrypt, "plain-text") == 0)
		login_say(login, "%s stored in %s, in plain text", secret,
		    place.name);
	else /* Its first word: the others may be secret. */
		login_say(login, "%s stored in %s, encrypted by %.*s", secret,
		    place.name, (int)strcspn(encrypt, " \t"), encrypt);
}

/* The first account is the default. */
int
login_print_example(const struct login *login, struct error *err)
{
	bool is_first = login->route.config->account_count == 0;
	struct buf line;
	int result;

	buf_init(&line, EXAMPLE_MAX);
	result =
	    buf_addf(&line, err, "postrider -s test %s", is_first ? "" : "-a ");
	if (result == 0 && !is_first)
		result = shell_word_add(&line, login->name, err);
	if (result == 0 && !is_first)
		result = buf_add_text(&line, " ", err);
	if (result == 0)
		result = shell_word_add(&line, login->name, err);
	if (result == 0)
		login_say(login, "try it: echo hello | %s", buf_text(&line));
	buf_done(&line);
	return result;
}
