/* SPDX-License-Identifier: MIT */
#ifndef UNIT_DIRECTORY_H
#define UNIT_DIRECTORY_H

/* A directory of the test's own, which is removed with all that is in it. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char directory[] = "/tmp/postrider-test.XXXXXX";

/* Returns 0, or -1 on failure. */
static inline int
make_directory(void)
{
	return mkdtemp(directory) != NULL ? 0 : -1;
}

/* The same, and makes it the working directory. */
static inline int
enter_directory(void)
{
	return make_directory() == 0 ? chdir(directory) : -1;
}

/* For cmocka: ends a group of tests. */
static inline int
remove_directory(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof command, "/bin/rm -rf %s", directory);
	return system(command);
}

#endif
