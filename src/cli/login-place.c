/* SPDX-License-Identifier: MIT */
/*
 * The place that a login stores its credential in: tries it, and names it.
 */
#include "cli/login.h"

#include <stdio.h>
#include <string.h>

#include "cli/credential-place.h"
#include "credential/credential.h"
#include "submit/params.h"

int
login_check_place(struct login *login, struct error *err)
{
	struct credential_request request =
	    params_for_credential(&login->route);

	return credential_check_store(&request, err);
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
	printf("%s stored in %s", secret, place.name);
	if (place.kind != CREDENTIAL_PLACE_DIRECTORY || encrypt == NULL)
		putchar('\n');
	else if (strcmp(encrypt, "plain-text") == 0)
		puts(", in plain text");
	else /* Its first word: the others may be secret. */
		printf(", encrypted by %.*s\n", (int)strcspn(encrypt, " \t"),
		    encrypt);
}
