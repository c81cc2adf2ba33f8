/* SPDX-License-Identifier: MIT */
/*
 * Compares, checks and formats text, independently of the locale.
 */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	FORMATTED_SIZE = 1024 /* longer than any message */
};

static size_t utf8_decode(const char *text, size_t len, uint32_t *ret_point);
static bool point_is_visible(uint32_t point);
static bool is_space(char c);

void
text_printable(char *dst, size_t dst_size, const char *src, size_t len)
{
	size_t at = 0;
	size_t used = 0;

	while (at < len) {
		char piece[8];
		uint32_t point = 0;
		size_t width = utf8_decode(src + at, len - at, &point);
		size_t piece_len;

		if (src[at] == '\r' || src[at] == '\n' || src[at] == '\t') {
			piece_len = (size_t)snprintf(piece, sizeof piece, " ");
		} else if (width > 0 && point_is_visible(point)) {
			memcpy(piece, src + at, width);
			piece_len = width;
		} else {
			piece_len = (size_t)snprintf(piece, sizeof piece,
			    "\\x%02X", (unsigned char)src[at]);
			width = 1;
		}
		if (used + piece_len >= dst_size)
			break;
		memcpy(dst + used, piece, piece_len);
		used += piece_len;
		at += width;
	}
	dst[used] = '\0';
}

void
text_format_printable(char *dst, size_t dst_size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vformat_printable(dst, dst_size, format, args);
	va_end(args);
}

void
text_vformat_printable(char *dst, size_t dst_size, const char *format,
    va_list args)
{
	char formatted[FORMATTED_SIZE];

	vsnprintf(formatted, sizeof formatted, format, args);
	text_printable(dst, dst_size, formatted, strlen(formatted));
}

bool
text_equals(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}

bool
text_is(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && strncasecmp(text, word, len) == 0;
}

bool
text_has_prefix(const char *text, const char *prefix)
{
	return strncasecmp(text, prefix, strlen(prefix)) == 0;
}

bool
text_is_one_line(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\r' || text[i] == '\n' || text[i] == '\0')
			return false;
	}
	return true;
}

bool
text_has_8bit(const char *text, size_t len)
{
	const uint64_t high_bits = UINT64_C(0x8080808080808080);
	size_t at = 0;

	/* Message bodies are checked, so eight bytes at a time. */
	for (uint64_t eight; at + sizeof eight <= len; at += sizeof eight) {
		memcpy(&eight, text + at, sizeof eight);
		if ((eight & high_bits) != 0)
			return true;
	}
	for (; at < len; at++) {
		if ((unsigned char)text[at] >= 0x80)
			return true;
	}
	return false;
}

bool
text_is_utf8(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		uint32_t point;
		size_t width = utf8_decode(text + at, len - at, &point);

		if (width == 0)
			return false;
		at += width;
	}
	return true;
}

char *
text_trim(char *text)
{
	char *end;

	while (is_space(*text))
		text++;
	end = text + strlen(text);
	while (end > text && is_space(end[-1]))
		end--;
	*end = '\0';
	return text;
}

int
text_number(const char *text, uint64_t max, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (*text == '\0')
		return -1;
	for (; *text != '\0'; text++) {
		uint64_t digit = (uint64_t)(*text - '0');

		if (*text < '0' || *text > '9' || digit > max ||
		    number > (max - digit) / 10)
			return -1;
		number = number * 10 + digit;
	}
	*ret_number = number;
	return 0;
}

char *
text_copy(const char *text, size_t len)
{
	char *copy = malloc(len + 1);

	if (copy == NULL)
		return NULL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

int
text_replace(char **text, const char *value, struct error *err)
{
	char *copy = value != NULL ? strdup(value) : NULL;

	if (value != NULL && copy == NULL)
		return error_no_memory(err);
	free(*text);
	*text = copy;
	return 0;
}

char *
text_format(struct error *err, const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len >= 0)
		return text;
	error_no_memory(err);
	return NULL;
}

/*
 * Returns the length of the UTF-8 sequence at text, or 0 if it is not
 * well-formed (overlong, a surrogate or truncated).
 */
static size_t
utf8_decode(const char *text, size_t len, uint32_t *ret_point)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *byte = (const unsigned char *)text;
	size_t width = byte[0] < 0x80 ? 1
	    : byte[0] < 0xC0          ? 0
	    : byte[0] < 0xE0          ? 2
	    : byte[0] < 0xF0          ? 3
	    : byte[0] < 0xF8          ? 4
				      : 0;
	uint32_t point;

	if (width == 0 || width > len)
		return 0;
	point = width == 1 ? byte[0] : byte[0] & (0x7FU >> width);
	for (size_t i = 1; i < width; i++) {
		if ((byte[i] & 0xC0) != 0x80)
			return 0;
		point = point << 6 | (byte[i] & 0x3F);
	}
	if (point < smallest[width] || point > 0x10FFFF ||
	    (point >= 0xD800 && point <= 0xDFFF))
		return 0;
	*ret_point = point;
	return width;
}

/* Invisible characters could make a terminal display a different text. */
static bool
point_is_visible(uint32_t point)
{
	return point >= 0x20 && !(point >= 0x7F && point <= 0x9F) &&
	    point != 0xAD && point != 0x61C && point != 0x180E &&
	    !(point >= 0x200B && point <= 0x200F) &&
	    !(point >= 0x2028 && point <= 0x202E) &&
	    !(point >= 0x2060 && point <= 0x206F) && point != 0xFEFF &&
	    !(point >= 0xFFF9 && point <= 0xFFFB) &&
	    !(point >= 0xE0000 && point <= 0xE0FFF);
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}
