/* SPDX-License-Identifier: MIT */
/*
 * Loads MIT's GSS-API library at run time and looks up the functions that are
 * used.
 */
#include "smtp/gssapi.h"

#include <dlfcn.h>
#include <string.h>

static const char library_name[] = "libgssapi_krb5.so.2";

bool
gssapi_open(struct gssapi *gss)
{
	const struct {
		void *to; /* of any type: as POSIX dlsym requires */
		const char *name;
	} symbols[] = {
	    {&gss->hostbased_service, "GSS_C_NT_HOSTBASED_SERVICE"},
	    {&gss->acquire_cred, "gss_acquire_cred"},
	    {&gss->inquire_cred, "gss_inquire_cred"},
	    {&gss->release_cred, "gss_release_cred"},
	    {&gss->import_name, "gss_import_name"},
	    {&gss->display_name, "gss_display_name"},
	    {&gss->release_name, "gss_release_name"},
	    {&gss->init_sec_context, "gss_init_sec_context"},
	    {&gss->delete_sec_context, "gss_delete_sec_context"},
	    {&gss->display_status, "gss_display_status"},
	    {&gss->release_buffer, "gss_release_buffer"},
	};
	void *library;

	/* Never unloaded, because that would lose its data of each thread. */
	library = dlopen(library_name, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
	if (library == NULL)
		return false;
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
		void *found = dlsym(library, symbols[i].name);

		if (found == NULL)
			return false;
		memcpy(symbols[i].to, &found, sizeof found);
	}
	return true;
}
