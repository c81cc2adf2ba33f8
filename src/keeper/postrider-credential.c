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

struct verb {
	const char *name;
	int (*run)(const struct credential_message *asked,
	    const struct keyring_key *key, struct error *err);
};

static int run_verb(const struct verb *verb, struct error *err);
static int run_request(const struct verb *verb,
    const struct credential_message *asked, struct error *err);
static int get(const struct credential_message *asked,
    const struct keyring_key *key, struct error *err);
static int store(const struct credential_message *asked,
    const struct keyring_key *key, struct error *err);
static int erase(const struct credential_message *asked,
    const struct keyring_key *key, struct error *err);
static int answer(const struct keyring_key *key, struct secret *password,
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
	struct keyring_key key = {.user = asked->value[CREDENTIAL_USERNAME]};
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
	result = verb->run(asked, &key, err);
	free(host);
	return result;
}

static int
get(const struct credential_message *asked, const struct keyring_key *key,
    struct error *err)
{
	struct keyring *keyring = keyring_open(announce_prompt, err);
	struct secret *password = NULL;
	int result = -1;

	(void)asked;
	if (keyring != NULL)
		result = keyring_find(keyring, key, &password, err);
	keyring_close(keyring);
	if (result == 0 && password != NULL)
		return answer(key, password, err);
	return result;
}

static int
store(const struct credential_message *asked, const struct keyring_key *key,
    struct error *err)
{
	struct keyring *keyring;
	int result;

	if (asked->password == NULL)
		return 0;
	keyring = keyring_open(announce_prompt, err);
	if (keyring == NULL)
		return -1;
	result = keyring_store(keyring, key, asked->password, err);
	keyring_close(keyring);
	return result;
}

static int
erase(const struct credential_message *asked, const struct keyring_key *key,
    struct error *err)
{
	struct keyring *keyring = keyring_open(announce_prompt, err);
	int result;

	if (keyring == NULL)
		return -1;
	result = keyring_erase(keyring, key, asked->password, err);
	keyring_close(keyring);
	return result;
}

/* Takes the password, even on failure. */
static int
answer(const struct keyring_key *key, struct secret *password,
    struct error *err)
{
	struct credential_message message;
	int result;

	credential_message_init(&message);
	message.password = password;
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
