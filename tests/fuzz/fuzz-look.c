/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an IMAP server's answer: what is taken from it can be sent back
 * in a command.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "online/look-answer.h"
#include "online/mailbox-name.h"

#include "fuzz.h"

static void
check_quoted(const char *name)
{
	struct buf command;
	struct error err;

	buf_init(&command, 8192);
	if (look_answer_quote(&command, name, &err) == 0) {
		require(command.len >= 2 && command.data[0] == '"');
		require(strpbrk(command.data, "\r\n") == NULL);
	}
	buf_done(&command);
}

/* A name that can be shown in UTF-8 is sent as it came. */
static void
check_name(const char *name)
{
	struct buf text;
	struct buf again;
	struct error err;

	buf_init(&text, 8192);
	buf_init(&again, 8192);
	if (mailbox_name_decode(name, &text)) {
		require(text_is_utf8(buf_text(&text), text.len));
		require(mailbox_name_encode(name, &again, &err) == 0);
		require(strcmp(buf_text(&again), name) == 0);
	} else if (mailbox_name_encode(name, &again, &err) == 0) {
		require(mailbox_name_decode(buf_text(&again), &text));
		require(text_is_utf8(name, strlen(name)));
	}
	buf_done(&again);
	buf_done(&text);
}

static void
check_set(const char *set)
{
	require(strspn(set, "0123456789,") == strlen(set));
	require(strstr(set, ",,") == NULL && *set != ',');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = malloc(len + 1);
	struct buf mailbox;
	struct buf set;
	struct error err;

	require(text != NULL);
	memcpy(text, data, len);
	text[len] = '\0';
	buf_init(&mailbox, 1024);
	buf_init(&set, 8192);
	if (look_answer_sent_mailbox(text, &mailbox, &err) == 0) {
		require(strpbrk(buf_text(&mailbox), "\r\n") == NULL);
		check_quoted(buf_text(&mailbox));
	}
	check_name(text);
	if (look_answer_found(text, &set, &err) == 0)
		check_set(buf_text(&set));
	look_answer_has_received(text);
	require(look_answer_refusal(text) != NULL);
	buf_done(&set);
	buf_done(&mailbox);
	free(text);
	return 0;
}
