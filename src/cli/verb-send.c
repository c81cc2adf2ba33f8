/* SPDX-License-Identifier: MIT */
/*
 * The command send: a message that postrider-compose writes, from a draft if
 * the user wants to edit one.
 */
#include "cli/verbs.h"

#include <unistd.h>

#include "cli/compose.h"
#include "cli/draft.h"
#include "cli/report.h"
#include "cli/submit.h"

static int send_edited(struct options *options, struct error *err);
static int send_draft(struct options *options, struct draft *draft,
    struct error *err);
static void report_kept(const struct draft *draft, struct error *err);

int
verb_send(struct options *options, struct error *err)
{
	options->composes = true;
	if (!options->edit)
		return submit(options);
	return send_edited(options, err);
}

static int
send_edited(struct options *options, struct error *err)
{
	struct draft draft;
	int status;

	if (compose_check(err) == -1 ||
	    composition_check_files(&options->composition, err) == -1)
		return -1;
	draft_init(&draft);
	status = send_draft(options, &draft, err);
	if (status == 0 && !options->dry_run)
		draft_remove(&draft);
	if (draft.path != NULL)
		report_kept(&draft, status == -1 ? err : NULL);
	draft_done(&draft);
	return status;
}

/* In the hint of an error that is still to be reported. */
static void
report_kept(const struct draft *draft, struct error *err)
{
	struct error kept;

	if (err != NULL && err->hint[0] == '\0') {
		error_hint(err, "the draft is kept: %s", draft->path);
		return;
	}
	error_set(&kept, ERROR_NONE, "the draft is kept: %s", draft->path);
	report_warning(NULL, &kept);
}

/* The text of the draft takes the place of standard input. */
static int
send_draft(struct options *options, struct draft *draft, struct error *err)
{
	if (draft_edit(draft, &options->composition, err) == -1)
		return -1;
	if (dup2(draft->fd, STDIN_FILENO) == -1)
		return error_set_errno(err, ERROR_SYSTEM, "%s", draft->path);
	return submit(options);
}
