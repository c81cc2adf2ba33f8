/* SPDX-License-Identifier: MIT */
/*
 * The page that a reply sends the user to.
 */
#include "submit/reply-url.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char scheme[] = "https://";
/* In the URL of a page that does something; others explain. */
static const char *const actions[] = {"unblock", "unlock", "verify", "confirm",
    "activate", "enable"};

static size_t url_length(const char *url);
static bool url_acts(const char *url, size_t len);

void
reply_url_find(const char *reply, char *value, size_t size)
{
	size_t len;

	value[0] = '\0';
	for (const char *url = reply; (url = strstr(url, scheme)) != NULL;
	     url += len) {
		bool acts;

		len = url_length(url);
		acts = url_acts(url, len);
		if (len > strlen(scheme) && len < size &&
		    (acts || value[0] == '\0'))
			snprintf(value, size, "%.*s", (int)len, url);
		if (acts)
			return;
	}
}

/* Without the sentence's own full stop. */
static size_t
url_length(const char *url)
{
	size_t len = strcspn(url, " \t<>\"'()[]{}\\");

	while (len > strlen(scheme) && strchr(".,;:", url[len - 1]) != NULL)
		len--;
	return len;
}

static bool
url_acts(const char *url, size_t len)
{
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		const char *found = strcasestr(url, actions[i]);

		if (found != NULL && found < url + len)
			return true;
	}
	return false;
}
