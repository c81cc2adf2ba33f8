/* SPDX-License-Identifier: MIT */
/*
 * Reads the aliases file. Aliases of aliases are resolved in envelope.c.
 */
#include "message/aliases.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"

enum {
	FILE_MAX = 4194304,
	PLACE_MAX = 512
};

struct alias {
	char *name;
	size_t line;
	struct buf value; /* with continuation lines, joined by spaces */
};

struct aliases {
	char *path;
	struct alias *alias;
	size_t count;
	size_t size;
};

static int aliases_read_file(const char *path, struct buf *ret_text,
    struct error *err);
static int aliases_parse(struct aliases *aliases, char *text,
    struct error *err);
static int parse_line(struct aliases *aliases, char *line, size_t number,
    struct error *err);
static int add_alias(struct aliases *aliases, char *line, size_t number,
    struct error *err);
static struct alias *new_alias(struct aliases *aliases, struct error *err);
static char *find_colon(char *line);
static int refuse_commands(const char *value, const char *place,
    struct error *err);

struct aliases *
aliases_load(const char *path, struct error *err)
{
	struct aliases *aliases = calloc(1, sizeof *aliases);
	struct buf text;

	buf_init(&text, FILE_MAX);
	if (aliases == NULL || (aliases->path = strdup(path)) == NULL) {
		error_no_memory(err);
		goto fail;
	}
	if (aliases_read_file(path, &text, err) == -1)
		goto fail;
	if (text.len > 0 && aliases_parse(aliases, text.data, err) == -1)
		goto fail;
	buf_done(&text);
	return aliases;
fail:
	buf_done(&text);
	aliases_free(aliases);
	return NULL;
}

void
aliases_free(struct aliases *aliases)
{
	if (aliases == NULL)
		return;
	for (size_t i = 0; i < aliases->count; i++) {
		free(aliases->alias[i].name);
		buf_done(&aliases->alias[i].value);
	}
	free(aliases->alias);
	free(aliases->path);
	free(aliases);
}

int
aliases_find(const struct aliases *aliases, const char *name,
    struct address_list *list, struct error *err)
{
	for (size_t i = 0; i < aliases->count; i++) {
		const struct alias *alias = &aliases->alias[i];
		char place[PLACE_MAX];

		if (!text_equals(alias->name, name))
			continue;
		snprintf(place, sizeof place, "%s:%zu", aliases->path,
		    alias->line);
		if (refuse_commands(buf_text(&alias->value), place, err) == -1)
			return -1;
		if (address_list_parse(list, buf_text(&alias->value),
			alias->value.len, place, err) == -1) {
			if (err->code == ERROR_DATA)
				err->code = ERROR_CONFIG;
			return -1;
		}
		return 1;
	}
	return 0;
}

static int
aliases_read_file(const char *path, struct buf *ret_text, struct error *err)
{
	int fd = file_open_protected(path, FILE_TRUSTED, ERROR_CONFIG, err);
	int result;

	if (fd == -1)
		return err->sys_errno == ENOENT ? 0 : -1;
	result = file_read(fd, ret_text, path, err);
	close(fd);
	if (result == -1)
		return -1;
	if (memchr(buf_text(ret_text), '\0', ret_text->len) != NULL)
		return error_set(err, ERROR_CONFIG, "%s: contains a NUL byte",
		    path);
	return 0;
}

static int
aliases_parse(struct aliases *aliases, char *text, struct error *err)
{
	size_t number = 1;

	for (char *line = text; line != NULL; number++) {
		char *line_end = strchr(line, '\n');

		if (line_end != NULL)
			*line_end++ = '\0';
		if (parse_line(aliases, line, number, err) == -1)
			return -1;
		line = line_end;
	}
	return 0;
}

static int
parse_line(struct aliases *aliases, char *line, size_t number,
    struct error *err)
{
	bool continues = *line == ' ' || *line == '\t';
	struct alias *last;

	line = text_trim(line);
	if (*line == '\0' || *line == '#')
		return 0;
	if (!continues)
		return add_alias(aliases, line, number, err);
	if (aliases->count == 0)
		return error_set(err, ERROR_CONFIG,
		    "%s:%zu: continuation line without an alias", aliases->path,
		    number);
	last = &aliases->alias[aliases->count - 1];
	return buf_addf(&last->value, err, " %s", line);
}

static int
add_alias(struct aliases *aliases, char *line, size_t number, struct error *err)
{
	char *colon = find_colon(line);
	struct alias *alias;

	if (colon == NULL || colon == line)
		return error_set(err, ERROR_CONFIG,
		    "%s:%zu: expected \"name: addresses\"", aliases->path,
		    number);
	*colon = '\0';
	alias = new_alias(aliases, err);
	if (alias == NULL)
		return -1;
	alias->line = number;
	alias->name = strdup(text_trim(line));
	if (alias->name == NULL)
		return error_no_memory(err);
	return buf_add_text(&alias->value, text_trim(colon + 1), err);
}

static struct alias *
new_alias(struct aliases *aliases, struct error *err)
{
	struct alias *alias;

	if (aliases->count == aliases->size) {
		size_t size = aliases->size > 0 ? aliases->size * 2 : 32;

		alias = realloc(aliases->alias, size * sizeof *alias);
		if (alias == NULL) {
			error_no_memory(err);
			return NULL;
		}
		aliases->alias = alias;
		aliases->size = size;
	}
	alias = &aliases->alias[aliases->count++];
	*alias = (struct alias){.name = NULL};
	buf_init(&alias->value, FILE_MAX);
	return alias;
}

/* Finds the colon after the name, which may be quoted. */
static char *
find_colon(char *line)
{
	if (*line != '"')
		return strchr(line, ':');
	line = strchr(line + 1, '"');
	return line != NULL ? strchr(line, ':') : NULL;
}

/* Refuses elements of the list that are not addresses, quoted or not. */
static int
refuse_commands(const char *value, const char *place, struct error *err)
{
	static const struct {
		const char *start;
		const char *what;
	} refused[] = {
	    {"|", "mail to a program"},
	    {"/", "mail to a file"},
	    {":include:", "a list in another file"},
	    {"\\", "local delivery"},
	};
	bool in_quotes = false;
	bool at_start = true;

	for (; *value != '\0'; value++) {
		for (size_t i = 0;
		     at_start && i < sizeof refused / sizeof *refused; i++) {
			if (text_has_prefix(value, refused[i].start))
				return error_set(err, ERROR_CONFIG,
				    "%s: %s is not supported: \"%.60s\"", place,
				    refused[i].what, value);
		}
		if (*value == '"')
			in_quotes = !in_quotes;
		else if (*value == ',' && !in_quotes)
			at_start = true;
		else if (*value != ' ' && *value != '\t')
			at_start = false;
	}
	return 0;
}
