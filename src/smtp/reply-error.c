/* SPDX-License-Identifier: MIT */
/*
 * Makes an error of a reply. Does not know which command was refused.
 */
#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "smtp/reply-text.h"
#include "smtp/reply.h"

static enum error_code reply_error_code(const struct smtp_reply *reply);

int
smtp_reply_fail(const struct smtp_reply *reply, const char *peer,
    const char *doing, struct error *err)
{
	bool refused = smtp_reply_class(reply) >= 4;
	size_t len;

	error_set(err, reply_error_code(reply), "%s: %s %s: %d%s%s ", peer,
	    refused ? "refused" : "unexpected reply to", doing, reply->code,
	    reply->enhanced[0] != '\0' ? " " : "", reply->enhanced);
	len = strlen(err->message);
	err->reply_offset = len;
	reply_text_show(err->message + len, sizeof err->message - len,
	    buf_text(&reply->text), reply->text.len);
	err->reply_code = reply->code;
	memcpy(err->enhanced_code, reply->enhanced, sizeof err->enhanced_code);
	return -1;
}

/* Returns the error code of a 5xx reply, by its enhanced code if it has one. */
static enum error_code
reply_error_code(const struct smtp_reply *reply)
{
	static const struct {
		const char *enhanced;
		enum error_code code;
	} meanings[] = {
	    {"5.1.1", ERROR_NO_USER},
	    {"5.1.2", ERROR_NO_HOST},
	    {"5.1.3", ERROR_DATA},
	    {"5.1.6", ERROR_NO_USER},
	    {"5.1.10", ERROR_NO_USER},
	    {"5.2.3", ERROR_DATA},
	    {"5.3.4", ERROR_DATA},
	    {"5.6.", ERROR_DATA},
	};

	if (smtp_reply_class(reply) != 5)
		return ERROR_TEMPORARY;
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		const char *wanted = meanings[i].enhanced;
		bool is_prefix = wanted[strlen(wanted) - 1] == '.';

		if (is_prefix ? text_has_prefix(reply->enhanced, wanted)
			      : text_equals(reply->enhanced, wanted))
			return meanings[i].code;
	}
	return ERROR_REFUSED;
}
