/* SPDX-License-Identifier: MIT */
/*
 * Stores the settings of one layer. Values are checked when they are set, so
 * that an error can name its place.
 */
#include "config/settings.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "config/setting-types.h"

enum {
	TEXT_MAX = 65536 /* bytes of one setting */
};

const struct setting *
setting_row(enum setting_id id)
{
	assert(id < SETTING_COUNT);
	return &setting_rows[id];
}

void
settings_init(struct settings *settings)
{
	memset(settings, 0, sizeof *settings);
}

void
settings_done(struct settings *settings)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		free(settings->text[i]);
		free(settings->origin[i]);
	}
	settings_init(settings);
}

int
settings_set(struct settings *settings, enum setting_id id, const char *text,
    const char *origin, struct error *err)
{
	struct buf out;
	char *origin_copy = NULL;
	char *text_copy;

	buf_init(&out, TEXT_MAX);
	if (setting_canonical(setting_row(id), text, origin, &out, err) == -1)
		goto fail;
	text_copy = buf_take(&out);
	origin_copy = strdup(origin);
	if (text_copy == NULL || origin_copy == NULL) {
		free(text_copy);
		error_no_memory(err);
		goto fail;
	}
	free(settings->text[id]);
	free(settings->origin[id]);
	settings->text[id] = text_copy;
	settings->origin[id] = origin_copy;
	return 0;
fail:
	free(origin_copy);
	buf_done(&out);
	return -1;
}

void
settings_fill(struct settings *settings, struct settings *other)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		if (settings->text[i] != NULL)
			continue;
		settings->text[i] = other->text[i];
		settings->origin[i] = other->origin[i];
		other->text[i] = NULL;
		other->origin[i] = NULL;
	}
}

int
setting_duration_parse(const char *text, const char *origin,
    int64_t *ret_duration_ms, struct error *err)
{
	struct settings scratch;
	int result;

	settings_init(&scratch);
	result =
	    settings_set(&scratch, SETTING_REFRESH_MARGIN, text, origin, err);
	if (result == 0)
		*ret_duration_ms =
		    setting_duration_ms(scratch.text[SETTING_REFRESH_MARGIN]);
	settings_done(&scratch);
	return result;
}

int
settings_from_environment(struct settings *settings, struct error *err)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		enum setting_id id = (enum setting_id)i;
		char name[64];
		const char *text;

		if (setting_row(id)->in_file_only)
			continue;
		snprintf(name, sizeof name, "POSTRIDER_%s",
		    setting_row(id)->name);
		for (char *at = name; *at != '\0'; at++)
			*at = *at == '-' ? '_' : (char)toupper(*at);
		text = getenv(name);
		if (text != NULL && *text != '\0' &&
		    settings_set(settings, id, text, name, err) == -1)
			return -1;
	}
	return 0;
}

bool
setting_type_is_list(enum setting_type type)
{
	return type == SETTING_LIST || type == SETTING_ADDRESSES ||
	    type == SETTING_DIRECTORIES;
}

bool
setting_find(const char *name, enum setting_id *ret_id)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		if (strcmp(setting_row(i)->name, name) == 0) {
			*ret_id = (enum setting_id)i;
			return true;
		}
	}
	return false;
}
