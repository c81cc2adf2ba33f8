/* SPDX-License-Identifier: MIT */
/*
 * Breaks text into lines between words.
 */
#include "cli/wrap.h"

#include <string.h>

static size_t columns(const char *text, size_t len);

void
wrap_print(FILE *out, const char *text, size_t column, size_t indent,
    size_t width)
{
	while (*text != '\0') {
		size_t blanks = strspn(text, " ");
		size_t len = blanks + strcspn(text + blanks, " ");
		size_t used = columns(text, len);

		if (column + used > width && column > indent) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
			text += blanks;
			continue;
		}
		fwrite(text, 1, len, out);
		text += len;
		column += used;
	}
	putc('\n', out);
}

/* The number of characters: the bytes that begin one. */
static size_t
columns(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += ((unsigned char)text[i] & 0xC0) != 0x80;
	return count;
}
