/* SPDX-License-Identifier: MIT */
#ifndef BASE_PATHS_H
#define BASE_PATHS_H

/*
 * Where things of the user and of the system are (XDG Base Directory
 * Specification). Nothing is opened or made here.
 */

#include "base/error.h"

/*
 * The home folder: $HOME when it is absolute, else the user database's. NULL
 * with ERROR_CONFIG when neither knows. The caller frees.
 */
char *paths_home(struct error *err);

/*
 * The user's configuration file, whether or not it exists. NULL on failure
 * as above. The caller frees.
 */
char *paths_user_config(struct error *err);

/*
 * The user's folder of locks, whether or not it exists. No variable moves it: a
 * cron job and a desktop session, which have others, must meet there. NULL on
 * failure as above. The caller frees.
 */
char *paths_locks(struct error *err);

/* The system's configuration file. */
const char *paths_system_config(void);

/* A copy of text, with a leading "~/" (or "~" alone) replaced by the home
 * folder. NULL on failure as above. The caller frees. */
char *paths_expand(const char *text, struct error *err);

#endif
