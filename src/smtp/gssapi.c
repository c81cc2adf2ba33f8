/* SPDX-License-Identifier: MIT */
/*
 * Loads MIT's GSS-API library at run time and looks up the functions that are
 * used.
 */
#include "smtp/gssapi.h"

#include "smtp/library.h"

static const char library_name[] = "libgssapi_krb5.so.2";

bool
gssapi_open(struct gssapi *gss)
{
	const struct library_symbol symbols[] = {
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

	return library_open(library_name, symbols,
	    sizeof symbols / sizeof *symbols);
}
