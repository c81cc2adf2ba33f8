/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_LAYERS_H
#define CONFIG_LAYERS_H

/*
 * The layers of settings on top of one another, strongest first. Only
 * the files that make an account look at them.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "config/settings.h"

enum layer {
	LAYER_FLAGS,
	LAYER_ENVIRONMENT,
	LAYER_ACCOUNT,
	LAYER_DEFAULTS,
	LAYER_PROVIDER,
	LAYER_COUNT
};

/* Borrowed; NULL: a layer that isn't there. */
struct layers {
	const struct settings *layer[LAYER_COUNT];
};

/*
 * What the strongest layer that says something says, "" when it says "nothing";
 * NULL when none does. The second one asks only what the user wrote, the third
 * only one layer.
 */
const char *layers_value(const struct layers *layers, enum setting_id id);
const char *layers_user_value(const struct layers *layers, enum setting_id id);
const char *layers_value_in(const struct layers *layers, enum layer layer,
    enum setting_id id);

/* Where that was written; NULL when nothing was. */
const char *layers_origin(const struct layers *layers, enum setting_id id);

/* The value to use: what is said, else the built-in default; NULL: none. */
const char *layers_effective_value(const struct layers *layers,
    enum setting_id id);

#endif
