/* SPDX-License-Identifier: MIT */
/*
 * Expands the hints of remedies.conf. Does not decide what happened.
 */
#include "submit/remedy.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "submit/remedies.h"

enum {
	MARK_TEXT_SIZE = 512
};

/* Writes the value of a mark. "": it has none. */
typedef void mark_value(const struct evidence *evidence,
    char value[MARK_TEXT_SIZE]);

static mark_value mark_user, mark_login, mark_host, mark_sender,
    mark_sender_domain, mark_wait, mark_url;
static int remedy_expand_mark(const struct evidence *evidence,
    const char **text, const char *end, struct buf *out);
static void mark_field(const struct evidence *evidence,
    enum provider_field field, char value[MARK_TEXT_SIZE]);
static void mark_copy(const char *text, char value[MARK_TEXT_SIZE]);

static const struct {
	const char *name;
	mark_value *value;         /* NULL: the value of a field */
	enum provider_field field; /* of the provider */
} marks[] = {
    {"{user}", mark_user, 0},
    {"{login}", mark_login, 0},
    {"{host}", mark_host, 0},
    {"{provider}", NULL, PROVIDER_TITLE},
    {"{help}", NULL, PROVIDER_CREDENTIAL_HELP},
    {"{client-help}", NULL, PROVIDER_CLIENT_HELP},
    {"{limits}", NULL, PROVIDER_LIMITS},
    {"{switch}", NULL, PROVIDER_SMTP_SWITCH},
    {"{note}", NULL, PROVIDER_NOTE},
    {"{sender}", mark_sender, 0},
    {"{sender-domain}", mark_sender_domain, 0},
    {"{wait}", mark_wait, 0},
    {"{url}", mark_url, 0},
};

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

bool
remedy_knows_mark(const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (text_is(text, len, marks[i].name))
			return true;
	}
	return false;
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
	size_t left = (size_t)(end - *text);
	char value[MARK_TEXT_SIZE] = "";
	struct error ignored;

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t len = strlen(marks[i].name);

		if (len > left || memcmp(*text, marks[i].name, len) != 0)
			continue;
		if (marks[i].value != NULL)
			marks[i].value(evidence, value);
		else
			mark_field(evidence, marks[i].field, value);
		*text += len;
		return value[0] != '\0' ? buf_add_text(out, value, &ignored)
					: -1;
	}
	return buf_add(out, (*text)++, 1, &ignored);
}

static void
mark_user(const struct evidence *evidence, char value[MARK_TEXT_SIZE])
{
	mark_copy(evidence->account->text[SETTING_USER], value);
}

static void
mark_login(const struct evidence *evidence, char value[MARK_TEXT_SIZE])
{
	snprintf(value, MARK_TEXT_SIZE, "postrider login %s",
	    account_label(evidence->account));
}

static void
mark_host(const struct evidence *evidence, char value[MARK_TEXT_SIZE])
{
	mark_copy(evidence->account->text[SETTING_HOST], value);
}

static void
mark_sender(const struct evidence *evidence, char value[MARK_TEXT_SIZE])
{
	mark_copy(evidence->sender, value);
}

static void
mark_sender_domain(const struct evidence *evidence, char value[MARK_TEXT_SIZE])
{
	const char *at =
	    evidence->sender != NULL ? strrchr(evidence->sender, '@') : NULL;

	mark_copy(at != NULL ? at + 1 : NULL, value);
}

/* The longest unit that the period is a multiple of. */
static void
mark_wait(const struct evidence *evidence, char value[MARK_TEXT_SIZE])
{
	static const struct {
		unsigned long seconds;
		const char *name;
	} units[] = {{3600, "hour"}, {60, "minute"}, {1, "second"}};
	unsigned long seconds;

	if (!folded_text_find_wait(&evidence->text, &seconds))
		return;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		unsigned long count = seconds / units[i].seconds;

		if (seconds % units[i].seconds != 0)
			continue;
		snprintf(value, MARK_TEXT_SIZE, "%lu %s%s", count,
		    units[i].name, count == 1 ? "" : "s");
		return;
	}
}

/* The first https URL of the reply; never of another scheme. */
static void
mark_url(const struct evidence *evidence, char value[MARK_TEXT_SIZE])
{
	const struct error *err = evidence->error;
	const char *url = strstr(err->message + err->reply_offset, "https://");
	size_t len = url != NULL ? strcspn(url, " \t<>\"'()[]{}\\") : 0;

	while (len > 0 && strchr(".,;:", url[len - 1]) != NULL)
		len--;
	if (len > strlen("https://") && len < MARK_TEXT_SIZE)
		snprintf(value, MARK_TEXT_SIZE, "%.*s", (int)len, url);
}

static void
mark_field(const struct evidence *evidence, enum provider_field field,
    char value[MARK_TEXT_SIZE])
{
	mark_copy(evidence->provider != NULL ? evidence->provider->text[field]
					     : NULL,
	    value);
}

static void
mark_copy(const char *text, char value[MARK_TEXT_SIZE])
{
	snprintf(value, MARK_TEXT_SIZE, "%s", text != NULL ? text : "");
}
