/* SPDX-License-Identifier: MIT */
/*
 * Reads a configuration file, and appends an account block to one. Parses the
 * result before it is written, so that no invalid file is left.
 */
#include "config/config-file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "config/config.h"
#include "config/value-list.h"
#include "config/parse.h"
#include "base/paths.h"

static char *config_file_target(const char *path, struct error *err);
static int config_file_add_block(struct buf *text, const char *path,
    const char *name, const struct settings *settings, struct error *err);
static int config_file_has_account(const struct buf *text, const char *path,
    const char *name, bool *ret_found, struct error *err);
static int config_file_write_block(struct buf *text, const char *name,
    const struct settings *settings, struct error *err);
static int config_file_write_setting(struct buf *text, enum setting_id id,
    const char *value, struct error *err);
static int config_file_write_quoted(struct buf *text, const char *value,
    size_t len, struct error *err);

int
config_file_read(const char *path, struct buf *text, mode_t *ret_mode,
    struct error *err)
{
	int fd = file_open_protected(path, FILE_TRUSTED, ERROR_CONFIG, err);
	struct stat status;
	int result = -1;

	if (fd == -1)
		return -1;
	if (fstat(fd, &status) == -1) {
		error_set_errno(err, ERROR_CONFIG, "%s", path);
		goto out;
	}
	if (file_read(fd, text, path, err) == -1) {
		if (err->code == ERROR_DATA)
			err->code = ERROR_CONFIG;
		goto out;
	}
	*ret_mode = status.st_mode & 0777;
	result = 0;
out:
	close(fd);
	return result;
}

int
config_add_account(const char *path, const char *name,
    const struct settings *settings, char **ret_path, struct error *err)
{
	char *target = config_file_target(path, err);
	mode_t mode = 0600;
	struct buf text;

	if (target == NULL)
		return -1;
	buf_init(&text, CONFIG_FILE_MAX);
	if (config_file_read(target, &text, &mode, err) == -1 &&
	    err->sys_errno != ENOENT)
		goto fail;
	if (config_file_add_block(&text, target, name, settings, err) == -1 ||
	    file_make_directories(target, err) == -1 ||
	    file_replace(target, buf_text(&text), text.len, mode, err) == -1)
		goto fail;
	buf_done(&text);
	*ret_path = target;
	return 0;
fail:
	if (err->code == ERROR_DATA)
		err->code = ERROR_CONFIG; /* the file would be too long */
	buf_done(&text);
	free(target);
	return -1;
}

/* Resolves a symbolic link: file_replace would replace the link itself. */
static char *
config_file_target(const char *path, struct error *err)
{
	char *given = path != NULL ? strdup(path) : paths_user_config(err);
	struct stat status;
	char *target;

	if (given == NULL) {
		if (path != NULL)
			error_no_memory(err);
		return NULL;
	}
	if (lstat(given, &status) == -1 || !S_ISLNK(status.st_mode))
		return given;
	target = realpath(given, NULL);
	if (target == NULL)
		error_set_errno(err, ERROR_CREATE, "%s: symbolic link", given);
	free(given);
	return target;
}

static int
config_file_add_block(struct buf *text, const char *path, const char *name,
    const struct settings *settings, struct error *err)
{
	const char *gap = text->len == 0        ? ""
	    : text->data[text->len - 1] == '\n' ? "\n"
						: "\n\n";
	bool found = false;

	if (config_file_has_account(text, path, name, &found, err) == -1)
		return -1;
	if (found)
		return error_set(err, ERROR_CONFIG,
		    "%s: the account \"%s\" already exists", path, name);
	if (buf_add_text(text, gap, err) == -1 ||
	    config_file_write_block(text, name, settings, err) == -1 ||
	    config_file_has_account(text, path, name, &found, err) == -1)
		return -1;
	if (!found)
		return error_set(err, ERROR_BUG,
		    "%s: the new account \"%s\" can't be read back", path,
		    name);
	return 0;
}

static int
config_file_has_account(const struct buf *text, const char *path,
    const char *name, bool *ret_found, struct error *err)
{
	struct config *config = calloc(1, sizeof *config);
	int result;

	if (config == NULL)
		return error_no_memory(err);
	result = config_parse(config, path, buf_text(text), text->len, err);
	if (result == 0)
		*ret_found = config_find_account(config, name) != NULL;
	config_free(config);
	return result;
}

static int
config_file_write_block(struct buf *text, const char *name,
    const struct settings *settings, struct error *err)
{
	if (buf_add_text(text, "account ", err) == -1 ||
	    config_file_write_quoted(text, name, strlen(name), err) == -1 ||
	    buf_add_text(text, " {\n", err) == -1)
		return -1;
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		if (settings->text[i] != NULL &&
		    config_file_write_setting(text, (enum setting_id)i,
			settings->text[i], err) == -1)
			return -1;
	}
	return buf_add_text(text, "}\n", err);
}

static int
config_file_write_setting(struct buf *text, enum setting_id id,
    const char *value, struct error *err)
{
	const struct setting *row = setting_row(id);
	const char *separator = "";
	const char *element;
	size_t len;

	if (buf_addf(text, err, "\t%s = ", row->name) == -1)
		return -1;
	if (strchr(value, '\n') == NULL) {
		if (config_file_write_quoted(text, value, strlen(value), err) ==
		    -1)
			return -1;
		return buf_add_text(text, "\n", err);
	}
	if (buf_add_text(text, "{ ", err) == -1)
		return -1;
	while (value_list_next(&value, &element, &len)) {
		if (buf_add_text(text, separator, err) == -1 ||
		    config_file_write_quoted(text, element, len, err) == -1)
			return -1;
		separator = ", ";
	}
	return buf_add_text(text, " }\n", err);
}

/* Plain words aren't quoted, for readability. */
static int
config_file_write_quoted(struct buf *text, const char *value, size_t len,
    struct error *err)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "@._-";

	if (len > 0 && strspn(value, plain) >= len)
		return buf_add(text, value, len, err);
	if (buf_add_text(text, "\"", err) == -1)
		return -1;
	for (size_t i = 0; i < len; i++) {
		if (strchr("\"\\$", value[i]) != NULL &&
		    buf_add_text(text, "\\", err) == -1)
			return -1;
		if (buf_add(text, value + i, 1, err) == -1)
			return -1;
	}
	return buf_add_text(text, "\"", err);
}
