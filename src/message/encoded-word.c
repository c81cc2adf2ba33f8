/* SPDX-License-Identifier: MIT */
/*
 * Encodes non-ASCII text as encoded words (RFC 2047).
 */
#include "message/encoded-word.h"

#include <stdbool.h>
#include <string.h>

#include "base/base64.h"

enum {
	WORD_MAX = 64, /* so that a line with "Subject: " has 76 at most */
	FRAME_LEN = 12 /* "=?UTF-8?Q?" and "?=" */
};

static size_t next_character(const char *text, size_t len);
static size_t size_in_q(const char *text, size_t len);
static size_t size_in_b(size_t len);
static bool is_plain(char c);
static int write_word(struct buf *out, const char *text, size_t len, bool in_q,
    struct error *err);
static int write_q(struct buf *out, const char *text, size_t len,
    struct error *err);
static int write_b(struct buf *out, const char *text, size_t len,
    struct error *err);

int
encoded_word_write(struct buf *out, const char *text, size_t len,
    struct error *err)
{
	bool in_q = size_in_q(text, len) <= size_in_b(len);
	bool is_first = true;

	while (len > 0) {
		size_t word = 0;

		while (word < len) {
			size_t more =
			    word + next_character(text + word, len - word);
			size_t size =
			    in_q ? size_in_q(text, more) : size_in_b(more);

			if (size > WORD_MAX - FRAME_LEN)
				break;
			word = more;
		}
		if (!is_first && buf_add_text(out, " ", err) == -1)
			return -1;
		if (write_word(out, text, word, in_q, err) == -1)
			return -1;
		is_first = false;
		text += word;
		len -= word;
	}
	return 0;
}

/* Returns the length of the first character in bytes. */
static size_t
next_character(const char *text, size_t len)
{
	size_t width = 1;

	while (width < len && ((unsigned char)text[width] & 0xC0) == 0x80)
		width++;
	return width;
}

static size_t
size_in_q(const char *text, size_t len)
{
	size_t size = 0;

	for (size_t i = 0; i < len; i++)
		size += is_plain(text[i]) || text[i] == ' ' ? 1 : 3;
	return size;
}

static size_t
size_in_b(size_t len)
{
	return (len + 2) / 3 * 4;
}

/* Whether a character needs no encoding in "Q" in a phrase (RFC 2047 section
 * 5). */
static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || memchr("!*+-/", c, 5) != NULL;
}

static int
write_word(struct buf *out, const char *text, size_t len, bool in_q,
    struct error *err)
{
	if (buf_addf(out, err, "=?UTF-8?%c?", in_q ? 'Q' : 'B') == -1)
		return -1;
	if ((in_q ? write_q : write_b)(out, text, len, err) == -1)
		return -1;
	return buf_add_text(out, "?=", err);
}

static int
write_q(struct buf *out, const char *text, size_t len, struct error *err)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)text[i];
		int result;

		if (is_plain(text[i]))
			result = buf_add(out, &text[i], 1, err);
		else if (byte == ' ')
			result = buf_add_text(out, "_", err);
		else
			result = buf_addf(out, err, "=%02X", byte);
		if (result == -1)
			return -1;
	}
	return 0;
}

static int
write_b(struct buf *out, const char *text, size_t len, struct error *err)
{
	for (size_t i = 0; i < len; i += 3) {
		char four[4];

		base64_group((const unsigned char *)text + i,
		    len - i < 3 ? len - i : 3, four);
		if (buf_add(out, four, sizeof four, err) == -1)
			return -1;
	}
	return 0;
}
