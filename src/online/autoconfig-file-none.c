/* SPDX-License-Identifier: MIT */
/*
 * Takes the place of autoconfig-file.c in a build without expat.
 */
#include "online/autoconfig-file.h"

#ifndef HAVE_EXPAT

int
autoconfig_file_read(const char *text, size_t len, const char *address,
    const char *source, struct autoconfig_server *ret_server, struct error *err)
{
	(void)text;
	(void)len;
	(void)address;
	(void)ret_server;
	return error_set(err, ERROR_CONFIG,
	    "%s: this postrider-oauth2 was built without expat and can't read "
	    "it",
	    source);
}

#endif
