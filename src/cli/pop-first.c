/* SPDX-License-Identifier: MIT */
/*
 * From an account to a sign-in by POP3. Knows when, not how.
 */
#include "cli/pop-first.h"

#include "base/clock.h"
#include "cli/params.h"
#include "credential/keeper.h"

enum {
	START_MS = 2000 /* for reading the configuration once more */
};

int
pop_first(const struct account *account, const struct selection *selection,
    const struct secret *secret, const struct transcript *transcript,
    struct error *err)
{
	struct credential_request request =
	    params_for_credential(account, selection);

	transcript_note(transcript, "signing in by POP3 at %s port %u first",
	    account->text[SETTING_POP_HOST],
	    account_number(account, SETTING_POP_PORT));
	request.selection = selection->word;
	request.deadline_ms = clock_now_ms() +
	    account_duration_ms(account, SETTING_TIMEOUT) + START_MS;
	return keeper_pop(&request, secret, err);
}
