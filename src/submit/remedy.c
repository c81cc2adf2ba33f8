/* SPDX-License-Identifier: MIT */
/*
 * Finds the hint of remedies.conf that fits a failure. Does not decide what
 * happened; what the marks of a hint stand for is in remedy-mark.c.
 */
#include "submit/remedy.h"

#include <string.h>

#include "submit/remedies.h"
#include "submit/remedy-mark.h"

static int remedy_expand_mark(const struct evidence *evidence,
    const char **text, const char *end, struct buf *out);

int
remedy_find(const struct evidence *evidence, const struct cause *cause,
    struct buf *out)
{
	struct rule_reader reader;
	struct rule rule;
	struct error ignored;
	int got;

	rule_reader_init(&reader, "remedies.conf", remedies_text);
	while ((got = rule_read(&reader, &rule, &ignored)) != 0) {
		if (got == 1 && rule.cause == cause &&
		    evidence_fits(evidence, &rule) &&
		    remedy_expand(evidence, &rule.value[RULE_HINT], out) == 0)
			return 0;
	}
	return -1;
}

int
remedy_expand(const struct evidence *evidence, const struct rule_value *hint,
    struct buf *out)
{
	const char *text = hint->text;
	const char *end = text + hint->len;

	while (text < end) {
		if (remedy_expand_mark(evidence, &text, end, out) == -1) {
			buf_clear(out);
			return -1;
		}
	}
	return out->len > 0 ? 0 : -1;
}

/* Appends the value of the mark that begins at *text, else one byte. */
static int
remedy_expand_mark(const struct evidence *evidence, const char **text,
    const char *end, struct buf *out)
{
	char value[REMEDY_MARK_SIZE] = "";
	struct error ignored;
	size_t len = **text == '{'
	    ? remedy_mark_write(evidence, *text, (size_t)(end - *text), value)
	    : 0;

	if (len == 0)
		return buf_add(out, (*text)++, 1, &ignored);
	*text += len;
	return value[0] != '\0' ? buf_add_text(out, value, &ignored) : -1;
}
