/* SPDX-License-Identifier: MIT */
/*
 * Knows the programs that encrypt files, by a table: which are there, and the
 * commands for credential-encrypt and credential-decrypt.
 */
#include "cli/login-cipher.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/paths.h"
#include "base/shell-word.h"
#include "config/settings.h"
#include "credential/keeper.h"
#include "credential/program.h"

enum {
	OPTIONS_MAX = 4,
	TEXT_MAX = 3 * PATH_MAX,
	LIMIT_MS = 10 * 1000
};

/* The best first. */
static const struct login_cipher ciphers[] = {
    {.protection = "encrypted by systemd-creds, with a key of this computer",
	.remark = "copies of the files are useless elsewhere",
	.programs = "systemd-creds",
	.encrypt = "systemd-creds encrypt --name=postrider - -",
	.decrypt = "systemd-creds decrypt --name=postrider - -",
	.is_for_root = true,
	.is_for_some = true},
    {.protection = "encrypted by systemd-creds, for you on this computer",
	.remark = "copies of the files are useless elsewhere",
	.programs = "systemd-creds",
	.encrypt = "systemd-creds --user encrypt --name=postrider - -",
	.decrypt = "systemd-creds --user decrypt --name=postrider - -",
	.is_for_some = true},
    {.protection = "encrypted by gpg, with your own key",
	.remark = "copies of the files are useless without that key",
	.programs = "gpg",
	.encrypt = "gpg --batch --quiet --default-recipient-self --encrypt",
	.decrypt = "gpg --batch --quiet --decrypt",
	.trial = "gpg --batch --quiet --pinentry-mode error --decrypt"},
    {.protection = "encrypted by age, with a key in another file of yours",
	.remark = "copies of the files are useless without that key",
	.programs = "age age-keygen",
	.encrypt = "age --encrypt --identity ",
	.decrypt = "age --decrypt --identity ",
	.uses_identity = true},
    {.protection = "in plain text",
	.remark = "nothing but their mode (600) protects them",
	.programs = "",
	.encrypt = "plain-text",
	.decrypt = NULL},
};

static bool login_cipher_works(const struct login_cipher *cipher,
    const struct credential_request *request, const char *directory);
static bool login_cipher_has_programs(const struct login_cipher *cipher);
static bool program_is_in_path(const char *name, size_t len);
static int login_cipher_make_key(const char *path, struct error *err);

size_t
login_cipher_find(const struct credential_request *request,
    const char *directory,
    const struct login_cipher *ret_cipher[LOGIN_CIPHER_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < sizeof ciphers / sizeof *ciphers; i++) {
		const struct login_cipher *cipher = &ciphers[i];

		if ((!cipher->is_for_some ||
			cipher->is_for_root == (geteuid() == 0)) &&
		    login_cipher_has_programs(cipher) &&
		    login_cipher_works(cipher, request, directory))
			ret_cipher[count++] = cipher;
	}
	return count;
}

char *
login_cipher_identity(struct error *err)
{
	char *config = paths_user_config(err);
	char *slash = config != NULL ? strrchr(config, '/') : NULL;
	struct buf path;
	char *result = NULL;

	if (slash == NULL) {
		free(config);
		return NULL;
	}
	*slash = '\0';
	buf_init(&path, PATH_MAX);
	if (buf_addf(&path, err, "%s/age.key", config) == 0)
		result = buf_take(&path);
	buf_done(&path);
	free(config);
	return result;
}

int
login_cipher_prepare(const struct login_cipher *cipher, struct error *err)
{
	char *path;
	int result = 0;

	if (!cipher->uses_identity)
		return 0;
	path = login_cipher_identity(err);
	if (path == NULL)
		return -1;
	if (access(path, F_OK) == -1)
		result = login_cipher_make_key(path, err);
	free(path);
	return result;
}

int
login_cipher_add(const struct login_cipher *cipher, enum setting_id id,
    const char *directory, struct buf *text, struct error *err)
{
	const char *value = cipher->decrypt;
	char *path;
	int result;

	if (id == SETTING_CREDENTIAL_FOLDER)
		return buf_add_text(text, directory, err);
	if (id == SETTING_CREDENTIAL_ENCRYPT)
		value = cipher->encrypt;
	if (value == NULL)
		return 0;
	result = buf_add_text(text, value, err);
	if (result == -1 || !cipher->uses_identity)
		return result;
	path = login_cipher_identity(err);
	result = path != NULL ? shell_word_add(text, path, err) : -1;
	free(path);
	return result;
}

/* The key of age is made only once it is chosen; until then nothing can be
 * tried with it. */
static bool
login_cipher_works(const struct login_cipher *cipher,
    const struct credential_request *request, const char *directory)
{
	const char *trial =
	    cipher->trial != NULL ? cipher->trial : cipher->decrypt;
	struct credential_request limited = *request;
	struct buf text[OPTIONS_MAX];
	char *words[OPTIONS_MAX] = {NULL};
	struct error err;
	bool works = false;

	for (size_t i = 0; i < OPTIONS_MAX; i++)
		buf_init(&text[i], TEXT_MAX);
	limited.deadline_ms = clock_now_ms() + LIMIT_MS;
	if (buf_addf(&text[0], &err, "--credential-folder=%s", directory) ==
		-1 ||
	    buf_addf(&text[1], &err, "--credential-encrypt=%s",
		cipher->uses_identity ? "plain-text" : cipher->encrypt) == -1 ||
	    (trial != NULL && !cipher->uses_identity &&
		buf_addf(&text[2], &err, "--credential-decrypt=%s", trial) ==
		    -1))
		goto out;
	for (size_t i = 0; i < OPTIONS_MAX && text[i].len > 0; i++)
		words[i] = text[i].data;
	works = keeper_check(&limited, words, &err) == 0;
out:
	for (size_t i = 0; i < OPTIONS_MAX; i++)
		buf_done(&text[i]);
	return works;
}

static bool
login_cipher_has_programs(const struct login_cipher *cipher)
{
	const char *name = cipher->programs;

	while (*name != '\0') {
		size_t len = strcspn(name, " ");

		if (!program_is_in_path(name, len))
			return false;
		name += len + (name[len] == ' ');
	}
	return true;
}

static bool
program_is_in_path(const char *name, size_t len)
{
	const char *directory = getenv("PATH");
	char path[PATH_MAX];

	while (directory != NULL && *directory != '\0') {
		size_t directory_len = strcspn(directory, ":");

		snprintf(path, sizeof path, "%.*s/%.*s", (int)directory_len,
		    directory, (int)len, name);
		if (*directory == '/' && access(path, X_OK) == 0)
			return true;
		directory += directory_len + (directory[directory_len] == ':');
	}
	return false;
}

/* age-keygen gives the file the mode 600. */
static int
login_cipher_make_key(const char *path, struct error *err)
{
	char *argv[] = {"age-keygen", "-o", (char *)path, NULL};
	struct credential_program program;
	int status = 0;
	int result = -1;

	credential_program_init(&program);
	if (file_make_directories(path, err) == 0 &&
	    credential_program_start(&program, argv, NULL, err) == 0 &&
	    credential_program_finish(&program, clock_now_ms() + LIMIT_MS, NULL,
		&status, err) == 0)
		result = status == 0
		    ? 0
		    : credential_program_explain(&program, "age-keygen", status,
			  ERROR_SYSTEM, err);
	credential_program_done(&program);
	return result;
}
