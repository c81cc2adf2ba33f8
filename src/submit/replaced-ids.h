/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_REPLACED_IDS_H
#define SUBMIT_REPLACED_IDS_H

/*
 * The file of Message-IDs that servers have replaced, message-ids in the state
 * directory: at most 2000 of the last 90 days. For this layer only.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum {
	REPLACED_ID_SIZE = 256 /* of a Message-ID with its brackets and a NUL */
};

struct replaced_ids;

/*
 * Opens the file and reads what it says of the account that key stands for; to
 * be added to, too, if may_add. What is too old is removed now and then. NULL
 * on failure: ERROR_CREATE, ERROR_CONFIG.
 */
struct replaced_ids *replaced_ids_open(const char *key, bool may_add,
    struct error *err);

/* Creates the file, if it does not exist, and returns its path. NULL as above.
 * The caller frees. */
char *replaced_ids_file(struct error *err);

void replaced_ids_free(struct replaced_ids *ids);

/* Returns the Message-ID that replaced id, or NULL. Both have their brackets.
 * Borrowed until replaced_ids_free. */
const char *replaced_ids_find(const struct replaced_ids *ids, const char *id,
    size_t len, size_t *ret_len);

/* Adds an ID that was replaced; works in the sandbox. ERROR_IO. */
int replaced_ids_add(const struct replaced_ids *ids, const char *old_id,
    const char *new_id, struct error *err);

#endif
