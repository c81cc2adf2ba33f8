/* SPDX-License-Identifier: MIT */
/*
 * Reads lines from a secret, so that a password in the file is wiped.
 */
#include "import/import-lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/paths.h"
#include "base/text.h"

static bool lines_join(struct import_lines *lines, size_t *used);

int
import_lines_open(struct import_lines *lines, const char *path,
    struct error *err)
{
	int fd = -1;
	int result = -1;

	*lines = (struct import_lines){.number = 0};
	lines->path = paths_expand(path, err);
	if (lines->path != NULL)
		fd = file_open(lines->path, ERROR_INPUT, err);
	if (fd != -1)
		lines->text = secret_new(err);
	if (lines->text != NULL)
		result = secret_read(lines->text, fd, INT64_MAX, err);
	if (fd != -1)
		close(fd);
	if (result == -1) {
		import_lines_close(lines);
		return -1;
	}
	lines->at = secret_bytes(lines->text);
	return 0;
}

int
import_lines_open_first(struct import_lines *lines, const char *const *paths,
    struct error *err)
{
	for (size_t i = 0; paths[i] != NULL; i++) {
		if (import_lines_open(lines, paths[i], err) == 0)
			return 0;
		if (err->sys_errno != ENOENT)
			return -1;
	}
	return -1;
}

int
import_lines_of_text(struct import_lines *lines, const char *name,
    struct secret *text, struct error *err)
{
	*lines = (struct import_lines){.text = text};
	lines->at = secret_bytes(text);
	lines->path = text_format(err, "%s", name);
	if (lines->path == NULL)
		import_lines_close(lines);
	return lines->path == NULL ? -1 : 0;
}

void
import_lines_close(struct import_lines *lines)
{
	secret_free(lines->text);
	free(lines->path);
	secret_wipe(lines->line, sizeof lines->line);
	lines->text = NULL;
	lines->path = NULL;
}

bool
import_lines_next(struct import_lines *lines, const char *comments,
    struct error *err)
{
	err->code = ERROR_NONE;
	while (*lines->at != '\0') {
		size_t used = 0;
		char *start;

		snprintf(lines->place, sizeof lines->place, "%s:%u",
		    lines->path, lines->number + 1);
		while (lines_join(lines, &used))
			continue;
		if (used >= sizeof lines->line) {
			error_set(err, ERROR_CONFIG, "%s: the line is too long",
			    lines->place);
			return false;
		}
		lines->line[used] = '\0';
		start = text_trim(lines->line);
		memmove(lines->line, start, strlen(start) + 1);
		if (lines->line[0] != '\0' &&
		    strchr(comments, lines->line[0]) == NULL)
			return true;
	}
	return false;
}

/* Appends a line of the file. True if it is continued. */
static bool
lines_join(struct import_lines *lines, size_t *used)
{
	size_t len = strcspn(lines->at, "\n");
	size_t size = sizeof lines->line;
	size_t kept = len > 0 && lines->at[len - 1] == '\r' ? len - 1 : len;
	bool is_continued =
	    kept > 0 && lines->at[kept - 1] == '\\' && lines->at[len] == '\n';

	kept -= is_continued;
	if (*used + kept < size)
		memcpy(lines->line + *used, lines->at, kept);
	*used = *used + kept < size ? *used + kept : size;
	lines->at += len + (lines->at[len] == '\n');
	lines->number++;
	return is_continued;
}

size_t
import_split(char *text, const char *separators, char *word[], size_t max)
{
	size_t count = 0;
	char *in = text;

	while (count < max) {
		char *out;
		char quote = '\0';

		in += strspn(in, " \t");
		in += strspn(in, separators);
		in += strspn(in, " \t");
		if (*in == '\0')
			break;
		word[count++] = out = in;
		for (; *in != '\0'; in++) {
			if (quote == '\0' &&
			    (*in == ' ' || *in == '\t' ||
				strchr(separators, *in) != NULL))
				break;
			if (*in == '\\' && quote != '\'' && in[1] != '\0')
				*out++ = *++in;
			else if (*in == quote)
				quote = '\0';
			else if (quote == '\0' && (*in == '"' || *in == '\''))
				quote = *in;
			else
				*out++ = *in;
		}
		if (*in != '\0')
			in++;
		*out = '\0';
	}
	return count;
}
