/* SPDX-License-Identifier: MIT */
/*
 * Small messages with everything that DATA or CRLF could damage, and large ones
 * that don't fit in a buffer; the largest is kept in a temporary file.
 */
#include "messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk.h"
#include "verdict.h"

enum {
	MESSAGES_COUNT = 8,
	LARGEST = SOURCE_MEMORY_MAX + 5000
};

static const char head[] = "Message-ID: <1@example.test>\nSubject: x\n\n";

/* A body of this size is repeated from the text. */
static const struct {
	size_t size;
	const char *text;
	bool has_dot; /* a line that consists of it */
} bodies[MESSAGES_COUNT] = {
    {0, "body\n", false},
    {0, "", false},
    {0, ".\n..\n.x\n\n.\r\n..\r\nend\n.", true},
    {0, "caf\xc3\xa9, \xff\n", false},
    {0, "one\rtwo\r\nthree\n\rfour\r\r\n.\r", true},
    {3000, "a line of text\n", false},
    {70001, "..\n.dots in a large message\nand so on\n", false},
    {LARGEST, "0123456789abcdef0123456789abcdef0123456789abcdef\n", false},
};

static struct test_message {
	char *text;
	size_t len;
	char *wire;
	size_t wire_len;
} messages[MESSAGES_COUNT];

static void check_failure(const struct error *err);
static void set_wire(const struct test_message *message,
    struct received_message *received);
static size_t to_wire(const char *text, size_t len, char *out);

void
messages_set_up(void)
{
	for (size_t i = 0; i < MESSAGES_COUNT; i++) {
		struct test_message *message = &messages[i];
		size_t period = strlen(bodies[i].text);
		size_t size = bodies[i].size > 0 ? bodies[i].size : period;

		message->text = malloc(strlen(head) + size);
		message->wire = malloc(2 * (strlen(head) + size) + 2);
		if (message->text == NULL || message->wire == NULL) {
			verdict_violation("no memory");
			return;
		}
		message->len = strlen(head);
		memcpy(message->text, head, message->len);
		for (size_t j = 0; j < size; j++)
			message->text[message->len++] =
			    bodies[i].text[j % period];
		message->wire_len =
		    to_wire(message->text, message->len, message->wire);
	}
}

void
messages_tear_down(void)
{
	for (size_t i = 0; i < MESSAGES_COUNT; i++) {
		free(messages[i].text);
		free(messages[i].wire);
	}
}

bool
messages_read(struct seed *seed, uint32_t faults,
    struct received_message *ret_received)
{
	size_t i = seed_below(seed, MESSAGES_COUNT);
	bool dot_ends = !bodies[i].has_dot && seed_chance(seed, 300);
	struct message *message = &ret_received->message;
	const struct disk_facts *facts;
	struct error err;
	int result;

	disk_init(seed, faults, messages[i].text, messages[i].len);
	message_init(message);
	result =
	    message_read(message, DISK_DESCRIPTOR + DISK_INPUT, dot_ends, &err);
	if (result == 0)
		result = message_seal(message, &err);
	if (result == -1) {
		check_failure(&err);
		return false;
	}
	facts = disk_facts();
	if (facts->input_failed || facts->input_is_short || facts->copy_failed)
		verdict_violation("a message is sent that was not read");
	set_wire(&messages[i], ret_received);
	return true;
}

static void
check_failure(const struct error *err)
{
	static const char *const names[] = {"standard input",
	    "temporary copy of the message", DISK_DIRECTORY};
	const struct disk_facts *facts = disk_facts();
	bool is_named = false;

	verdict_note("report", "%s", err->message);
	if (!facts->input_failed && !facts->input_shrank && !facts->copy_failed)
		verdict_violation("the message is refused: %s", err->message);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		is_named |= strstr(err->message, names[i]) != NULL;
	if (!is_named)
		verdict_violation("names no file: %s", err->message);
}

/* With what another process added while it was read. */
static void
set_wire(const struct test_message *message, struct received_message *received)
{
	static char text[LARGEST + DISK_GROWTH_MAX + sizeof head];
	static char wire[2 * sizeof text + 2];
	size_t len = disk_facts()->input_len;

	received->wire = message->wire;
	received->wire_len = message->wire_len;
	if (len > message->len) {
		memcpy(text, message->text, message->len);
		for (size_t i = message->len; i < len; i++)
			text[i] = disk_growth[(i - message->len) %
			    strlen(disk_growth)];
		received->wire = wire;
		received->wire_len = to_wire(text, len, wire);
	}
	if (received->wire_len != received->message.wire_size)
		verdict_violation("a message of %zu bytes counts %llu",
		    received->wire_len,
		    (unsigned long long)received->message.wire_size);
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
