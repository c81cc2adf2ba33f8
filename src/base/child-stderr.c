/* SPDX-License-Identifier: MIT */
/*
 * Collects standard error. Ignores failures: the text only explains another
 * failure.
 */
#include "base/child-stderr.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum {
	BYTES_KEPT = 2048 /* when it gets longer */
};

void
child_stderr_read(struct spawn_child *child, struct buf *text)
{
	char piece[1024];
	ssize_t got = read(child->err, piece, sizeof piece);
	struct error ignored;

	if (got == 0 || (got == -1 && errno != EINTR && errno != EAGAIN)) {
		close(child->err);
		child->err = -1;
	}
	if (got <= 0)
		return;
	if (text->len > CHILD_STDERR_MAX / 2)
		buf_drop(text, text->len - BYTES_KEPT);
	buf_add(text, piece, (size_t)got, &ignored);
}

void
child_stderr_read_rest(struct spawn_child *child, struct buf *text)
{
	struct pollfd ready = {.fd = child->err, .events = POLLIN};

	while (child->err != -1 && poll(&ready, 1, 0) > 0)
		child_stderr_read(child, text);
}

bool
child_stderr_find(const struct buf *text, const char *prefix,
    const char *except, const char **ret_line, int *ret_len)
{
	size_t prefix_len = strlen(prefix);
	const char *line = buf_text(text);
	bool found = false;

	while (*line != '\0') {
		size_t len = strcspn(line, "\n");

		if (len > prefix_len &&
		    strncmp(line, prefix, prefix_len) == 0 &&
		    (except == NULL || !text_has_prefix(line, except))) {
			*ret_line = line + prefix_len;
			*ret_len = (int)(len - prefix_len);
			found = true;
		}
		line += len + (line[len] == '\n');
	}
	return found;
}
