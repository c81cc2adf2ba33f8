/* SPDX-License-Identifier: MIT */
/*
 * Replaces notifications in a build without libsecret, whose libraries they
 * use.
 */
#ifndef HAVE_LIBSECRET

#include "vault/notification.h"

int
notification_show(const char *summary, const char *body, struct error *err)
{
	(void)summary;
	(void)body;
	return error_set(err, ERROR_CONFIG,
	    "postrider was built without support for notifications");
}

#endif
