/* SPDX-License-Identifier: MIT */
/*
 * notify: shows a notification. It is here because this is the program that
 * talks to the session bus.
 */
#include "keeper/operations.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"
#include "vault/notification.h"

enum {
	INPUT_LIMIT_MS = 10 * 1000,
	SUMMARY_SIZE = 256,
	BODY_SIZE = 2048
};

static void take_line(char *out, size_t size, const char **text);
static void take_lines(char *out, size_t size, const char *text);

int
operation_notify(const struct operation_request *request, struct error *err)
{
	struct secret *input = secret_new(err);
	char summary[SUMMARY_SIZE];
	char body[BODY_SIZE];
	const char *text;
	int result = -1;

	(void)request;
	if (input != NULL &&
	    secret_read(input, STDIN_FILENO, clock_now_ms() + INPUT_LIMIT_MS,
		err) == 0) {
		text = secret_bytes(input);
		take_line(summary, sizeof summary, &text);
		take_lines(body, sizeof body, text);
		result = *summary != '\0'
		    ? notification_show(summary, body, err)
		    : error_set(err, ERROR_USAGE,
			  "notify: standard input is empty");
	}
	secret_free(input);
	return result;
}

/* Makes the first line printable and moves text after it. A NUL ends the text.
 */
static void
take_line(char *out, size_t size, const char **text)
{
	size_t len = strcspn(*text, "\n");

	text_printable(out, size, *text, len);
	*text += len + ((*text)[len] == '\n' ? 1 : 0);
}

/* All lines that fit. */
static void
take_lines(char *out, size_t size, const char *text)
{
	size_t used = 0;

	out[0] = '\0';
	while (*text != '\0' && used + 2 < size) {
		if (used > 0)
			out[used++] = '\n';
		take_line(out + used, size - used, &text);
		used += strlen(out + used);
	}
}
