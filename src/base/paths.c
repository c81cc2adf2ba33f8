/* SPDX-License-Identifier: MIT */
/*
 * Builds the paths of configuration and state files. Relative paths in the
 * environment are ignored, as the XDG specification requires.
 */
#include "base/paths.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "install-paths.h"

static char *in_directory(const char *variable, const char *directory,
    const char *name, struct error *err);
static const char *absolute_variable(const char *name);
static bool is_of_another_user(const char *home);
static const char *database_home(void);
static char *no_home(struct error *err);

char *
paths_home(struct error *err)
{
	const char *home = absolute_variable("HOME");

	/* A daemon may start us with HOME unset, "/" or that of root. */
	if (home == NULL || home[1] == '\0' || is_of_another_user(home)) {
		const char *other = database_home();

		if (other != NULL)
			home = other;
	}
	if (home == NULL)
		return no_home(err);
	return text_format(err, "%s", home);
}

char *
paths_user_config(struct error *err)
{
	return paths_config("postrider/config", err);
}

char *
paths_config(const char *name, struct error *err)
{
	return in_directory("XDG_CONFIG_HOME", ".config", name, err);
}

char *
paths_locks(bool is_fallback, struct error *err)
{
	static const char locks[] = "~/.local/state/postrider/locks";
	const char *home = database_home();

	if (is_fallback)
		return paths_expand(locks, err);
	return home != NULL ? text_format(err, "%s%s", home, locks + 1)
			    : no_home(err);
}

char *
paths_state(const char *name, struct error *err)
{
	char *in_state = text_format(err, "postrider/%s", name);
	char *path = in_state != NULL
	    ? in_directory("XDG_STATE_HOME", ".local/state", in_state, err)
	    : NULL;

	free(in_state);
	return path;
}

char *
paths_database_state(const char *name, struct error *err)
{
	const char *home = database_home();

	return home != NULL
	    ? text_format(err, "%s/.local/state/postrider/%s", home, name)
	    : no_home(err);
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
		return text_format(err, "%s", text);
	home = paths_home(err);
	if (home == NULL)
		return NULL;
	path = text_format(err, "%s%s", home, text + 1);
	free(home);
	return path;
}

/* In the directory that a variable names, else in one of the home directory. */
static char *
in_directory(const char *variable, const char *directory, const char *name,
    struct error *err)
{
	const char *named = absolute_variable(variable);
	char *home;
	char *path;

	if (named != NULL)
		return text_format(err, "%s/%s", named, name);
	home = paths_home(err);
	if (home == NULL)
		return NULL;
	path = text_format(err, "%s/%s/%s", home, directory, name);
	free(home);
	return path;
}

static const char *
absolute_variable(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value == '/' ? value : NULL;
}

/* A directory that cannot be entered cannot have our configuration. */
static bool
is_of_another_user(const char *home)
{
	return access(home, X_OK) == -1 && errno == EACCES;
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
