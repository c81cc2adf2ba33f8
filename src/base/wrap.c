/* SPDX-License-Identifier: MIT */
/*
 * Breaks text into lines between words.
 */
#include "base/wrap.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

#include "base/text.h"

#define COMMAND "postrider "

static size_t unit_length(const char *text, size_t room);
static size_t command_length(const char *text);
static size_t columns(const char *text, size_t len);
static size_t wide_columns(const char *text, size_t len);

void
wrap_print(FILE *out, const char *text, size_t column, size_t indent,
    size_t width)
{
	size_t start = column;

	while (width > 0 && *text != '\0') {
		size_t blanks = strspn(text, " ");
		size_t room = width > indent ? width - indent : 0;
		size_t len = blanks + unit_length(text + blanks, room);
		size_t used = columns(text, len);

		if (column + used > width && column > start) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = start = indent;
			text += blanks;
			continue;
		}
		fwrite(text, 1, len, out);
		text += len;
		column += used;
	}
	fprintf(out, "%s\n", text);
}

/* The length of what is not broken: a word, or a command that fits a line. */
static size_t
unit_length(const char *text, size_t room)
{
	size_t command = command_length(text);

	if (command > 0 && columns(text, command) <= room)
		return command;
	return strcspn(text, " ");
}

/* "postrider ..." in quotes, or up to a semicolon; 0 if it does not begin so.
 */
static size_t
command_length(const char *text)
{
	const char *name = *text == '"' ? text + 1 : text;
	size_t len;

	if (strncmp(name, COMMAND, strlen(COMMAND)) != 0)
		return 0;
	len = strcspn(name, *text == '"' ? "\"" : ";");
	return (size_t)(name - text) + len + strcspn(name + len, " ");
}

static size_t
columns(const char *text, size_t len)
{
	locale_t utf8, before;
	size_t count;

	if (!text_has_8bit(text, len))
		return len;
	utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (utf8 == (locale_t)0)
		return len;
	before = uselocale(utf8);
	count = wide_columns(text, len);
	uselocale(before);
	freelocale(utf8);
	return count;
}

/* In a locale with UTF-8. Bytes that are no character take a column each. */
static size_t
wide_columns(const char *text, size_t len)
{
	mbstate_t state = {0};
	size_t count = 0;

	while (len > 0) {
		wchar_t character;
		size_t used = mbrtowc(&character, text, len, &state);
		int width = used <= len ? wcwidth(character) : 1;

		if (used == 0 || used > len) {
			state = (mbstate_t){0};
			used = 1;
		}
		count += width > 0 ? (size_t)width : 0;
		text += used;
		len -= used;
	}
	return count;
}
