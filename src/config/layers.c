/* SPDX-License-Identifier: MIT */
/* Finds the layer that takes precedence for a setting. */
#include "config/layers.h"

#include <string.h>

static const struct settings *layers_find(const struct layers *layers,
    enum setting_id id, unsigned end);

const char *
layers_value(const struct layers *layers, enum setting_id id)
{
	const struct settings *layer = layers_find(layers, id, LAYER_COUNT);

	return layer != NULL ? layer->text[id] : NULL;
}

const char *
layers_user_value(const struct layers *layers, enum setting_id id)
{
	const struct settings *layer = layers_find(layers, id, LAYER_PROVIDER);

	return layer != NULL ? layer->text[id] : NULL;
}

const char *
layers_value_in(const struct layers *layers, enum layer layer,
    enum setting_id id)
{
	const struct settings *settings = layers->layer[layer];

	return settings != NULL ? settings->text[id] : NULL;
}

const char *
layers_origin(const struct layers *layers, enum setting_id id)
{
	const struct settings *layer = layers_find(layers, id, LAYER_COUNT);

	return layer != NULL ? layer->origin[id] : NULL;
}

const char *
layers_effective_value(const struct layers *layers, enum setting_id id)
{
	const char *text = layers_value(layers, id);

	if (text == NULL)
		text = setting_row(id)->fallback;
	return text != NULL && *text != '\0' ? text : NULL;
}

static const struct settings *
layers_find(const struct layers *layers, enum setting_id id, unsigned end)
{
	for (unsigned i = 0; i < end; i++) {
		if (layers->layer[i] != NULL &&
		    layers->layer[i]->text[id] != NULL)
			return layers->layer[i];
	}
	return NULL;
}
