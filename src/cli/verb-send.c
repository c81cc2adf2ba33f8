/* SPDX-License-Identifier: MIT */
/*
 * The command send: a message that postrider-compose writes, from a draft if
 * the user wants to edit one.
 */
#include "cli/verbs.h"

#include <unistd.h>

#include "base/file.h"
#include "cli/compose.h"
#include "cli/draft.h"
#include "report/report.h"
#include "cli/submit.h"

#define AGAIN "postrider send --draft %s"

static int send_edited(struct options *options, struct error *err);
static int send_draft(struct options *options, struct draft *draft,
    struct error *err);
static int send_check_draft(const struct options *options, struct error *err);
static void report_kept(const struct draft *draft, struct error *err);

int
verb_send(struct options *options, struct error *err)
{
	options->composes = true;
	if (!options->edit && options->draft == NULL)
		return submit(options);
	return send_edited(options, err);
}

static int
send_edited(struct options *options, struct error *err)
{
	struct draft draft;
	int status;

	if (compose_check(err) == -1 ||
	    composition_check_files(&options->composition, err) == -1 ||
	    send_check_draft(options, err) == -1)
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

static int
send_check_draft(const struct options *options, struct error *err)
{
	int fd;

	if (options->draft == NULL)
		return 0;
	fd = file_open(options->draft, ERROR_INPUT, err);
	if (fd == -1)
		return -1;
	close(fd);
	return draft_check_kept(options->draft, &options->composition, err);
}

/* In the hint of an error that is still to be reported. */
static void
report_kept(const struct draft *draft, struct error *err)
{
	struct error kept;

	if (err != NULL && err->hint[0] == '\0') {
		error_hint(err, "edit it again with: " AGAIN, draft->path);
		return;
	}
	error_set(&kept, ERROR_NONE, "the draft is kept");
	error_hint(&kept, "edit and send it with: " AGAIN, draft->path);
	report_warning(NULL, &kept);
}

/* The text of the draft takes the place of standard input. */
static int
send_draft(struct options *options, struct draft *draft, struct error *err)
{
	if (draft_edit(draft, options->draft, &options->composition, err) == -1)
		return -1;
	if (dup2(draft->fd, STDIN_FILENO) == -1)
		return error_set_errno(err, ERROR_SYSTEM, "%s", draft->path);
	return submit(options);
}
