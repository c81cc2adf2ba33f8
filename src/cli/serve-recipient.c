/* SPDX-License-Identifier: MIT */
/*
 * The recipients of an SMTP client's message. One that it names may be an alias
 * of several.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/serve-reply.h"
#include "cli/serve-state.h"

enum {
	RECIPIENTS_MAX = 10000 /* of a message; RFC 5321 4.5.3.1.8: 100 */
};

static int serve_add_recipients(struct serve *serve,
    const struct server_path *path, struct serve_recipient *recipient,
    struct error *err);
static int serve_add_recipient(struct serve *serve, const char *address,
    const struct server_path *path, struct serve_recipient *recipient,
    struct error *err);
static int serve_check_address(const struct serve *serve, const char *address,
    struct error *err);
static int serve_pass_on(struct serve *serve, const char *address,
    const struct server_path *path, struct error *err);
static size_t serve_find_recipient(const struct serve *serve,
    const char *address);

void
serve_rcpt(void *context, const struct server_path *path)
{
	struct serve *serve = context;
	size_t at = (serve->recipient_first + serve->recipient_count) %
	    SERVER_UNANSWERED_MAX;
	struct serve_recipient *recipient = &serve->recipient[at];
	struct error err;

	*recipient = (struct serve_recipient){.count = 0};
	serve->recipient_count++;
	/* A success may have set the error, as for a missing alias file. */
	if (serve->submission.delivery.recipient_count >= RECIPIENTS_MAX)
		recipient->is_one_too_many = true;
	else if (serve_add_recipients(serve, path, recipient, &err) == -1)
		recipient->refusal = err;
}

void
serve_rcpt_reply(void *context, struct server_reply *reply)
{
	struct serve *serve = context;
	const struct serve_recipient *recipient =
	    &serve->recipient[serve->recipient_first];
	const struct error *refusal = NULL;
	size_t accepted = 0;

	serve->recipient_first =
	    (serve->recipient_first + 1) % SERVER_UNANSWERED_MAX;
	serve->recipient_count--;
	if (recipient->is_one_too_many) {
		server_reply_set(reply, 452, "4.5.3", "too many recipients");
		return;
	}
	server_reply_set(reply, 250, "2.1.5", "OK");
	if (recipient->refusal.code != ERROR_NONE) {
		refusal = &recipient->refusal;
		serve_reply_address(reply, "5.1.3", refusal);
	}
	for (size_t i = 0; i < recipient->count; i++) {
		const struct error *outcome =
		    relay_outcome(&serve->relay, recipient->first + i);

		bool is_good = outcome->code == ERROR_NONE ||
		    serve_queue_keeps(serve, outcome);

		accepted += is_good;
		if (is_good || refusal != NULL)
			continue;
		refusal = outcome;
		serve_reply_pass_on(reply, outcome);
	}
	if (accepted > 0 && refusal != NULL)
		serve->mixed = *refusal;
}

static int
serve_add_recipients(struct serve *serve, const struct server_path *path,
    struct serve_recipient *recipient, struct error *err)
{
	struct envelope_request request =
	    submission_envelope_request(&serve->submission);
	struct address_list list;
	int result;

	address_list_init(&list);
	result = envelope_resolve(&request, path->address, &list, err);
	for (size_t i = 0; i < list.count && result == 0; i++)
		result = serve_add_recipient(serve, list.address[i], path,
		    recipient, err);
	address_list_done(&list);
	return result;
}

/* One that was named before is not passed on again; its outcome counts. */
static int
serve_add_recipient(struct serve *serve, const char *address,
    const struct server_path *path, struct serve_recipient *recipient,
    struct error *err)
{
	const struct delivery *delivery = &serve->submission.delivery;
	size_t i = serve_find_recipient(serve, address);

	if (i < delivery->recipient_count) {
		if (recipient->count == 0) {
			recipient->first = i;
			recipient->count = 1;
		}
		return 0;
	}
	if (serve_check_address(serve, address, err) == -1 ||
	    user_limit_take(&serve->limit, 1, err) == -1 ||
	    serve_pass_on(serve, address, path, err) == -1)
		return -1;
	if (recipient->count == 0 || recipient->first + recipient->count != i) {
		recipient->first = i;
		recipient->count = 0;
	}
	recipient->count++;
	return 0;
}

static int
serve_check_address(const struct serve *serve, const char *address,
    struct error *err)
{
	if (text_has_8bit(address, strlen(address)) && !serve->may_utf8)
		return error_set(err, ERROR_DATA,
		    "<%s>: not ASCII, but MAIL had no SMTPUTF8", address);
	return serve->is_detached
	    ? 0
	    : relay_check_address(&serve->relay, address, err);
}

static int
serve_pass_on(struct serve *serve, const char *address,
    const struct server_path *path, struct error *err)
{
	struct address_list *list = &serve->submission.envelope.recipients;
	struct smtp_recipient recipient = {.address = NULL};

	/* The list is the memory of the addresses. */
	if (address_list_add(list, address, err) == -1)
		return -1;
	recipient.address = list->address[list->count - 1];
	if (!address_equals(recipient.address, address))
		return error_no_memory(err); /* when it was named before */
	if ((path->notify == NULL ||
		(recipient.notify = text_format(err, "%s", path->notify)) !=
		    NULL) &&
	    (path->original == NULL ||
		(recipient.original = text_format(err, "%s", path->original)) !=
		    NULL) &&
	    relay_add(&serve->relay, &recipient, err) == 0)
		return 0;
	free((char *)recipient.notify);
	free((char *)recipient.original);
	return -1;
}

/* Returns the number of recipients if it has not been passed on. */
static size_t
serve_find_recipient(const struct serve *serve, const char *address)
{
	const struct delivery *delivery = &serve->submission.delivery;
	size_t i = 0;

	if (!address_list_has(&serve->submission.envelope.recipients, address))
		return delivery->recipient_count;
	while (i < delivery->recipient_count &&
	    !address_equals(delivery->recipient[i].address, address))
		i++;
	return i;
}
