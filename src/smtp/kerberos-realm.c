/* SPDX-License-Identifier: MIT */
/*
 * Reads krb5.conf by MIT's library, which is loaded at run time, as by
 * gssapi.c.
 */
#include "smtp/kerberos-realm.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "smtp/library.h"

static const char library_name[] = "libkrb5.so.3";

/* Contexts and profiles are opaque pointers; results other than 0 are errors
 * (krb5.h, profile.h). */
struct krb5 {
	int32_t (*init_context)(void **ret_context);
	void (*free_context)(void *context);
	int32_t (*get_profile)(void *context, void **ret_profile);
	long (*get_values)(void *profile, const char *const *names,
	    char ***ret_values);
	void (*free_list)(char **values);
	void (*abandon)(void *profile);
};

static bool krb5_open(struct krb5 *krb5);
static void add_kdcs(const struct krb5 *krb5, void *profile, const char *realm,
    char *out, size_t out_size);

void
kerberos_realm_kdcs(const char *realm, char *out, size_t out_size)
{
	struct krb5 krb5;
	void *context = NULL;
	void *profile = NULL;

	out[0] = '\0';
	if (!krb5_open(&krb5) || krb5.init_context(&context) != 0)
		return;
	if (krb5.get_profile(context, &profile) == 0) {
		add_kdcs(&krb5, profile, realm, out, out_size);
		krb5.abandon(profile);
	}
	krb5.free_context(context);
}

static bool
krb5_open(struct krb5 *krb5)
{
	const struct library_symbol symbols[] = {
	    {&krb5->init_context, "krb5_init_context"},
	    {&krb5->free_context, "krb5_free_context"},
	    {&krb5->get_profile, "krb5_get_profile"},
	    {&krb5->get_values, "profile_get_values"},
	    {&krb5->free_list, "profile_free_list"},
	    {&krb5->abandon, "profile_abandon"},
	};

	return library_open(library_name, symbols,
	    sizeof symbols / sizeof *symbols);
}

static void
add_kdcs(const struct krb5 *krb5, void *profile, const char *realm, char *out,
    size_t out_size)
{
	const char *const names[] = {"realms", realm, "kdc", NULL};
	char **values = NULL;
	size_t used = 0;

	if (krb5->get_values(profile, names, &values) != 0)
		return;
	for (size_t i = 0; values[i] != NULL; i++) {
		const char *separator = i > 0 ? ", " : "";
		size_t len = strlen(separator) + strlen(values[i]);

		if (len >= out_size - used)
			break;
		used += (size_t)snprintf(out + used, out_size - used, "%s%s",
		    separator, values[i]);
	}
	krb5->free_list(values);
}
