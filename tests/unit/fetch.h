/* SPDX-License-Identifier: MIT */
#ifndef UNIT_FETCH_H
#define UNIT_FETCH_H

/*
 * Fetches a credential in a temporary directory, which is HOME and contains the
 * helper programs. These are shell scripts.
 */
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "credential/credential.h"

enum {
	ENOUGH_MS = 5000,
	SHORT_MS = 200
};

static char directory[] = "/tmp/test-credential.XXXXXX";

struct outcome {
	struct error err;
	char password[128]; /* "" on failure */
};

static inline void
write_file(const char *name, const char *text, mode_t mode)
{
	char path[PATH_MAX];
	struct error err;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	assert_int_equal(file_replace(path, text, strlen(text), mode, &err), 0);
}

static inline void
read_back(const char *name, struct buf *text)
{
	char path[PATH_MAX];
	struct error err;
	int fd;

	snprintf(path, sizeof path, "%s/%s", directory, name);
	fd = file_open(path, ERROR_INPUT, &err);
	assert_int_not_equal(fd, -1);
	assert_int_equal(file_read(fd, text, path, &err), 0);
	close(fd);
}

/* $D is the directory in the script. */
static inline void
write_script(const char *name, const char *body)
{
	char text[2048];

	snprintf(text, sizeof text, "#!/bin/sh\nD=%s\n%s", directory, body);
	write_file(name, text, 0700);
}

static inline struct credential_request
request_of(const char *source, const char *helper, int time_ms)
{
	return (struct credential_request){
	    .host = "smtp.example.test",
	    .port = 587,
	    .user = "alice@example.test",
	    .source = source,
	    .helper = helper,
	    .deadline_ms = clock_now_ms() + time_ms,
	};
}

static inline struct outcome
fetch(const char *source, const char *helper, int time_ms)
{
	struct credential_request request = request_of(source, helper, time_ms);
	struct outcome outcome = {.password = ""};
	const struct secret *secret;
	struct credential *credential =
	    credential_start(&request, &outcome.err);

	if (credential != NULL &&
	    credential_await(credential, &secret, &outcome.err) == 0)
		snprintf(outcome.password, sizeof outcome.password, "%s",
		    secret_bytes(secret));
	credential_free(credential);
	return outcome;
}

static inline void
assert_failure(const struct outcome *outcome, enum error_code code,
    const char *part)
{
	assert_string_equal(outcome->password, "");
	if (strstr(outcome->err.message, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, outcome->err.message);
	assert_int_equal(outcome->err.code, code);
}

/* Asserts that the process has ended whose id is in that file. */
static inline void
assert_process_gone(const char *name)
{
	struct buf text;

	buf_init(&text, 64);
	read_back(name, &text);
	assert_int_equal(kill((pid_t)atol(text.data), 0), -1);
	buf_done(&text);
}

static inline int
make_directory(void **state)
{
	(void)state;
	if (mkdtemp(directory) == NULL)
		return -1;
	setenv("POSTRIDER_EXEC_PATH", directory, 1);
	setenv("HOME", directory, 1);
	unsetenv("POSTRIDER_PASSWORD");
	return chdir(directory);
}

static inline int
remove_directory(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", directory);
	return system(command);
}

#endif
