/* SPDX-License-Identifier: MIT */
/*
 * What a text must look like to be a value of a type, and its one form. Knows
 * types, not what the settings do.
 */
#include "config/setting-types.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/paths.h"

enum {
	HOST_MAX = 255 /* RFC 1035 2.3.4 */
};

/* A text on its way into a layer. */
struct draft {
	const struct setting *row;
	const char *text;
	const char *origin;
};

static bool may_be_empty(enum setting_type type);
static int take_text(const struct draft *draft, struct buf *out,
    struct error *err);
static int take_path(const struct draft *draft, struct buf *out,
    struct error *err);
static int take_host_name(const struct draft *draft, struct buf *out,
    struct error *err);
static int take_source(const struct draft *draft, struct buf *out,
    struct error *err);
static int take_number(const struct draft *draft, struct buf *out,
    struct error *err);
static int take_duration(const struct draft *draft, struct buf *out,
    struct error *err);
static int take_bool(const struct draft *draft, struct buf *out,
    struct error *err);
static int take_choice(const struct draft *draft, struct buf *out,
    struct error *err);
static int take_list(const struct draft *draft, struct buf *out,
    struct error *err);
static int take_addresses(const struct draft *draft, struct buf *out,
    struct error *err);
static int read_duration(const char *text, unsigned long max,
    unsigned long *ret_ms);
static int read_bool(const char *text, bool *ret_truth);
static bool is_bare_address(const char *text, size_t len);
static bool has_control(const char *text, enum setting_type type);
static int refuse(const struct draft *draft, struct error *err,
    const char *format, ...) __attribute__((format(printf, 3, 4)));
static int refuse_place(const struct draft *draft, struct error *err,
    const char *what);

static int (*const takers[SETTING_TYPE_COUNT])(const struct draft *,
    struct buf *, struct error *) = {
    [SETTING_TEXT] = take_text,
    [SETTING_PATH] = take_path,
    [SETTING_HOST_NAME] = take_host_name,
    [SETTING_SOURCE] = take_source,
    [SETTING_NUMBER] = take_number,
    [SETTING_DURATION] = take_duration,
    [SETTING_BOOL] = take_bool,
    [SETTING_CHOICE] = take_choice,
    [SETTING_LIST] = take_list,
    [SETTING_ADDRESSES] = take_addresses,
};

int
setting_canonical(const struct setting *row, const char *text,
    const char *origin, struct buf *out, struct error *err)
{
	struct draft draft = {row, text, origin};

	if (strlen(text) >= out->max)
		return refuse_place(&draft, err, "is too long");
	if (has_control(text, row->type))
		return refuse_place(&draft, err, "holds a control character");
	if (*text == '\0' && may_be_empty(row->type))
		return 0;
	return takers[row->type](&draft, out, err);
}

unsigned long
setting_number(const char *text)
{
	unsigned long number = 0;
	int result = text_number(text, (unsigned long)-1, &number);

	assert(result == 0);
	(void)result;
	return number;
}

int64_t
setting_duration_ms(const char *text)
{
	unsigned long ms = 0;
	int result = read_duration(text, INT64_MAX, &ms);

	assert(result == 0);
	(void)result;
	return (int64_t)ms;
}

bool
setting_bool(const char *text)
{
	bool truth = false;
	int result = read_bool(text, &truth);

	assert(result == 0);
	(void)result;
	return truth;
}

/* Where "nothing" is a value of its own. */
static bool
may_be_empty(enum setting_type type)
{
	return type != SETTING_NUMBER && type != SETTING_DURATION &&
	    type != SETTING_BOOL && type != SETTING_CHOICE;
}

static int
take_text(const struct draft *draft, struct buf *out, struct error *err)
{
	return buf_add_text(out, draft->text, err);
}

static int
take_path(const struct draft *draft, struct buf *out, struct error *err)
{
	char *path = paths_expand(draft->text, err);
	int result;

	if (path == NULL)
		return -1;
	result = buf_add_text(out, path, err);
	free(path);
	return result;
}

/*
 * Refuses what people write by mistake and what has cheated certificate checks
 * elsewhere (a leading dot). One trailing dot makes a name absolute. Other
 * characters are the resolver's business.
 */
static int
take_host_name(const struct draft *draft, struct buf *out, struct error *err)
{
	const char *text = draft->text;
	const char *colon = strchr(text, ':');

	if (strlen(text) > HOST_MAX || *text == '.' || *text == '-' ||
	    strstr(text, "..") != NULL || strpbrk(text, " /@\"'<>\\") != NULL)
		return refuse(draft, err, "isn't a host name");
	if (colon != NULL && strchr(colon + 1, ':') == NULL) {
		refuse(draft, err, "isn't a host name");
		return error_hint(err, "the port is a setting of its own");
	}
	return buf_add_text(out, text, err);
}

/* The text isn't shown: people put passwords there. */
static int
take_source(const struct draft *draft, struct buf *out, struct error *err)
{
	static const char *const forms[] = {"env:", "file:", "systemd:",
	    "command:"};
	bool known = strcmp(draft->text, "keyring") == 0;

	for (size_t i = 0; i < sizeof forms / sizeof *forms && !known; i++) {
		size_t len = strlen(forms[i]);

		known = strncmp(draft->text, forms[i], len) == 0 &&
		    draft->text[len] != '\0';
	}
	if (known)
		return buf_add_text(out, draft->text, err);
	refuse_place(draft, err, "names no source of a credential");
	return error_hint(err,
	    "a source is keyring, env:NAME, file:PATH, "
	    "systemd:NAME or command:..., never the password itself");
}

static int
take_number(const struct draft *draft, struct buf *out, struct error *err)
{
	const struct setting *row = draft->row;
	unsigned long number;

	if (text_number(draft->text, row->max, &number) == -1 ||
	    number < row->min)
		return refuse(draft, err, "isn't a number from %lu to %lu",
		    row->min, row->max);
	return buf_add_text(out, draft->text, err);
}

static int
take_duration(const struct draft *draft, struct buf *out, struct error *err)
{
	const struct setting *row = draft->row;
	unsigned long ms;

	if (read_duration(draft->text, row->max, &ms) == -1 || ms < row->min)
		return refuse(draft, err,
		    "isn't a time like 500ms, 15s or 2m, from %lums to %lus",
		    row->min, row->max / 1000);
	return buf_add_text(out, draft->text, err);
}

static int
take_bool(const struct draft *draft, struct buf *out, struct error *err)
{
	bool truth;

	if (read_bool(draft->text, &truth) == -1)
		return refuse(draft, err, "is neither yes nor no");
	return buf_add_text(out, truth ? "yes" : "no", err);
}

static int
take_choice(const struct draft *draft, struct buf *out, struct error *err)
{
	const char *word = draft->row->words;

	while (*word != '\0') {
		size_t len = strcspn(word, " ");

		if (text_is(word, len, draft->text))
			return buf_add(out, word, len, err);
		word += len + strspn(word + len, " ");
	}
	return refuse(draft, err, "is none of: %s", draft->row->words);
}

static int
take_list(const struct draft *draft, struct buf *out, struct error *err)
{
	const char *at = draft->text;

	while (*at != '\0') {
		size_t len = strcspn(at, ",\n");
		char *copy = text_copy(at, len);
		const char *element;
		int result = 0;

		if (copy == NULL)
			return error_no_memory(err);
		element = text_trim(copy);
		if (*element != '\0')
			result = buf_addf(out, err, "%s%s",
			    out->len > 0 ? "\n" : "", element);
		free(copy);
		if (result == -1)
			return -1;
		at += len + (at[len] != '\0');
	}
	return 0;
}

static int
take_addresses(const struct draft *draft, struct buf *out, struct error *err)
{
	size_t len;

	if (take_list(draft, out, err) == -1)
		return -1;
	for (const char *at = buf_text(out); *at != '\0';
	     at += len + (at[len] == '\n')) {
		len = strcspn(at, "\n");
		if (is_bare_address(at, len))
			continue;
		refuse(draft, err, "isn't a mail address");
		return error_hint(err,
		    "write name@example.org alone; a "
		    "person's name is the setting full-name");
	}
	return 0;
}

static int
read_duration(const char *text, unsigned long max, unsigned long *ret_ms)
{
	static const struct {
		const char *name;
		unsigned long ms;
	} units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000},
	    {"h", 3600000}, {"d", 86400000}};
	size_t digits = strspn(text, "0123456789");
	char number_text[24];
	unsigned long number;

	if (digits >= sizeof number_text)
		return -1;
	memcpy(number_text, text, digits);
	number_text[digits] = '\0';
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (!text_equals(text + digits, units[i].name))
			continue;
		if (text_number(number_text, max / units[i].ms, &number) == -1)
			return -1;
		*ret_ms = number * units[i].ms;
		return 0;
	}
	return -1;
}

static int
read_bool(const char *text, bool *ret_truth)
{
	static const struct {
		const char *word;
		bool truth;
	} words[] = {{"yes", true}, {"no", false}, {"true", true},
	    {"false", false}, {"on", true}, {"off", false}, {"1", true},
	    {"0", false}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (text_equals(text, words[i].word)) {
			*ret_truth = words[i].truth;
			return 0;
		}
	}
	return -1;
}

static bool
is_bare_address(const char *text, size_t len)
{
	size_t at = len;

	while (at > 0 && text[at - 1] != '@') {
		if (strchr(" \"<>", text[at - 1]) != NULL)
			return false;
		at--;
	}
	return at > 1 && at < len && memchr(text, '<', at) == NULL;
}

/* A line end may separate the elements of a list, and is nowhere else. */
static bool
has_control(const char *text, enum setting_type type)
{
	bool is_list = type == SETTING_LIST || type == SETTING_ADDRESSES;

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c < 0x20 || c == 0x7F) && !(c == '\n' && is_list))
			return true;
	}
	return false;
}

static int
refuse(const struct draft *draft, struct error *err, const char *format, ...)
{
	char what[ERROR_MESSAGE_SIZE];
	int used = snprintf(what, sizeof what, "\"%.200s\" ", draft->text);
	va_list args;

	va_start(args, format);
	vsnprintf(what + used, sizeof what - (size_t)used, format, args);
	va_end(args);
	return refuse_place(draft, err, what);
}

/* "--port: ..." names the setting already, "config:3: port: ..." has to. */
static int
refuse_place(const struct draft *draft, struct error *err, const char *what)
{
	enum error_code code =
	    *draft->origin == '-' ? ERROR_USAGE : ERROR_CONFIG;

	if (strchr(draft->origin, ':') == NULL)
		return error_set(err, code, "%s: %s", draft->origin, what);
	return error_set(err, code, "%s: %s: %s", draft->origin,
	    draft->row->name, what);
}
