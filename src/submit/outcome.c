/* SPDX-License-Identifier: MIT */
/*
 * Explains outcomes. What a refusal means is in submit/diagnosis.c.
 */
#include "submit/outcome.h"

#include <string.h>

static bool is_same_refusal(const struct error *one, const struct error *other);
static void suggest_search(struct error *err, const struct delivery *delivery);
static void suggest_check(struct error *err, const struct account *account);

void
outcome_explain(struct error *outcome, const struct delivery *delivery,
    struct attempt *attempt, struct outcome_memory *memory)
{
	if (memory != NULL && is_same_refusal(outcome, &memory->before)) {
		outcome->code = memory->after.code;
		outcome->cause = memory->after.cause;
		outcome->topic = memory->after.topic;
		memcpy(outcome->hint, memory->after.hint, sizeof outcome->hint);
		return;
	}
	if (memory != NULL)
		memory->before = *outcome;
	if (outcome->code == ERROR_AMBIGUOUS)
		suggest_search(outcome, delivery);
	else
		attempt_diagnose(attempt, outcome);
	suggest_check(outcome, delivery->route->account);
	if (memory != NULL)
		memory->after = *outcome;
}

/* Compares what an explanation depends on: not the recipient, which is in the
 * message before the reply. */
static bool
is_same_refusal(const struct error *one, const struct error *other)
{
	return one->reply_offset > 0 && other->reply_offset > 0 &&
	    one->code == other->code && one->reply_code == other->reply_code &&
	    one->step == other->step && one->cause == NULL &&
	    other->cause == NULL && one->hint[0] == '\0' &&
	    other->hint[0] == '\0' &&
	    strcmp(one->enhanced_code, other->enhanced_code) == 0 &&
	    strcmp(one->message + one->reply_offset,
		other->message + other->reply_offset) == 0;
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
