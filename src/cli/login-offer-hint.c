/* SPDX-License-Identifier: MIT */
/*
 * Composes the command line that has login store a credential in files, for a
 * hint that can be copied to a shell.
 */
#include "cli/login-place.h"

#include <string.h>

#include "base/buf.h"
#include "base/shell-word.h"

enum {
	COMMAND_MAX = 16384,
	COMMAND_SHOWN = ERROR_HINT_SIZE - 96
};

/* The last one makes the others effective. */
static const enum setting_id ids[] = {SETTING_CREDENTIAL_ENCRYPT,
    SETTING_CREDENTIAL_DECRYPT, SETTING_CREDENTIAL_FOLDER};

enum {
	ID_COUNT = sizeof ids / sizeof *ids
};

/* What the lines are composed from. */
struct hint {
	const struct login *login;
	const struct login_cipher *cipher;
	const char *directory;
};

static int hint_new_account(const struct hint *hint, struct error *err);
static int hint_account(const struct hint *hint, struct error *err);
static int hint_add_options(const struct login *login, struct buf *command,
    struct error *err);
static int hint_add_settings(const struct hint *hint, struct buf *command,
    struct error *err);
static int hint_add_option(struct buf *command, const char *name,
    const char *value, struct error *err);
static bool hint_is_derived(const struct login *login, enum setting_id id);
static int hint_add_change(const struct hint *hint, enum setting_id id,
    struct buf *command, struct error *err);

int
login_hint_files(const struct login *login, const struct login_cipher *cipher,
    const char *directory, struct error *err)
{
	const struct hint hint = {login, cipher, directory};

	return login->is_new ? hint_new_account(&hint, err)
			     : hint_account(&hint, err);
}

/* This login again, with the settings as options. */
static int
hint_new_account(const struct hint *hint, struct error *err)
{
	const char *protection = hint->cipher->protection;
	struct error ignored;
	struct buf settings;
	struct buf command;

	buf_init(&settings, COMMAND_MAX);
	buf_init(&command, COMMAND_MAX);
	if (hint_add_settings(hint, &settings, &ignored) == 0 &&
	    hint_add_options(hint->login, &command, &ignored) == 0) {
		if (command.len + settings.len < COMMAND_SHOWN)
			error_hint(err, "to store it in files, %s: %s%s",
			    protection, command.data, settings.data);
		else
			error_hint(err,
			    "to store it in files, %s, add these options:%s",
			    protection, settings.data);
	}
	buf_done(&settings);
	buf_done(&command);
	return -1;
}

/* Commands that change the account's block. */
static int
hint_account(const struct hint *hint, struct error *err)
{
	struct error ignored;
	struct buf command;
	int result = 0;

	buf_init(&command, COMMAND_MAX);
	for (size_t i = 0; i < ID_COUNT && result == 0; i++)
		result = hint_add_change(hint, ids[i], &command, &ignored);
	if (result == 0)
		error_hint(err, "to store it in files, %s: %s",
		    hint->cipher->protection, command.data);
	buf_done(&command);
	return -1;
}

static int
hint_add_options(const struct login *login, struct buf *command,
    struct error *err)
{
	const struct options *options = login->options;
	int result = buf_add_text(command, "postrider login ", err);

	if (result == 0)
		result = shell_word_add(command, options->argument[0], err);
	if (result == 0 && options->config_path != NULL)
		result = hint_add_option(command, "config",
		    options->config_path, err);
	if (result == 0 && (options->device || options->paste))
		result = buf_add_text(command,
		    options->device ? " --device" : " --paste", err);
	if (result == 0 && options->report.json)
		result = buf_add_text(command, " --json", err);
	for (enum setting_id id = 0; id < SETTING_COUNT && result == 0; id++) {
		const char *value = options->flags.text[id];

		if (value != NULL && !hint_is_derived(login, id))
			result = hint_add_option(command, setting_row(id)->name,
			    value, err);
	}
	return result;
}

static int
hint_add_settings(const struct hint *hint, struct buf *command,
    struct error *err)
{
	int result = 0;

	for (size_t i = 0; i < ID_COUNT && result == 0; i++) {
		struct buf value;

		buf_init(&value, COMMAND_MAX);
		result = login_cipher_add(hint->cipher, ids[i], hint->directory,
		    &value, err);
		if (result == 0 && value.len > 0)
			result = hint_add_option(command,
			    setting_row(ids[i])->name, value.data, err);
		buf_done(&value);
	}
	return result;
}

/* The elements of a list are lines; commas separate them in an option. */
static int
hint_add_option(struct buf *command, const char *name, const char *value,
    struct error *err)
{
	struct buf word;
	int result;

	buf_init(&word, COMMAND_MAX);
	result = buf_addf(&word, err, "--%s=%s", name, value);
	for (size_t i = 0; i < word.len; i++) {
		if (word.data[i] == '\n')
			word.data[i] = ',';
	}
	if (result == 0)
		result = buf_add_text(command, " ", err);
	if (result == 0)
		result = shell_word_add(command, word.data, err);
	buf_done(&word);
	return result;
}

/* Whether login has set it itself and will again. */
static bool
hint_is_derived(const struct login *login, enum setting_id id)
{
	const char *value = login->options->flags.text[id];

	return (id == SETTING_FROM || id == SETTING_USER) &&
	    strcmp(value, login->name) == 0;
}

static int
hint_add_change(const struct hint *hint, enum setting_id id,
    struct buf *command, struct error *err)
{
	const char *config = hint->login->options->config_path;
	struct buf value;
	struct buf name;
	int result = -1;

	buf_init(&value, COMMAND_MAX);
	buf_init(&name, COMMAND_MAX);
	if (login_cipher_add(hint->cipher, id, hint->directory, &value, err) ==
		-1 ||
	    buf_addf(&name, err, "%s.%s", hint->login->name,
		setting_row(id)->name) == -1)
		goto out;
	result = 0;
	if (value.len == 0)
		goto out;
	result = buf_addf(command, err, "%spostrider config",
	    command->len > 0 ? " && " : "");
	if (result == 0 && config != NULL)
		result = hint_add_option(command, "config", config, err);
	if (result == 0)
		result = buf_add_text(command, " set ", err);
	if (result == 0)
		result = shell_word_add(command, name.data, err);
	if (result == 0)
		result = buf_add_text(command, " ", err);
	if (result == 0)
		result = shell_word_add(command, value.data, err);
out:
	buf_done(&value);
	buf_done(&name);
	return result;
}
