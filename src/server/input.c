/* SPDX-License-Identifier: MIT */
/*
 * Reads standard input ahead, so that commands that were sent in one flight are
 * seen together.
 */
#include "server/input.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

int
server_input_init(struct server_input *input, int fd, struct error *err)
{
	*input = (struct server_input){.fd = fd};
	input->data = malloc(SERVER_INPUT_SIZE);
	return input->data != NULL ? 0 : error_no_memory(err);
}

void
server_input_done(struct server_input *input)
{
	free(input->data);
	input->data = NULL;
}

void
server_input_preload(struct server_input *input, const char *bytes, size_t len)
{
	assert(len <= SERVER_INPUT_SIZE);
	memcpy(input->data, bytes, len);
	input->start = 0;
	input->end = len;
}

int
server_input_fill(struct server_input *input, int64_t deadline_ms)
{
	struct pollfd readable = {.fd = input->fd, .events = POLLIN};

	if (input->start > 0) {
		memmove(input->data, input->data + input->start,
		    input->end - input->start);
		input->end -= input->start;
		input->start = 0;
	}
	while (!input->has_ended) {
		int left_ms = clock_left_ms(deadline_ms);
		int ready = poll(&readable, 1, left_ms);
		ssize_t got;

		if (ready == 0 && left_ms > 0)
			continue;
		if (ready == 0)
			return 0;
		got = ready == -1 ? -1
				  : read(input->fd, input->data + input->end,
					SERVER_INPUT_SIZE - input->end);
		if (got > 0) {
			input->end += (size_t)got;
			return 1;
		}
		if (got == -1 &&
		    (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
			continue;
		input->has_ended = true;
		/* A client may end in the middle of what it sends. */
		if (got == -1 && errno != ECONNRESET)
			input->failure = errno;
	}
	return -1;
}

enum server_line
server_input_take_line(struct server_input *input, char **ret_line,
    size_t *ret_len, bool *ret_has_cr)
{
	char *line = input->data + input->start;
	size_t left = input->end - input->start;
	char *end = left > 0 ? memchr(line, '\n', left) : NULL;
	size_t len = end != NULL ? (size_t)(end - line) : left;
	bool is_too_long = input->skips || len > SERVER_LINE_MAX;

	if (end == NULL) {
		if (is_too_long) {
			input->skips = true;
			input->start = input->end;
		}
		return SERVER_LINE_NONE;
	}
	input->start += len + 1;
	input->skips = false;
	if (is_too_long)
		return SERVER_LINE_TOO_LONG;
	*ret_has_cr = len > 0 && line[len - 1] == '\r';
	len -= *ret_has_cr ? 1 : 0;
	line[len] = '\0';
	*ret_line = line;
	*ret_len = len;
	return SERVER_LINE_WHOLE;
}
