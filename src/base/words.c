/* SPDX-License-Identifier: MIT */
/*
 * Splits command lines at blanks.
 */
#include "base/words.h"

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
