/* SPDX-License-Identifier: MIT */
/*
 * Reads a text, converts its line ends, and formats it.
 */
#include "compose/text-body.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "compose/flowed.h"

enum {
	PIECE_SIZE = 16384,
	MEMORY_MAX = 262144, /* bytes; a longer text goes to a file */
	LINE_SIZE_MAX = 1048576,
	OUT_SIZE_MAX = 4 * LINE_SIZE_MAX
};

static int text_body_add(struct text_body *text, const char *bytes, size_t len,
    struct error *err);
static int text_add_byte(struct text_body *text, char byte, struct error *err);
static int text_end_line(struct text_body *text, struct error *err);
static int text_write(struct text_body *text, struct error *err);
static int text_move_to_file(struct text_body *text, struct error *err);
static int text_body_finish(struct text_body *text, struct error *err);

void
text_body_init(struct text_body *text, const char *name, bool is_flowed)
{
	*text =
	    (struct text_body){.name = name, .is_flowed = is_flowed, .fd = -1};
	buf_init(&text->memory, MEMORY_MAX);
	buf_init(&text->line, LINE_SIZE_MAX);
	buf_init(&text->out, OUT_SIZE_MAX);
	text_facts_init(&text->input);
	text_facts_init(&text->output);
}

void
text_body_done(struct text_body *text)
{
	buf_done(&text->memory);
	buf_done(&text->line);
	buf_done(&text->out);
	if (text->fd != -1)
		close(text->fd);
	text->fd = -1;
	text->exists = false;
}

int
text_body_read(struct text_body *text, int fd, struct error *err)
{
	char piece[PIECE_SIZE];
	ssize_t got;

	while ((got = file_read_some(fd, piece, PIECE_SIZE, text->name, err)) >
	    0) {
		if (text_body_add(text, piece, (size_t)got, err) == -1)
			return -1;
	}
	return got == 0 ? text_body_finish(text, err) : -1;
}

int
text_body_copy(struct text_body *text, const char *bytes, size_t len,
    struct error *err)
{
	if (text_body_add(text, bytes, len, err) == -1)
		return -1;
	return text_body_finish(text, err);
}

static int
text_body_add(struct text_body *text, const char *bytes, size_t len,
    struct error *err)
{
	text_facts_add(&text->input, bytes, len);
	for (size_t i = 0; i < len; i++) {
		if (text_add_byte(text, bytes[i], err) == -1)
			return -1;
	}
	return text->out.len >= PIECE_SIZE ? text_write(text, err) : 0;
}

/* LF, CRLF and a stray CR are each one line end, as in smtp. */
static int
text_add_byte(struct text_body *text, char byte, struct error *err)
{
	bool ends_crlf = text->after_cr && byte == '\n';

	text->after_cr = byte == '\r';
	if (ends_crlf)
		return 0;
	if (byte == '\r' || byte == '\n')
		return text_end_line(text, err);
	if (!text->is_flowed)
		return buf_add(&text->out, &byte, 1, err);
	if (text->line.len == LINE_SIZE_MAX - 1) {
		error_set(err, ERROR_DATA, "%s: a line is too long for text",
		    text->name);
		return error_hint(err, "send it as a file, with --attach");
	}
	return buf_add(&text->line, &byte, 1, err);
}

static int
text_end_line(struct text_body *text, struct error *err)
{
	if (!text->is_flowed)
		return buf_add(&text->out, "\n", 1, err);
	if (flowed_add_line(&text->out, text->line.data, text->line.len, err) ==
	    -1)
		return -1;
	buf_clear(&text->line);
	return text->out.len >= PIECE_SIZE ? text_write(text, err) : 0;
}

static int
text_write(struct text_body *text, struct error *err)
{
	const struct buf *out = &text->out;
	int result;

	text_facts_add(&text->output, out->data, out->len);
	if (text->fd == -1 && text->memory.len + out->len > MEMORY_MAX &&
	    text_move_to_file(text, err) == -1)
		return -1;
	result = text->fd == -1
	    ? buf_add(&text->memory, out->data, out->len, err)
	    : file_write_unnamed(text->fd, out->data, out->len, text->name,
		  err);
	buf_clear(&text->out);
	return result;
}

static int
text_move_to_file(struct text_body *text, struct error *err)
{
	text->fd = file_open_unnamed(err);
	if (text->fd == -1 ||
	    file_write_unnamed(text->fd, text->memory.data, text->memory.len,
		text->name, err) == -1)
		return -1;
	buf_done(&text->memory);
	return 0;
}

/* The last line needs no line end. */
static int
text_body_finish(struct text_body *text, struct error *err)
{
	text_facts_finish(&text->input);
	if (text->line.len > 0 && text_end_line(text, err) == -1)
		return -1;
	if (text->out.len > 0 && text_write(text, err) == -1)
		return -1;
	text_facts_finish(&text->output);
	if (text->fd != -1 && lseek(text->fd, 0, SEEK_SET) == -1)
		return error_set_errno(err, ERROR_IO, "%s", text->name);
	text->exists = true;
	if (text->input.has_nul)
		error_set(err, ERROR_DATA, "%s: binary data is no text",
		    text->name);
	else if (!text->input.is_utf8)
		error_set(err, ERROR_DATA, "%s: not UTF-8 text", text->name);
	else
		return 0;
	return error_hint(err,
	    "convert it with iconv(1), or send it as a file, with --attach");
}
