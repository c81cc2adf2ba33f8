/* SPDX-License-Identifier: MIT */
/*
 * Quotes and encodes text for header fields.
 */
#include "message/phrase.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "message/encoded-word.h"

enum {
	WORD_LEN_MAX = 900 /* a line has 998 bytes (RFC 5322 2.1.1) */
};

static bool is_phrase(const char *text, size_t len);
static int write_quoted(struct buf *out, const char *text, size_t len,
    struct error *err);
static bool has_odd_spaces(const char *text, size_t len);
static size_t longest_word(const char *text);

/* A name in another 8-bit encoding, probably from an old password file, is no
 * reason to fail. */
int
phrase_write(struct buf *out, const char *name, struct error *err)
{
	size_t len;

	name += strspn(name, " ");
	len = strlen(name);
	while (len > 0 && name[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)name[i] < ' ' || name[i] == 0x7F)
			return error_set(err, ERROR_DATA,
			    "full name \"%s\": contains a control character",
			    name);
	}
	if (!text_has_8bit(name, len))
		return is_phrase(name, len) ? buf_add(out, name, len, err)
					    : write_quoted(out, name, len, err);
	if (!text_is_utf8(name, len))
		return 0;
	return encoded_word_write(out, name, len, err);
}

/* What a reader might change or misunderstand is encoded too. */
int
unstructured_write(struct buf *out, const char *text, struct error *err)
{
	size_t len = strlen(text);

	if (text_has_8bit(text, len) || strstr(text, "=?") != NULL ||
	    has_odd_spaces(text, len) || longest_word(text) > WORD_LEN_MAX)
		return encoded_word_write(out, text, len, err);
	return buf_add(out, text, len, err);
}

/* Whether text consists of atoms (RFC 5322) and needs no quotes. */
static bool
is_phrase(const char *text, size_t len)
{
	static const char quoted[] = "()<>[]:;@\\,.\"";

	for (size_t i = 0; i < len; i++) {
		if (memchr(quoted, text[i], sizeof quoted - 1) != NULL)
			return false;
	}
	return true;
}

static int
write_quoted(struct buf *out, const char *text, size_t len, struct error *err)
{
	if (buf_add_text(out, "\"", err) == -1)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if ((text[i] == '"' || text[i] == '\\') &&
		    buf_add_text(out, "\\", err) == -1)
			return -1;
		if (buf_add(out, &text[i], 1, err) == -1)
			return -1;
	}
	return buf_add_text(out, "\"", err);
}

/* Whether folding could change the spaces. */
static bool
has_odd_spaces(const char *text, size_t len)
{
	return len > 0 &&
	    (*text == ' ' || text[len - 1] == ' ' ||
		strstr(text, "  ") != NULL || strchr(text, '\t') != NULL);
}

static size_t
longest_word(const char *text)
{
	size_t longest = 0;

	while (*text != '\0') {
		size_t len = strcspn(text, " ");

		if (len > longest)
			longest = len;
		text += len;
		text += strspn(text, " ");
	}
	return longest;
}
