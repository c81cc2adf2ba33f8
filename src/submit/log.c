/* SPDX-License-Identifier: MIT */
/*
 * Composes log lines. Text from elsewhere is quoted, so that none can forge a
 * field.
 */
#include "submit/log.h"

#include <string.h>
#include <sysexits.h>
#include <syslog.h>

#include "base/buf.h"
#include "base/text.h"
#include "submit/log-place.h"

enum {
	LINE_MAX_LEN = 65536,
	RESERVE = 16384 /* for what follows the recipients, escaped */
};

static bool is_wanted(const struct account *account);
static int add_delivery(struct buf *line, const struct delivery *delivery,
    struct error *err);
static int add_duplicate(struct buf *line, const struct delivery *delivery,
    struct error *err);
static int add_cause(struct buf *line, const struct error *failure,
    struct error *err);
static int add_recipients(struct buf *line, const struct delivery *delivery,
    const char *key, struct error *err);
static const char *recipient_list(const struct smtp_recipient *recipient);
static int add_field(struct buf *line, const char *key, const char *value,
    struct error *err);
static int add_value(struct buf *line, const char *value, struct error *err);
static int log_priority(const struct error *worst);

int
log_retry(const struct delivery *delivery, const struct error *cause,
    struct error *err)
{
	struct buf line;
	int result = 0;

	buf_init(&line, LINE_MAX_LEN);
	if (is_wanted(delivery->route->account) &&
	    (add_delivery(&line, delivery, err) == -1 ||
		add_field(&line, "status", "retry", err) == -1 ||
		add_duplicate(&line, delivery, err) == -1 ||
		add_field(&line, "error", cause->message, err) == -1 ||
		add_cause(&line, cause, err) == -1 ||
		log_place_write(delivery->route->account, LOG_WARNING,
		    buf_text(&line), err) == -1))
		result = -1;
	buf_done(&line);
	return result;
}

int
log_outcome(const struct delivery *delivery, struct error *err)
{
	const struct error *worst = delivery_worst(delivery);
	bool failed = worst->code != ERROR_NONE;
	bool ambiguous = delivery_count(delivery, ERROR_AMBIGUOUS) > 0;
	struct buf line;
	int result = 0;

	buf_init(&line, LINE_MAX_LEN);
	if (is_wanted(delivery->route->account) &&
	    (add_delivery(&line, delivery, err) == -1 ||
		add_recipients(&line, delivery, "recipients", err) == -1 ||
		add_recipients(&line, delivery, "ambiguous", err) == -1 ||
		add_recipients(&line, delivery, "refused", err) == -1 ||
		add_field(&line, "status",
		    ambiguous    ? "ambiguous"
			: failed ? "failed"
				 : "accepted",
		    err) == -1 ||
		buf_addf(&line, err, " exit=%d",
		    delivery_exit_status(delivery)) == -1 ||
		add_duplicate(&line, delivery, err) == -1 ||
		add_field(&line, failed ? "error" : "reply",
		    failed ? worst->message : delivery->receipt, err) == -1 ||
		add_cause(&line, worst, err) == -1 ||
		(worst->code == ERROR_AMBIGUOUS &&
		    add_field(&line, "hint", worst->hint, err) == -1) ||
		log_place_write(delivery->route->account, log_priority(worst),
		    buf_text(&line), err) == -1))
		result = -1;
	buf_done(&line);
	return result;
}

static bool
is_wanted(const struct account *account)
{
	return account_bool(account, SETTING_SYSLOG) ||
	    account->text[SETTING_LOG_FILE] != NULL;
}

static int
add_delivery(struct buf *line, const struct delivery *delivery,
    struct error *err)
{
	const struct account *account = delivery->route->account;
	const char *user = account->text[SETTING_USER];
	char id[512];

	delivery_message_id(delivery, id, sizeof id);
	if (add_field(line, "host", account->text[SETTING_HOST], err) == -1 ||
	    buf_addf(line, err, " port=%u",
		account_number(account, SETTING_PORT)) == -1 ||
	    add_field(line, "user", user != NULL ? user : "", err) == -1 ||
	    add_field(line, "sender", delivery->envelope->sender, err) == -1 ||
	    buf_addf(line, err, " size=%llu try=%u",
		(unsigned long long)delivery->message->wire_size,
		delivery->tries) == -1)
		return -1;
	return add_field(line, "message-id", id, err);
}

static int
add_duplicate(struct buf *line, const struct delivery *delivery,
    struct error *err)
{
	return delivery->duplicate_possible
	    ? add_field(line, "duplicate", "possible", err)
	    : 0;
}

static int
add_cause(struct buf *line, const struct error *failure, struct error *err)
{
	return failure->cause != NULL
	    ? add_field(line, "cause", failure->cause, err)
	    : 0;
}

/* A list that is too long for the line is cut. */
static int
add_recipients(struct buf *line, const struct delivery *delivery,
    const char *key, struct error *err)
{
	bool is_first = true;

	for (size_t i = 0; i < delivery->recipient_count; i++) {
		const struct smtp_recipient *recipient =
		    &delivery->recipient[i];
		bool is_full = line->len + RESERVE > LINE_MAX_LEN;
		const char *shown = is_full ? "..." : recipient->address;

		if (!text_equals(recipient_list(recipient), key))
			continue;
		if (is_first ? add_field(line, key, shown, err) == -1
			     : buf_add_text(line, ",", err) == -1 ||
			    add_value(line, shown, err) == -1)
			return -1;
		if (is_full)
			break;
		is_first = false;
	}
	return 0;
}

static const char *
recipient_list(const struct smtp_recipient *recipient)
{
	if (recipient->outcome.code == ERROR_NONE)
		return "recipients";
	return recipient->outcome.code == ERROR_AMBIGUOUS ? "ambiguous"
							  : "refused";
}

static int
add_field(struct buf *line, const char *key, const char *value,
    struct error *err)
{
	if (buf_addf(line, err, "%s%s=", line->len > 0 ? " " : "", key) == -1)
		return -1;
	return add_value(line, value, err);
}

/*
 * Writes a value so that no text can pass for another field or another element
 * of a list: see OUTPUT in postrider(1).
 */
static int
add_value(struct buf *line, const char *value, struct error *err)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789._-@+<>";

	if (*value != '\0' && value[strspn(value, plain)] == '\0')
		return buf_add_text(line, value, err);
	if (buf_add_text(line, "\"", err) == -1)
		return -1;
	for (; *value != '\0'; value++) {
		unsigned char c = (unsigned char)*value;
		bool is_visible = c >= ' ' && c < 0x7F;
		const char *escape = c == '"' || c == '\\' ? "\\" : "";

		if ((is_visible ? buf_addf(line, err, "%s%c", escape, c)
				: buf_addf(line, err, "\\x%02X", c)) == -1)
			return -1;
	}
	return buf_add_text(line, "\"", err);
}

/* A warning if the caller may try again by its exit status. */
static int
log_priority(const struct error *worst)
{
	if (worst->code == ERROR_NONE)
		return LOG_INFO;
	return error_exit_status(worst->code) == EX_TEMPFAIL ? LOG_WARNING
							     : LOG_ERR;
}
