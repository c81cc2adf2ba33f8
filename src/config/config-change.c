/* SPDX-License-Identifier: MIT */
/*
 * Locks the file, reads it, lets config-edit.c change the text, checks the
 * result and replaces the file.
 */
#include "config/config-change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/paths.h"
#include "base/text.h"
#include "config/config-compare.h"
#include "config/config-edit.h"
#include "config/config-file.h"
#include "config/parse.h"

enum {
	LOCK_LIMIT_MS = 30 * 1000
};

/* A file that is being changed. */
struct change {
	char *path;
	int lock; /* or -1 */
	bool exists;
	struct stat status; /* if it exists */
	struct buf text;
	struct config *before;
};

static int change_begin(struct change *change, const char *path,
    struct error *err);
static int change_copy_system(struct change *change, struct error *err);
static int change_open(struct change *change, const char *path,
    struct error *err);
static int change_finish(struct change *change,
    const struct config_place *place, char **ret_path, struct error *err);
static int change_end(struct change *change, int result, struct error *err);
static int change_lock(struct error *err);
static int change_lock_in_home(bool is_fallback, struct error *err);
static struct config *change_parse(const struct change *change,
    struct error *err);
static struct config *parse_text(const char *path, const char *text, size_t len,
    struct error *err);
static int change_write(struct change *change, struct error *err);
static struct config_place place_of(const char *account, const char *name);
static const char *sole_account(const struct config *config,
    const char *new_name);

int
config_set(const char *path, const char *account, const char *name,
    const char *value, bool is_list, char **ret_path, struct error *err)
{
	const struct config_place place = place_of(account, name);
	struct change change;
	int result = -1;

	if (change_begin(&change, path, err) == 0 &&
	    config_edit_set(&change.text, &place, value, is_list, err) == 0)
		result = change_finish(&change, &place, ret_path, err);
	return change_end(&change, result, err);
}

int
config_unset(const char *path, const char *account, const char *name,
    bool *ret_found, char **ret_path, struct error *err)
{
	const struct config_place place = place_of(account, name);
	struct change change;
	int result = -1;

	if (change_begin(&change, path, err) == 0 &&
	    config_edit_unset(&change.text, &place, ret_found, err) == 0)
		result = change_finish(&change, &place, ret_path, err);
	return change_end(&change, result, err);
}

int
config_add_account(const char *path, const char *name,
    const struct settings *settings, char **ret_path, char **ret_default,
    struct error *err)
{
	const struct config_place place = {.kind = GRAMMAR_ACCOUNT,
	    .title = name};
	const struct config_place choice = place_of(NULL, "default-account");
	const char *first;
	char *chosen = NULL;
	struct change change;
	int result = -1;

	if (change_open(&change, path, err) == -1 ||
	    (path == NULL && change_copy_system(&change, err) == -1))
		goto out;
	change.before = change_parse(&change, err);
	if (change.before == NULL)
		goto out;
	if (config_find_account(change.before, name) != NULL) {
		error_set(err, ERROR_CONFIG,
		    "%s: the account \"%s\" already exists", change.path, name);
		goto out;
	}
	first = sole_account(change.before, name);
	if (first != NULL && (chosen = strdup(first)) == NULL) {
		error_no_memory(err);
		goto out;
	}
	if ((chosen != NULL &&
		config_edit_set(&change.text, &choice, chosen, false, err) ==
		    -1) ||
	    config_edit_add_account(&change.text, name, settings, err) == -1)
		goto out;
	result = change_finish(&change, &place, ret_path, err);
	if (result == 0) {
		*ret_default = chosen;
		chosen = NULL;
	}
out:
	free(chosen);
	return change_end(&change, result, err);
}

int
config_replace(const char *path, const char *before, const char *after,
    char **ret_path, struct error *err)
{
	struct change change;
	struct config *config = NULL;
	int result = -1;

	if (change_open(&change, path, err) == -1)
		goto out;
	if (strcmp(buf_text(&change.text), before) != 0) {
		error_set(err, ERROR_CONFIG, "%s: has changed meanwhile",
		    change.path);
		goto out;
	}
	buf_clear(&change.text);
	if (buf_add_text(&change.text, after, err) == -1)
		goto out;
	config = change_parse(&change, err);
	if (config == NULL || change_write(&change, err) == -1)
		goto out;
	*ret_path = change.path;
	change.path = NULL;
	result = 0;
out:
	config_free(config);
	return change_end(&change, result, err);
}

int
config_check(const char *path, const char *text, struct error *err)
{
	struct config *config = parse_text(path, text, strlen(text), err);

	if (config == NULL)
		return -1;
	config_free(config);
	return 0;
}

/* Also after a failure, call change_end. */
static int
change_begin(struct change *change, const char *path, struct error *err)
{
	if (change_open(change, path, err) == -1)
		return -1;
	change->before = change_parse(change, err);
	return change->before != NULL ? 0 : -1;
}

static int
change_open(struct change *change, const char *path, struct error *err)
{
	*change = (struct change){.lock = -1};
	buf_init(&change->text, CONFIG_FILE_MAX);
	change->path = config_file_target(path, err);
	if (change->path == NULL)
		return -1;
	change->lock = change_lock(err);
	if (change->lock == -1)
		return -1;
	if (config_file_read(change->path, &change->text, &change->status,
		err) == 0)
		change->exists = true;
	else if (err->sys_errno != ENOENT)
		return -1;
	return 0;
}

/* The user's file replaces the system's: a new one begins with a copy, so that
 * nothing is lost. */
static int
change_copy_system(struct change *change, struct error *err)
{
	struct stat status;

	if (change->exists ||
	    config_file_read(paths_system_config(), &change->text, &status,
		err) == 0 ||
	    err->sys_errno == ENOENT || err->sys_errno == ENOTDIR)
		return 0;
	return -1;
}

static int
change_finish(struct change *change, const struct config_place *place,
    char **ret_path, struct error *err)
{
	struct config *after = change_parse(change, err);
	int result = -1;

	if (after == NULL)
		return -1;
	if (!config_compare(change->before, after, place))
		error_set(err, ERROR_BUG,
		    "%s: the change would affect other settings", change->path);
	else
		result = change_write(change, err);
	config_free(after);
	if (result == 0) {
		*ret_path = change->path;
		change->path = NULL;
	}
	return result;
}

static int
change_end(struct change *change, int result, struct error *err)
{
	if (result == -1 && err->code == ERROR_DATA)
		err->code = ERROR_CONFIG; /* the file would be too long */
	if (result == -1 && err->code == ERROR_CREATE && change->path != NULL &&
	    strcmp(change->path, paths_system_config()) == 0)
		error_hint(err,
		    "only root can change it; copy it to "
		    "~/.config/postrider/config, which is used instead");
	if (change->lock != -1)
		close(change->lock);
	config_free(change->before);
	buf_done(&change->text);
	free(change->path);
	return result;
}

/* One lock for all files of the user: a file that is replaced can't be locked
 * itself. */
static int
change_lock(struct error *err)
{
	int fd = change_lock_in_home(false, err);

	if (fd == -1 && err->code != ERROR_TEMPORARY &&
	    err->code != ERROR_SYSTEM)
		fd = change_lock_in_home(true, err);
	return fd;
}

static int
change_lock_in_home(bool is_fallback, struct error *err)
{
	char *directory = paths_locks(is_fallback, err);
	char *path = NULL;
	int fd = -1;

	if (directory != NULL)
		path = text_format(err, "%s/configuration", directory);
	if (path != NULL && file_make_directories(path, err) == 0)
		fd = file_lock(path, clock_now_ms() + LOCK_LIMIT_MS, err);
	free(path);
	free(directory);
	return fd;
}

static struct config *
change_parse(const struct change *change, struct error *err)
{
	return parse_text(change->path, buf_text(&change->text),
	    change->text.len, err);
}

static struct config *
parse_text(const char *path, const char *text, size_t len, struct error *err)
{
	struct config *config = calloc(1, sizeof *config);

	if (config == NULL) {
		error_no_memory(err);
		return NULL;
	}
	if (config_parse(config, path, text, len, err) == 0)
		return config;
	config_free(config);
	return NULL;
}

static int
change_write(struct change *change, struct error *err)
{
	const struct buf *text = &change->text;

	if (change->exists)
		return file_replace_like(change->path, buf_text(text),
		    text->len, &change->status, err);
	if (file_make_directories(change->path, err) == -1)
		return -1;
	return file_replace(change->path, buf_text(text), text->len, 0600, err);
}

static struct config_place
place_of(const char *account, const char *name)
{
	return (struct config_place){.kind = account != NULL ? GRAMMAR_ACCOUNT
							     : GRAMMAR_TOP,
	    .title = account,
	    .name = name};
}

/* The account that is the default only because there is no other, or NULL. */
static const char *
sole_account(const struct config *config, const char *new_name)
{
	const char *name;

	if (config->account_count != 1 || config->default_account != NULL)
		return NULL;
	name = config->account[0].name;
	return strcmp(name, "default") != 0 && strcmp(new_name, "default") != 0
	    ? name
	    : NULL;
}
