/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_HOLD_PLACE_H
#define SUBMIT_HOLD_PLACE_H

/*
 * The directory in which held sessions are found: $XDG_RUNTIME_DIR/postrider,
 * else "hold" in the directory for state. It belongs to the user and is closed
 * to others. Each session has a socket, and a lock file with the number of the
 * process that holds it.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "submit/hold-digest.h"
#include "submit/route.h"

struct hold_place {
	char *path; /* of the directory */
	int directory;
	char name[DIGEST_SIZE]; /* of the session */
};

/* Opens the directory, which it creates if it may; place->directory is -1 if
 * there is none. ERROR_CREATE: also if it is not the user's own. Call
 * hold_place_done even on failure. */
int hold_place_open(struct hold_place *place, bool may_create,
    struct error *err);

/* Sets the name of the session for the route; errors of hold_digest. */
int hold_place_name(struct hold_place *place, const struct route *route,
    struct error *err);

void hold_place_done(struct hold_place *place);

/* Connects to the process that holds the session; -1: ERROR_TEMPORARY if there
 * is none. A process of another user is refused: ERROR_SECURITY. */
int hold_place_connect(const struct hold_place *place, int64_t deadline_ms,
    struct error *err);

/* Creates the socket, and listens. The caller has the lock. ERROR_CREATE. */
int hold_place_listen(const struct hold_place *place, struct error *err);

/* Removes the socket. */
void hold_place_leave(const struct hold_place *place);

/* Locks a file of the session, with this ending; as file_lock. */
int hold_place_lock(const struct hold_place *place, const char *ending,
    int64_t deadline_ms, struct error *err);

/* Removes what sessions of former settings have left, a day later. */
void hold_place_clean(const struct hold_place *place);

/* Whether the process at the other end belongs to the same user. */
bool hold_place_is_own(int fd);

/* Ends all processes that hold sessions, after the message that they send. Sets
 * how many there are. Errors of hold_place_open. */
int hold_place_stop_all(unsigned *ret_count, struct error *err);

#endif
