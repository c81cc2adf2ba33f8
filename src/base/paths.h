/* SPDX-License-Identifier: MIT */
#ifndef BASE_PATHS_H
#define BASE_PATHS_H

/*
 * Gives the paths of configuration and state files (XDG Base Directory
 * Specification). Opens and creates nothing.
 */

#include <stdbool.h>

#include "base/error.h"

/*
 * Returns the home directory: $HOME if it is absolute and can be entered, else
 * the one in the user database. NULL with ERROR_CONFIG if there is none. The
 * caller frees.
 */
char *paths_home(struct error *err);

/*
 * Returns the path of the user's configuration file, which need not exist. NULL
 * on failure as above. The caller frees.
 */
char *paths_user_config(struct error *err);

/*
 * Returns the path of a file in the user's directory for configuration,
 * $XDG_CONFIG_HOME, which need not exist. NULL on failure as above. The caller
 * frees.
 */
char *paths_config(const char *name, struct error *err);

/*
 * Returns the path of the user's directory for lock files, which need not
 * exist. It is in the home directory that the user database names, which is the
 * same for a desktop session, a cron job and a process whose $HOME was changed;
 * unlike a directory in /tmp, no other user can create it first. If is_fallback
 * is true, it is in paths_home instead. NULL on failure as above. The caller
 * frees.
 */
char *paths_locks(bool is_fallback, struct error *err);

/*
 * Returns the path of a file in the user's directory for state,
 * $XDG_STATE_HOME/postrider, which need not exist. NULL on failure as above.
 * The caller frees.
 */
char *paths_state(const char *name, struct error *err);

/* The same in the home directory of the user database, whatever the environment
 * says. */
char *paths_database_state(const char *name, struct error *err);

/* Returns the path of the system-wide configuration file. */
const char *paths_system_config(void);

/* Returns a copy of text in which a leading "~/" (or "~" alone) is replaced by
 * the home directory. NULL on failure as above. The caller frees. */
char *paths_expand(const char *text, struct error *err);

#endif
