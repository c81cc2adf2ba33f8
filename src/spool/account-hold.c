/* SPDX-License-Identifier: MIT */
/*
 * Reads and writes what is known of the accounts of the queue.
 */
#include "spool/account-hold.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "spool/file.h"

enum {
	NAME_MAX_LEN = 255,
	FILE_MAX = 16384
};

static const char magic[] = "postrider-account 1";
static const char prefix[] = "account-";
static const char *const endings[] = {
    [ACCOUNT_WAITS] = ".wait",
    [ACCOUNT_HELD_BY_USER] = ".hold",
};

static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
    {"since", offsetof(struct account_hold, since)},
    {"tried", offsetof(struct account_hold, tried)},
    {"next", offsetof(struct account_hold, next)},
    {"tries", offsetof(struct account_hold, tries)},
    {"needs-user", offsetof(struct account_hold, needs_user)},
};

static const char *const text_names[ACCOUNT_HOLD_TEXT_COUNT] = {
    [ACCOUNT_HOLD_CAUSE] = "cause",
    [ACCOUNT_HOLD_REASON] = "reason",
    [ACCOUNT_HOLD_HINT] = "hint",
};

static bool is_hold_file(const char *name);
static int account_hold_file(struct buf *name, const char *account,
    enum account_hold_kind kind, struct error *err);
static int account_hold_format(const struct account_hold *hold,
    struct buf *text, struct error *err);
static bool account_hold_read(const struct spool *spool, const char *name,
    struct buf *text);
static void account_hold_parse(struct account_hold *hold, char *text);
static void account_hold_parse_line(struct account_hold *hold, char *line);

void
account_hold_done(struct account_hold *hold)
{
	for (int i = 0; i < ACCOUNT_HOLD_TEXT_COUNT; i++)
		free(hold->text[i]);
	*hold = (struct account_hold){.since = 0};
}

void
account_hold_set(struct account_hold *hold, enum account_hold_text text,
    const char *value)
{
	char printable[ERROR_MESSAGE_SIZE] = "";

	if (value != NULL)
		text_printable(printable, sizeof printable, value,
		    strlen(value));
	free(hold->text[text]);
	hold->text[text] = printable[0] != '\0' ? strdup(printable) : NULL;
}

bool
account_hold_load(const struct spool *spool, const char *account,
    enum account_hold_kind kind, struct account_hold *hold)
{
	struct buf name;
	struct buf text;
	struct error ignored;
	bool is_found;

	buf_init(&name, NAME_MAX_LEN);
	buf_init(&text, FILE_MAX);
	is_found = account_hold_file(&name, account, kind, &ignored) == 0 &&
	    account_hold_read(spool, buf_text(&name), &text);
	if (is_found && text.len > 0)
		account_hold_parse(hold, text.data);
	buf_done(&text);
	buf_done(&name);
	return is_found;
}

bool
account_hold_exists(const struct spool *spool, const char *account,
    enum account_hold_kind kind)
{
	struct stat status;
	struct buf name;
	struct error ignored;
	bool exists;

	buf_init(&name, NAME_MAX_LEN);
	exists = account_hold_file(&name, account, kind, &ignored) == 0;
	if (exists &&
	    fstatat(spool->directory, buf_text(&name), &status,
		AT_SYMLINK_NOFOLLOW) == -1)
		exists = errno != ENOENT && errno != ENAMETOOLONG;
	buf_done(&name);
	return exists;
}

int
account_hold_save(const struct spool *spool, const char *account,
    enum account_hold_kind kind, const struct account_hold *hold,
    struct error *err)
{
	struct buf name;
	struct buf temporary;
	struct buf text;
	int result = -1;

	buf_init(&name, NAME_MAX_LEN);
	buf_init(&temporary, NAME_MAX_LEN);
	buf_init(&text, FILE_MAX);
	if (account_hold_file(&name, account, kind, err) == 0 &&
	    buf_addf(&temporary, err, "%s.new", buf_text(&name)) == 0 &&
	    account_hold_format(hold, &text, err) == 0)
		result = spool_file_replace(spool, buf_text(&name),
		    buf_text(&temporary), &text, err);
	buf_done(&text);
	buf_done(&temporary);
	buf_done(&name);
	return result;
}

int
account_hold_remove(const struct spool *spool, const char *account,
    enum account_hold_kind kind, struct error *err)
{
	struct buf name;
	int result = -1;

	if (spool->directory == -1)
		return 0;
	buf_init(&name, NAME_MAX_LEN);
	if (account_hold_file(&name, account, kind, err) == -1)
		result = -1;
	else if (unlinkat(spool->directory, buf_text(&name), 0) == 0)
		result = 1;
	else if (errno == ENOENT)
		result = 0;
	else
		error_set_errno(err, ERROR_CREATE, "queue %s", spool->path);
	buf_done(&name);
	return result;
}

int
account_hold_remove_all(const struct spool *spool, struct error *err)
{
	const struct dirent *entry;
	DIR *listing = spool_open_listing(spool, err);
	int result = 0;

	if (listing == NULL)
		return -1;
	while (result == 0 && (entry = readdir(listing)) != NULL) {
		if (is_hold_file(entry->d_name) &&
		    unlinkat(spool->directory, entry->d_name, 0) == -1 &&
		    errno != ENOENT)
			result = error_set_errno(err, ERROR_CREATE, "queue %s",
			    spool->path);
	}
	closedir(listing);
	return result;
}

static bool
is_hold_file(const char *name)
{
	if (!text_has_prefix(name, prefix))
		return false;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		const char *end = strrchr(name, '.');

		if (end != NULL && strcmp(end, endings[i]) == 0)
			return true;
	}
	return false;
}

static int
account_hold_file(struct buf *name, const char *account,
    enum account_hold_kind kind, struct error *err)
{
	if (buf_add_text(name, prefix, err) == -1 ||
	    buf_add_encoded(name, account, "-_@.+", err) == -1)
		return -1;
	return buf_add_text(name, endings[kind], err);
}

static int
account_hold_format(const struct account_hold *hold, struct buf *text,
    struct error *err)
{
	if (buf_addf(text, err, "%s\n", magic) == -1)
		return -1;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		const uint64_t *number =
		    (const void *)((const char *)hold + numbers[i].offset);

		if (buf_addf(text, err, "%s %" PRIu64 "\n", numbers[i].name,
			*number) == -1)
			return -1;
	}
	for (int i = 0; i < ACCOUNT_HOLD_TEXT_COUNT; i++) {
		if (hold->text[i] != NULL &&
		    buf_addf(text, err, "%s %s\n", text_names[i],
			hold->text[i]) == -1)
			return -1;
	}
	return 0;
}

static bool
account_hold_read(const struct spool *spool, const char *name, struct buf *text)
{
	struct error ignored;
	int fd = -1;

	if (spool->directory != -1)
		fd = openat(spool->directory, name,
		    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1)
		return spool->directory != -1 && errno != ENOENT &&
		    errno != ENAMETOOLONG;
	if (file_read(fd, text, name, &ignored) == -1)
		buf_clear(text);
	close(fd);
	return true;
}

/* Ignores what it doesn't know. */
static void
account_hold_parse(struct account_hold *hold, char *text)
{
	char *line = text;
	char *end;

	if (strncmp(text, magic, sizeof magic - 1) != 0)
		return;
	while ((end = strchr(line, '\n')) != NULL) {
		*end = '\0';
		account_hold_parse_line(hold, line);
		line = end + 1;
	}
}

static void
account_hold_parse_line(struct account_hold *hold, char *line)
{
	char *value = strchr(line, ' ');
	uint64_t number;

	if (value == NULL)
		return;
	*value++ = '\0';
	for (int i = 0; i < ACCOUNT_HOLD_TEXT_COUNT; i++) {
		if (strcmp(line, text_names[i]) == 0)
			account_hold_set(hold, (enum account_hold_text)i,
			    value);
	}
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		if (strcmp(line, numbers[i].name) == 0 &&
		    text_number(value, INT64_MAX, &number) == 0)
			*(uint64_t *)(void *)((char *)hold +
			    numbers[i].offset) = number;
	}
}
