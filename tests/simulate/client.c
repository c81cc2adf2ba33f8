/* SPDX-License-Identifier: MIT */
/*
 * Reads a message, drives submit/delivery.c and cli/report.c, and checks what
 * they report.
 */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/registry.h"
#include "submit/delivery.h"
#include "submit/log.h"

#include "choices.h"
#include "console.h"
#include "credential.h"
#include "disk.h"
#include "kept.h"
#include "memory.h"
#include "messages.h"
#include "network.h"
#include "output.h"
#include "queue-disk.h"
#include "queued.h"
#include "relayed.h"
#include "sequence.h"
#include "server.h"
#include "signal-arrival.h"
#include "verdict.h"

enum {
	/* The most that a session may need: its buffers, a reply with its
	   copies, the message, and the diagnoses. */
	MEMORY_MAX = 2 << 20,
	/* After the deadline: one more read, and the goodbye. */
	GRACE_MS = 3000
};

static struct config *config;
static struct server server;
static struct output output;

struct client {
	struct choices choices;
	struct received_message received;
	struct delivery delivery;
	unsigned log_entries; /* that should have been written */
	int status;           /* of report_outcome */
};

static void start_server(struct client *client, uint32_t deviations);
static void deliver(struct client *client);
static void send_sequence(struct client *client);
static void send_relayed(struct client *client);
static void send_kept(struct client *client);
static void send_queued(struct client *client);
static void on_line(void *context, enum transcript_side side, const char *text);
static void on_retry(void *context, const struct delivery *delivery,
    const struct error *cause, int64_t delay_ms);
static void check_report(const struct client *client);
static void check_status(const struct client *client);
static void check_log(const struct client *client);
static bool check_log_line(const struct client *client, const char *line,
    size_t len);

void
client_set_up(void)
{
	struct error err;

	setenv("HOME", "/nonexistent", 1);
	setenv("TMPDIR", DISK_DIRECTORY, 1);
	unsetenv("XDG_CONFIG_HOME");
	config = config_load(NULL, &err);
	if (config == NULL || registry_load(config, &err) == -1)
		verdict_violation("no configuration: %s", err.message);
	server_set_up();
	messages_set_up();
	console_set_up();
}

void
client_tear_down(void)
{
	console_tear_down();
	messages_tear_down();
	server_tear_down();
	config_free(config);
}

void
client_run(struct seed *seed)
{
	static const uint32_t levels[] = {0, 20, 60, 150, 400};
	uint32_t deviations = levels[seed_below(seed, 5)];
	struct client client = {.log_entries = 0};
	struct choices *choices = &client.choices;
	size_t used = memory_used();

	memory_reset();
	choices_make(choices, seed, &server.truth);
	queue_disk_init(seed, 0);
	output_init(&output, choices->secret);
	credential_simulate(seed, choices->secret);
	console_init(seed, choices->disk_faults, &output);
	choices->route =
	    (struct route){.config = config, .account = &choices->account};
	if (messages_read(seed, choices->disk_faults, &client.received)) {
		start_server(&client, deviations);
		if (choices->is_queued)
			send_queued(&client);
		else if (choices->is_sequence)
			send_sequence(&client);
		else if (choices->is_relayed)
			send_relayed(&client);
		else if (choices->is_kept)
			send_kept(&client);
		else
			deliver(&client);
	}
	message_done(&client.received.message);
	disk_check();
	if (memory_peak() > used + MEMORY_MAX)
		verdict_violation("%zu bytes of memory", memory_peak() - used);
}

void
client_log(const char *line)
{
	output_check(&output, "syslog", line);
}

bool
client_wants_diagnosis(void)
{
	return seed_chance(server.seed, 10);
}

static void
start_server(struct client *client, uint32_t deviations)
{
	struct choices *choices = &client->choices;
	const struct account *account = &choices->account;
	struct network_peer peer = server_peer(&server);

	network_init(choices->seed, deviations, &peer);
	signal_init();
	choices->server_account.wire = client->received.wire;
	choices->server_account.wire_len = client->received.wire_len;
	choices->server_account.secret = choices->secret;
	server_init(&server, choices->seed, deviations,
	    &choices->server_account, choices->envelope.recipients.count);
	server.truth.may_repeat =
	    account_bool(account, SETTING_RETRY_AMBIGUOUS);
	network_set_limit(
	    GRACE_MS + account_duration_ms(account, SETTING_DEADLINE));
}

static void
deliver(struct client *client)
{
	struct choices *choices = &client->choices;
	struct delivery_observer observer = {.on_retry = on_retry,
	    .context = client,
	    .transcript = report_transcript(&choices->report)};
	struct error err;

	if (observer.transcript.line == NULL)
		observer.transcript.line = on_line;
	if (delivery_init(&client->delivery, &choices->route,
		&choices->envelope, &client->received.message, &err) == -1)
		verdict_violation("no memory");
	console_enter();
	delivery_run(&client->delivery, &observer);
	client->status = report_outcome(&choices->report, &client->delivery);
	console_leave();
	client->log_entries++;
	check_report(client);
	check_status(client);
	if (choices->account.text[SETTING_LOG_FILE] != NULL)
		check_log(client);
	delivery_done(&client->delivery);
}

static void
send_sequence(struct client *client)
{
	struct delivery *delivery = &client->delivery;
	struct choices *choices = &client->choices;
	struct error err;

	if (delivery_init(delivery, &choices->route, &choices->envelope,
		&client->received.message, &err) == -1)
		verdict_violation("no memory");
	sequence_run(choices, &server, &output, &client->received.message,
	    delivery->recipient);
	check_report(client);
	delivery_done(delivery);
}

/* The time limit is that of each step, for a client may be slow. */
static void
send_relayed(struct client *client)
{
	struct choices *choices = &client->choices;
	int64_t steps = (int64_t)choices->envelope.recipients.count + 4;

	network_set_limit(steps *
	    (GRACE_MS +
		account_duration_ms(&choices->account, SETTING_DEADLINE)));
	relayed_run(choices, &output, &client->received.message,
	    &client->delivery);
	check_report(client);
	delivery_done(&client->delivery);
}

/* The deadline is that of each delivery. */
static void
send_kept(struct client *client)
{
	struct choices *choices = &client->choices;
	struct delivery *delivery = &client->delivery;
	struct error err;

	network_set_limit(KEPT_DELIVERIES_MAX *
	    (GRACE_MS +
		account_duration_ms(&choices->account, SETTING_DEADLINE)));
	if (delivery_init(delivery, &choices->route, &choices->envelope,
		&client->received.message, &err) == -1)
		verdict_violation("no memory");
	kept_run(choices, &output, delivery);
	check_report(client);
	delivery_done(delivery);
}

/* The message is on the simulated disk of the queue only. */
static void
send_queued(struct client *client)
{
	const struct choices *choices = &client->choices;
	const struct received_message *received = &client->received;

	network_set_limit(QUEUED_RUNS *
	    (GRACE_MS +
		account_duration_ms(&choices->account, SETTING_DEADLINE)));
	message_done(&client->received.message);
	message_init(&client->received.message);
	queued_run(choices, &output, &server, received->wire,
	    received->wire_len);
}

static void
on_line(void *context, enum transcript_side side, const char *text)
{
	(void)context;
	(void)side;
	output_check(&output, "transcript", text);
}

static void
on_retry(void *context, const struct delivery *delivery,
    const struct error *cause, int64_t delay_ms)
{
	struct client *client = context;

	output_check(&output, "cause", cause->message);
	report_retry(&client->choices.report, delivery, cause, delay_ms);
	client->log_entries++;
}

static void
check_report(const struct client *client)
{
	const struct delivery *delivery = &client->delivery;

	for (size_t i = 0; i < delivery->recipient_count; i++) {
		const struct smtp_recipient *recipient =
		    &delivery->recipient[i];
		const struct error *outcome = &recipient->outcome;

		verdict_note("report", "%s: %s", recipient->address,
		    error_code_name(outcome->code));
		if (outcome->code == ERROR_NONE)
			continue;
		output_check(&output, "message", outcome->message);
		output_check(&output, "hint", outcome->hint);
		if (outcome->code == ERROR_IO && !disk_facts()->copy_failed)
			verdict_violation("%s, but the disk works",
			    outcome->message);
	}
	output_check(&output, "receipt", delivery->receipt);
	truth_check(&server.truth, delivery->recipient,
	    delivery->recipient_count);
}

/* The disk has no influence on it, except by the message itself. */
static void
check_status(const struct client *client)
{
	int status = client->status;
	const struct console_facts *console = console_facts();
	const struct delivery *delivery = &client->delivery;
	size_t accepted = 0;

	for (size_t i = 0; i < delivery->recipient_count; i++)
		accepted += delivery->recipient[i].outcome.code == ERROR_NONE;
	if ((status == 0) != (accepted == delivery->recipient_count))
		verdict_violation("exit status %d; %zu of %zu were accepted",
		    status, accepted, delivery->recipient_count);
	if (client->choices.report.json && !console->has_lost_output &&
	    (!console->has_json || console->json_status != status))
		verdict_violation("exit status %d, in JSON %d", status,
		    console->json_status);
}

static void
check_log(const struct client *client)
{
	const struct disk_facts *facts = disk_facts();
	const struct console_facts *console = console_facts();
	const char *end = facts->log + facts->log_len;
	unsigned lines = 0;

	if (!console->has_lost_errors &&
	    (facts->log_errors == 0) != (console->log_errors == 0))
		verdict_violation("%u errors of the log, %u messages",
		    facts->log_errors, console->log_errors);
	if (facts->log_is_mixed)
		return;
	for (const char *line = facts->log; line < end;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));

		if (stop == NULL) {
			verdict_violation("the log ends in a part of a line");
			return;
		}
		lines += check_log_line(client, line, (size_t)(stop - line));
		line = stop + 1;
	}
	if (lines > client->log_entries ||
	    lines + facts->log_errors < client->log_entries)
		verdict_violation("%u entries, %u lines in the log",
		    client->log_entries, lines);
}

/* Returns whether the client wrote it. */
static bool
check_log_line(const struct client *client, const char *line, size_t len)
{
	static char copy[DISK_LOG_MAX + 1];
	const char *status;

	memcpy(copy, line, len);
	copy[len] = '\0';
	if (strcmp(copy, disk_other_line) == 0)
		return false;
	output_check(&output, "log", copy);
	status = strstr(copy, " exit=");
	if (status != NULL &&
	    strtol(status + strlen(" exit="), NULL, 10) != client->status)
		verdict_violation("exit status %d, in the log: %s",
		    client->status, copy);
	return true;
}
