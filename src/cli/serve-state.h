/* SPDX-License-Identifier: MIT */
#ifndef CLI_SERVE_STATE_H
#define CLI_SERVE_STATE_H

/* The state of sendmail -bs (serve.c), and its transactions
 * (serve-transaction.c, serve-recipient.c). For this layer only. */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "report/report.h"
#include "cli/queue-choice.h"
#include "cli/queue-fallback.h"
#include "cli/submission.h"
#include "cli/user-limit.h"
#include "server/dialogue.h"
#include "submit/attempt.h"
#include "submit/held-session.h"
#include "submit/relay.h"

/* What one RCPT has become. */
struct serve_recipient {
	size_t first, count; /* recipients of the delivery */
	bool is_one_too_many;
	struct error refusal; /* ours, if the code is not ERROR_NONE */
};

struct serve {
	struct submission submission; /* its source is used again and again */
	struct report report;
	struct attempt_observer observer;
	bool has_route;     /* and held is initialised */
	char *route_sender; /* for which it was resolved, or NULL */
	struct held_session held;
	enum queue_choice choice;
	struct queue_fallback queue; /* unless choice is QUEUE_NEVER */
	bool has_limit; /* and limit is that of the client's user */
	struct user_limit limit;

	bool may_utf8;     /* the client said SMTPUTF8 */
	bool is_too_large; /* for the server */
	bool is_logged;
	bool is_detached; /* no server takes part: the message is queued */
	struct relay relay;
	struct error failure; /* the message could not be stored */
	struct error mixed;   /* an alias was accepted in part */

	/* A ring of those that wait for their reply. */
	struct serve_recipient recipient[SERVER_UNANSWERED_MAX];
	size_t recipient_first, recipient_count;
};

/* The functions of struct server_handler; context is a struct serve. */
void serve_mail(void *context, const struct server_path *path,
    struct server_reply *reply);
void serve_rcpt(void *context, const struct server_path *path);
void serve_rcpt_reply(void *context, struct server_reply *reply);
void serve_data(void *context, struct server_reply *reply);
void serve_content(void *context, const char *bytes, size_t len);
void serve_message(void *context, struct server_reply *reply);

/* Sets the sender that MAIL names; -f takes precedence. ERROR_DATA,
 * ERROR_USAGE. */
int serve_set_sender(struct serve *serve, const char *address,
    struct error *err);

/* Returns whether another process must send the message: the sender's account
 * is not that of this one, or its session has ended. */
bool serve_needs_new_process(const struct serve *serve);

/* Chooses the account by the sender, unless that is done, and prepares its
 * session. Errors of route_resolve. */
int serve_choose_account(struct serve *serve, struct error *err);

/* Opens the queue for the account that was chosen. */
void serve_queue_init(struct serve *serve);

/* Whether the account's messages are queued before any server is asked. */
bool serve_queue_is_first(const struct serve *serve);

/* Returns whether a message with this failure before its content can be queued;
 * then no server takes part any more. */
bool serve_queue_detach(struct serve *serve, const struct error *failure);

/* Whether a recipient with this outcome is queued, so that the client need not
 * know. */
bool serve_queue_keeps(const struct serve *serve, const struct error *outcome);

/* Queues the message, and sets the reply. Returns false if that is not
 * possible. */
bool serve_queue_message(struct serve *serve, struct error *outcome,
    struct server_reply *reply);

/* Ends the wait of an account whose server has accepted a message. */
void serve_queue_release(struct serve *serve);

/* Forgets the message and its envelope. */
void serve_end_transaction(struct serve *serve);

#endif
