/* SPDX-License-Identifier: MIT */
/*
 * Shows how much of a message has been sent. Writes no escape sequences: any
 * terminal can return to the start of the line.
 */
#include "report/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "report/output.h"
#include "report/terminal-style.h"

enum {
	LINE_SIZE = 120,
	DEFAULT_COLUMNS = 80
};

static void progress_line_format(char out[LINE_SIZE],
    const struct smtp_progress *progress);
static void format_bytes(char *out, size_t size, double bytes);
static void format_seconds(char *out, size_t size, double seconds);
static void progress_line_write(struct progress_line *line, const char *text);

bool
progress_line_show(struct progress_line *line,
    const struct smtp_progress *progress)
{
	char text[LINE_SIZE] = "";

	if (progress == NULL)
		return progress_line_text(line, NULL);
	progress_line_format(text, progress);
	return progress_line_text(line, text);
}

bool
progress_line_text(struct progress_line *line, const char *text)
{
	if (text == NULL) {
		if (line->shown > 0)
			progress_line_write(line, "");
		return true;
	}
	if (!progress_line_is_possible())
		return false;
	progress_line_write(line, text);
	return true;
}

bool
progress_line_is_possible(void)
{
	return isatty(STDERR_FILENO) == 1 &&
	    tcgetpgrp(STDERR_FILENO) == getpgrp();
}

static void
progress_line_format(char out[LINE_SIZE], const struct smtp_progress *progress)
{
	double seconds = (double)progress->elapsed_ms / 1000;
	double rate = (double)progress->sent / seconds;
	double left = (double)(progress->total - progress->sent) / rate;
	char sent[24], total[24], speed[24], rest[24];

	format_bytes(total, sizeof total, (double)progress->total);
	if (progress->sent == progress->total) {
		snprintf(out, LINE_SIZE,
		    "sent %s; waiting for the server's reply", total);
		return;
	}
	format_bytes(sent, sizeof sent, (double)progress->sent);
	if (progress->sent == 0) {
		snprintf(out, LINE_SIZE, "sent %s of %s", sent, total);
		return;
	}
	format_bytes(speed, sizeof speed, rate);
	format_seconds(rest, sizeof rest, left);
	snprintf(out, LINE_SIZE, "sent %s of %s, %s/s, %s left", sent, total,
	    speed, rest);
}

/* In the units of SI, as SIZE is shown by check. */
static void
format_bytes(char *out, size_t size, double bytes)
{
	if (bytes < 1e3)
		snprintf(out, size, "%.0f bytes", bytes);
	else if (bytes < 1e6)
		snprintf(out, size, "%.0f KB", bytes / 1e3);
	else
		snprintf(out, size, "%.1f MB", bytes / 1e6);
}

static void
format_seconds(char *out, size_t size, double seconds)
{
	const int64_t minutes = (int64_t)seconds / 60;

	if (seconds < 60)
		snprintf(out, size, "%.0f s", seconds);
	else if (seconds < 3600)
		snprintf(out, size, "%.0f min %02d s", (double)minutes,
		    (int)seconds % 60);
	else
		snprintf(out, size, "more than %.0f h",
		    (double)((int64_t)(seconds / 3600)));
}

/* In one write, and no wider than the terminal: else it could not return. A
 * terminal that is stopped is left alone. */
static void
progress_line_write(struct progress_line *line, const char *text)
{
	size_t columns = terminal_columns(stderr);
	size_t room = (columns > 0 ? columns : DEFAULT_COLUMNS) - 1;
	size_t len = strlen(text) < room ? strlen(text) : room;
	size_t rest = line->shown > len ? line->shown - len : 0;

	if (!output_has_room(STDERR_FILENO, clock_now_ms()))
		return;
	fprintf(stderr, "\r%.*s%*s%s", (int)len, text, (int)rest, "",
	    len == 0 ? "\r" : "");
	line->shown = len;
}
