/* SPDX-License-Identifier: MIT */
#ifndef CLI_DRAFT_H
#define CLI_DRAFT_H

/*
 * A draft of a message that a person writes in an editor: a few header fields,
 * an empty line and the text. It stays in a private directory until it is sent.
 */

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "cli/composition.h"

struct draft {
	char *path;  /* NULL: there is no file */
	int fd;      /* -1, or at the start of the text */
	int remover; /* a pipe to the process that removes the file, or -1 */
	pid_t remover_pid;
};

/* A draft without a file; draft_done accepts it. */
void draft_init(struct draft *draft);

/* Does not remove the file. */
void draft_done(struct draft *draft);

/*
 * Fails if the composition has what a draft that was kept has itself, or if
 * path is not in the directory of drafts. ERROR_USAGE.
 */
int draft_check_kept(const char *path, const struct composition *composition,
    struct error *err);

/*
 * Writes a draft of the composition, or takes the one at kept if that is not
 * NULL, opens the user's editor on it, and
 * replaces the fields of the composition, and --body, by those of the draft.
 * The text is to be read from draft->fd. ERROR_USAGE if the draft was not
 * changed or has no text; ERROR_DATA if its header cannot be parsed;
 * ERROR_SYSTEM if the editor failed; ERROR_CREATE. If the draft is not worth
 * keeping, the file is removed and the path is NULL.
 */
int draft_edit(struct draft *draft, const char *kept,
    struct composition *composition, struct error *err);

/* Removes the file, once the message is sent; this process may be in a sandbox
 * then. On success the path is NULL. */
void draft_remove(struct draft *draft);

#endif
