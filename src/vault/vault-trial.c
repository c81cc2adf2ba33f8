/* SPDX-License-Identifier: MIT */
/*
 * Tries whether a directory could store an entry, with a text that is no
 * secret.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "vault/cipher-command.h"
#include "vault/vault-place.h"

enum {
	TRIAL_MAX = 64 * 1024
};

static const char trial_text[] = "postrider\n";

static int trial_encrypt(const struct vault_place *place, struct buf *encrypted,
    struct error *err);
static int trial_decrypt(const struct vault_place *place,
    const struct buf *encrypted, struct error *err);

/* Of a directory that is missing, the nearest parent must be writable. Creates
 * a directory there: root may write everywhere, says access(2). */
int
vault_trial_directory(const char *directory, struct error *err)
{
	struct buf path;
	int result = -1;

	buf_init(&path, PATH_MAX);
	if (buf_add_text(&path, directory, err) == -1)
		goto out;
	while (
	    path.len > 1 && access(path.data, F_OK) == -1 && errno == ENOENT) {
		while (path.len > 1 && path.data[path.len - 1] != '/')
			path.len--;
		path.len -= path.len > 1 ? 1 : 0;
		path.data[path.len] = '\0';
	}
	if (buf_add_text(&path, "/.postrider-XXXXXX", err) == -1)
		goto out;
	if (mkdtemp(path.data) != NULL && rmdir(path.data) == 0)
		result = 0;
	else
		error_set_errno(err, ERROR_CREATE, "cannot write to %.*s",
		    (int)(path.len - strlen("/.postrider-XXXXXX")), path.data);
out:
	buf_done(&path);
	return result;
}

int
vault_trial_commands(const struct vault_place *place, struct error *err)
{
	struct buf encrypted;
	int result = -1;

	if (place->decrypt == NULL) {
		error_set(err, ERROR_CONFIG,
		    "credential-folder needs credential-decrypt");
		return error_hint(err,
		    "set credential-decrypt to the command that reverses "
		    "credential-encrypt");
	}
	buf_init(&encrypted, TRIAL_MAX);
	if (trial_encrypt(place, &encrypted, err) == 0)
		result = trial_decrypt(place, &encrypted, err);
	buf_done(&encrypted);
	return result;
}

static int
trial_encrypt(const struct vault_place *place, struct buf *encrypted,
    struct error *err)
{
	struct cipher_command command = {.setting = "credential-encrypt",
	    .command = place->encrypt,
	    .deadline_ms = clock_now_ms() + place->limit_ms,
	    .failure = ERROR_CONFIG};
	struct secret *text = secret_new(err);
	int result = -1;

	if (text != NULL &&
	    secret_add(text, trial_text, strlen(trial_text), err) == 0)
		result = cipher_command_encrypt(&command, text, encrypted, err);
	secret_free(text);
	return result;
}

static int
trial_decrypt(const struct vault_place *place, const struct buf *encrypted,
    struct error *err)
{
	struct cipher_command command = {.setting = "credential-decrypt",
	    .command = place->decrypt,
	    .deadline_ms = clock_now_ms() + place->limit_ms,
	    .failure = ERROR_CONFIG};
	struct secret *text = secret_new(err);
	int result = -1;

	if (text == NULL)
		return -1;
	if (strcmp(place->decrypt, "plain-text") != 0)
		result = cipher_command_decrypt(&command, encrypted, text, err);
	else
		result =
		    secret_add(text, buf_text(encrypted), encrypted->len, err);
	if (result == 0 && strcmp(secret_bytes(text), trial_text) != 0)
		result = error_set(err, ERROR_CONFIG,
		    "credential-decrypt doesn't reverse credential-encrypt");
	secret_free(text);
	return result;
}
