/* SPDX-License-Identifier: MIT */
/*
 * Entries as files in a private folder, one each, encrypted by a command of the
 * user's. For machines without a keyring: a server, a container.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "vault/filter.h"
#include "vault/vault-place.h"

enum {
	FILE_MAX = 256 * 1024,
	NAME_SIZE_MAX = 240 /* leaves room for a temporary file's name */
};

static const char plain_text[] = "plain-text";

static int check(const struct vault *vault, struct error *err);
static int check_folder(const char *folder, bool *ret_exists,
    struct error *err);
static int check_owner(int fd, const char *folder, struct error *err);
static int file_path(const struct vault *vault, const struct vault_key *key,
    struct buf *path, struct error *err);
static int add_name(struct buf *name, const struct vault_key *key,
    struct error *err);
static int add_encoded(struct buf *name, const char *text, const char *safe,
    struct error *err);
static int open_file(const char *path, int *ret_fd, struct error *err);
static int read_text(const struct vault *vault, int fd, const char *path,
    struct secret *text, struct error *err);
static int decrypt(const struct vault *vault, int fd, const char *path,
    struct secret *text, struct error *err);
static int name_file(const char *path, struct error *err);
static int take(const struct secret *text, const char *path,
    struct credential_message *entry, struct error *err);
static int write_file(const struct vault *vault, const char *path,
    const struct secret *text, struct error *err);
static bool is_plain(const char *command);

static int
load(const struct vault *vault, const struct vault_key *key,
    struct credential_message *ret_entry, struct error *err)
{
	struct secret *text = secret_new(err);
	bool exists = false;
	struct buf path;
	int result = -1;
	int fd = -1;

	buf_init(&path, PATH_MAX);
	if (text == NULL ||
	    check_folder(vault->place.folder, &exists, err) == -1)
		goto out;
	if (exists &&
	    (file_path(vault, key, &path, err) == -1 ||
		open_file(path.data, &fd, err) == -1))
		goto out;
	if (fd == -1)
		result = 0;
	else if (read_text(vault, fd, path.data, text, err) == 0)
		result = take(text, path.data, ret_entry, err);
out:
	if (fd != -1)
		close(fd);
	buf_done(&path);
	secret_free(text);
	return result;
}

static int
store(const struct vault *vault, const struct vault_key *key,
    const struct credential_message *entry, struct error *err)
{
	struct secret *text;
	struct buf path;
	int result = -1;

	if (check(vault, err) == -1)
		return -1;
	text = secret_new(err);
	buf_init(&path, PATH_MAX);
	if (text != NULL && vault_folder_make(vault->place.folder, err) == 0 &&
	    file_path(vault, key, &path, err) == 0 &&
	    vault_compose(entry, text, err) == 0)
		result = write_file(vault, path.data, text, err);
	buf_done(&path);
	secret_free(text);
	return result;
}

static int
erase(const struct vault *vault, const struct vault_key *key, struct error *err)
{
	bool exists = false;
	struct buf path;
	int result = -1;

	buf_init(&path, PATH_MAX);
	if (check_folder(vault->place.folder, &exists, err) == 0)
		result = exists ? file_path(vault, key, &path, err) : 0;
	if (result == 0 && exists && unlink(path.data) == -1 && errno != ENOENT)
		result = error_set_errno(err, ERROR_CREATE, "%s", path.data);
	buf_done(&path);
	return result;
}

static int
check(const struct vault *vault, struct error *err)
{
	if (vault->place.encrypt != NULL)
		return 0;
	error_set(err, ERROR_CONFIG,
	    "credential-folder needs credential-encrypt");
	return error_hint(err,
	    "for example \"systemd-creds encrypt --name= - -\", \"gpg "
	    "--encrypt "
	    "--default-recipient-self\", \"age --recipient age1...\", or "
	    "\"plain-text\"; and its counterpart as credential-decrypt");
}

const struct vault_backend vault_folder = {load, store, erase, check};

int
vault_folder_make(const char *folder, struct error *err)
{
	struct buf inside;
	bool exists = false;
	int result = -1;

	buf_init(&inside, PATH_MAX);
	if (buf_addf(&inside, err, "%s/", folder) == 0 &&
	    file_make_directories(inside.data, err) == 0)
		result = check_folder(folder, &exists, err);
	buf_done(&inside);
	return result;
}

static int
check_folder(const char *folder, bool *ret_exists, struct error *err)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result;

	if (fd == -1 && errno == ENOENT) {
		*ret_exists = false;
		return 0;
	}
	if (fd == -1)
		return error_set_errno(err, ERROR_CONFIG, "%s", folder);
	result = check_owner(fd, folder, err);
	close(fd);
	*ret_exists = true;
	return result;
}

static int
check_owner(int fd, const char *folder, struct error *err)
{
	struct stat status;

	if (fstat(fd, &status) == -1)
		return error_set_errno(err, ERROR_CONFIG, "%s", folder);
	if (status.st_uid != geteuid()) {
		error_set(err, ERROR_CONFIG, "%s: belongs to user %lu, not you",
		    folder, (unsigned long)status.st_uid);
		return error_hint(err, "name a folder of your own");
	}
	if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0)
		return 0;
	error_set(err, ERROR_CONFIG,
	    "%s: must be private, but is open to others (mode %03o)", folder,
	    (unsigned)status.st_mode & 0777);
	return error_hint(err, "chmod 700 %s", folder);
}

static int
file_path(const struct vault *vault, const struct vault_key *key,
    struct buf *path, struct error *err)
{
	char hash[VAULT_HASH_SIZE];
	struct buf name;
	int result;

	buf_init(&name, PATH_MAX);
	result = add_name(&name, key, err);
	if (result == 0 && name.len > NAME_SIZE_MAX) {
		buf_clear(&name);
		result = vault_hash(key, hash, err);
		if (result == 0)
			result =
			    buf_addf(&name, err, "%s-%s", key->service, hash);
	}
	if (result == 0)
		result = buf_addf(path, err, "%s/%s", vault->place.folder,
		    name.data);
	buf_done(&name);
	return result;
}

/*
 * "oauth2-alice@example.org@smtp.example.org". The first "-" and the last "@"
 * are ours, so that no two keys have one name.
 */
static int
add_name(struct buf *name, const struct vault_key *key, struct error *err)
{
	if (add_encoded(name, key->service, "._", err) == -1 ||
	    buf_add_text(name, "-", err) == -1 ||
	    add_encoded(name, key->user, "._@+-", err) == -1 ||
	    buf_add_text(name, "@", err) == -1)
		return -1;
	return add_encoded(name, key->host, "._+-", err);
}

/* ASCII letters and digits, what is safe too, and "%XX" for the rest. */
static int
add_encoded(struct buf *name, const char *text, const char *safe,
    struct error *err)
{
	static const char alnum[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	for (; *text != '\0'; text++) {
		bool is_safe =
		    strchr(alnum, *text) != NULL || strchr(safe, *text) != NULL;

		if (buf_addf(name, err, is_safe ? "%c" : "%%%02X",
			(unsigned char)*text) == -1)
			return -1;
	}
	return 0;
}

/* -1 in *ret_fd when there is none. */
static int
open_file(const char *path, int *ret_fd, struct error *err)
{
	int fd = file_open(path, ERROR_CONFIG, err);

	if (fd == -1)
		return err->sys_errno == ENOENT ? 0 : -1;
	if (file_check_trusted(fd, path, err) == -1 ||
	    file_check_private(fd, path, err) == -1) {
		close(fd);
		return -1;
	}
	*ret_fd = fd;
	return 0;
}

static int
read_text(const struct vault *vault, int fd, const char *path,
    struct secret *text, struct error *err)
{
	const struct vault_place *place = &vault->place;

	if (!is_plain(place->encrypt) && !is_plain(place->decrypt))
		return decrypt(vault, fd, path, text, err);
	if (secret_read(text, fd, clock_now_ms() + place->limit_ms, err) == 0)
		return 0;
	return name_file(path, err);
}

static int
decrypt(const struct vault *vault, int fd, const char *path,
    struct secret *text, struct error *err)
{
	struct filter filter = {.name = "credential-decrypt",
	    .command = vault->place.decrypt,
	    .deadline_ms = clock_now_ms() + vault->place.limit_ms,
	    .failure = ERROR_DATA};
	struct buf content;
	int result = -1;

	if (filter.command == NULL) {
		error_set(err, ERROR_CONFIG,
		    "%s can't be read without credential-decrypt", path);
		return error_hint(err,
		    "set credential-decrypt to the counterpart of "
		    "credential-encrypt");
	}
	buf_init(&content, FILE_MAX + 1);
	if (file_read(fd, &content, path, err) == 0) {
		result = filter_to_secret(&filter, buf_text(&content),
		    content.len, text, err);
		if (result == -1)
			name_file(path, err);
	}
	buf_done(&content);
	return result;
}

static int
name_file(const char *path, struct error *err)
{
	struct error cause = *err;

	return error_set(err, cause.code, "%s: %s", path, cause.message);
}

/* Every text ends with an empty line: one that doesn't was cut. */
static int
take(const struct secret *text, const char *path,
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
	error_set(err, ERROR_DATA, "%s: damaged, or not of postrider's making",
	    path);
	return error_hint(err,
	    "remove the file, then sign in again: postrider login");
}

static int
write_file(const struct vault *vault, const char *path,
    const struct secret *text, struct error *err)
{
	const struct vault_place *place = &vault->place;
	struct filter filter = {.name = "credential-encrypt",
	    .command = place->encrypt,
	    .deadline_ms = clock_now_ms() + place->limit_ms,
	    .failure = ERROR_CONFIG};
	struct buf content;
	int result = -1;

	if (is_plain(place->encrypt))
		return file_replace(path, secret_bytes(text), secret_len(text),
		    0600, err);
	buf_init(&content, FILE_MAX);
	if (filter_to_buf(&filter, secret_bytes(text), secret_len(text),
		&content, err) == 0)
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
