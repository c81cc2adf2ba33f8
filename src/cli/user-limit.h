/* SPDX-License-Identifier: MIT */
#ifndef CLI_USER_LIMIT_H
#define CLI_USER_LIMIT_H

/*
 * Limits how many recipients each user may send to in a period of time
 * (recipients-per-user), for sendmail -bs on a socket that other users connect
 * to. The numbers are in a file of the user who sends for them, so that all
 * processes and later ones know them.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "config/account.h"

enum {
	USER_LIMIT_NAME_SIZE = 64
};

struct user_limit {
	int fd; /* -1: no limit */
	char *path;
	char name[USER_LIMIT_NAME_SIZE]; /* of the user, for messages */
	unsigned long max;               /* recipients in each period */
	int64_t period_s;
};

/* No limit. */
void user_limit_init(struct user_limit *limit);

/*
 * Opens the limit of a user for an account that has one. root, who can change
 * the limit, and the user of this process have none; all user IDs without a
 * user share one, because a user can have many of them (subuid(5)). Must be
 * called before the sandbox is entered. ERROR_CREATE, ERROR_CONFIG.
 */
int user_limit_open(struct user_limit *limit, const struct account *account,
    uid_t uid, struct error *err);

void user_limit_done(struct user_limit *limit);

/*
 * Counts recipients that the user sends to; with 0, finds out whether another
 * one is allowed. ERROR_LATER if the limit is reached, with a message that says
 * how long to wait; nothing is counted then. ERROR_CREATE if the file cannot be
 * read or written.
 */
int user_limit_take(struct user_limit *limit, unsigned long count,
    struct error *err);

#endif
