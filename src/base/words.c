/* SPDX-License-Identifier: MIT */
/*
 * Splits command lines at blanks, and copies lists of words.
 */
#include "base/words.h"

#include <stdlib.h>
#include <string.h>

#define BLANKS " \t"

int
words_split(char *text, char *word[], size_t max, size_t *ret_count)
{
	size_t count = 0;

	text += strspn(text, BLANKS);
	while (*text != '\0') {
		size_t len = strcspn(text, BLANKS);
		size_t skip = strspn(text + len, BLANKS);

		if (count == max)
			return -1;
		word[count++] = text;
		text += len + skip;
		if (skip > 0)
			text[-(long)skip] = '\0';
	}
	*ret_count = count;
	return 0;
}

char **
words_copy(char *const word[], struct error *err)
{
	size_t count = 0;
	char **copy;

	while (word[count] != NULL)
		count++;
	copy = calloc(count + 1, sizeof *copy);
	for (size_t i = 0; copy != NULL && i < count; i++) {
		copy[i] = strdup(word[i]);
		if (copy[i] == NULL) {
			words_free(copy);
			copy = NULL;
		}
	}
	if (copy == NULL)
		error_no_memory(err);
	return copy;
}

void
words_free(char **word)
{
	for (size_t i = 0; word != NULL && word[i] != NULL; i++)
		free(word[i]);
	free((void *)word);
}
