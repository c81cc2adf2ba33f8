/* SPDX-License-Identifier: MIT */
/*
 * Chooses the account, drives submit/delivery.c and checks its report.
 */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/interruption.h"
#include "config/account.h"
#include "config/config.h"
#include "message/envelope.h"
#include "submit/delivery.h"
#include "submit/log.h"
#include "submit/route.h"

#include "credential.h"
#include "memory.h"
#include "messages.h"
#include "network.h"
#include "output.h"
#include "server.h"
#include "signal.h"
#include "verdict.h"

enum {
	/* The most that a session may need: its buffers, a reply with its
	   copies, and the diagnoses. */
	MEMORY_MAX = 2 << 20,
	/* After the deadline: one more read, and the goodbye. */
	GRACE_MS = 3000
};

/* How an account signs in. */
static const struct sign_in {
	const char *auth; /* NULL: auto */
	const char *offered;
	bool is_token;
} sign_ins[] = {
    {NULL, " PLAIN LOGIN", false},
    {NULL, " LOGIN", false},
    {"PLAIN", " PLAIN LOGIN CRAM-MD5", false},
    {"LOGIN", " PLAIN LOGIN", false},
    {"XOAUTH2", " XOAUTH2 OAUTHBEARER PLAIN", true},
    {"OAUTHBEARER", " XOAUTH2 OAUTHBEARER", true},
    {"CRAM-MD5", " CRAM-MD5", false},
    {NULL, " SCRAM-SHA-256 SCRAM-SHA-1 PLAIN", false},
    {NULL, " SCRAM-SHA-256-PLUS SCRAM-SHA-256", false},
    {NULL, " DIGEST-MD5 CRAM-MD5 NTLM", false},
    {NULL, " GSSAPI PLAIN", false},
    {"ANONYMOUS", " ANONYMOUS", false},
    {NULL, " PLAIN", false},
};

static struct config *config;
static struct test_message messages[MESSAGES_COUNT];
static struct server server;
static struct output output;

struct client {
	struct seed *seed;
	struct account account;
	struct server_account server_account;
	struct route route;
	struct envelope envelope;
	char *addresses[TRUTH_RECIPIENTS_MAX];
	char *mechanism;
	char secret[OUTPUT_SECRET_MAX];
	struct delivery delivery;
};

static void choose_account(struct client *client);
static void choose_sign_in(struct client *client);
static const char *choose(struct seed *seed, const char *const *words,
    size_t count);
static void make_secret(struct client *client, size_t len);
static void choose_envelope(struct client *client);
static void on_line(void *context, enum transcript_side side, const char *text);
static void on_retry(void *context, const struct delivery *delivery,
    const struct error *cause, int64_t delay_ms);
static void check_report(const struct client *client);

#define CHOOSE(seed, words) choose(seed, words, sizeof(words) / sizeof *(words))

void
client_set_up(void)
{
	struct error err;

	setenv("HOME", "/nonexistent", 1);
	unsetenv("XDG_CONFIG_HOME");
	config = config_load(NULL, &err);
	if (config == NULL || config_load_registry(config, &err) == -1)
		verdict_violation("no configuration: %s", err.message);
	messages_init(messages);
}

void
client_tear_down(void)
{
	messages_done(messages);
	config_free(config);
}

void
client_run(struct seed *seed)
{
	static const uint32_t levels[] = {0, 20, 60, 150, 400};
	uint32_t deviations = levels[seed_below(seed, 5)];
	struct client client = {.seed = seed};
	const struct delivery_observer observer = {.on_retry = on_retry,
	    .transcript = {.line = on_line}};
	struct error err;
	size_t used;
	struct message *message;
	struct network_peer peer = server_peer(&server);

	network_init(seed, deviations, &peer);
	signal_init();
	choose_account(&client);
	choose_envelope(&client);
	server_init(&server, seed, deviations, &client.server_account,
	    client.envelope.recipients.count);
	server.truth.may_repeat =
	    account_bool(&client.account, SETTING_RETRY_AMBIGUOUS);
	message = &messages[seed_below(seed, MESSAGES_COUNT)].message;
	for (size_t i = 0; i < MESSAGES_COUNT; i++) {
		if (message != &messages[i].message)
			continue;
		client.server_account.wire = messages[i].wire;
		client.server_account.wire_len = messages[i].wire_len;
	}
	network_set_limit(
	    GRACE_MS + account_duration_ms(&client.account, SETTING_DEADLINE));
	used = memory_used();
	memory_reset();
	if (delivery_init(&client.delivery, &client.route, &client.envelope,
		message, &err) == -1)
		verdict_violation("no memory");
	delivery_run(&client.delivery, &observer);
	check_report(&client);
	delivery_done(&client.delivery);
	if (memory_peak() > used + MEMORY_MAX)
		verdict_violation("%zu bytes of memory", memory_peak() - used);
}

void
client_log(const char *line)
{
	output_check(&output, "log", line);
}

bool
client_wants_diagnosis(void)
{
	return seed_chance(server.seed, 10);
}

static void
choose_account(struct client *client)
{
	static const char *const tls[] = {"starttls", "implicit", "starttls",
	    "implicit", "none"};
	static const char *const timeouts[] = {"60s", "3s", "10s", "5m"};
	static const char *const finals[] = {"10m", "5s", "2m"};
	static const char *const deadlines[] = {"15m", "4s", "30s", "2m", "1h"};
	static const char *const retries[] = {"2", "0", "1", "5"};
	static const char *const delays[] = {"1s", "10s"};
	static const char *const bools[] = {"no", "yes"};
	struct seed *seed = client->seed;
	char **text = client->account.text;

	text[SETTING_HOST] = "mail.example.test";
	text[SETTING_PORT] = "587";
	text[SETTING_TLS] = (char *)CHOOSE(seed, tls);
	text[SETTING_DOMAIN] = "client.example.test";
	text[SETTING_CHUNKING] = (char *)CHOOSE(seed, bools);
	text[SETTING_FALLBACK] = (char *)CHOOSE(seed, bools);
	text[SETTING_TIMEOUT] = (char *)CHOOSE(seed, timeouts);
	text[SETTING_FINAL_TIMEOUT] = (char *)CHOOSE(seed, finals);
	text[SETTING_DEADLINE] = (char *)CHOOSE(seed, deadlines);
	text[SETTING_RETRIES] = (char *)CHOOSE(seed, retries);
	text[SETTING_RETRY_DELAY] = (char *)CHOOSE(seed, delays);
	text[SETTING_RETRY_AMBIGUOUS] =
	    seed_chance(seed, 100) ? (char *)"yes" : (char *)"no";
	text[SETTING_SYSLOG] = "yes";
	client->account.found_by = "simulation";
	client->server_account.implicit_tls =
	    account_is(&client->account, SETTING_TLS, "implicit");
	client->server_account.needs_tls =
	    !account_is(&client->account, SETTING_TLS, "none");
	client->route =
	    (struct route){.config = config, .account = &client->account};
	choose_sign_in(client);
}

static void
choose_sign_in(struct client *client)
{
	struct seed *seed = client->seed;
	const struct sign_in *sign_in =
	    &sign_ins[seed_below(seed, sizeof sign_ins / sizeof *sign_ins)];
	struct account *account = &client->account;

	make_secret(client,
	    sign_in->is_token && seed_chance(seed, 30)
		? 3000
		: 8 + seed_below(seed, sign_in->is_token ? 300 : 40));
	credential_simulate(seed, client->secret);
	client->server_account.mechanisms = sign_in->offered;
	if (!client->server_account.needs_tls || seed_chance(seed, 100))
		return;
	account->text[SETTING_USER] = "user@example.test";
	account->uses_oauth2 = sign_in->is_token;
	if (sign_in->auth != NULL) {
		client->mechanism = (char *)sign_in->auth;
		account->list[SETTING_AUTH] =
		    (struct account_list){.element = &client->mechanism,
			.count = 1};
	}
	client->server_account.needs_sign_in = true;
}

static const char *
choose(struct seed *seed, const char *const *words, size_t count)
{
	return words[seed_below(seed, (uint32_t)count)];
}

static void
make_secret(struct client *client, size_t len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				      "!#$%&/+=~*";
	/* Not from the seed: a fuzzer's bytes would make a dull one. */
	struct seed random;

	seed_init(&random, len);
	for (size_t i = 0; i < len; i++)
		client->secret[i] =
		    letters[seed_below(&random, sizeof letters - 1)];
	client->secret[len] = '\0';
	output_init(&output, client->secret);
}

static void
choose_envelope(struct client *client)
{
	struct seed *seed = client->seed;
	size_t count = 1 + seed_below(seed, 3);

	if (seed_chance(seed, 20))
		count = 1 + seed_below(seed, TRUTH_RECIPIENTS_MAX);
	truth_init(&server.truth, count);
	for (size_t i = 0; i < count; i++)
		client->addresses[i] = server.truth.recipient[i].address;
	client->envelope = (struct envelope){.sender = "me@example.test",
	    .recipients = {.address = client->addresses, .count = count},
	    .notify = seed_chance(seed, 100) ? (char *)"NEVER" : NULL};
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
	struct error ignored;

	(void)context;
	(void)delay_ms;
	output_check(&output, "cause", cause->message);
	log_retry(delivery, cause, &ignored);
}

static void
check_report(const struct client *client)
{
	const struct delivery *delivery = &client->delivery;
	struct error ignored;

	for (size_t i = 0; i < delivery->recipient_count; i++) {
		const struct smtp_recipient *recipient =
		    &delivery->recipient[i];

		verdict_note("report", "%s: %s", recipient->address,
		    error_code_name(recipient->outcome.code));
		if (recipient->outcome.code == ERROR_NONE)
			continue;
		output_check(&output, "message", recipient->outcome.message);
		output_check(&output, "hint", recipient->outcome.hint);
	}
	output_check(&output, "receipt", delivery->receipt);
	log_outcome(delivery, &ignored);
	truth_check(&server.truth, delivery->recipient,
	    delivery->recipient_count);
}
