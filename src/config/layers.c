/* SPDX-License-Identifier: MIT */
/*
 * Precedence, and nothing else.
 */
#include "config/layers.h"

#include <string.h>

static const struct settings *find(const struct layers *layers,
    enum setting_id id, unsigned end);

const char *
layers_said(const struct layers *layers, enum setting_id id)
{
	const struct settings *layer = find(layers, id, LAYER_COUNT);

	return layer != NULL ? layer->text[id] : NULL;
}

const char *
layers_said_by_user(const struct layers *layers, enum setting_id id)
{
	const struct settings *layer = find(layers, id, LAYER_PROVIDER);

	return layer != NULL ? layer->text[id] : NULL;
}

const char *
layers_said_in(const struct layers *layers, enum layer layer,
    enum setting_id id)
{
	const struct settings *settings = layers->layer[layer];

	return settings != NULL ? settings->text[id] : NULL;
}

const char *
layers_origin(const struct layers *layers, enum setting_id id)
{
	const struct settings *layer = find(layers, id, LAYER_COUNT);

	return layer != NULL ? layer->origin[id] : NULL;
}

const char *
layers_text(const struct layers *layers, enum setting_id id)
{
	const char *text = layers_said(layers, id);

	if (text == NULL)
		text = setting_row(id)->fallback;
	return text != NULL && *text != '\0' ? text : NULL;
}

int
layers_copy_texts(const struct layers *layers, const struct layers_copy *copies,
    size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		const char *text = layers_text(layers, copies[i].id);

		if (text == NULL)
			continue;
		*copies[i].to = strdup(text);
		if (*copies[i].to == NULL)
			return error_no_memory(err);
	}
	return 0;
}

static const struct settings *
find(const struct layers *layers, enum setting_id id, unsigned end)
{
	for (unsigned i = 0; i < end; i++) {
		if (layers->layer[i] != NULL &&
		    layers->layer[i]->text[id] != NULL)
			return layers->layer[i];
	}
	return NULL;
}
