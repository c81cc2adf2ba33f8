/* SPDX-License-Identifier: MIT */
/*
 * The table of waits. A cause that is not in it waits as the last row.
 */
#include "submit/queue-wait.h"

#include <stddef.h>
#include <string.h>

#include "base/jitter.h"
#include "submit/folded-text.h"

enum {
	MINUTE_S = 60,
	HOUR_S = 3600,
	DAY_S = 86400,
	NAMED_TRIES = 5 /* a server that names the same time again and again */
};

enum queue_wait_scope {
	OF_MESSAGE = 0,
	OF_ACCOUNT = 1, /* in whatever step it is seen */
	OF_NETWORK = 2
};

struct queue_wait {
	const char *cause;
	unsigned first_s; /* doubles with each try */
	unsigned last_s;
	enum queue_wait_scope scope;
};

/* clang-format off */
static const struct queue_wait waits[] = {
    {"no-network", MINUTE_S, 15 * MINUTE_S, OF_NETWORK},
    {"no-such-host", MINUTE_S, 15 * MINUTE_S, OF_NETWORK},
    {"name-servers", MINUTE_S, 15 * MINUTE_S, OF_NETWORK},
    {"connection-refused", MINUTE_S, 15 * MINUTE_S, OF_NETWORK},
    {"port-filtered", MINUTE_S, 15 * MINUTE_S, OF_NETWORK},
    {"connection-lost", MINUTE_S, 15 * MINUTE_S, OF_NETWORK},
    {"timeout", MINUTE_S, 15 * MINUTE_S, OF_NETWORK},
    {"not-a-mail-server", MINUTE_S, 15 * MINUTE_S, OF_NETWORK},
    {"captive-network", MINUTE_S, 15 * MINUTE_S, OF_NETWORK},
    {"proxy", MINUTE_S, 15 * MINUTE_S, OF_NETWORK},
    {"token-endpoint", MINUTE_S, 15 * MINUTE_S, OF_NETWORK},
    {"tls-failed", MINUTE_S, HOUR_S, OF_NETWORK},
    {"tls-not-spoken", MINUTE_S, HOUR_S, OF_NETWORK},
    {"starttls-missing", MINUTE_S, HOUR_S, OF_NETWORK},
    {"interception", MINUTE_S, HOUR_S, OF_NETWORK},
    {"clock-wrong", MINUTE_S, HOUR_S, OF_NETWORK},
    {"certificate-expired", MINUTE_S, HOUR_S, OF_NETWORK},
    {"certificate-name", MINUTE_S, HOUR_S, OF_NETWORK},
    {"certificate-untrusted", MINUTE_S, HOUR_S, OF_NETWORK},
    {"certificate-invalid", MINUTE_S, HOUR_S, OF_NETWORK},
    {"address-blocked", HOUR_S, 4 * HOUR_S, OF_NETWORK},

    {"too-many-connections", MINUTE_S, HOUR_S, OF_ACCOUNT},
    {"too-many-sign-ins", HOUR_S, 4 * HOUR_S, OF_ACCOUNT},
    {"rate-short", MINUTE_S, 15 * MINUTE_S, OF_ACCOUNT},
    {"rate-hour", HOUR_S, 4 * HOUR_S, OF_ACCOUNT},
    {"rate-day", DAY_S, DAY_S, OF_ACCOUNT},
    {"storage-server", MINUTE_S, HOUR_S, OF_ACCOUNT},
    {"credits-used", DAY_S, DAY_S, OF_ACCOUNT},
    {"not-signed-in", 5 * MINUTE_S, 4 * HOUR_S, OF_ACCOUNT},
    {"account-locked", 5 * MINUTE_S, 4 * HOUR_S, OF_ACCOUNT},
    {"account-suspended", 5 * MINUTE_S, 4 * HOUR_S, OF_ACCOUNT},
    {"account-unverified", 5 * MINUTE_S, 4 * HOUR_S, OF_ACCOUNT},

    {"greylisting", 3 * MINUTE_S, 15 * MINUTE_S, OF_MESSAGE},
    {"storage-recipient", HOUR_S, 4 * HOUR_S, OF_MESSAGE},
    {NULL, QUEUE_WAIT_MIN_S, 4 * HOUR_S, OF_MESSAGE},
};
/* clang-format on */

static const struct queue_wait *queue_wait_find(const char *cause);
static uint64_t queue_wait_named(const struct error *failure);
static bool is_in_transaction(const struct error *failure);

uint64_t
queue_wait_seconds(const struct error *failure, uint64_t tries)
{
	const struct queue_wait *wait = queue_wait_find(failure->cause);
	uint64_t seconds = wait->first_s;
	uint64_t named = queue_wait_named(failure);

	if (named > 0 && tries <= NAMED_TRIES)
		return named;
	if (wait->cause == NULL && queue_wait_needs_user(failure))
		seconds = 5 * MINUTE_S;
	if (wait->cause == NULL && failure->code == ERROR_LATER)
		seconds = HOUR_S;
	for (; tries > 1 && seconds < wait->last_s; tries--)
		seconds *= 2;
	if (seconds > wait->last_s)
		seconds = wait->last_s;
	seconds = (uint64_t)jitter_add((int64_t)seconds);
	return seconds > named ? seconds : named;
}

bool
queue_wait_is_for_network(const char *cause)
{
	return queue_wait_find(cause)->scope == OF_NETWORK;
}

bool
queue_wait_is_for_account(const struct error *failure)
{
	if (failure->code == ERROR_NONE || failure->code == ERROR_AMBIGUOUS)
		return false;
	return !is_in_transaction(failure) ||
	    queue_wait_find(failure->cause)->scope == OF_ACCOUNT;
}

bool
queue_wait_needs_user(const struct error *failure)
{
	return queue_wait_is_for_account(failure) &&
	    !queue_wait_is_for_network(failure->cause) &&
	    !error_is_temporary(failure->code) &&
	    failure->code != ERROR_LATER && failure->code != ERROR_SYSTEM;
}

static const struct queue_wait *
queue_wait_find(const char *cause)
{
	const struct queue_wait *wait = waits;

	while (wait->cause != NULL &&
	    (cause == NULL || strcmp(wait->cause, cause) != 0))
		wait++;
	return wait;
}

/* Returns what the server asks for, and a second; or 0. */
static uint64_t
queue_wait_named(const struct error *failure)
{
	struct folded_text text;
	unsigned long seconds;

	if (failure->reply_code / 100 != 4)
		return 0;
	folded_text_init(&text, failure->message + failure->reply_offset);
	return folded_text_find_wait(&text, &seconds) ? seconds + 1 : 0;
}

static bool
is_in_transaction(const struct error *failure)
{
	static const char *const steps[] = {"mail", "rcpt", "data", "message"};

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (failure->step != NULL &&
		    strcmp(failure->step, steps[i]) == 0)
			return true;
	}
	return false;
}
