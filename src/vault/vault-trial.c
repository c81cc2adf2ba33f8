/* SPDX-License-Identifier: MIT */
/*
 * Tries the commands that encrypt and decrypt entries, with a text that is no
 * secret.
 */
#include <string.h>

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
