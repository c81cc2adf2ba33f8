/* SPDX-License-Identifier: MIT */
/*
 * Builds the paths of configuration and state files. Relative paths in the
 * environment are ignored, as the XDG specification requires.
 */
#include "base/paths.h"

#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "install-paths.h"

static const char *absolute_variable(const char *name);
static const char *database_home(void);
static char *no_home(struct error *err);
static char *paths_join(const char *directory, const char *rest,
    struct error *err);

char *
paths_home(struct error *err)
{
	const char *home = absolute_variable("HOME");

	/* A daemon may start us with HOME unset or "/". */
	if (home == NULL || home[1] == '\0') {
		const char *other = database_home();

		if (other != NULL)
			home = other;
	}
	if (home == NULL)
		return no_home(err);
	return paths_join(home, "", err);
}

char *
paths_user_config(struct error *err)
{
	const char *directory = absolute_variable("XDG_CONFIG_HOME");
	char *home;
	char *path;

	if (directory != NULL)
		return paths_join(directory, "/postrider/config", err);
	home = paths_home(err);
	if (home == NULL)
		return NULL;
	path = paths_join(home, "/.config/postrider/config", err);
	free(home);
	return path;
}

char *
paths_locks(bool is_fallback, struct error *err)
{
	static const char locks[] = "/.local/state/postrider/locks";
	const char *home = database_home();

	if (is_fallback)
		return paths_expand("~/.local/state/postrider/locks", err);
	return home != NULL ? paths_join(home, locks, err) : no_home(err);
}

const char *
paths_system_config(void)
{
	return INSTALL_SYSCONFDIR "/config";
}

char *
paths_expand(const char *text, struct error *err)
{
	char *home;
	char *path;

	if (*text != '~' || (text[1] != '/' && text[1] != '\0'))
		return paths_join(text, "", err);
	home = paths_home(err);
	if (home == NULL)
		return NULL;
	path = paths_join(home, text + 1, err);
	free(home);
	return path;
}

static const char *
absolute_variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value == '/' ? value : NULL;
}

/* Borrowed until the next call. NULL if there is none. */
static const char *
database_home(void)
{
	const struct passwd *entry = getpwuid(geteuid());

	return entry != NULL && *entry->pw_dir == '/' ? entry->pw_dir : NULL;
}

static char *
no_home(struct error *err)
{
	error_set(err, ERROR_CONFIG, "user %lu has no home directory",
	    (unsigned long)geteuid());
	return NULL;
}

static char *
paths_join(const char *directory, const char *rest, struct error *err)
{
	struct buf path;
	char *result = NULL;

	buf_init(&path, PATH_MAX);
	if (buf_addf(&path, err, "%s%s", directory, rest) == -1) {
		if (err->code != ERROR_SYSTEM)
			error_set(err, ERROR_CONFIG, "%.100s...: path too long",
			    directory);
	} else {
		result = buf_take(&path);
	}
	buf_done(&path);
	return result;
}
