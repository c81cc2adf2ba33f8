/* SPDX-License-Identifier: MIT */
/*
 * Writes down what a session depends on, one item a line, and computes the
 * digest of that. A value of the environment may be secret: the text is erased.
 */
#include "submit/hold-digest.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/exec-path.h"
#include "base/secret.h"
#include "base/text.h"
#include "submit/queue-program.h"

enum {
	TEXT_SIZE = 1048576,
	PATH_SIZE = 4096
};

/* What the programs of a session find a credential, ticket or keyring by. */
static const char *const variables[] = {"HOME", "PATH", "CREDENTIALS_DIRECTORY",
    "DBUS_SESSION_BUS_ADDRESS", "GNUPGHOME", "KRB5CCNAME", "KRB5_CONFIG",
    "KRB5_CLIENT_KTNAME", "PASSWORD_STORE_DIR", "SSH_AUTH_SOCK",
    "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME",
    "all_proxy", "http_proxy", "https_proxy", "no_proxy",
    "GNUTLS_SYSTEM_PRIORITY_FILE"};

extern char **environ;

static int digest_add_account(struct buf *text, const struct account *account,
    struct error *err);
static int digest_add_provider(struct buf *text,
    const struct provider *provider, struct error *err);
static int digest_add_environment(struct buf *text,
    const struct account *account, struct error *err);
static int digest_add_files(struct buf *text, const struct route *route,
    struct error *err);
static int digest_add_file(struct buf *text, const char *path,
    struct error *err);
static int digest_add(struct buf *text, const char *name, const char *value,
    struct error *err);

int
hold_digest(const struct route *route, char out[DIGEST_SIZE], struct error *err)
{
	const struct account *account = route->account;
	struct buf text;
	int result = -1;

	buf_init(&text, TEXT_SIZE);
	if (buf_reserve(&text, TEXT_SIZE / 16, err) == 0 &&
	    digest_add(&text, "version", PACKAGE_VERSION, err) == 0 &&
	    digest_add_account(&text, account, err) == 0 &&
	    digest_add_provider(&text, account->provider, err) == 0 &&
	    digest_add_environment(&text, account, err) == 0 &&
	    digest_add_files(&text, route, err) == 0)
		result = digest_text(text.data, text.len, out, err);
	secret_wipe(text.data, text.len);
	buf_done(&text);
	return result;
}

static int
digest_add_account(struct buf *text, const struct account *account,
    struct error *err)
{
	if (digest_add(text, "account", account->name, err) == -1)
		return -1;
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		const struct account_list *list = &account->list[id];
		const char *name = setting_row(id)->name;

		if (digest_add(text, name, account->text[id], err) == -1)
			return -1;
		for (size_t i = 0; i < list->count; i++) {
			if (digest_add(text, name, list->element[i], err) == -1)
				return -1;
		}
	}
	return 0;
}

static int
digest_add_provider(struct buf *text, const struct provider *provider,
    struct error *err)
{
	if (provider == NULL)
		return 0;
	if (digest_add(text, "provider", provider->name, err) == -1)
		return -1;
	for (enum provider_field field = 0; field < PROVIDER_FIELD_COUNT;
	     field++) {
		if (digest_add(text, provider_field_name(field),
			provider->text[field], err) == -1)
			return -1;
	}
	return 0;
}

static int
digest_add_environment(struct buf *text, const struct account *account,
    struct error *err)
{
	const char *source = account->text[SETTING_CREDENTIAL];

	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		if (digest_add(text, variables[i], getenv(variables[i]), err) ==
		    -1)
			return -1;
	}
	if (source != NULL && text_has_prefix(source, "env:") &&
	    digest_add(text, source, getenv(source + strlen("env:")), err) ==
		-1)
		return -1;
	for (char **word = environ; *word != NULL; word++) {
		if (strncmp(*word, "POSTRIDER_", strlen("POSTRIDER_")) == 0 &&
		    digest_add(text, "environment", *word, err) == -1)
			return -1;
	}
	return 0;
}

static int
digest_add_files(struct buf *text, const struct route *route, struct error *err)
{
	struct buf path;
	int result = 0;

	buf_init(&path, PATH_SIZE);
	if (route->config->path != NULL)
		result = digest_add_file(text, route->config->path, err);
	if (result == 0)
		result = exec_path_find(QUEUE_PROGRAM, &path, err);
	if (result == 0)
		result = digest_add_file(text, buf_text(&path), err);
	buf_done(&path);
	return result;
}

static int
digest_add_file(struct buf *text, const char *path, struct error *err)
{
	struct stat status;

	if (stat(path, &status) == -1)
		return error_set_errno(err, ERROR_CONFIG, "%s", path);
	return buf_addf(text, err, "file %s %ju %ju %ju %ju %ld\n", path,
	    (uintmax_t)status.st_dev, (uintmax_t)status.st_ino,
	    (uintmax_t)status.st_size, (uintmax_t)status.st_mtim.tv_sec,
	    (long)status.st_mtim.tv_nsec);
}

/* With the length, so that no two lists of items make the same text. */
static int
digest_add(struct buf *text, const char *name, const char *value,
    struct error *err)
{
	if (value == NULL)
		return 0;
	return buf_addf(text, err, "%s %zu ", name, strlen(value)) == -1 ||
		buf_add_text(text, value, err) == -1 ||
		buf_add_text(text, "\n", err) == -1
	    ? -1
	    : 0;
}
