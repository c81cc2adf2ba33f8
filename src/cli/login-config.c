/* SPDX-License-Identifier: MIT */
/*
 * What login changes in the configuration but for the new block: tries whether
 * it can, and sets the place of files in a block that exists.
 */
#include "cli/login-place.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/paths.h"
#include "config/config-change.h"

static int login_change(const struct login *login, const enum setting_id *id,
    size_t count, struct error *err);
static char *login_config_path(const struct login *login, struct error *err);

/* The file is replaced in its directory. */
int
login_check_config(const struct login *login, struct error *err)
{
	char *path = login_config_path(login, err);
	char *target;
	char *slash;
	int result;

	if (path == NULL)
		return -1;
	target = realpath(path, NULL);
	if (target != NULL) {
		free(path);
		path = target;
	}
	slash = strrchr(path, '/');
	if (slash != NULL)
		*slash = '\0';
	result = file_try_directory(slash != NULL ? path : ".", err);
	free(path);
	return result;
}

/* What makes the others effective is last. */
int
login_write_changes(struct login *login, struct error *err)
{
	static const enum setting_id server[] = {SETTING_FROM, SETTING_USER,
	    SETTING_TLS, SETTING_PORT, SETTING_HOST, SETTING_PROVIDER};
	static const enum setting_id place[] = {SETTING_CREDENTIAL_DECRYPT,
	    SETTING_CREDENTIAL_ENCRYPT, SETTING_CREDENTIAL_FOLDER};
	const char *path = login->route.config->path;

	if ((login->has_found_server &&
		login_change(login, server, sizeof server / sizeof *server,
		    err) == -1) ||
	    (login->has_chosen_place &&
		login_change(login, place, sizeof place / sizeof *place, err) ==
		    -1))
		return -1;
	login_say(login, "changed the account \"%s\" in %s", login->name, path);
	return 0;
}

/* Sets those that are in the options. */
static int
login_change(const struct login *login, const enum setting_id *id, size_t count,
    struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		const char *value = login->options->flags.text[id[i]];
		char *changed;

		if (value == NULL)
			continue;
		if (config_set(login->route.config->path, login->name,
			setting_row(id[i])->name, value, false, &changed,
			err) == -1)
			return -1;
		free(changed);
	}
	return 0;
}

static char *
login_config_path(const struct login *login, struct error *err)
{
	const char *path = login->is_new ? login->options->config_path
					 : login->route.config->path;
	char *copy;

	if (path == NULL)
		return paths_user_config(err);
	copy = strdup(path);
	if (copy == NULL)
		error_no_memory(err);
	return copy;
}
