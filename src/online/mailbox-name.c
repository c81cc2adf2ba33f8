/* SPDX-License-Identifier: MIT */
/*
 * Converts between modified UTF-7 and UTF-8: "&" begins, and "-" ends, UTF-16
 * in base64 with "," for "/" and without padding; "&-" is an ampersand.
 */
#include "online/mailbox-name.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

enum {
	UNIT_BITS = 16,
	DIGIT_BITS = 6,
	HIGH_FIRST = 0xD800, /* of the surrogates */
	LOW_FIRST = 0xDC00,
	LOW_LAST = 0xDFFF,
	PLANE_0_END = 0x10000
};

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

static const char *decode_shifted(const char *at, struct buf *text);
static bool decode_unit(uint32_t unit, uint32_t *high, struct buf *text);
static bool add_utf8(uint32_t point, struct buf *text);
static int encode_shifted(const char **at, struct buf *name, struct error *err);
static uint32_t read_utf8(const char **at);
static bool is_printable_ascii(char c);

bool
mailbox_name_decode(const char *name, struct buf *text)
{
	struct error ignored;
	const char *at = name;

	while (at != NULL && *at != '\0') {
		if (at[0] == '&' && at[1] != '-') {
			at = decode_shifted(at + 1, text);
			continue;
		}
		if (!is_printable_ascii(*at) ||
		    buf_add(text, at, 1, &ignored) == -1)
			return false;
		at += *at == '&' ? 2 : 1;
	}
	return at != NULL;
}

/* Returns what follows the "-", or NULL. */
static const char *
decode_shifted(const char *at, struct buf *text)
{
	uint32_t high = 0;
	uint32_t bits = 0;
	unsigned count = 0;

	for (; *at != '-'; at++) {
		const char *digit = *at != '\0' ? strchr(digits, *at) : NULL;

		if (digit == NULL)
			return NULL;
		bits = bits << DIGIT_BITS | (uint32_t)(digit - digits);
		count += DIGIT_BITS;
		if (count < UNIT_BITS)
			continue;
		count -= UNIT_BITS;
		if (!decode_unit(bits >> count, &high, text))
			return NULL;
		bits &= (1U << count) - 1;
	}
	return high == 0 && bits == 0 && count < DIGIT_BITS ? at + 1 : NULL;
}

/* high is the first surrogate of a pair, or 0. */
static bool
decode_unit(uint32_t unit, uint32_t *high, struct buf *text)
{
	bool is_low = unit >= LOW_FIRST && unit <= LOW_LAST;
	uint32_t first = *high;

	*high = 0;
	if (is_low != (first != 0) || unit == 0)
		return false;
	if (unit >= HIGH_FIRST && unit < LOW_FIRST) {
		*high = unit;
		return true;
	}
	return add_utf8(is_low ? PLANE_0_END + ((first - HIGH_FIRST) << 10) +
		    (unit - LOW_FIRST)
			       : unit,
	    text);
}

static bool
add_utf8(uint32_t point, struct buf *text)
{
	static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
	struct error ignored;
	unsigned tail = point < 0x80 ? 0
	    : point < 0x800          ? 1
	    : point < PLANE_0_END    ? 2
				     : 3;
	char bytes[4] = {(char)(lead[tail] | point >> DIGIT_BITS * tail)};

	for (unsigned i = 1; i <= tail; i++)
		bytes[i] =
		    (char)(0x80 | (point >> DIGIT_BITS * (tail - i) & 0x3F));
	return buf_add(text, bytes, tail + 1, &ignored) == 0;
}

int
mailbox_name_encode(const char *text, struct buf *name, struct error *err)
{
	struct buf decoded;
	const char *at = text;
	bool is_encoded;

	buf_init(&decoded, name->max);
	is_encoded = mailbox_name_decode(text, &decoded);
	buf_done(&decoded);
	if (is_encoded)
		return buf_add_text(name, text, err);
	if (!text_is_utf8(text, strlen(text)))
		return error_set(err, ERROR_CONFIG,
		    "the name of the mailbox isn't UTF-8");
	while (*at != '\0') {
		if (!is_printable_ascii(*at)) {
			if (encode_shifted(&at, name, err) == -1)
				return -1;
			continue;
		}
		if (buf_add(name, at, 1, err) == -1 ||
		    (*at == '&' && buf_add_text(name, "-", err) == -1))
			return -1;
		at++;
	}
	return 0;
}

/* Moves *at to the next printable ASCII character, or the end. */
static int
encode_shifted(const char **at, struct buf *name, struct error *err)
{
	uint64_t bits = 0;
	unsigned count = 0;
	int result = buf_add_text(name, "&", err);

	while (result == 0 && **at != '\0' && !is_printable_ascii(**at)) {
		uint32_t point = read_utf8(at);
		uint32_t rest = point - PLANE_0_END;

		if (point >= PLANE_0_END) {
			bits = bits << UNIT_BITS | (HIGH_FIRST + (rest >> 10));
			count += UNIT_BITS;
			point = LOW_FIRST + (rest & 0x3FF);
		}
		bits = bits << UNIT_BITS | point;
		count += UNIT_BITS;
		for (; result == 0 && count >= DIGIT_BITS; count -= DIGIT_BITS)
			result = buf_add(name,
			    &digits[bits >> (count - DIGIT_BITS) & 0x3F], 1,
			    err);
	}
	if (result == 0 && count > 0)
		result = buf_add(name,
		    &digits[bits << (DIGIT_BITS - count) & 0x3F], 1, err);
	return result == 0 ? buf_add_text(name, "-", err) : -1;
}

/* The text is known to be UTF-8. */
static uint32_t
read_utf8(const char **at)
{
	unsigned char lead = (unsigned char)*(*at)++;
	unsigned tail = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
	uint32_t point = tail == 0 ? lead : lead & (0x3FU >> tail);

	for (; tail > 0; tail--)
		point = point << DIGIT_BITS | ((unsigned char)*(*at)++ & 0x3F);
	return point;
}

static bool
is_printable_ascii(char c)
{
	return c >= ' ' && c <= '~';
}
