/* SPDX-License-Identifier: MIT */
/*
 * Checks each line that the client prints. A failure to print must have no
 * other effect.
 */
#include "console.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "report/output.h"

#include "disk.h"
#include "verdict.h"

enum {
	LINE_SIZE = 1 << 18,
	STREAMS = 2 /* standard output and error */
};

struct stream {
	const char *name;
	FILE *file;
	char line[LINE_SIZE];
	size_t len;
};

static struct stream streams[STREAMS] = {{.name = "stdout"},
    {.name = "stderr"}};
static FILE *real_output, *real_error;

static struct console {
	struct seed *seed;
	uint32_t faults;
	const struct output *output;
	struct console_facts facts;
} console;

static ssize_t stream_write(void *cookie, const char *bytes, size_t len);
static void check_line(const struct stream *stream);

void
console_set_up(void)
{
	static char buffer[BUFSIZ];

	for (size_t i = 0; i < STREAMS; i++) {
		streams[i].file = fopencookie(&streams[i], "w",
		    (cookie_io_functions_t){.write = stream_write});
		if (streams[i].file == NULL)
			verdict_violation("no memory");
	}
	setvbuf(streams[0].file, buffer, _IOFBF, sizeof buffer);
	setvbuf(streams[1].file, NULL, _IONBF, 0);
}

void
console_tear_down(void)
{
	for (size_t i = 0; i < STREAMS; i++)
		fclose(streams[i].file);
}

void
console_init(struct seed *seed, uint32_t faults, const struct output *output)
{
	console =
	    (struct console){.seed = seed, .faults = faults, .output = output};
	for (size_t i = 0; i < STREAMS; i++)
		streams[i].len = 0;
}

void
console_enter(void)
{
	real_output = stdout;
	real_error = stderr;
	stdout = streams[0].file;
	stderr = streams[1].file;
}

void
console_leave(void)
{
	fflush(stdout);
	stdout = real_output;
	stderr = real_error;
}

/* These replace cli/output.c. */
int
output_write(int fd, const char *bytes, size_t len, int64_t deadline_ms)
{
	FILE *out = fd == STDOUT_FILENO ? stdout : stderr;

	(void)deadline_ms;
	errno = EIO;
	return fwrite(bytes, 1, len, out) == len && fflush(out) == 0 ? 0 : -1;
}

int
output_format(int fd, int64_t deadline_ms, const char *format, ...)
{
	static char text[LINE_SIZE];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return output_write(fd, text, (size_t)len, deadline_ms);
}

bool
output_has_room(int fd, int64_t deadline_ms)
{
	(void)fd;
	(void)deadline_ms;
	return true;
}

const struct console_facts *
console_facts(void)
{
	return &console.facts;
}

static ssize_t
stream_write(void *cookie, const char *bytes, size_t len)
{
	struct stream *stream = cookie;

	if (seed_chance(console.seed, console.faults)) {
		verdict_note("disk", "%s fails", stream->name);
		if (stream == &streams[0])
			console.facts.has_lost_output = true;
		else
			console.facts.has_lost_errors = true;
		stream->len = 0;
		return 0;
	}
	for (size_t i = 0; i < len; i++) {
		if (stream->len == LINE_SIZE - 1)
			verdict_violation("a line of %d bytes", LINE_SIZE);
		if (bytes[i] != '\n') {
			stream->line[stream->len++] = bytes[i];
			continue;
		}
		stream->line[stream->len] = '\0';
		stream->len = 0;
		check_line(stream);
	}
	return (ssize_t)len;
}

static void
check_line(const struct stream *stream)
{
	static const char log_prefix[] = "postrider: log: ";
	static const char status_key[] = "\"exit_status\": ";
	const char *status = strstr(stream->line, status_key);

	output_check(console.output, stream->name, stream->line);
	if (stream == &streams[0] && status != NULL) {
		console.facts.has_json = true;
		console.facts.json_status =
		    (int)strtol(status + sizeof status_key - 1, NULL, 10);
	}
	if (stream != &streams[1] || !text_has_prefix(stream->line, log_prefix))
		return;
	console.facts.log_errors++;
	if (strstr(stream->line, DISK_LOG_PATH ": ") == NULL)
		verdict_violation("does not name the log: %s", stream->line);
}
