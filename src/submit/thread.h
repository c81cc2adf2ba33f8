/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_THREAD_H
#define SUBMIT_THREAD_H

/*
 * Keeps the messages of a series in one thread although the server replaces
 * their Message-IDs: it names the new one when it accepts a message, and later
 * messages that refer to the old one are made to refer to the new one.
 */

#include <stdbool.h>

#include "base/error.h"
#include "config/account.h"
#include "message/header.h"
#include "submit/replaced-ids.h"

struct thread {
	struct replaced_ids *ids;      /* NULL: this server replaces none */
	unsigned rewritten;            /* references of this message */
	char new_id[REPLACED_ID_SIZE]; /* of this message, or "" */
	char problem[256];             /* why a thread may break, or "" */
};

/*
 * Rewrites In-Reply-To and References of a message that is about to be sent
 * through the account, unless it is signed (DKIM-Signature); and, if may_learn,
 * prepares for thread_learn. What fails is only noted in problem. ERROR_SYSTEM.
 */
int thread_begin(struct thread *thread, const struct account *account,
    struct header *header, bool may_learn, struct error *err);

void thread_done(struct thread *thread);

/*
 * Creates the file that thread_begin writes to, if the account's server
 * replaces Message-IDs, and returns its path, which the sandbox must allow;
 * else NULL. The caller frees.
 */
char *thread_file(const struct account *account);

/* Sets and keeps the new Message-ID, if the server's text names one. */
void thread_learn(struct thread *thread, const struct account *account,
    const struct header *header, const char *receipt);

#endif
