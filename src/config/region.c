/* SPDX-License-Identifier: MIT */
/*
 * Finds the region in a host name, and puts one into a pattern.
 */
#include "config/region.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

bool
region_find(const char *pattern, const char *host, char ret_region[REGION_SIZE])
{
	const char *mark = strstr(pattern, REGION_MARK);
	size_t before = mark != NULL ? (size_t)(mark - pattern) : 0;
	size_t len;

	if (mark == NULL) {
		ret_region[0] = '\0';
		return text_equals(pattern, host);
	}
	if (strncasecmp(host, pattern, before) != 0)
		return false;
	len = strcspn(host + before, ".");
	if (len == 0 || len >= REGION_SIZE ||
	    !text_equals(host + before + len, mark + strlen(REGION_MARK)))
		return false;
	memcpy(ret_region, host + before, len);
	ret_region[len] = '\0';
	return true;
}

int
region_fill(struct buf *text, const char *pattern, size_t len,
    const char *region, struct error *err)
{
	const char *mark =
	    memmem(pattern, len, REGION_MARK, strlen(REGION_MARK));
	const char *after;

	if (mark == NULL)
		return buf_add(text, pattern, len, err);
	if (region == NULL)
		return error_set(err, ERROR_CONFIG,
		    "region isn't set, but %.*s requires it", (int)len,
		    pattern);
	after = mark + strlen(REGION_MARK);
	return buf_addf(text, err, "%.*s%s%.*s", (int)(mark - pattern), pattern,
	    region, (int)(pattern + len - after), after);
}
