/* SPDX-License-Identifier: MIT */
/*
 * Chooses an account, its way to sign in, and recipients.
 */
#include "choices.h"

#include <string.h>

#include "disk.h"

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

static void choose_account(struct choices *choices);
static void choose_sign_in(struct choices *choices);
static const char *choose_word(struct seed *seed, const char *const *words,
    size_t count);
static void make_secret(struct choices *choices, size_t len);
static void choose_envelope(struct choices *choices, struct truth *truth);

#define CHOOSE(seed, words) \
	choose_word(seed, words, sizeof(words) / sizeof *(words))

void
choices_make(struct choices *choices, struct seed *seed, struct truth *truth)
{
	static const uint32_t faults[] = {0, 0, 0, 20, 200};

	*choices = (struct choices){.seed = seed};
	choose_account(choices);
	choose_envelope(choices, truth);
	choices->disk_faults = faults[seed_below(seed, 5)];
	choices->is_sequence = seed_chance(seed, 200);
	choices->report = (struct report){.json = seed_chance(seed, 200),
	    .verbose = seed_chance(seed, 200),
	    .quiet = seed_chance(seed, 100)};
	choices->is_relayed = seed_chance(seed, 200);
	choices->is_kept = seed_chance(seed, 150);
	choices->is_queued = seed_chance(seed, 200);
	if (choices->is_queued)
		choices->account.text[SETTING_RETRIES] = (char *)"0";
}

static void
choose_account(struct choices *choices)
{
	static const char *const tls[] = {"starttls", "implicit", "starttls",
	    "implicit", "none"};
	static const char *const timeouts[] = {"60s", "3s", "10s", "5m"};
	static const char *const finals[] = {"10m", "5s", "2m"};
	static const char *const deadlines[] = {"15m", "4s", "30s", "2m", "1h"};
	static const char *const retries[] = {"2", "0", "1", "5"};
	static const char *const delays[] = {"1s", "10s"};
	static const char *const bools[] = {"no", "yes"};
	struct seed *seed = choices->seed;
	char **text = choices->account.text;

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
	text[SETTING_SYSLOG] = (char *)CHOOSE(seed, bools);
	text[SETTING_LOG_FILE] = seed_chance(seed, 500) ? DISK_LOG_PATH : NULL;
	text[SETTING_QUEUE_LIFETIME] = (char *)"5d";
	text[SETTING_HOLD] = (char *)"0";
	choices->account.found_by = "simulation";
	choices->server_account.implicit_tls =
	    account_is(&choices->account, SETTING_TLS, "implicit");
	choices->server_account.needs_tls =
	    !account_is(&choices->account, SETTING_TLS, "none");
	choose_sign_in(choices);
}

static void
choose_sign_in(struct choices *choices)
{
	struct seed *seed = choices->seed;
	const struct sign_in *sign_in =
	    &sign_ins[seed_below(seed, sizeof sign_ins / sizeof *sign_ins)];
	struct account *account = &choices->account;

	make_secret(choices,
	    sign_in->is_token && seed_chance(seed, 30)
		? 3000
		: 8 + seed_below(seed, sign_in->is_token ? 300 : 40));
	choices->server_account.mechanisms = sign_in->offered;
	if (!choices->server_account.needs_tls || seed_chance(seed, 100))
		return;
	account->text[SETTING_USER] = "user@example.test";
	account->uses_oauth2 = sign_in->is_token;
	if (sign_in->auth != NULL) {
		choices->mechanism = (char *)sign_in->auth;
		account->list[SETTING_AUTH] =
		    (struct account_list){.element = &choices->mechanism,
			.count = 1};
	}
	choices->server_account.needs_sign_in = true;
}

static const char *
choose_word(struct seed *seed, const char *const *words, size_t count)
{
	return words[seed_below(seed, (uint32_t)count)];
}

static void
make_secret(struct choices *choices, size_t len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				      "!#$%&/+=~*";
	/* Not from the seed: a fuzzer's bytes would make a dull one. */
	struct seed random;

	seed_init(&random, len);
	for (size_t i = 0; i < len; i++)
		choices->secret[i] =
		    letters[seed_below(&random, sizeof letters - 1)];
	choices->secret[len] = '\0';
}

static void
choose_envelope(struct choices *choices, struct truth *truth)
{
	struct seed *seed = choices->seed;
	size_t count = 1 + seed_below(seed, 3);

	if (seed_chance(seed, 20))
		count = 1 + seed_below(seed, TRUTH_RECIPIENTS_MAX);
	truth_init(truth, count);
	for (size_t i = 0; i < count; i++)
		choices->addresses[i] = truth->recipient[i].address;
	choices->envelope = (struct envelope){.sender = "me@example.test",
	    .recipients = {.address = choices->addresses, .count = count},
	    .notify = seed_chance(seed, 100) ? (char *)"NEVER" : NULL};
}
