/* SPDX-License-Identifier: MIT */
/*
 * Makes a copy of the environment for the program of a custom mechanism, so
 * that no other child process sees what is added here. No variable is that of a
 * setting, because the program may itself run postrider.
 */
#include "smtp/command-environment.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/spawn.h"
#include "base/text.h"
#include "base/words.h"

extern char **environ;

enum {
	NUMBER_SIZE = 12,
	OURS_COUNT = 7
};

/* Those of the parent are never passed on. */
static const char *const ours[OURS_COUNT] = {
    "POSTRIDER_PASSWORD",
    "POSTRIDER_SASL_USER",
    "POSTRIDER_SASL_AUTHZID",
    "POSTRIDER_SASL_HOST",
    "POSTRIDER_SASL_PORT",
    "POSTRIDER_SASL_MECHANISM",
    "POSTRIDER_SECRET_FD",
};

static char **environment_copy(struct error *err);
static bool environment_is_ours(const char *variable);

char **
command_environment_new(const struct smtp_params *params, struct error *err)
{
	char **environment = environment_copy(err);
	char port[NUMBER_SIZE];
	char descriptor[NUMBER_SIZE];
	const char *const values[OURS_COUNT] = {NULL, params->user,
	    params->authzid, params->host, port, params->own_mechanism.name,
	    descriptor};
	size_t count = 0;

	snprintf(port, sizeof port, "%u", (unsigned)params->port);
	snprintf(descriptor, sizeof descriptor, "%d", SPAWN_MORE_FD);
	while (environment != NULL && environment[count] != NULL)
		count++;
	for (size_t i = 0; environment != NULL && i < OURS_COUNT; i++) {
		if (values[i] == NULL)
			continue;
		environment[count] =
		    text_format(err, "%s=%s", ours[i], values[i]);
		if (environment[count++] == NULL) {
			words_free(environment);
			environment = NULL;
		}
	}
	return environment;
}

/* Copies those of others, with room for ours. */
static char **
environment_copy(struct error *err)
{
	size_t size = OURS_COUNT + 1;
	size_t count = 0;
	char **environment;

	for (size_t i = 0; environ[i] != NULL; i++)
		size++;
	environment = calloc(size, sizeof *environment);
	if (environment == NULL) {
		error_no_memory(err);
		return NULL;
	}
	for (size_t i = 0; environ[i] != NULL; i++) {
		if (environment_is_ours(environ[i]))
			continue;
		environment[count] = text_format(err, "%s", environ[i]);
		if (environment[count++] == NULL) {
			words_free(environment);
			return NULL;
		}
	}
	return environment;
}

static bool
environment_is_ours(const char *variable)
{
	size_t len = strcspn(variable, "=");

	for (size_t i = 0; i < OURS_COUNT; i++) {
		if (strlen(ours[i]) == len &&
		    memcmp(ours[i], variable, len) == 0)
			return true;
	}
	return false;
}
