/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFIG_FIXTURE_H
#define TESTS_CONFIG_FIXTURE_H

/*
 * Creates a home directory, so that no test reads the configuration or the
 * environment of the user who runs it.
 */

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "config/config.h"
#include "config/settings.h"

enum {
	FIXTURE_PATH_SIZE = 256
};

struct fixture {
	char home[FIXTURE_PATH_SIZE];
	char path[FIXTURE_PATH_SIZE]; /* of the user's configuration */
	struct error err;
};

static inline void
fixture_environment(void)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		char name[64];

		snprintf(name, sizeof name, "POSTRIDER_%s",
		    setting_row((enum setting_id)i)->name);
		for (char *at = name; *at != '\0'; at++)
			*at = *at == '-' ? '_'
			    : *at >= 'a' ? (char)(*at - 'a' + 'A')
					 : *at;
		unsetenv(name);
	}
	unsetenv("XDG_CONFIG_HOME");
}

static inline int
fixture_setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	assert_non_null(fixture);
	snprintf(fixture->home, sizeof fixture->home,
	    "/tmp/postrider-test.XXXXXX");
	assert_non_null(mkdtemp(fixture->home));
	assert_true((size_t)snprintf(fixture->path, sizeof fixture->path,
			"%s/.config/postrider/config",
			fixture->home) < sizeof fixture->path);
	fixture_environment();
	setenv("HOME", fixture->home, 1);
	*state = fixture;
	return 0;
}

static inline int
fixture_teardown(void **state)
{
	struct fixture *fixture = *state;
	char command[FIXTURE_PATH_SIZE + 16];

	snprintf(command, sizeof command, "rm -rf %s", fixture->home);
	assert_int_equal(system(command), 0);
	free(fixture);
	return 0;
}

/* Writes the user's configuration. */
static inline void
fixture_write(struct fixture *fixture, const void *text, size_t len)
{
	assert_int_equal(file_make_directories(fixture->path, &fixture->err),
	    0);
	assert_int_equal(file_replace(fixture->path, text, len, 0600,
			     &fixture->err),
	    0);
}

/* Loads the user's configuration after writing it; NULL on failure. */
static inline struct config *
fixture_load(struct fixture *fixture, const char *text)
{
	fixture_write(fixture, text, strlen(text));
	return config_load(NULL, &fixture->err);
}

/* A test with a home directory of its own. */
#define WITH_HOME(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

#endif
