/* SPDX-License-Identifier: MIT */
/*
 * Compares the working directory with those of the account blocks. Reads
 * nothing from it: its owner must not choose the account.
 */
#include "config/directory-match.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/text.h"
#include "config/value-list.h"

/* The working directory, and the match so far. */
struct directory_search {
	char *physical;      /* without symbolic links; or NULL */
	const char *logical; /* as the shell has it; or NULL */
	size_t depth;        /* of the match: the length of its path */
	struct directory_match match;
	struct error *err;
};

static int search_block(struct directory_search *search,
    const struct config_account *block);
static size_t search_depth(const struct directory_search *search,
    const char *directory);
static size_t path_depth(const char *directory, const char *path);
static const char *find_logical(void);

int
directory_match_account(const struct config *config,
    struct directory_match *ret_match, struct error *err)
{
	struct directory_search search = {.err = err};
	int result = 0;

	for (size_t i = 0; i < config->account_count && result == 0; i++) {
		const struct config_account *block = &config->account[i];

		if (block->settings.text[SETTING_DIRECTORY] == NULL)
			continue;
		if (search.physical == NULL) {
			search.physical = realpath(".", NULL);
			search.logical = find_logical();
		}
		result = search_block(&search, block);
	}
	free(search.physical);
	if (result == 0)
		*ret_match = search.match;
	else
		free(search.match.directory);
	return result;
}

static int
search_block(struct directory_search *search,
    const struct config_account *block)
{
	const char *list = block->settings.text[SETTING_DIRECTORY];
	const char *element;
	size_t len;

	while (value_list_next(&list, &element, &len)) {
		char *written = text_copy(element, len);
		char *directory =
		    written != NULL ? paths_expand(written, search->err) : NULL;
		size_t depth;

		if (directory == NULL) {
			free(written);
			return error_no_memory(search->err);
		}
		depth = search_depth(search, directory);
		free(directory);
		if (depth <= search->depth) {
			free(written);
			continue;
		}
		free(search->match.directory);
		search->match.directory = written;
		search->match.block = block;
		search->depth = depth;
	}
	return 0;
}

static size_t
search_depth(const struct directory_search *search, const char *directory)
{
	char *resolved = realpath(directory, NULL);
	size_t physical =
	    resolved != NULL ? path_depth(resolved, search->physical) : 0;
	size_t logical = path_depth(directory, search->logical);

	free(resolved);
	return physical > logical ? physical : logical;
}

/* The length of directory if path is in it, else 0. */
static size_t
path_depth(const char *directory, const char *path)
{
	size_t len = strlen(directory);

	while (len > 1 && directory[len - 1] == '/')
		len--;
	if (path == NULL || strncmp(path, directory, len) != 0)
		return 0;
	return len == 1 || path[len] == '/' || path[len] == '\0' ? len : 0;
}

/* PWD, unless it is out of date: a program may have changed the directory. */
static const char *
find_logical(void)
{
	const char *path = getenv("PWD");
	struct stat named;
	struct stat here;

	if (path == NULL || *path != '/' || strstr(path, "/..") != NULL ||
	    stat(path, &named) == -1 || stat(".", &here) == -1)
		return NULL;
	return named.st_dev == here.st_dev && named.st_ino == here.st_ino
	    ? path
	    : NULL;
}
