/* SPDX-License-Identifier: MIT */
/*
 * Formats replies. Their texts may come from elsewhere: no line end or control
 * character in them can pass for another reply.
 */
#include "server/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum {
	PREFIX_MAX = 20, /* code, separator, enhanced code, space */
	PRINTABLE_SIZE = 4 * SERVER_REPLY_TEXT_SIZE
};

static int reply_write_lines(const struct server_reply *reply, const char *text,
    bool is_last, struct buf *out, struct error *err);
static size_t reply_line_length(const char *text);

void
server_reply_set(struct server_reply *reply, int code, const char *enhanced,
    const char *format, ...)
{
	va_list args;

	reply->code = code;
	snprintf(reply->enhanced, sizeof reply->enhanced, "%s", enhanced);
	va_start(args, format);
	vsnprintf(reply->text, sizeof reply->text, format, args);
	va_end(args);
}

int
server_reply_write(const struct server_reply *reply, struct buf *out,
    struct error *err)
{
	const char *line = reply->text;

	for (;;) {
		size_t len = strcspn(line, "\n");
		bool is_last = line[len] == '\0';
		char text[PRINTABLE_SIZE];

		text_printable(text, sizeof text, line, len);
		if (reply_write_lines(reply, text, is_last, out, err) == -1)
			return -1;
		if (is_last)
			return 0;
		line += len + 1;
	}
}

/* One line of text may be several of the reply. */
static int
reply_write_lines(const struct server_reply *reply, const char *text,
    bool is_last, struct buf *out, struct error *err)
{
	do {
		size_t len = reply_line_length(text);
		bool ends = is_last && text[len] == '\0';

		if (buf_addf(out, err, "%d%c%s%s%.*s\r\n", reply->code,
			ends ? ' ' : '-', reply->enhanced,
			*reply->enhanced != '\0' ? " " : "", (int)len,
			text) == -1)
			return -1;
		text += len;
		text += strspn(text, " ");
	} while (*text != '\0');
	return 0;
}

/* Divides at a space, if there is one, and not within a character. */
static size_t
reply_line_length(const char *text)
{
	size_t max = SERVER_REPLY_LINE_MAX - PREFIX_MAX;
	size_t len = strlen(text);
	size_t end = max;

	if (len <= max)
		return len;
	while (end > max / 2 && text[end] != ' ')
		end--;
	if (text[end] == ' ')
		return end;
	for (end = max; end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80;)
		end--;
	return end;
}
