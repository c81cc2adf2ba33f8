/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an aliases file: an error names the file and the line, and the
 * addresses of an alias can stand in a command.
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "message/aliases.h"

#include "fuzz.h"

enum {
	PATH_SIZE = 64
};

static void
check_failure(const struct error *err, const char *path)
{
	require(err->code == ERROR_CONFIG);
	require(strncmp(err->message, path, strlen(path)) == 0);
	check_text(err->message);
}

static void
check_alias(const struct aliases *aliases, const char *name, const char *path)
{
	struct address_list list;
	struct error err;
	int found;

	address_list_init(&list);
	found = aliases_find(aliases, name, &list, &err);
	if (found == -1)
		check_failure(&err, path);
	for (size_t i = 0; i < list.count; i++) {
		size_t len = strlen(list.address[i]);

		require(found != 0 && len > 0);
		require(text_is_utf8(list.address[i], len));
		check_text(list.address[i]);
	}
	address_list_done(&list);
}

/* Each beginning of a line up to a colon, whether or not it is a name. */
static void
check_names(const struct aliases *aliases, char *text, const char *path)
{
	for (char *line = text; line != NULL;) {
		char *next = strchr(line, '\n');
		char *colon;

		if (next != NULL)
			*next++ = '\0';
		colon = strrchr(line, ':');
		if (colon != NULL) {
			*colon = '\0';
			check_alias(aliases, text_trim(line), path);
		}
		line = next;
	}
}

static int
open_file(const uint8_t *data, size_t len, char path[PATH_SIZE])
{
	int fd = memfd_create("aliases", MFD_CLOEXEC);

	require(fd != -1 && fchmod(fd, 0600) == 0);
	require(write(fd, data, len) == (ssize_t)len);
	snprintf(path, PATH_SIZE, "/proc/self/fd/%d", fd);
	return fd;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char path[PATH_SIZE];
	int fd = open_file(data, len, path);
	char *text = malloc(len + 1);
	struct aliases *aliases;
	struct error err;

	require(text != NULL);
	memcpy(text, data, len);
	text[len] = '\0';
	aliases = aliases_load(path, &err);
	if (aliases == NULL) {
		check_failure(&err, path);
	} else {
		require(strlen(text) == len);
		check_alias(aliases, "root", path);
		check_names(aliases, text, path);
	}
	aliases_free(aliases);
	free(text);
	close(fd);
	return 0;
}
