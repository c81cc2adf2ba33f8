/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON. postrider reads none, so it needs no library.
 */
#include "report/json.h"

#include <string.h>

#include "base/text.h"

static void put_name(struct json *json, const char *name);
static void put_text(FILE *out, const char *text);
static size_t utf8_width(const char *text);

void
json_open(struct json *json, const char *name, char bracket)
{
	put_name(json, name);
	fputc(bracket, json->out);
	json->needs_comma = false;
}

void
json_close(struct json *json, char bracket)
{
	fputc(bracket, json->out);
	json->needs_comma = true;
}

void
json_text(struct json *json, const char *name, const char *text)
{
	put_name(json, name);
	if (text == NULL)
		fputs("null", json->out);
	else
		put_text(json->out, text);
}

void
json_number(struct json *json, const char *name, long long number)
{
	put_name(json, name);
	fprintf(json->out, "%lld", number);
}

void
json_bool(struct json *json, const char *name, bool value)
{
	put_name(json, name);
	fputs(value ? "true" : "false", json->out);
}

void
json_end(struct json *json)
{
	fputc('\n', json->out);
}

static void
put_name(struct json *json, const char *name)
{
	if (json->needs_comma)
		fputs(", ", json->out);
	json->needs_comma = true;
	if (name == NULL)
		return;
	put_text(json->out, name);
	fputs(": ", json->out);
}

static void
put_text(FILE *out, const char *text)
{
	fputc('"', out);
	while (*text != '\0') {
		size_t width = utf8_width(text);

		if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if ((unsigned char)*text < 0x20 || *text == 0x7F)
			fprintf(out, "\\u%04x", (unsigned)*text);
		else if (width == 2 && (unsigned char)text[0] == 0xC2 &&
		    (unsigned char)text[1] < 0xA0) /* C1 controls */
			fprintf(out, "\\u%04x", (unsigned char)text[1]);
		else if (width == 0)
			fputs("\\ufffd", out);
		else
			fwrite(text, 1, width, out);
		text += width > 0 ? width : 1;
	}
	fputc('"', out);
}

/* The width of the first character; 0 if it is not UTF-8. */
static size_t
utf8_width(const char *text)
{
	for (size_t width = 1; width <= 4; width++) {
		if (text[width - 1] == '\0')
			return 0;
		if (text_is_utf8(text, width))
			return width;
	}
	return 0;
}
