/* SPDX-License-Identifier: MIT */
/*
 * Begins a transaction and gives it up. Never sends DATA or BDAT.
 */
#include "smtp/probe.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "smtp/step.h"

static int probe_command(struct smtp_channel *channel, const char *command,
    const char *doing, const char *address, const char *parameter,
    const char *step, struct error *err);
static int probe_refuse_utf8(const struct smtp_channel *channel,
    struct error *err);
static void probe_report(const struct smtp_channel *channel,
    enum smtp_step_kind kind, const char *address);

int
smtp_probe_run(struct smtp_channel *channel, const char *sender,
    const char *recipient, struct error *err)
{
	struct error ignored;
	bool is_utf8 = text_has_8bit(sender, strlen(sender)) ||
	    (recipient != NULL && text_has_8bit(recipient, strlen(recipient)));
	int result;

	if (is_utf8 && !channel->extensions->smtputf8)
		return probe_refuse_utf8(channel, err);
	result = probe_command(channel, "MAIL FROM", "the sender", sender,
	    is_utf8 ? " SMTPUTF8" : "", "mail", err);
	if (result == 0)
		probe_report(channel, SMTP_STEP_SENDER, sender);
	if (result == 0 && recipient != NULL) {
		result = probe_command(channel, "RCPT TO", "the recipient",
		    recipient, "", "rcpt", err);
		if (result == 0)
			probe_report(channel, SMTP_STEP_RECIPIENT, recipient);
	}
	if (!channel->is_broken &&
	    (wire_command(channel->wire, &ignored, "RSET") == -1 ||
		smtp_reply_read(channel->reply, channel->wire,
		    smtp_params_deadline(channel->params), &ignored) == -1))
		channel->is_broken = true;
	return result;
}

static int
probe_command(struct smtp_channel *channel, const char *command,
    const char *doing, const char *address, const char *parameter,
    const char *step, struct error *err)
{
	char what[512];

	snprintf(what, sizeof what, "%s <%s>", doing, address);
	if (wire_check_silence(channel->wire, err) == -1 ||
	    wire_command(channel->wire, err, "%s:<%s>%s", command, address,
		parameter) == -1 ||
	    smtp_reply_read(channel->reply, channel->wire,
		smtp_params_deadline(channel->params), err) == -1) {
		channel->is_broken = true;
		err->step = step;
		return -1;
	}
	if (smtp_reply_class(channel->reply) == 2)
		return 0;
	smtp_reply_fail(channel->reply, wire_peer(channel->wire), what, err);
	err->step = step;
	return -1;
}

/* As for a message (smtp/transaction.c). */
static int
probe_refuse_utf8(const struct smtp_channel *channel, struct error *err)
{
	error_set(err, ERROR_REFUSED,
	    "%s: accepts only ASCII addresses (no SMTPUTF8)",
	    channel->params->host);
	error_hint(err, "use an ASCII address of the recipient or the sender");
	err->step = "mail";
	return -1;
}

static void
probe_report(const struct smtp_channel *channel, enum smtp_step_kind kind,
    const char *address)
{
	struct smtp_step step = {.kind = kind,
	    .params = channel->params,
	    .mailbox = address};

	smtp_step_report(&step);
}
