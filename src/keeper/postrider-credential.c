/* SPDX-License-Identifier: MIT */
/*
 * The program postrider-credential: a git credential helper for mail servers,
 * over the desktop's keyring (gitcredentials(7)). The only program that sees
 * the keyring; it never sees a message or a mail server.
 *
 * On stderr it speaks to whoever started it: "postrider-credential: " and what
 * went wrong, "hint: " and the way out, and "wait: " before the keyring asks a
 * person, which tells postrider to be patient. The exit status is sysexits'.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"
#include "base/text.h"
#include "credential/codec.h"
#include "keeper/keyring.h"
#include "keeper/vault.h"

struct verb {
	const char *name;
	int (*run)(struct vault *vault, const struct vault_key *key,
	    const struct credential_message *asked, struct error *err);
};

static int run_verb(const struct verb *verb, struct error *err);
static int run_request(const struct verb *verb,
    const struct credential_message *asked, struct error *err);
static int run_on_vault(const struct verb *verb, const struct vault_key *key,
    const struct credential_message *asked, struct error *err);
static int get(struct vault *vault, const struct vault_key *key,
    const struct credential_message *asked, struct error *err);
static int store(struct vault *vault, const struct vault_key *key,
    const struct credential_message *asked, struct error *err);
static int erase(struct vault *vault, const struct vault_key *key,
    const struct credential_message *asked, struct error *err);
static bool is_same(const struct secret *a, const struct secret *b);
static int answer(const struct vault_key *key, struct credential_message *entry,
    struct error *err);
static void announce_prompt(void);
static int report(const struct error *err);
static int usage(FILE *out, int status);

static const struct verb verbs[] = {
    {"get", get},
    {"store", store},
    {"erase", erase},
};

int
main(int argc, char **argv)
{
	struct error err;

	secret_guard_process();
	signal(SIGPIPE, SIG_IGN);
	if (argc != 2)
		return usage(stderr, EX_USAGE);
	if (strcmp(argv[1], "--help") == 0)
		return usage(stdout, EX_OK);
	if (strcmp(argv[1], "--version") == 0)
		return puts("postrider-credential " PACKAGE_VERSION) == EOF
		    ? EX_IOERR
		    : EX_OK;
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		if (strcmp(argv[1], verbs[i].name) == 0)
			return run_verb(&verbs[i], &err) == 0 ? EX_OK
							      : report(&err);
	}
	/* gitcredentials(7): an operation of a later git is no mistake. */
	return *argv[1] == '-' ? usage(stderr, EX_USAGE) : EX_OK;
}

static int
run_verb(const struct verb *verb, struct error *err)
{
	struct credential_message asked;
	int result = -1;

	credential_message_init(&asked);
	if (credential_message_read(&asked, STDIN_FILENO,
		clock_now_ms() + KEYRING_LIMIT_MS, err) == 0)
		result = run_request(verb, &asked, err);
	credential_message_done(&asked);
	return result;
}

/* git asks its helpers about web servers too: those are none of ours. */
static int
run_request(const struct verb *verb, const struct credential_message *asked,
    struct error *err)
{
	const char *protocol = asked->value[CREDENTIAL_PROTOCOL];
	struct vault_key key = {.service = VAULT_PASSWORD,
	    .user = asked->value[CREDENTIAL_USERNAME]};
	char *host = NULL;
	int result;

	if (protocol == NULL || strcmp(protocol, "smtp") != 0 ||
	    asked->value[CREDENTIAL_HOST] == NULL || key.user == NULL)
		return 0;
	if (!text_is_utf8(key.user, strlen(key.user)) ||
	    !text_is_utf8(asked->value[CREDENTIAL_HOST],
		strlen(asked->value[CREDENTIAL_HOST])))
		return error_set(err, ERROR_DATA,
		    "the keyring holds no names that aren't UTF-8");
	if (credential_message_split_server(asked, &host, &key.port, err) == -1)
		return -1;
	key.host = host;
	result = run_on_vault(verb, &key, asked, err);
	free(host);
	return result;
}

static int
run_on_vault(const struct verb *verb, const struct vault_key *key,
    const struct credential_message *asked, struct error *err)
{
	struct vault_place place = {.on_prompt = announce_prompt,
	    .deadline_ms = clock_now_ms() + KEYRING_LIMIT_MS};
	struct vault *vault = vault_open(&place, err);
	int result = -1;

	if (vault != NULL)
		result = verb->run(vault, key, asked, err);
	vault_close(vault);
	return result;
}

static int
get(struct vault *vault, const struct vault_key *key,
    const struct credential_message *asked, struct error *err)
{
	struct credential_message entry;
	int result = 0;

	(void)asked;
	if (vault_load(vault, key, &entry, err) == -1)
		return -1;
	if (entry.password != NULL)
		result = answer(key, &entry, err);
	credential_message_done(&entry);
	return result;
}

static int
store(struct vault *vault, const struct vault_key *key,
    const struct credential_message *asked, struct error *err)
{
	return asked->password == NULL ? 0
				       : vault_store(vault, key, asked, err);
}

/* git erases what a server refused; a newer password may be there by now. */
static int
erase(struct vault *vault, const struct vault_key *key,
    const struct credential_message *asked, struct error *err)
{
	struct credential_message entry;
	bool is_meant;

	if (asked->password == NULL)
		return vault_erase(vault, key, err);
	if (vault_load(vault, key, &entry, err) == -1)
		return -1;
	is_meant =
	    entry.password != NULL && is_same(entry.password, asked->password);
	credential_message_done(&entry);
	return is_meant ? vault_erase(vault, key, err) : 0;
}

static bool
is_same(const struct secret *a, const struct secret *b)
{
	return secret_len(a) == secret_len(b) &&
	    memcmp(secret_bytes(a), secret_bytes(b), secret_len(a)) == 0;
}

/* Only what is good for signing in. */
static int
answer(const struct vault_key *key, struct credential_message *entry,
    struct error *err)
{
	struct credential_message message;
	int result;

	credential_message_init(&message);
	message.password = entry->password;
	entry->password = NULL;
	result = credential_message_set(&message, CREDENTIAL_USERNAME,
	    key->user, err);
	if (result == 0)
		result = credential_message_write(&message, STDOUT_FILENO, err);
	credential_message_done(&message);
	return result;
}

static void
announce_prompt(void)
{
	fputs("wait: the keyring asks for its password\n", stderr);
}

static int
report(const struct error *err)
{
	fprintf(stderr, "postrider-credential: %s\n", err->message);
	if (err->hint[0] != '\0')
		fprintf(stderr, "hint: %s\n", err->hint);
	return error_exit_status(err->code);
}

static int
usage(FILE *out, int status)
{
	fputs("postrider-credential keeps passwords of mail servers in the "
	      "keyring.\n\n"
	      "Usage: postrider-credential get|store|erase < QUESTION\n"
	      "       postrider-credential --help|--version\n\n"
	      "It speaks git's credential protocol, and answers for "
	      "protocol=smtp:\n"
	      "  printf 'protocol=smtp\\nhost=smtp.gmail.com\\n"
	      "username=me@gmail.com\\n\\n' |\n"
	      "      postrider-credential get\n\n"
	      "postrider-credential(1) tells the rest.\n",
	    out);
	return status;
}
