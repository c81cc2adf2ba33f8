/* SPDX-License-Identifier: MIT */
/*
 * Chooses an account and a message, sends it, and checks what must hold after
 * every run.
 */
#include "run.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "submit/delivery.h"

#include "network.h"
#include "secrets.h"
#include "server.h"

enum {
	ACCOUNTS = 24, /* 6 x 2 x 2, see write_account */
	MESSAGES = 3,
	DEADLINE_MS = 40000,
	SLACK_MS = 500,
	MEMORY_MAX = 3 << 20, /* bytes, of which half is for a large message */
	LARGE_LINES = 4000
};

struct bench {
	struct route route[ACCOUNTS];
	struct message message[MESSAGES];
	struct buf expected[MESSAGES]; /* as it must arrive */
	char variable[64]; /* of the environment; erased when it is used */
	char violation[512];
	bool trace;
	size_t memory; /* allocated before the run */
};

static void write_accounts(int fd);
static void load_message(struct bench *bench, int number);
static void add_crlf(struct buf *out, const char *text, size_t len);
static void run_delivery(struct bench *bench, struct seed *seed,
    const struct route *route, int message, uint32_t deviations);
static void check(struct bench *bench, const struct route *route,
    const struct server *server, const struct delivery *delivery);
static void check_error(struct bench *bench, const struct error *err);
static void on_failure(struct bench *bench, const struct error *err);
static void on_line(void *context, enum transcript_side side, const char *text);
static void on_violation(void *context, const char *what);
static void must(bool holds, const char *what);

struct bench *
bench_new(void)
{
	struct bench *bench = calloc(1, sizeof *bench);
	struct settings flags = {0};
	struct error err;
	char path[64];
	int fd = memfd_create("accounts", 0);

	must(bench != NULL && fd != -1, "memory");
	must(fchmod(fd, 0600) == 0, "fchmod");
	write_accounts(fd);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	for (int i = 0; i < ACCOUNTS; i++) {
		char name[16];
		struct account_query query = {.name = name,
		    .flags = &flags,
		    .offline = true};

		snprintf(name, sizeof name, "a%d", i);
		route_init(&bench->route[i]);
		err.message[0] = '\0';
		must(route_load(&bench->route[i], path, &err) == 0 &&
			route_resolve(&bench->route[i], &query, path, &err) ==
			    0,
		    err.message);
	}
	close(fd);
	for (int i = 0; i < MESSAGES; i++)
		load_message(bench, i);
	return bench;
}

void
bench_free(struct bench *bench)
{
	for (int i = 0; i < ACCOUNTS; i++)
		route_done(&bench->route[i]);
	for (int i = 0; i < MESSAGES; i++) {
		message_done(&bench->message[i]);
		buf_done(&bench->expected[i]);
	}
	free(bench);
}

const char *
bench_run(struct bench *bench, struct seed *seed, bool trace)
{
	static const uint32_t rates[] = {0, 20, 50, 150};
	uint32_t deviations = rates[seed_below(seed, 4)];
	uint32_t account = seed_below(seed, ACCOUNTS);
	int message = seed_chance(seed, 20) ? 2 : (int)seed_below(seed, 2);

	bench->violation[0] = '\0';
	bench->trace = trace;
	run_delivery(bench, seed, &bench->route[account], message, deviations);
	return bench->violation[0] != '\0' ? bench->violation : NULL;
}

/* Every combination of mechanism, TLS and CHUNKING. The last repeats after an
 * ambiguous end. */
static void
write_accounts(int fd)
{
	static const char *const mechanisms[] = {"plain", "login",
	    "plain, login", "xoauth2", "oauthbearer", "cram-md5, plain"};

	dprintf(fd,
	    "host = mx.example.test\nuser = \"" SECRETS_USER "\"\n"
	    "credential = \"env:SIMULATED_SECRET\"\ndomain = c.example.test\n"
	    "timeout = 3s\nfinal-timeout = 9s\ndeadline = %ds\n"
	    "retries = 2\nretry-delay = 1s\n",
	    DEADLINE_MS / 1000);
	for (int i = 0; i < ACCOUNTS; i++)
		dprintf(fd,
		    "account a%d { auth = { %s }\n tls = %s\n chunking = %s\n"
		    " retry-ambiguous = %s }\n",
		    i, mechanisms[i % 6],
		    i / 6 % 2 == 0 ? "starttls" : "implicit",
		    i / 12 == 0 ? "yes" : "no",
		    i == ACCOUNTS - 1 ? "yes" : "no");
}

static void
load_message(struct bench *bench, int number)
{
	static const char *const texts[MESSAGES] =
	    {"From: me@example.test\nMessage-ID: <1@example.test>\n\nHello\n",
		"From: me@example.test\r\nMessage-ID: <2@example.test>\r\n\r\n"
		".\n..\r\n.x\r.\r\n\nno line end",
		"From: me@example.test\nMessage-ID: <3@example.test>\n\n"};
	struct message *message = &bench->message[number];
	struct error err = {.message = ""};
	char piece[4096];
	int fd = memfd_create("message", 0);
	long len;

	must(fd != -1, "memory");
	dprintf(fd, "%s", texts[number]);
	for (int i = 0; number == 2 && i < LARGE_LINES; i++)
		dprintf(fd, ".%0*d\n", i % 75, i);
	lseek(fd, 0, SEEK_SET);
	message_init(message);
	must(message_read(message, fd, false, &err) == 0 &&
		message_seal(message, &err) == 0,
	    err.message);
	close(fd);
	buf_init(&bench->expected[number], 1 << 20);
	{
		struct buf all;

		buf_init(&all, 1 << 20);
		while ((len = message_next(message, piece, sizeof piece,
			    &err)) > 0)
			must(buf_add(&all, piece, (size_t)len, &err) == 0,
			    "memory");
		add_crlf(&bench->expected[number], all.data, all.len);
		buf_done(&all);
	}
}

/* LF, CRLF and a CR alone are a line end each; the last line has one. */
static void
add_crlf(struct buf *out, const char *text, size_t len)
{
	struct error err;
	bool is_line_end = false;

	for (size_t i = 0; i < len; i++) {
		is_line_end = text[i] == '\n' || text[i] == '\r';
		if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n')
			i++;
		must(buf_add(out, is_line_end ? "\r\n" : text + i,
			 is_line_end ? 2 : 1, &err) == 0,
		    "memory");
	}
	if (!is_line_end)
		must(buf_add(out, "\r\n", 2, &err) == 0, "memory");
}

static void
run_delivery(struct bench *bench, struct seed *seed, const struct route *route,
    int number, uint32_t deviations)
{
	char *addresses[] = {"r0@example.test", "r1@example.test",
	    "r2@example.test"};
	struct message *message = &bench->message[number];
	const struct buf *expected = &bench->expected[number];
	struct envelope envelope = {.sender = SECRETS_USER,
	    .recipients = {.address = addresses,
		.count = 1 + seed_below(seed, SERVER_RECIPIENTS_MAX)}};
	struct delivery_observer observer = {
	    .transcript = {.line = on_line, .context = bench}};
	struct network_handler handler = {.on_connect = server_on_connect,
	    .on_handshake = server_on_handshake,
	    .on_bytes = server_on_bytes};
	struct server server;
	struct delivery delivery;
	struct error err;

	server_init(&server, seed, deviations, expected->data, expected->len);
	server.is_implicit =
	    account_is(route->account, SETTING_TLS, "implicit");
	server.on_violation = handler.on_violation = on_violation;
	server.context = handler.violation_context = bench;
	handler.context = &server;
	network_init(seed, deviations, DEADLINE_MS + SLACK_MS, &handler);
	message_rewind(message);
	snprintf(bench->variable, sizeof bench->variable,
	    "SIMULATED_SECRET=" SECRETS_PASSWORD);
	must(putenv(bench->variable) == 0, "putenv");
	bench->memory = mallinfo2().uordblks;
	if (delivery_init(&delivery, route, &envelope, message, &err) == 0) {
		delivery_run(&delivery, &observer);
		check(bench, route, &server, &delivery);
	}
	delivery_done(&delivery);
	network_done();
	server_done(&server);
}

/* What must hold whatever the server did. */
static void
check(struct bench *bench, const struct route *route,
    const struct server *server, const struct delivery *delivery)
{
	bool may_repeat = account_bool(route->account, SETTING_RETRY_AMBIGUOUS);

	for (size_t i = 0; i < delivery->recipient_count; i++) {
		const struct smtp_recipient *recipient =
		    &delivery->recipient[i];
		const struct server_record *record =
		    &server->record[recipient->address[1] - '0'];
		bool is_accepted = recipient->outcome.code == ERROR_NONE;

		check_error(bench, &recipient->outcome);
		if (server->is_misleading)
			continue;
		if (is_accepted && !record->was_accepted)
			on_violation(bench,
			    "reports a message that was not accepted");
		if (record->deliveries > 1 && !may_repeat)
			on_violation(bench, "sent a message twice");
		if (!server->has_deviated && !network_has_deviated() &&
		    !is_accepted)
			on_failure(bench, &recipient->outcome);
	}
	if (secrets_are_in(delivery->receipt))
		on_violation(bench, "shows a secret in the receipt");
}

static void
check_error(struct bench *bench, const struct error *err)
{
	if (bench->trace && err->code != ERROR_NONE)
		printf("outcome %d: %s\n  hint: %s\n", (int)err->code,
		    err->message, err->hint);
	if (err->code == ERROR_NONE)
		return;
	if (err->message[0] == '\0')
		on_violation(bench, "failed without an error message");
	if (secrets_are_in(err->message) || secrets_are_in(err->hint))
		on_violation(bench, "shows a secret in an error");
}

static void
on_failure(struct bench *bench, const struct error *err)
{
	char what[sizeof bench->violation];

	snprintf(what, sizeof what,
	    "failed although nothing went wrong: %.400s", err->message);
	on_violation(bench, what);
}

static void
on_line(void *context, enum transcript_side side, const char *text)
{
	struct bench *bench = context;

	if (bench->trace)
		printf("%8lld ms %s %.300s\n", (long long)network_now_ms(),
		    side == TRANSCRIPT_CLIENT       ? "C:"
			: side == TRANSCRIPT_SERVER ? "S:"
						    : "--",
		    text);
	if (secrets_are_in(text))
		on_violation(context, "shows a secret in the transcript");
	if (mallinfo2().uordblks > bench->memory + MEMORY_MAX)
		on_violation(context, "uses too much memory");
}

static void
on_violation(void *context, const char *what)
{
	struct bench *bench = context;

	if (bench->violation[0] == '\0')
		snprintf(bench->violation, sizeof bench->violation, "%s", what);
	if (bench->trace)
		printf("VIOLATION: %s\n", what);
}

static void
must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "simulate: cannot start: %s\n", what);
	exit(2);
}
