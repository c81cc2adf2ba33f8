/* SPDX-License-Identifier: MIT */
/* Finds values by key in an answer of postrider-credential. */
#include "credential/answer.h"

#include <string.h>

#include "base/text.h"
#include "credential/credential-message.h"

enum {
	MOMENT_SIZE = 24
};

void
answer_text(const struct secret *answer, const char *key, char *out,
    size_t size)
{
	size_t key_len = strlen(key);
	const char *line = secret_bytes(answer);

	*out = '\0';
	while (*line != '\0') {
		size_t len = strcspn(line, "\n");

		if (len > key_len && line[key_len] == '=' &&
		    memcmp(line, key, key_len) == 0)
			text_printable(out, size, line + key_len + 1,
			    len - key_len - 1);
		line += len + (line[len] == '\n');
	}
}

int64_t
answer_moment(const struct secret *answer, const char *key)
{
	char text[MOMENT_SIZE];
	int64_t moment = 0;

	answer_text(answer, key, text, sizeof text);
	credential_moment_parse(text, &moment);
	return moment;
}
