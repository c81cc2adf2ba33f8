/* SPDX-License-Identifier: MIT */
/*
 * Writes the units of systemd and the line for cron.
 */
#include "cli/queue-units.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/shell-word.h"
#include "submit/queue-timer.h"

enum {
	WORD_MAX = 16384
};

/* A login shell may set them; systemd and cron don't read its files. */
static const char *const variables[] = {"XDG_CONFIG_HOME", "XDG_STATE_HOME"};

static const char mark[] =
    QUEUE_UNITS_MARK ", which may replace it.\n"
		     "# Change it by \"systemctl --user edit\"; remove it by "
		     "\"postrider queue install --remove\".\n";

/* systemd measures OnCalendar by the time of day, so the timer elapses when a
 * computer wakes up; a monotonic one stops while it sleeps. */
static const char timer[] =
    "[Unit]\n"
    "Description=Send the queue of postrider regularly\n"
    "Documentation=man:postrider-queue(1)\n"
    "\n"
    "[Timer]\n"
    "OnStartupSec=1min\n"
    "OnCalendar=*:0/15\n"
    "RandomizedDelaySec=1min\n"
    "Persistent=true\n"
    "\n"
    "[Install]\n"
    "WantedBy=timers.target\n";

/*
 * The program detaches itself and remains the main process. It says nothing
 * that an ordinary start should add to the journal. 75: it is running already.
 */
static const char service_head[] = "[Unit]\n"
				   "Description=Send the queue of postrider\n"
				   "Documentation=man:postrider-queue(1)\n"
				   "\n"
				   "[Service]\n"
				   "Type=forking\n"
				   "SuccessExitStatus=TEMPFAIL\n"
				   "Nice=10\n"
				   "SyslogLevel=notice\n"
				   "LogLevelMax=notice\n";

static int add_service(struct buf *out, const char *program, struct error *err);
static int add_environment(struct buf *out, const char *name,
    struct error *err);
static int add_unit_word(struct buf *out, const char *word, struct error *err);
static int add_cron_word(struct buf *out, const char *word, struct error *err);
static int check_word(const char *word, struct error *err);
static const char *variable_value(const char *name);

int
queue_units_add(struct buf *out, const char *name, const char *program,
    struct error *err)
{
	if (buf_add_text(out, mark, err) == -1)
		return -1;
	return strcmp(name, QUEUE_TIMER_NAME) == 0
	    ? buf_add_text(out, timer, err)
	    : add_service(out, program, err);
}

/* The colon: "$" is an ordinary character. */
static int
add_service(struct buf *out, const char *program, struct error *err)
{
	if (buf_add_text(out, service_head, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		if (variable_value(variables[i]) != NULL &&
		    add_environment(out, variables[i], err) == -1)
			return -1;
	}
	if (buf_add_text(out, "ExecStart=:", err) == -1 ||
	    add_unit_word(out, program, err) == -1)
		return -1;
	return buf_add_text(out, " start\n", err);
}

static int
add_environment(struct buf *out, const char *name, struct error *err)
{
	char *pair = text_format(err, "%s=%s", name, getenv(name));
	int result = -1;

	if (pair != NULL && buf_add_text(out, "Environment=", err) == 0 &&
	    add_unit_word(out, pair, err) == 0)
		result = buf_add_text(out, "\n", err);
	free(pair);
	return result;
}

/* systemd.syntax(7), "Quoting". */
static int
add_unit_word(struct buf *out, const char *word, struct error *err)
{
	if (check_word(word, err) == -1 || buf_add_text(out, "\"", err) == -1)
		return -1;
	for (; *word != '\0'; word++) {
		const char *before = *word == '%'   ? "%"
		    : *word == '"' || *word == '\\' ? "\\"
						    : "";

		if (buf_addf(out, err, "%s%c", before, *word) == -1)
			return -1;
	}
	return buf_add_text(out, "\"", err);
}

int
queue_units_add_cron(struct buf *out, const char *program, struct error *err)
{
	if (buf_add_text(out, "*/15 * * * * ", err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		const char *value = variable_value(variables[i]);

		if (value != NULL &&
		    (buf_addf(out, err, "%s=", variables[i]) == -1 ||
			add_cron_word(out, value, err) == -1 ||
			buf_add_text(out, " ", err) == -1))
			return -1;
	}
	/* cron would send what it prints by mail, which may be queued. */
	return add_cron_word(out, program, err) == -1
	    ? -1
	    : buf_add_text(out, " start >/dev/null 2>&1", err);
}

/* crontab(5): a "%" ends the command unless it is escaped, in quotes too. */
static int
add_cron_word(struct buf *out, const char *word, struct error *err)
{
	struct buf quoted;
	int result;

	buf_init(&quoted, WORD_MAX);
	result = check_word(word, err);
	if (result == 0)
		result = shell_word_add(&quoted, word, err);
	for (size_t i = 0; result == 0 && i < quoted.len; i++)
		result = buf_addf(out, err, "%s%c",
		    quoted.data[i] == '%' ? "\\" : "", quoted.data[i]);
	buf_done(&quoted);
	return result;
}

static int
check_word(const char *word, struct error *err)
{
	for (const char *c = word; *c != '\0'; c++) {
		if ((unsigned char)*c < ' ')
			return error_set(err, ERROR_CONFIG,
			    "%s: control characters are not possible in a unit "
			    "or a crontab",
			    word);
	}
	return 0;
}

static const char *
variable_value(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value == '/' ? value : NULL;
}
