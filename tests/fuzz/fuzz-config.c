/* SPDX-License-Identifier: MIT */
/*
 * A configuration of arbitrary bytes: it is read, or refused with a message
 * that names the file. What was read passes its own checks again.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_layer(const struct settings *settings)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		struct settings again;
		struct error err;

		if (settings->text[i] == NULL)
			continue;
		settings_init(&again);
		if (settings_set(&again, (enum setting_id)i, settings->text[i],
			settings->origin[i], &err) == -1 ||
		    strcmp(again.text[i], settings->text[i]) != 0)
			abort();
		settings_done(&again);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config *config = calloc(1, sizeof *config);
	struct error err;

	if (config == NULL)
		return 0;
	if (config_parse(config, "file", (const char *)data, size, &err) == 0) {
		check_layer(&config->defaults);
		for (size_t i = 0; i < config->account_count; i++)
			check_layer(&config->account[i].settings);
		for (size_t i = 0; i < config->provider_count; i++)
			check_layer(&config->provider[i]->settings);
	} else if (err.code != ERROR_CONFIG ||
	    strncmp(err.message, "file:", 5) != 0) {
		abort();
	}
	config_free(config);
	return 0;
}
