/* SPDX-License-Identifier: MIT */
/*
 * Quotes words, so that a command line that is shown can be copied to a shell.
 */
#include "base/shell-word.h"

#include <string.h>

static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789-_./:=@%+,";

int
shell_word_add(struct buf *line, const char *word, struct error *err)
{
	if (*word != '\0' && word[strspn(word, plain)] == '\0')
		return buf_add_text(line, word, err);
	if (buf_add_text(line, "'", err) == -1)
		return -1;
	for (; *word != '\0'; word++) {
		if ((*word == '\'' ? buf_add_text(line, "'\\''", err)
				   : buf_add(line, word, 1, err)) == -1)
			return -1;
	}
	return buf_add_text(line, "'", err);
}
