/* SPDX-License-Identifier: MIT */
/*
 * Finds messages that were queued under another $HOME or $XDG_STATE_HOME, as
 * cron and a changed login have.
 */
#include "cli/queue-elsewhere.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/paths.h"
#include "report/report.h"

static void warn_of(const struct spool *other);

void
queue_elsewhere_warn(const struct spool *spool)
{
	struct spool other = {.directory = -1};
	struct error ignored;

	if (isatty(STDERR_FILENO) != 1)
		return;
	other.path = paths_database_state("queue", &ignored);
	if (other.path != NULL && strcmp(other.path, spool->path) != 0) {
		other.directory = open(other.path,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		warn_of(&other);
	}
	spool_close(&other);
}

static void
warn_of(const struct spool *other)
{
	struct spool_ids ids;
	struct error err;

	if (spool_list(other, &ids, &err) == 0 && ids.count > 0) {
		error_set(&err, ERROR_CONFIG, "%zu message%s in %s", ids.count,
		    ids.count == 1 ? " waits" : "s wait", other->path);
		error_hint(&err,
		    "HOME or XDG_STATE_HOME names another directory than the "
		    "user database: run env -u HOME -u XDG_STATE_HOME "
		    "postrider queue");
		report_warning(NULL, &err);
	}
	spool_ids_done(&ids);
}
