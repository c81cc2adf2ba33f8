/* SPDX-License-Identifier: MIT */
/*
 * Composes log lines. Text from elsewhere is quoted, so that none can forge a
 * field.
 */
#include "submit/log.h"

#include <inttypes.h>
#include <string.h>
#include <sysexits.h>
#include <syslog.h>

#include "base/buf.h"
#include "base/text.h"
#include "smtp/record.h"
#include "submit/log-place.h"
#include "submit/setting-hint.h"

enum {
	LINE_MAX_LEN = 65536,
	RESERVE = 16384 /* for what follows the recipients, escaped */
};

/* What a line says after the facts of the delivery. */
typedef int add_entry(struct buf *line, const struct delivery *delivery,
    const struct error *failure, struct error *err);

static int log_line(const struct delivery *delivery,
    const struct error *failure, int priority, add_entry *add,
    struct error *err);
static add_entry add_retry, add_outcome, add_whole_failure;
static bool is_wanted(const struct account *account);
static int add_delivery(struct buf *line, const struct delivery *delivery,
    struct error *err);
static int add_thread(struct buf *line, const struct thread *thread,
    struct error *err);
static int add_duplicate(struct buf *line, const struct delivery *delivery,
    struct error *err);
static int add_failure(struct buf *line, const struct error *failure,
    struct error *err);
static int add_known(struct buf *line, const char *key, const char *value,
    struct error *err);
static int add_session(struct buf *line, const struct smtp_record *record,
    struct error *err);
static const char *outcome_word(const struct delivery *delivery);
static int add_lists(struct buf *line, const struct delivery *delivery,
    struct error *err);

typedef const char *recipient_text(const struct smtp_recipient *recipient);
static int add_list(struct buf *line, const struct delivery *delivery,
    const char *outcome, const char *key, recipient_text *text,
    struct error *err);
static recipient_text recipient_address, recipient_error, recipient_cause;
static const char *recipient_list(const struct smtp_recipient *recipient);
static int add_field(struct buf *line, const char *key, const char *value,
    struct error *err);
static int add_value(struct buf *line, const char *value, struct error *err);
static int log_priority(const struct error *worst);

int
log_retry(const struct delivery *delivery, const struct error *failure,
    struct error *err)
{
	return log_line(delivery, failure, LOG_WARNING, add_retry, err);
}

int
log_outcome(const struct delivery *delivery, struct error *err)
{
	const struct error *worst = delivery_worst(delivery);

	return log_line(delivery, worst, log_priority(worst), add_outcome, err);
}

int
log_failure(const struct delivery *delivery, const struct error *failure,
    struct error *err)
{
	return log_line(delivery, failure, log_priority(failure),
	    add_whole_failure, err);
}

static int
log_line(const struct delivery *delivery, const struct error *failure,
    int priority, add_entry *add, struct error *err)
{
	const struct account *account = delivery->route->account;
	struct buf line;
	int result = 0;

	if (!is_wanted(account))
		return 0;
	buf_init(&line, LINE_MAX_LEN);
	if (add_delivery(&line, delivery, err) == -1 ||
	    add(&line, delivery, failure, err) == -1 ||
	    log_place_write(account, priority, buf_text(&line), err) == -1)
		result = -1;
	buf_done(&line);
	return result;
}

static int
add_retry(struct buf *line, const struct delivery *delivery,
    const struct error *failure, struct error *err)
{
	if (add_field(line, "status", "retry", err) == -1 ||
	    add_duplicate(line, delivery, err) == -1 ||
	    add_failure(line, failure, err) == -1)
		return -1;
	return add_session(line, &delivery->record, err);
}

static int
add_outcome(struct buf *line, const struct delivery *delivery,
    const struct error *worst, struct error *err)
{
	if (add_lists(line, delivery, err) == -1 ||
	    add_field(line, "status", outcome_word(delivery), err) == -1 ||
	    buf_addf(line, err, " exit=%d", delivery_exit_status(delivery)) ==
		-1 ||
	    (delivery->is_unreported &&
		add_field(line, "reported", "no", err) == -1) ||
	    add_known(line, "queue-id", delivery->queue_id, err) == -1 ||
	    add_duplicate(line, delivery, err) == -1 ||
	    (worst->code == ERROR_NONE
		    ? add_field(line, "reply", delivery->receipt, err)
		    : add_failure(line, worst, err)) == -1)
		return -1;
	return add_session(line, &delivery->record, err);
}

static int
add_whole_failure(struct buf *line, const struct delivery *delivery,
    const struct error *failure, struct error *err)
{
	(void)delivery;
	if (add_field(line, "status", "failed", err) == -1 ||
	    buf_addf(line, err, " exit=%d", error_exit_status(failure->code)) ==
		-1)
		return -1;
	return add_failure(line, failure, err);
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
	const char *host = account->text[SETTING_HOST];
	char id[512];

	delivery_message_id(delivery, id, sizeof id);
	if (add_field(line, "host", host != NULL ? host : "", err) == -1 ||
	    buf_addf(line, err, " port=%u",
		account_number(account, SETTING_PORT)) == -1 ||
	    add_field(line, "user", user != NULL ? user : "", err) == -1 ||
	    add_field(line, "sender", delivery->envelope->sender, err) == -1 ||
	    buf_addf(line, err, " size=%llu try=%u",
		(unsigned long long)delivery->message->wire_size,
		delivery->tries) == -1)
		return -1;
	if (delivery->has_client &&
	    buf_addf(line, err, " client-uid=%lu",
		(unsigned long)delivery->client_uid) == -1)
		return -1;
	if (add_field(line, "message-id", id, err) == -1)
		return -1;
	return add_thread(line, &delivery->thread, err);
}

static int
add_thread(struct buf *line, const struct thread *thread, struct error *err)
{
	if (thread->new_id[0] != '\0' &&
	    add_field(line, "new-message-id", thread->new_id, err) == -1)
		return -1;
	return thread->rewritten > 0
	    ? buf_addf(line, err, " references-rewritten=%u", thread->rewritten)
	    : 0;
}

static int
add_duplicate(struct buf *line, const struct delivery *delivery,
    struct error *err)
{
	return delivery->duplicate_possible
	    ? add_field(line, "duplicate", "possible", err)
	    : 0;
}

/* error is the whole message; the fields after it are for programs. */
static int
add_failure(struct buf *line, const struct error *failure, struct error *err)
{
	struct error shown = *failure;

	setting_hint_add(&shown);
	if (add_field(line, "error", failure->message, err) == -1 ||
	    add_known(line, "step", failure->step, err) == -1 ||
	    (failure->reply_code != 0 &&
		buf_addf(line, err, " code=%d", failure->reply_code) == -1) ||
	    add_known(line, "enhanced", failure->enhanced_code, err) == -1 ||
	    add_known(line, "cause", failure->cause, err) == -1)
		return -1;
	return add_known(line, "hint", shown.hint, err);
}

static int
add_known(struct buf *line, const char *key, const char *value,
    struct error *err)
{
	return value != NULL && *value != '\0'
	    ? add_field(line, key, value, err)
	    : 0;
}

/* Nothing if there was no try. */
static int
add_session(struct buf *line, const struct smtp_record *record,
    struct error *err)
{
	int result = 0;

	if (add_known(line, "tls", record->tls_version, err) == -1 ||
	    add_known(line, "cipher", record->tls_cipher, err) == -1 ||
	    add_known(line, "mechanism", record->mechanism, err) == -1)
		return -1;
	if (record->round_trips > 0)
		result =
		    buf_addf(line, err, " round-trips=%d", record->round_trips);
	for (enum smtp_phase phase = 0; phase < SMTP_PHASE_COUNT && result == 0;
	     phase++) {
		if (record->was_reached[phase])
			result = buf_addf(line, err, " %s-ms=%" PRId64,
			    smtp_phase_names[phase], record->ms[phase]);
	}
	return result;
}

static const char *
outcome_word(const struct delivery *delivery)
{
	if (delivery_count(delivery, ERROR_AMBIGUOUS) > 0)
		return "ambiguous";
	if (delivery_worst(delivery)->code == ERROR_QUEUED)
		return "queued";
	return delivery_worst(delivery)->code == ERROR_NONE ? "accepted"
							    : "failed";
}

/* The recipients by outcome. If the refused ones have different errors, these
 * follow in the same order. */
static int
add_lists(struct buf *line, const struct delivery *delivery, struct error *err)
{
	if (add_list(line, delivery, "recipients", "recipients",
		recipient_address, err) == -1 ||
	    add_list(line, delivery, "queued", "queued", recipient_address,
		err) == -1 ||
	    add_list(line, delivery, "ambiguous", "ambiguous",
		recipient_address, err) == -1 ||
	    add_list(line, delivery, "refused", "refused", recipient_address,
		err) == -1)
		return -1;
	if (!delivery_has_several_errors(delivery))
		return 0;
	if (add_list(line, delivery, "refused", "errors", recipient_error,
		err) == -1)
		return -1;
	return add_list(line, delivery, "refused", "causes", recipient_cause,
	    err);
}

/* A list of what text returns for the recipients with this outcome. One that is
 * too long for the line is cut. */
static int
add_list(struct buf *line, const struct delivery *delivery, const char *outcome,
    const char *key, recipient_text *text, struct error *err)
{
	bool is_first = true;

	for (size_t i = 0; i < delivery->recipient_count; i++) {
		const struct smtp_recipient *recipient =
		    &delivery->recipient[i];
		bool is_full = line->len + RESERVE > LINE_MAX_LEN;
		const char *shown = is_full ? "..." : text(recipient);

		if (!text_equals(recipient_list(recipient), outcome))
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
	enum error_code code = recipient->outcome.code;

	if (code == ERROR_NONE)
		return "recipients";
	if (code == ERROR_QUEUED)
		return "queued";
	return code == ERROR_AMBIGUOUS ? "ambiguous" : "refused";
}

static const char *
recipient_address(const struct smtp_recipient *recipient)
{
	return recipient->address;
}

static const char *
recipient_error(const struct smtp_recipient *recipient)
{
	return recipient->outcome.message;
}

static const char *
recipient_cause(const struct smtp_recipient *recipient)
{
	const char *cause = recipient->outcome.cause;

	return cause != NULL ? cause : "";
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
 * of a list: see LOG in postrider-output(5).
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

/* A warning if another try may follow: of the queue, or of the caller. */
static int
log_priority(const struct error *worst)
{
	if (worst->code == ERROR_NONE)
		return LOG_INFO;
	return worst->code == ERROR_QUEUED ||
		error_exit_status(worst->code) == EX_TEMPFAIL
	    ? LOG_WARNING
	    : LOG_ERR;
}
