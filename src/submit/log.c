/* SPDX-License-Identifier: MIT */
/*
 * Writes log lines. All text is made printable.
 */
#include "submit/log.h"

#include <fcntl.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"

enum {
	LINE_MAX_LEN = 65536
};

static bool is_wanted(const struct account *account);
static int add_delivery(struct buf *line, const struct delivery *delivery,
    struct error *err);
static int add_recipients(struct buf *line, const struct delivery *delivery,
    const char *key, struct error *err);
static const char *recipient_list(const struct smtp_recipient *recipient);
static int add_quoted(struct buf *line, const char *key, const char *text,
    struct error *err);
static int write_line(const struct account *account, const struct buf *line,
    int priority, struct error *err);
static int append_to_file(const char *path, const char *text,
    struct error *err);

int
log_retry(const struct delivery *delivery, const struct error *cause,
    struct error *err)
{
	bool lost = delivery->duplicate_possible;
	struct buf line;
	int result = 0;

	buf_init(&line, LINE_MAX_LEN);
	if (is_wanted(delivery->route->account) &&
	    (add_delivery(&line, delivery, err) == -1 ||
		buf_addf(&line, err, " status=retry%s",
		    lost ? " duplicate=possible" : "") == -1 ||
		add_quoted(&line, "error", cause->message, err) == -1 ||
		write_line(delivery->route->account, &line, LOG_WARNING, err) ==
		    -1))
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
		buf_addf(&line, err, " status=%s exit=%d%s",
		    ambiguous    ? "ambiguous"
			: failed ? "failed"
				 : "accepted",
		    error_exit_status(worst->code),
		    delivery->duplicate_possible ? " duplicate=possible"
						 : "") == -1 ||
		add_quoted(&line, failed ? "error" : "reply",
		    failed ? worst->message : delivery->receipt, err) == -1 ||
		(worst->code == ERROR_AMBIGUOUS &&
		    add_quoted(&line, "hint", worst->hint, err) == -1) ||
		write_line(delivery->route->account, &line,
		    failed ? LOG_ERR : LOG_INFO, err) == -1))
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
	char id[512];

	delivery_message_id(delivery, id, sizeof id);
	return buf_addf(line, err,
	    "host=%s port=%u user=%s sender=<%s> size=%llu try=%u "
	    "message-id=%s",
	    account->text[SETTING_HOST], account_number(account, SETTING_PORT),
	    account->text[SETTING_USER] != NULL ? account->text[SETTING_USER]
						: "-",
	    delivery->envelope->sender,
	    (unsigned long long)delivery->message->wire_size, delivery->tries,
	    id);
}

/* A list that is too long for the line is cut. */
static int
add_recipients(struct buf *line, const struct delivery *delivery,
    const char *key, struct error *err)
{
	enum {
		RESERVE = 4096
	};
	bool is_first = true;

	for (size_t i = 0; i < delivery->recipient_count; i++) {
		const struct smtp_recipient *recipient =
		    &delivery->recipient[i];

		if (!text_equals(recipient_list(recipient), key))
			continue;
		if (line->len + RESERVE > LINE_MAX_LEN)
			return buf_add_text(line, ",...", err);
		if (buf_addf(line, err, "%s%s%s<%s>", is_first ? " " : "",
			is_first ? key : "", is_first ? "=" : ",",
			recipient->address) == -1)
			return -1;
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
add_quoted(struct buf *line, const char *key, const char *text,
    struct error *err)
{
	if (buf_addf(line, err, " %s=\"", key) == -1)
		return -1;
	for (; *text != '\0'; text++) {
		if ((*text == '"' || *text == '\\') &&
		    buf_add(line, "\\", 1, err) == -1)
			return -1;
		if (buf_add(line, text, 1, err) == -1)
			return -1;
	}
	return buf_add(line, "\"", 1, err);
}

static int
write_line(const struct account *account, const struct buf *line, int priority,
    struct error *err)
{
	char shown[LINE_MAX_LEN];

	text_printable(shown, sizeof shown, buf_text(line), line->len);
	if (account_bool(account, SETTING_SYSLOG)) {
		openlog("postrider", LOG_PID, LOG_MAIL);
		syslog(priority, "%s", shown);
		closelog();
	}
	if (account->text[SETTING_LOG_FILE] != NULL)
		return append_to_file(account->text[SETTING_LOG_FILE], shown,
		    err);
	return 0;
}

/* Appends the line by one write, so that lines of two processes do not mix. */
static int
append_to_file(const char *path, const char *text, struct error *err)
{
	char stamp[32];
	time_t now = time(NULL);
	struct tm local;
	struct buf line;
	int result = -1;
	int fd = open(path,
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);

	if (fd == -1)
		return error_set_errno(err, ERROR_CREATE, "%s", path);
	localtime_r(&now, &local);
	strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S%z", &local);
	buf_init(&line, LINE_MAX_LEN + 64);
	if (buf_addf(&line, err, "%s %s\n", stamp, text) == 0)
		result = file_write(fd, line.data, line.len, err);
	buf_done(&line);
	close(fd);
	return result;
}
