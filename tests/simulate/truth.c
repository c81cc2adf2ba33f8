/* SPDX-License-Identifier: MIT */
/*
 * Follows each recipient through all connections. A server that sends replies
 * to no command shifts all replies; of such a connection only that is demanded
 * which a client can know.
 */
#include "truth.h"

#include <stdio.h>
#include <string.h>

#include "verdict.h"

enum {
	/* What arrives so shortly before the end of the message has left may
	   be taken for its reply. */
	TOLERANCE_US = 1000
};

static void check_recipient(const struct truth_recipient *truth,
    const struct error *outcome, bool is_exact);

void
truth_init(struct truth *truth, size_t recipient_count)
{
	memset(truth, 0, sizeof *truth);
	truth->recipient_count = recipient_count;
	for (size_t i = 0; i < recipient_count; i++)
		snprintf(truth->recipient[i].address,
		    sizeof truth->recipient[i].address, "r%zu@example.test", i);
}

void
truth_connect(struct truth *truth)
{
	truth->is_lying = false;
	truth_reset(truth);
}

void
truth_lie(struct truth *truth)
{
	truth->is_lying = true;
}

void
truth_mail(struct truth *truth)
{
	truth_reset(truth);
	truth->awaits_mail = true;
}

void
truth_reset(struct truth *truth)
{
	truth->awaits_mail = truth->was_mail_refused = false;
	truth->has_message = false;
	truth->success_us = -1;
	truth->is_concluded = truth->is_refused = false;
	for (size_t i = 0; i < truth->recipient_count; i++)
		truth->recipient[i].is_named =
		    truth->recipient[i].is_requested = false;
}

void
truth_recipient(struct truth *truth, const char *address, bool is_named)
{
	for (size_t i = 0; i < truth->recipient_count; i++) {
		struct truth_recipient *recipient = &truth->recipient[i];

		if (strcmp(recipient->address, address) != 0)
			continue;
		if (recipient->is_promised)
			verdict_violation(
			    "%s: named again after it was accepted", address);
		recipient->is_requested = true;
		recipient->is_named = is_named;
		return;
	}
	verdict_violation("unknown recipient %s", address);
}

void
truth_content(struct truth *truth)
{
	for (size_t i = 0; i < truth->recipient_count; i++) {
		const struct truth_recipient *recipient = &truth->recipient[i];

		if (recipient->is_named && recipient->is_in_doubt &&
		    !recipient->may_be_refused && !truth->may_repeat)
			verdict_violation("%s: sent again after an ambiguous "
					  "end",
			    recipient->address);
	}
}

void
truth_message(struct truth *truth, int64_t now_us)
{
	truth->has_message = true;
	truth->message_us = now_us;
	for (size_t i = 0; i < truth->recipient_count; i++) {
		struct truth_recipient *recipient = &truth->recipient[i];

		recipient->was_sent |= recipient->is_requested;
		recipient->may_be_promised |= recipient->is_requested &&
		    truth->is_lying &&
		    truth->success_us >= now_us - TOLERANCE_US;
		if (recipient->is_named && !truth->is_concluded)
			recipient->is_in_doubt = true;
	}
}

void
truth_store(struct truth *truth)
{
	for (size_t i = 0; i < truth->recipient_count; i++) {
		struct truth_recipient *recipient = &truth->recipient[i];

		if (!recipient->is_named)
			continue;
		recipient->copies++;
		if (recipient->copies > 1 && !recipient->may_be_refused &&
		    !truth->may_repeat)
			verdict_violation("%s: got two copies",
			    recipient->address);
	}
}

void
truth_reply(struct truth *truth, enum truth_mark mark, int code,
    int64_t arrived_us)
{
	bool decides = mark == TRUTH_MARK_MESSAGE
	    ? code >= 400 || (code / 100 == 2 && !truth->is_refused)
	    : mark == TRUTH_MARK_ENVELOPE && code >= 400;
	bool is_late_enough = truth->has_message &&
	    arrived_us >= truth->message_us - TOLERANCE_US;

	if (code / 100 == 2)
		truth->success_us = arrived_us;
	if (truth->awaits_mail && code != 0) {
		truth->awaits_mail = false;
		truth->was_mail_refused = code >= 400;
	}
	if (decides && mark == TRUTH_MARK_ENVELOPE)
		truth->is_concluded = true;
	for (size_t i = 0; i < truth->recipient_count; i++) {
		struct truth_recipient *recipient = &truth->recipient[i];

		if (recipient->is_requested && truth->is_lying) {
			recipient->may_be_refused = true;
			recipient->may_be_promised |=
			    code / 100 == 2 && is_late_enough;
		}
		if (!recipient->is_named || !decides || truth->is_lying)
			continue;
		recipient->is_in_doubt = false;
		if (mark == TRUTH_MARK_MESSAGE && code / 100 == 2)
			recipient->is_promised = true;
	}
}

void
truth_check(const struct truth *truth, const struct smtp_recipient *recipient,
    size_t count)
{
	if (count != truth->recipient_count)
		verdict_violation("%zu outcomes for %zu recipients", count,
		    truth->recipient_count);
	for (size_t i = 0; i < count; i++) {
		size_t j = 0;

		while (j < count &&
		    strcmp(truth->recipient[j].address, recipient[i].address) !=
			0)
			j++;
		if (j == count)
			verdict_violation("an outcome for %s",
			    recipient[i].address);
		check_recipient(&truth->recipient[j], &recipient[i].outcome,
		    !truth->recipient[j].may_be_refused && !truth->may_repeat);
	}
}

static void
check_recipient(const struct truth_recipient *truth,
    const struct error *outcome, bool is_exact)
{
	const char *address = truth->address;
	bool is_accepted = outcome->code == ERROR_NONE;

	if (is_accepted && !truth->is_promised && !truth->may_be_promised)
		verdict_violation("%s: reported as accepted; the server never "
				  "said so",
		    address);
	if (truth->is_promised && !is_accepted)
		verdict_violation("%s: reported as %s; the server accepted it",
		    address, error_code_name(outcome->code));
	if (is_exact && truth->is_promised && truth->copies == 0)
		verdict_violation("%s: accepted, but not stored", address);
	if (is_exact && truth->is_in_doubt && outcome->code != ERROR_AMBIGUOUS)
		verdict_violation("%s: reported as %s; the server may have "
				  "accepted it",
		    address, error_code_name(outcome->code));
	if (is_exact && !truth->was_sent && outcome->code == ERROR_AMBIGUOUS)
		verdict_violation("%s: reported as ambiguous without reason",
		    address);
}
