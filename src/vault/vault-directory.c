/* SPDX-License-Identifier: MIT */
/*
 * Stores each entry as a file in a private directory, encrypted by a command of
 * the user: for servers and containers, which have no keyring.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "vault/cipher-command.h"
#include "vault/vault-place.h"

enum {
	FILE_MAX = 256 * 1024,
	NAME_SIZE_MAX = 240 /* leaves room for the suffix of a temporary file */
};

static const char plain_text[] = "plain-text";

static int directory_check(const struct vault *vault, struct error *err);
static int check_private(const char *directory, bool *ret_exists,
    struct error *err);
static int check_parent(const char *directory, struct error *err);
static int check_owner(int fd, const char *directory, struct error *err);
static char *entry_path(const struct vault *vault, const struct vault_key *key,
    struct error *err);
static int add_entry_name(struct buf *name, const struct vault_key *key,
    struct error *err);
static int open_entry(const char *path, int *ret_fd, struct error *err);
static int read_entry(const struct vault *vault, int fd, const char *path,
    struct secret *text, struct error *err);
static int decrypt_entry(const struct vault *vault, int fd, const char *path,
    struct secret *text, struct error *err);
static int prefix_path(const char *path, struct error *err);
static int parse_entry(const struct secret *text, const char *path,
    struct credential_message *entry, struct error *err);
static int write_entry(const struct vault *vault, const char *path,
    const struct secret *text, struct error *err);
static bool is_plain(const char *command);

static int
directory_load(const struct vault *vault, const struct vault_key *key,
    struct credential_message *ret_entry, struct error *err)
{
	struct secret *text = secret_new(err);
	bool exists = false;
	char *path = NULL;
	int result = -1;
	int fd = -1;

	if (text == NULL ||
	    check_private(vault->place.directory, &exists, err) == -1)
		goto out;
	if (exists) {
		path = entry_path(vault, key, err);
		if (path == NULL || open_entry(path, &fd, err) == -1)
			goto out;
	}
	if (fd == -1)
		result = 0;
	else if (read_entry(vault, fd, path, text, err) == 0)
		result = parse_entry(text, path, ret_entry, err);
out:
	if (fd != -1)
		close(fd);
	free(path);
	secret_free(text);
	return result;
}

static int
directory_store(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err)
{
	struct secret *text;
	char *path;
	int result = -1;

	if (directory_check(vault, err) == -1 ||
	    vault_directory_make(vault->place.directory, err) == -1)
		return -1;
	text = secret_new(err);
	path = entry_path(vault, key, err);
	if (text != NULL && path != NULL && vault_format(entry, text, err) == 0)
		result = write_entry(vault, path, text, err);
	free(path);
	secret_free(text);
	return result;
}

static int
directory_erase(const struct vault *vault, const struct vault_key *key,
    struct error *err)
{
	bool exists = false;
	char *path;
	int result = 0;

	if (check_private(vault->place.directory, &exists, err) == -1)
		return -1;
	if (!exists)
		return 0;
	path = entry_path(vault, key, err);
	if (path == NULL)
		return -1;
	file_remove_leftovers(path, 0);
	if (unlink(path) == -1 && errno != ENOENT)
		result = error_set_errno(err, ERROR_CREATE, "%s", path);
	free(path);
	return result;
}

static int
directory_check(const struct vault *vault, struct error *err)
{
	if (vault->place.encrypt != NULL)
		return 0;
	error_set(err, ERROR_CONFIG,
	    "credential-folder needs credential-encrypt");
	return error_hint(err,
	    "set credential-encrypt, for example to \"systemd-creds encrypt "
	    "--name= - -\", \"gpg --encrypt --default-recipient-self\", \"age "
	    "--recipient age1...\" or \"plain-text\", and credential-decrypt "
	    "to the reverse command");
}

static int
directory_try(const struct vault *vault, const struct vault_key *key,
    struct error *err)
{
	const char *directory = vault->place.directory;
	bool exists = false;

	(void)key;
	if (directory_check(vault, err) == -1 ||
	    check_private(directory, &exists, err) == -1 ||
	    (!exists && check_parent(directory, err) == -1) ||
	    file_try_directory(directory, err) == -1)
		return -1;
	return is_plain(vault->place.encrypt)
	    ? 0
	    : vault_trial_commands(&vault->place, err);
}

const struct vault_backend vault_directory = {directory_load, directory_store,
    directory_erase, directory_check, directory_try};

int
vault_directory_make(const char *directory, struct error *err)
{
	char *path = text_format(err, "%s/", directory);
	bool exists = false;
	int result = -1;

	if (path != NULL && file_make_directories(path, err) == 0)
		result = check_private(directory, &exists, err);
	free(path);
	return result;
}

static int
check_private(const char *directory, bool *ret_exists, struct error *err)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result;

	if (fd == -1 && errno == ENOENT) {
		*ret_exists = false;
		return 0;
	}
	if (fd == -1) {
		error_set_errno(err, ERROR_CONFIG, "%s", directory);
		return err->sys_errno != EACCES ? -1
						: error_hint(err,
						      "sign in as the user "
						      "who sends; others "
						      "can't read the tokens");
	}
	result = check_owner(fd, directory, err);
	close(fd);
	*ret_exists = true;
	return result;
}

/* What root creates in the directory of another user is of no use to either. */
static int
check_parent(const char *directory, struct error *err)
{
	const char *slash = strrchr(directory, '/');
	char *parent;
	struct stat status;
	bool is_foreign;

	if (geteuid() != 0 || slash == NULL || slash == directory)
		return 0;
	parent = text_format(err, "%.*s", (int)(slash - directory), directory);
	if (parent == NULL)
		return -1;
	is_foreign = stat(parent, &status) == 0 && status.st_uid != 0;
	free(parent);
	if (!is_foreign)
		return 0;
	error_set(err, ERROR_CONFIG,
	    "%s: would belong to root, in a directory of user %lu", directory,
	    (unsigned long)status.st_uid);
	return error_hint(err,
	    "run this command as the user who sends mail; for a service, see "
	    "postrider-cron(7)");
}

static int
check_owner(int fd, const char *directory, struct error *err)
{
	struct stat status;

	if (fstat(fd, &status) == -1)
		return error_set_errno(err, ERROR_CONFIG, "%s", directory);
	if (status.st_uid != geteuid()) {
		error_set(err, ERROR_CONFIG, "%s: belongs to user %lu, not you",
		    directory, (unsigned long)status.st_uid);
		return error_hint(err, "name a directory that you own");
	}
	if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0)
		return 0;
	error_set(err, ERROR_CONFIG,
	    "%s: must be private, but is open to others (mode %03o)", directory,
	    (unsigned)status.st_mode & 0777);
	return error_hint(err, "chmod 700 %s", directory);
}

static char *
entry_path(const struct vault *vault, const struct vault_key *key,
    struct error *err)
{
	const char *directory = vault->place.directory;
	char hash[VAULT_HASH_SIZE];
	struct buf name;
	char *path = NULL;

	buf_init(&name, PATH_MAX);
	if (add_entry_name(&name, key, err) == 0 && name.len <= NAME_SIZE_MAX)
		path = text_format(err, "%s/%s", directory, name.data);
	else if (name.len > NAME_SIZE_MAX && vault_hash(key, hash, err) == 0)
		path =
		    text_format(err, "%s/%s-%s", directory, key->service, hash);
	buf_done(&name);
	return path;
}

/*
 * Adds "oauth2-alice@example.org@smtp.example.org". The service contains no "-"
 * and the host no "@", so different keys have different names.
 */
static int
add_entry_name(struct buf *name, const struct vault_key *key, struct error *err)
{
	if (buf_add_encoded(name, key->service, "._", err) == -1 ||
	    buf_add_text(name, "-", err) == -1 ||
	    buf_add_encoded(name, key->user, "._@+-", err) == -1 ||
	    buf_add_text(name, "@", err) == -1)
		return -1;
	return buf_add_encoded(name, key->host, "._+-", err);
}

/* Leaves *ret_fd unchanged when there is no such file. */
static int
open_entry(const char *path, int *ret_fd, struct error *err)
{
	int fd = file_open_protected(path, FILE_SECRET, ERROR_CONFIG, err);

	if (fd == -1)
		return err->sys_errno == ENOENT ? 0 : -1;
	*ret_fd = fd;
	return 0;
}

static int
read_entry(const struct vault *vault, int fd, const char *path,
    struct secret *text, struct error *err)
{
	const struct vault_place *place = &vault->place;

	if (!is_plain(place->encrypt) && !is_plain(place->decrypt))
		return decrypt_entry(vault, fd, path, text, err);
	if (secret_read(text, fd, clock_now_ms() + place->limit_ms, err) == 0)
		return 0;
	return prefix_path(path, err);
}

static int
decrypt_entry(const struct vault *vault, int fd, const char *path,
    struct secret *text, struct error *err)
{
	struct cipher_command command = {.setting = "credential-decrypt",
	    .command = vault->place.decrypt,
	    .deadline_ms = clock_now_ms() + vault->place.limit_ms,
	    .failure = ERROR_DATA};
	struct buf content;
	int result = -1;

	if (command.command == NULL) {
		error_set(err, ERROR_CONFIG,
		    "%s can't be read without credential-decrypt", path);
		return error_hint(err,
		    "set credential-decrypt to the command that reverses "
		    "credential-encrypt");
	}
	buf_init(&content, FILE_MAX + 1);
	if (file_read(fd, &content, path, err) == 0) {
		result = cipher_command_decrypt(&command, &content, text, err);
		if (result == -1)
			prefix_path(path, err);
	}
	buf_done(&content);
	return result;
}

static int
prefix_path(const char *path, struct error *err)
{
	struct error cause = *err;

	return error_set(err, cause.code, "%s: %s", path, cause.message);
}

/* Every entry ends with an empty line: one that doesn't is truncated. */
static int
parse_entry(const struct secret *text, const char *path,
    struct credential_message *entry, struct error *err)
{
	size_t len = secret_len(text);
	struct error cause = {.code = ERROR_NONE};

	if (len >= 2 && memcmp(secret_bytes(text) + len - 2, "\n\n", 2) == 0 &&
	    credential_message_parse(entry, text, &cause) == 0)
		return 0;
	if (cause.code != ERROR_NONE && cause.code != ERROR_DATA) {
		*err = cause;
		return -1;
	}
	error_set(err, ERROR_DATA, "%s: damaged, or not written by postrider",
	    path);
	return error_hint(err,
	    "remove the file, then sign in again: postrider login");
}

static int
write_entry(const struct vault *vault, const char *path,
    const struct secret *text, struct error *err)
{
	const struct vault_place *place = &vault->place;
	struct cipher_command command = {.setting = "credential-encrypt",
	    .command = place->encrypt,
	    .deadline_ms = clock_now_ms() + place->limit_ms,
	    .failure = ERROR_CONFIG};
	struct buf content;
	int result = -1;

	if (is_plain(place->encrypt))
		return file_replace(path, secret_bytes(text), secret_len(text),
		    0600, err);
	buf_init(&content, FILE_MAX);
	if (cipher_command_encrypt(&command, text, &content, err) == 0)
		result =
		    file_replace(path, content.data, content.len, 0600, err);
	buf_done(&content);
	return result;
}

static bool
is_plain(const char *command)
{
	return command != NULL && strcmp(command, plain_text) == 0;
}
