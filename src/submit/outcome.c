/* SPDX-License-Identifier: MIT */
/*
 * Explains outcomes. What a refusal means is in submit/diagnosis.c.
 */
#include "submit/outcome.h"

static void suggest_search(struct error *err, const struct delivery *delivery);
static void suggest_check(struct error *err, const struct account *account);

void
outcome_explain(struct error *outcome, const struct delivery *delivery,
    struct attempt *attempt)
{
	if (outcome->code == ERROR_AMBIGUOUS)
		suggest_search(outcome, delivery);
	else
		attempt_diagnose(attempt, outcome);
	suggest_check(outcome, delivery->route->account);
}

/* The same Message-ID lets mail programs recognise a duplicate. */
static void
suggest_search(struct error *err, const struct delivery *delivery)
{
	static const char search[] =
	    "if neither your sent mail nor a recipient has it, send it again";
	char id[512];

	delivery_message_id(delivery, id, sizeof id);
	if (id[0] == '\0')
		error_hint(err, "%s", search);
	else
		error_hint(err, "%s with the header field Message-ID: %s",
		    search, id);
}

/* Only where there is no better hint. */
static void
suggest_check(struct error *err, const struct account *account)
{
	bool is_meant = err->code == ERROR_SECURITY ||
	    (err->code == ERROR_AUTH && err->reply_code != 0);

	if (is_meant && err->hint[0] == '\0' && account->name != NULL)
		error_hint(err, "run postrider check %s for details",
		    account->name);
}
