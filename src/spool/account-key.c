/* SPDX-License-Identifier: MIT */
/*
 * Joins and splits the name of an account and the path of its configuration.
 */
#include "spool/account-key.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

char *
account_key_new(const char *name, const char *config_path, struct error *err)
{
	char path[PATH_MAX];

	if (strchr(name, '\t') != NULL) {
		error_set(err, ERROR_CONFIG,
		    "account %s: a name with a tab cannot be queued", name);
		return NULL;
	}
	if (config_path == NULL)
		return text_format(err, "%s", name);
	if (realpath(config_path, path) == NULL) {
		error_set_errno(err, ERROR_CONFIG, "%s", config_path);
		return NULL;
	}
	return text_format(err, "%s\t%s", name, path);
}

char *
account_key_name(const char *key)
{
	return text_copy(key, strcspn(key, "\t"));
}

const char *
account_key_config(const char *key)
{
	const char *tab = strchr(key, '\t');

	return tab != NULL ? tab + 1 : NULL;
}
