/* SPDX-License-Identifier: MIT */
/*
 * Counts the bytes of a message, and reports them by the clock.
 */
#include "smtp/progress.h"

#include "base/clock.h"
#include "smtp/params.h"
#include "smtp/socket.h"
#include "smtp/stream.h"

enum {
	FIRST_REPORT_MS = 1000,
	REPORT_INTERVAL_MS = 250
};

static bool progress_report(const struct stream *stream);

void
progress_begin(struct stream *stream, uint64_t total)
{
	int64_t now_ms;

	if (stream->params->on_progress == NULL)
		return;
	now_ms = clock_now_ms();
	stream->progress = (struct progress_count){.total = total,
	    .started_ms = now_ms,
	    .next_ms = now_ms + FIRST_REPORT_MS};
}

/* What the kernel still holds has not been sent: it may be megabytes. */
void
progress_add(struct stream *stream, size_t len)
{
	struct progress_count *progress = &stream->progress;
	uint64_t unsent;

	progress->passed += len;
	if (progress->total == 0 || clock_left_ms(progress->next_ms) > 0)
		return;
	unsent = socket_unsent(stream->fd);
	if (progress->passed > progress->sent + unsent)
		progress->sent = progress->passed - unsent;
	if (progress->sent > progress->total)
		progress->sent = progress->total;
	progress->next_ms = clock_now_ms() + REPORT_INTERVAL_MS;
	if (!progress_report(stream))
		progress->total = 0;
}

int64_t
progress_wait_until(const struct stream *stream, int64_t last_ms)
{
	return stream->progress.total > 0
	    ? clock_earlier_ms(stream->progress.next_ms, last_ms)
	    : last_ms;
}

void
progress_end(struct stream *stream)
{
	const struct smtp_params *params = stream->params;

	if (stream->progress.total > 0)
		params->on_progress(params->progress_context, NULL);
	stream->progress = (struct progress_count){.total = 0};
}

static bool
progress_report(const struct stream *stream)
{
	const struct smtp_params *params = stream->params;
	struct smtp_progress progress = {.sent = stream->progress.sent,
	    .total = stream->progress.total,
	    .elapsed_ms = clock_now_ms() - stream->progress.started_ms};

	return params->on_progress(params->progress_context, &progress);
}
