/* SPDX-License-Identifier: MIT */
/*
 * Opens files and names them.
 */
#include "compose/part-file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

static int part_file_open(struct part_file *file, const char *path,
    struct error *err);
static int check_content_id(const struct part_files *files, size_t index,
    struct error *err);
static size_t character_len(const char *text);

int
part_files_open(struct part_files *files, const char *const *path, size_t count,
    bool as_inline, struct error *err)
{
	*files =
	    (struct part_files){.file = calloc(count + 1, sizeof *files->file)};
	if (files->file == NULL)
		return error_no_memory(err);
	for (size_t i = 0; i < count; i++) {
		if (part_file_open(&files->file[i], path[i], err) == -1)
			return -1;
		files->count++;
		if (as_inline && check_content_id(files, i, err) == -1)
			return -1;
	}
	return 0;
}

void
part_files_done(struct part_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		close(files->file[i].fd);
	free(files->file);
	*files = (struct part_files){.count = 0};
}

/* What cannot be shown, or would be a path elsewhere, becomes "_". */
void
part_file_name(const char *path, char out[PART_NAME_SIZE])
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	size_t len = 0;

	while (*name != '\0') {
		size_t size = character_len(name);

		if (len + size + 1 >= PART_NAME_SIZE)
			break;
		if (size == 0 || (unsigned char)*name < ' ' || *name == 0x7F) {
			out[len++] = '_';
			name++;
			continue;
		}
		memcpy(out + len, name, size);
		len += size;
		name += size;
	}
	out[len] = '\0';
}

static int
part_file_open(struct part_file *file, const char *path, struct error *err)
{
	*file = (struct part_file){.path = path};
	file->fd = file_open(path, ERROR_INPUT, err);
	part_file_name(path, file->name);
	return file->fd == -1 ? -1 : 0;
}

/* A message names it as "cid:NAME" (RFC 2392), where most other characters
 * would have to be encoded. */
static int
check_content_id(const struct part_files *files, size_t index,
    struct error *err)
{
	static const char permitted[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789._+-";
	const char *name = files->file[index].name;

	if (name[strspn(name, permitted)] != '\0') {
		error_set(err, ERROR_USAGE,
		    "--inline %s: the name has characters other than letters "
		    "and digits of ASCII, \".\", \"_\", \"+\" and \"-\"",
		    name);
		return error_hint(err, "rename the file");
	}
	for (size_t i = 0; i < index; i++) {
		if (strcmp(files->file[i].name, name) == 0)
			return error_set(err, ERROR_USAGE,
			    "--inline %s: two files have this name", name);
	}
	return 0;
}

/* Returns the size of the character of UTF-8 at text; 0 if it is not one. */
static size_t
character_len(const char *text)
{
	for (size_t len = 1; len <= 4 && text[len - 1] != '\0'; len++) {
		if (text_is_utf8(text, len))
			return len;
	}
	return 0;
}
