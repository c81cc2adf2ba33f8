/* SPDX-License-Identifier: MIT */
/*
 * Small messages with everything that DATA or CRLF could damage, and large ones
 * that don't fit in a buffer.
 */
#include "messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "verdict.h"

static const char head[] = "Message-ID: <1@example.test>\nSubject: x\n\n";

/* A body of this size is repeated from the text. */
static const struct {
	size_t size;
	const char *text;
} bodies[MESSAGES_COUNT] = {
    {0, "body\n"},
    {0, ""},
    {0, ".\n..\n.x\n\n.\r\n..\r\nend\n."},
    {0, "caf\xc3\xa9, \xff\n"},
    {0, "one\rtwo\r\nthree\n\rfour\r\r\n.\r"},
    {3000, "a line of text\n"},
    {70000, "..\n.dots in a large message\nand so on\n"},
    {200000, "0123456789abcdef0123456789abcdef0123456789abcdef\n"},
};

static void make_message(struct test_message *message, const char *text,
    size_t len);
static size_t to_wire(const char *text, size_t len, char *out);

void
messages_init(struct test_message messages[MESSAGES_COUNT])
{
	for (size_t i = 0; i < MESSAGES_COUNT; i++) {
		size_t period = strlen(bodies[i].text);
		size_t size = bodies[i].size > 0 ? bodies[i].size : period;
		size_t len = strlen(head);
		char *text = malloc(len + size);

		if (text == NULL) {
			verdict_violation("no memory");
			return;
		}
		memcpy(text, head, len);
		for (size_t j = 0; j < size; j++)
			text[len++] = bodies[i].text[j % period];
		make_message(&messages[i], text, len);
		free(text);
	}
}

void
messages_done(struct test_message messages[MESSAGES_COUNT])
{
	for (size_t i = 0; i < MESSAGES_COUNT; i++) {
		message_done(&messages[i].message);
		free(messages[i].wire);
	}
}

static void
make_message(struct test_message *message, const char *text, size_t len)
{
	struct error err;
	int fd = memfd_create("message", MFD_CLOEXEC);

	message->wire = malloc(2 * len + 2);
	message_init(&message->message);
	if (fd == -1 || message->wire == NULL ||
	    write(fd, text, len) != (ssize_t)len ||
	    lseek(fd, 0, SEEK_SET) != 0 ||
	    message_read(&message->message, fd, false, &err) == -1 ||
	    message_seal(&message->message, &err) == -1)
		verdict_violation("a message can't be made");
	close(fd);
	message->wire_len = to_wire(text, len, message->wire);
	if (message->wire_len != message->message.wire_size)
		verdict_violation("a message of %zu bytes counts %llu",
		    message->wire_len,
		    (unsigned long long)message->message.wire_size);
}

/* LF, CRLF and CR are each one line end, and the last line has one. */
static size_t
to_wire(const char *text, size_t len, char *out)
{
	size_t out_len = 0;

	for (size_t i = 0; i < len; i++) {
		bool is_end = text[i] == '\r' || text[i] == '\n';

		if (text[i] == '\n' && i > 0 && text[i - 1] == '\r')
			continue;
		if (is_end) {
			out[out_len++] = '\r';
			out[out_len++] = '\n';
			continue;
		}
		out[out_len++] = text[i];
	}
	if (out_len > 0 && out[out_len - 1] != '\n') {
		out[out_len++] = '\r';
		out[out_len++] = '\n';
	}
	return out_len;
}
