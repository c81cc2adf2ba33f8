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

extern char **environ;

enum {
	NUMBER_SIZE = 12
};

/* Variables of the parent that are never passed on. */
static const char *const ours[] = {
    "POSTRIDER_PASSWORD",
    "POSTRIDER_SASL_USER",
    "POSTRIDER_SASL_AUTHZID",
    "POSTRIDER_SASL_HOST",
    "POSTRIDER_SASL_PORT",
    "POSTRIDER_SASL_MECHANISM",
    "POSTRIDER_SECRET_FD",
};

enum {
	OURS_COUNT = sizeof ours / sizeof *ours
};

static size_t environment_count(void);
static bool environment_is_reserved(const char *variable);
static bool environment_add(char **environment, size_t *count, const char *name,
    const char *value);

char **
command_environment_new(const struct smtp_params *params, struct error *err)
{
	char **environment =
	    calloc(environment_count() + OURS_COUNT + 1, sizeof *environment);
	char port[NUMBER_SIZE];
	char descriptor[NUMBER_SIZE];
	size_t count = 0;
	bool done = environment != NULL;

	snprintf(port, sizeof port, "%u", (unsigned)params->port);
	snprintf(descriptor, sizeof descriptor, "%d", SPAWN_MORE_FD);
	for (size_t i = 0; done && environ[i] != NULL; i++) {
		if (!environment_is_reserved(environ[i]))
			done = environment_add(environment, &count, NULL,
			    environ[i]);
	}
	if (done &&
	    environment_add(environment, &count, "SASL_USER", params->user) &&
	    environment_add(environment, &count, "SASL_AUTHZID",
		params->authzid) &&
	    environment_add(environment, &count, "SASL_HOST", params->host) &&
	    environment_add(environment, &count, "SASL_PORT", port) &&
	    environment_add(environment, &count, "SASL_MECHANISM",
		params->own_mechanism.name) &&
	    environment_add(environment, &count, "SECRET_FD", descriptor))
		return environment;
	command_environment_free(environment);
	error_no_memory(err);
	return NULL;
}

void
command_environment_free(char **environment)
{
	for (size_t i = 0; environment != NULL && environment[i] != NULL; i++)
		free(environment[i]);
	free((void *)environment);
}

static size_t
environment_count(void)
{
	size_t count = 0;

	while (environ[count] != NULL)
		count++;
	return count;
}

static bool
environment_is_reserved(const char *variable)
{
	size_t len = strcspn(variable, "=");

	for (size_t i = 0; i < OURS_COUNT; i++) {
		if (strlen(ours[i]) == len &&
		    memcmp(ours[i], variable, len) == 0)
			return true;
	}
	return false;
}

/* Without a name, value is a whole variable. Does nothing if value is NULL. */
static bool
environment_add(char **environment, size_t *count, const char *name,
    const char *value)
{
	size_t size;
	char *variable;

	if (value == NULL)
		return true;
	size = sizeof "POSTRIDER_=" + (name != NULL ? strlen(name) : 0) +
	    strlen(value);
	variable = malloc(size);
	if (variable == NULL)
		return false;
	if (name != NULL)
		snprintf(variable, size, "POSTRIDER_%s=%s", name, value);
	else
		snprintf(variable, size, "%s", value);
	environment[(*count)++] = variable;
	return true;
}
