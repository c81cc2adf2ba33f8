/* SPDX-License-Identifier: MIT */
/*
 * Holds the parts of a message that is to be composed.
 */
#include "cli/composition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "message/address.h"

static int hint_directory(struct error *err);
static int check_addresses(const struct composition_part *part,
    struct error *err);
static bool is_recipient(const struct composition_part *part);

void
composition_done(struct composition *composition)
{
	for (size_t i = 0; i < composition->count; i++) {
		free(composition->part[i].name);
		free(composition->part[i].value);
	}
	free(composition->part);
	*composition = (struct composition){.count = 0};
}

int
composition_add(struct composition *composition, const char *name,
    const char *value, struct error *err)
{
	struct composition_part *part =
	    realloc(composition->part, (composition->count + 1) * sizeof *part);

	if (part == NULL)
		return error_no_memory(err);
	composition->part = part;
	part += composition->count;
	part->name = strdup(name);
	part->value = strdup(value);
	composition->count++;
	return part->name != NULL && part->value != NULL ? 0
							 : error_no_memory(err);
}

void
composition_remove(struct composition *composition, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < composition->count; i++) {
		struct composition_part *part = &composition->part[i];

		if (strcmp(part->name, name) != 0) {
			composition->part[kept++] = *part;
			continue;
		}
		free(part->name);
		free(part->value);
	}
	composition->count = kept;
}

const char *
composition_next(const struct composition *composition, const char *name,
    size_t *at)
{
	while (*at < composition->count) {
		const struct composition_part *part = &composition->part[*at];

		(*at)++;
		if (strcmp(part->name, name) == 0)
			return part->value;
	}
	return NULL;
}

const char *
composition_find(const struct composition *composition, const char *name)
{
	size_t at = 0;

	return composition_next(composition, name, &at);
}

/* Invalid addresses are reported before a person types a message. */
char **
composition_recipients(const struct composition *composition, size_t *ret_count,
    struct error *err)
{
	char **recipient = calloc(composition->count + 1, sizeof *recipient);
	size_t count = 0;

	if (recipient == NULL) {
		error_no_memory(err);
		return NULL;
	}
	for (size_t i = 0; i < composition->count; i++) {
		const struct composition_part *part = &composition->part[i];

		if (check_addresses(part, err) == -1)
			goto fail;
		if (is_recipient(part))
			recipient[count++] = part->value;
	}
	if (count > 0) {
		*ret_count = count;
		return recipient;
	}
	error_set(err, ERROR_USAGE, "no recipients");
	error_hint(err,
	    "name one, for example: postrider send --to you@example.org");
fail:
	free((void *)recipient);
	return NULL;
}

bool
composition_has_from(const struct composition *composition)
{
	const char *field;
	size_t at = 0;

	while ((field = composition_next(composition, COMPOSE_HEADER, &at)) !=
	    NULL) {
		if (text_has_prefix(field, "From:"))
			return true;
	}
	return false;
}

int
composition_check_files(const struct composition *composition,
    struct error *err)
{
	static const char *const options[] = {COMPOSE_ATTACH, COMPOSE_HTML,
	    COMPOSE_INLINE};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		const char *path;
		size_t at = 0;

		while ((path = composition_next(composition, options[i],
			    &at)) != NULL) {
			int fd = file_open(path, ERROR_INPUT, err);

			if (fd == -1)
				return hint_directory(err);
			close(fd);
		}
	}
	return 0;
}

static int
hint_directory(struct error *err)
{
	if (err->sys_errno != EISDIR)
		return -1;
	return error_hint(err,
	    "make one file of it, for example: tar czf files.tar.gz DIRECTORY");
}

static int
check_addresses(const struct composition_part *part, struct error *err)
{
	struct address_list list;
	int result;

	if (!is_recipient(part) && strcmp(part->name, COMPOSE_REPLY_TO) != 0)
		return 0;
	address_list_init(&list);
	result = address_list_parse(&list, part->value, strlen(part->value),
	    part->name, err);
	if (result == 0 && list.count == 0)
		result = error_set(err, ERROR_USAGE, "%s \"%s\": no address",
		    part->name, part->value);
	address_list_done(&list);
	return result;
}

static bool
is_recipient(const struct composition_part *part)
{
	return strcmp(part->name, COMPOSE_TO) == 0 ||
	    strcmp(part->name, COMPOSE_CC) == 0 ||
	    strcmp(part->name, COMPOSE_BCC) == 0;
}
