/* SPDX-License-Identifier: MIT */
/* Iterates over lists in the form of config/value-list.h, and splits them. */
#include "config/value-list.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int
value_list_parse(const char *text, struct buf *list, struct error *err)
{
	while (*text != '\0') {
		size_t len = strcspn(text, ",\n");
		char *copy = text_copy(text, len);
		const char *element;
		int result = 0;

		if (copy == NULL)
			return error_no_memory(err);
		element = text_trim(copy);
		if (*element != '\0')
			result = buf_addf(list, err, "%s%s",
			    list->len > 0 ? "\n" : "", element);
		free(copy);
		if (result == -1)
			return -1;
		text += len + (text[len] != '\0');
	}
	return 0;
}

bool
value_list_next(const char **at, const char **ret_element, size_t *ret_len)
{
	if (*at == NULL || **at == '\0')
		return false;
	*ret_element = *at;
	*ret_len = strcspn(*at, "\n");
	*at += *ret_len;
	if (**at == '\n')
		++*at;
	return true;
}

int
value_list_split(const char *text, char ***ret_element, size_t *ret_count,
    struct error *err)
{
	const char *at = text;
	const char *element;
	size_t len;
	size_t count = 0;
	char **copy;

	while (value_list_next(&at, &element, &len))
		count++;
	copy = calloc(count + 1, sizeof *copy);
	if (copy == NULL)
		return error_no_memory(err);
	at = text;
	for (size_t i = 0; value_list_next(&at, &element, &len); i++) {
		copy[i] = text_copy(element, len);
		if (copy[i] == NULL) {
			value_list_free(copy, i);
			return error_no_memory(err);
		}
	}
	*ret_element = copy;
	*ret_count = count;
	return 0;
}

void
value_list_free(char **element, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(element[i]);
	free(element);
}
