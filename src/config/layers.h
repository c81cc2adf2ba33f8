/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_LAYERS_H
#define CONFIG_LAYERS_H

/*
 * The sources of settings in order of precedence: the first that sets a value
 * wins. For account*.c only.
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

/* Each layer is borrowed, or NULL if there is none. */
struct layers {
	const struct settings *layer[LAYER_COUNT];
};

/*
 * Return the value of the first layer that sets it, which is "" if that layer
 * sets it to nothing; NULL if none does. layers_user_value ignores the
 * provider; layers_value_in considers one layer only.
 */
const char *layers_value(const struct layers *layers, enum setting_id id);
const char *layers_user_value(const struct layers *layers, enum setting_id id);
const char *layers_value_in(const struct layers *layers, enum layer layer,
    enum setting_id id);

/* Returns the place where that value is set, or NULL. */
const char *layers_origin(const struct layers *layers, enum setting_id id);

/* Returns the value of the first layer that sets it, else the built-in default;
 * NULL if there is none or it is empty. */
const char *layers_effective_value(const struct layers *layers,
    enum setting_id id);

#endif
