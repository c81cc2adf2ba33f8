/* SPDX-License-Identifier: MIT */
/*
 * Drives src/spool and src/queue/sending.c, one message in one run.
 */
#include "queued.h"

#include <string.h>
#include <time.h>

#include "base/interruption.h"
#include "queue/sending.h"
#include "spool/spool.h"
#include "submit/held-session.h"

#include "queue-disk.h"
#include "seed.h"
#include "verdict.h"

struct wire {
	const char *bytes;
	size_t len;
};

struct queued {
	const struct choices *choices;
	const struct output *output;
	const struct truth *truth;
	struct spool spool;
	struct message message;
	char id[SPOOL_ID_SIZE];
	bool is_accepted;  /* the queue said so */
	bool is_disturbed; /* something has crashed or failed */
};

static bool add(struct queued *queued, struct wire wire);
static int describe(const struct choices *choices, size_t size,
    struct spool_entry *entry, struct error *err);
static long read_wire(void *context, void *out, size_t len, struct error *err);
static void send_once(struct queued *queued);
static void check(const struct queued *queued);
static enum spool_status find_status(const struct spool_entry *entry,
    const char *address);
static void check_status(const struct queued *queued,
    const struct truth_recipient *truth, enum spool_status status);
static void on_line(void *context, enum transcript_side side, const char *text);

void
queued_run(const struct choices *choices, const struct output *output,
    struct server *server, const char *wire, size_t wire_len)
{
	struct seed *seed = choices->seed;
	struct queued queued = {.choices = choices,
	    .output = output,
	    .truth = &server->truth,
	    .spool = {.path = (char *)"/simulated/queue",
		.directory = QUEUE_DISK_DIRECTORY},
	    .is_disturbed = choices->disk_faults > 0};

	queue_disk_init(seed, choices->disk_faults);
	queue_disk_start(seed_chance(seed, 300) ? 1 + seed_below(seed, 20) : 0,
	    choices->disk_faults);
	if (!add(&queued, (struct wire){wire, wire_len}))
		return;
	for (int i = 1; i <= QUEUED_RUNS && interruption_caught() == 0; i++) {
		bool is_last = i == QUEUED_RUNS;
		uint32_t step = !is_last && seed_chance(seed, 600)
		    ? 1 + seed_below(seed, 100)
		    : 0;

		queue_disk_start(step, is_last ? 0 : choices->disk_faults);
		verdict_note("queue", "run %d", i);
		/* A new process can't redact the secret of the last one. */
		server->line[0] = '\0';
		send_once(&queued);
		queued.is_disturbed |= queue_disk_start(0, 0);
	}
	check(&queued);
	queue_disk_start(0, 0);
}

/* Returns whether the message is in the queue. */
static bool
add(struct queued *queued, struct wire wire)
{
	struct spool_entry entry, found;
	struct error err;
	bool is_there;

	spool_entry_init(&entry);
	spool_entry_init(&found);
	if (describe(queued->choices, wire.len, &entry, &err) == -1)
		verdict_violation("no memory");
	queued->is_accepted =
	    spool_add(&queued->spool, &entry, read_wire, &wire, &err) == 0;
	verdict_note("queue", "%s",
	    queued->is_accepted ? "accepted" : err.message);
	memcpy(queued->id, entry.id, sizeof queued->id);
	queued->is_disturbed |= queue_disk_start(0, 0);
	is_there = spool_load(&queued->spool, queued->id, &found, &err) == 0;
	if (queued->is_accepted && !is_there)
		verdict_violation("accepted by the queue, but lost");
	if (!queued->is_accepted && !queued->is_disturbed)
		verdict_violation("refused by the queue: %s", err.message);
	spool_entry_done(&entry);
	spool_entry_done(&found);
	return is_there;
}

static int
describe(const struct choices *choices, size_t size, struct spool_entry *entry,
    struct error *err)
{
	const struct envelope *envelope = &choices->envelope;

	entry->number[SPOOL_SIZE] = size;
	entry->number[SPOOL_CREATED] = (uint64_t)time(NULL);
	if (spool_entry_set(entry, SPOOL_ACCOUNT, "test", err) == -1 ||
	    spool_entry_set(entry, SPOOL_SENDER, envelope->sender, err) == -1 ||
	    spool_entry_set(entry, SPOOL_NOTIFY, envelope->notify, err) == -1)
		return -1;
	for (size_t i = 0; i < envelope->recipients.count; i++) {
		if (spool_entry_add(entry, envelope->recipients.address[i],
			err) == -1)
			return -1;
	}
	return 0;
}

static long
read_wire(void *context, void *out, size_t len, struct error *err)
{
	struct wire *wire = context;

	(void)err;
	if (len > wire->len)
		len = wire->len;
	memcpy(out, wire->bytes, len);
	wire->bytes += len;
	wire->len -= len;
	return (long)len;
}

static void
send_once(struct queued *queued)
{
	const struct transcript transcript = {.line = on_line,
	    .context = (void *)queued->output};
	const struct attempt_observer steps = {.transcript = transcript};
	const struct delivery_observer observer = {.transcript = transcript};
	const struct route *route = &queued->choices->route;
	struct sending sending = {.spool = &queued->spool,
	    .message = &queued->message,
	    .fd = -1};
	const struct error *failure;
	struct held_session held;
	struct error err;

	message_init(&queued->message);
	queued->message.source = source_new(&err);
	if (queued->message.source == NULL)
		verdict_violation("no memory");
	source_prepare_file(queued->message.source, &err);
	held_session_init(&held, route, &steps);
	spool_entry_init(&sending.entry);
	if (sending_load(&sending, queued->id, &err) == 0 &&
	    spool_entry_count(&sending.entry, SPOOL_WAITING) > 0 &&
	    sending_prepare(&sending, route, &err) == 0) {
		delivery_run_in(&sending.delivery, &held, &observer);
		if (sending_settle(&sending, &failure, &err) == -1)
			verdict_note("queue", "%s", err.message);
	}
	sending_done(&sending);
	held_session_done(&held);
	message_done(&queued->message);
}

static void
check(const struct queued *queued)
{
	struct spool_entry entry;
	struct error err;
	bool is_gone;

	spool_entry_init(&entry);
	is_gone = spool_load(&queued->spool, queued->id, &entry, &err) == -1;
	if (is_gone && err.code != ERROR_USAGE)
		verdict_violation("lost: %s", err.message);
	for (size_t i = 0; i < queued->truth->recipient_count; i++) {
		const struct truth_recipient *one =
		    &queued->truth->recipient[i];

		check_status(queued, one,
		    is_gone ? SPOOL_SENT : find_status(&entry, one->address));
	}
	spool_entry_done(&entry);
}

/* What a signal has left as "sending" is unknown. */
static enum spool_status
find_status(const struct spool_entry *entry, const char *address)
{
	for (size_t i = 0; i < entry->count; i++) {
		if (strcmp(entry->recipient[i].address, address) == 0)
			return entry->recipient[i].status == SPOOL_SENDING
			    ? SPOOL_UNKNOWN
			    : entry->recipient[i].status;
	}
	verdict_violation("%s: lost", address);
	return SPOOL_STATUS_COUNT;
}

static void
check_status(const struct queued *queued, const struct truth_recipient *truth,
    enum spool_status status)
{
	bool is_exact = !truth->may_be_refused && !queued->truth->may_repeat;
	const char *name = spool_status_name(status);

	verdict_note("queue", "%s: %s", truth->address, name);
	if (status == SPOOL_UNKNOWN) {
		if (is_exact && !truth->was_sent && !queued->is_disturbed)
			verdict_violation("%s: unknown without reason",
			    truth->address);
		return;
	}
	if (status == SPOOL_SENT) { /* or gone, and was never accepted */
		if (!truth->is_promised && !truth->may_be_promised &&
		    queued->is_accepted)
			verdict_violation("%s: sent; the server never said so",
			    truth->address);
		return;
	}
	if (truth->is_promised)
		verdict_violation("%s: %s; the server accepted it",
		    truth->address, name);
	if (is_exact && truth->is_in_doubt)
		verdict_violation("%s: %s; the server may have accepted it",
		    truth->address, name);
}

static void
on_line(void *context, enum transcript_side side, const char *text)
{
	(void)side;
	output_check(context, "transcript", text);
}
