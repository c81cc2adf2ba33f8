/* SPDX-License-Identifier: MIT */
/*
 * Writes the line of the log that the client would have written.
 */
#include "queue/hold-log.h"

#include <stdio.h>
#include <unistd.h>

#include "submit/delivery.h"
#include "submit/log.h"

enum {
	HEADER_MAX = 262144,
	PIECE_SIZE = 16384
};

static int read_header(int fd, struct message *message, struct error *err);

void
hold_log(const struct held_session *held,
    const struct smtp_transaction *transaction, int message_fd)
{
	const struct attempt *attempt = &held->attempt;
	struct envelope envelope = {.sender = (char *)transaction->sender};
	struct message message;
	struct delivery delivery = {.route = attempt->route,
	    .envelope = &envelope,
	    .message = &message,
	    .recipient = transaction->recipient,
	    .recipient_count = transaction->recipient_count,
	    .tries = 1,
	    .record = attempt->record,
	    .is_unreported = true};
	struct error ignored;

	snprintf(delivery.receipt, sizeof delivery.receipt, "%s",
	    transaction->receipt);
	message_init(&message);
	read_header(message_fd, &message, &ignored);
	message.wire_size = transaction->body.size;
	log_outcome(&delivery, &ignored);
	message_done(&message);
}

/* For the Message-ID. A line without it is better than none. */
static int
read_header(int fd, struct message *message, struct error *err)
{
	char piece[PIECE_SIZE];
	off_t at = 0;
	ssize_t got;

	message->source = source_new(err);
	if (message->source == NULL)
		return -1;
	while (
	    at < HEADER_MAX && (got = pread(fd, piece, sizeof piece, at)) > 0) {
		if (source_add(message->source, piece, (size_t)got, err) == -1)
			return -1;
		at += got;
	}
	return message_parse(message, err);
}
