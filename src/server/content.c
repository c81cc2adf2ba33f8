/* SPDX-License-Identifier: MIT */
/*
 * Decodes the message that follows DATA, in pieces of any size. Line ends are
 * passed on as they are.
 */
#include "server/content.h"

static enum server_content_state
content_next(const struct server_content *content, char c);
static enum server_content_state content_after_line_feed(
    const struct server_content *content);

void
server_content_begin(struct server_content *content, bool crlf_only)
{
	*content = (struct server_content){.state = CONTENT_LINE_START,
	    .crlf_only = crlf_only};
}

size_t
server_content_decode(struct server_content *content, const char *bytes,
    size_t len, server_content_sink *sink, void *context)
{
	size_t start = 0; /* of what was not passed on yet */
	size_t i;

	for (i = 0; i < len && content->state != CONTENT_END; i++) {
		enum server_content_state before = content->state;

		content->state = content_next(content, bytes[i]);
		if (content->state == CONTENT_DOT) { /* held back */
			if (i > start)
				sink(context, bytes + start, i - start);
			start = i + 1;
		} else if (content->state == CONTENT_DOT_CR ||
		    content->state == CONTENT_END) {
			start = i + 1;
		} else if (before == CONTENT_DOT_CR) { /* was not the end */
			sink(context, "\r", 1);
			start = i;
		}
	}
	if (i > start)
		sink(context, bytes + start, i - start);
	return i;
}

static enum server_content_state
content_next(const struct server_content *content, char c)
{
	switch (content->state) {
	case CONTENT_LINE_START:
		if (c == '.')
			return CONTENT_DOT;
		break;
	case CONTENT_CR:
		if (c == '\n')
			return CONTENT_LINE_START;
		break;
	case CONTENT_DOT:
		if (c == '\r')
			return CONTENT_DOT_CR;
		if (c == '\n' && !content->crlf_only)
			return CONTENT_END;
		break;
	case CONTENT_DOT_CR:
		if (c == '\n')
			return CONTENT_END;
		break;
	case CONTENT_IN_LINE:
	case CONTENT_END:
		break;
	}
	if (c == '\n')
		return content_after_line_feed(content);
	return c == '\r' ? CONTENT_CR : CONTENT_IN_LINE;
}

static enum server_content_state
content_after_line_feed(const struct server_content *content)
{
	return content->crlf_only ? CONTENT_IN_LINE : CONTENT_LINE_START;
}
