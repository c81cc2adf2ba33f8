/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a message: what leaves has no Bcc, neither for our own parser
 * nor for a receiver that only knows lines on the wire. Half of the inputs also
 * have their addresses completed.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crlf.h"
#include "base/text.h"
#include "message/completion.h"
#include "message/header.h"

#include "fuzz.h"

static void
add_bytes(struct buf *buf, const void *bytes, size_t len)
{
	struct error err;

	require(buf_add(buf, bytes, len, &err) == 0);
}

static bool
has_removed_field(const struct header *header)
{
	return header_find(header, "Bcc", 0, NULL) != NULL ||
	    header_find(header, "Resent-Bcc", 0, NULL) != NULL;
}

/* The receiver: lines up to the empty one, the name up to the colon. */
static void
check_wire(const char *wire, size_t len)
{
	const char *end = wire + len;

	while (wire < end && *wire != '\r') {
		const char *next = crlf_next_line(wire, end);
		size_t name_len = strcspn(wire, ": \t\r");

		require(!text_is(wire, name_len, "Bcc"));
		require(!text_is(wire, name_len, "Resent-Bcc"));
		require(
		    next > wire + 1 && next[-1] == '\n' && next[-2] == '\r');
		wire = next;
	}
	require(wire < end);
}

static void
check_recipients(const struct header *header)
{
	struct address_list list;
	struct error err;

	address_list_init(&list);
	if (header_recipients(header, &list, &err) == -1)
		require(err.code == ERROR_DATA);
	address_list_done(&list);
}

static bool
may_send_as(const void *context, const char *address)
{
	(void)context;
	return address_equals(address, "me@x.example");
}

static int
resolve(const void *context, const char *name, struct address_list *list)
{
	struct error err;

	(void)context;
	if (*name == 'n')
		return -1;
	if (*name == 'l')
		require(address_list_add(list, "a@x.example", &err) == 0);
	return address_list_add(list, "ops@x.example", &err);
}

/* Every From that can be parsed has an address that the account may send as,
 * and completing a header again changes nothing. */
static void
check_completion(struct header *header)
{
	const struct completion_rules rules = {.mode = COMPLETION_ALWAYS,
	    .adds_sender = true,
	    .address = "me@x.example",
	    .host_name = "box",
	    .may_send_as = may_send_as,
	    .resolve = resolve};
	struct completion completion;
	struct address_list senders;
	struct error err;
	size_t count;

	completion_init(&completion);
	if (completion_apply(&completion, header, &rules, &err) == -1) {
		require(err.code == ERROR_DATA); /* too long */
		completion_done(&completion);
		return;
	}
	address_list_init(&senders);
	if (header_senders(header, &senders, &err) == 0) {
		for (size_t i = 0; i < senders.count; i++)
			require(may_send_as(NULL, senders.address[i]));
	}
	address_list_done(&senders);
	count = header->count;
	require(completion_apply(&completion, header, &rules, &err) == 0);
	require(completion.replaced_from == NULL && header->count == count);
	completion_done(&completion);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data;
	struct crlf crlf = {.dots = false};
	struct header again;
	struct header header;
	struct error err;
	struct buf wire;
	struct buf out;
	size_t count;

	header_init(&header);
	header_init(&again);
	if (header_parse(&header, text, len, true, &err) == -1) {
		require(err.code == ERROR_DATA && header.count == 0);
		return 0;
	}
	buf_init(&out, 64 * len + 200);
	buf_init(&wire, 128 * len + 400);
	check_recipients(&header);
	header_strip(&header);
	if (len % 2 == 1)
		check_completion(&header);
	require(!has_removed_field(&header));
	require(header_append(&header, "Date", "now", &err) == 0);
	count = header.count;
	require(header_write(&header, &out, &err) == 0);
	add_bytes(&out, text + header.body_offset, len - header.body_offset);

	require(buf_reserve(&wire, 2 * out.len + 2, &err) == 0);
	wire.len = crlf_convert(&crlf, out.data, out.len, wire.data);
	wire.len += crlf_finish(&crlf, wire.data + wire.len);
	wire.data[wire.len] = '\0';
	check_wire(wire.data, wire.len);

	require(header_parse(&again, out.data, out.len, true, &err) == 0);
	require(again.count == count && again.separated);
	require(!has_removed_field(&again));
	require(header_parse(&again, wire.data, wire.len, true, &err) == 0);
	require(again.count == count && again.separated);
	require(!has_removed_field(&again));

	header_done(&header);
	header_done(&again);
	buf_done(&wire);
	buf_done(&out);
	return 0;
}
