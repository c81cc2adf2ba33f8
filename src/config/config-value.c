/* SPDX-License-Identifier: MIT */
/* Quotes values and writes lists. */
#include "config/config-value.h"

#include <string.h>

#include "config/value-list.h"

int
config_value_write(struct buf *out, const char *value, bool is_list,
    struct error *err)
{
	const char *separator = "";
	const char *element;
	size_t len;

	if (!is_list || strchr(value, '\n') == NULL)
		return config_value_write_word(out, value, strlen(value), err);
	if (buf_add_text(out, "{ ", err) == -1)
		return -1;
	while (value_list_next(&value, &element, &len)) {
		if (buf_add_text(out, separator, err) == -1 ||
		    config_value_write_word(out, element, len, err) == -1)
			return -1;
		separator = ", ";
	}
	return buf_add_text(out, " }", err);
}

/* Plain words aren't quoted, for readability. */
int
config_value_write_word(struct buf *out, const char *word, size_t len,
    struct error *err)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "@._-";

	if (len > 0 && strspn(word, plain) >= len)
		return buf_add(out, word, len, err);
	if (buf_add_text(out, "\"", err) == -1)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (strchr("\"\\$", word[i]) != NULL &&
		    buf_add_text(out, "\\", err) == -1)
			return -1;
		if (buf_add(out, word + i, 1, err) == -1)
			return -1;
	}
	return buf_add_text(out, "\"", err);
}
