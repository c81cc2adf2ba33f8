/* SPDX-License-Identifier: MIT */
/*
 * Checks the value of a setting by its type, and converts it to its canonical
 * form.
 */
#include "config/setting-types.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/paths.h"
#include "base/socket-path.h"
#include "config/setting-forms.h"
#include "config/value-list.h"

enum {
	HOST_MAX = 255,       /* RFC 1035 2.3.4 */
	SOCKET_PATH_MAX = 103 /* where it is shortest, on the BSDs */
};

/* A value to be checked. */
struct setting_input {
	const struct setting *row;
	const char *text;
	const char *origin;
};

/* Adds the canonical form of the text to out. */
typedef int setting_canonicalize(const struct setting_input *input,
    struct buf *out, struct error *err);

static bool type_may_be_empty(enum setting_type type);
static setting_canonicalize canonicalize_text;
static setting_canonicalize canonicalize_path;
static setting_canonicalize canonicalize_host_name;
static setting_canonicalize canonicalize_server;
static setting_canonicalize canonicalize_source;
static setting_canonicalize canonicalize_number;
static setting_canonicalize canonicalize_duration;
static setting_canonicalize canonicalize_rate;
static setting_canonicalize canonicalize_bool;
static setting_canonicalize canonicalize_choice;
static setting_canonicalize canonicalize_list;
static setting_canonicalize canonicalize_addresses;
static setting_canonicalize canonicalize_directories;
static int canonicalize_elements(const struct setting_input *input,
    struct buf *out, bool (*has_form)(const char *text, size_t len),
    const char *problem, const char *hint, struct error *err);
static bool has_control_character(const char *text, enum setting_type type);
static int input_refuse_value(const struct setting_input *input,
    struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static int input_refuse(const struct setting_input *input, struct error *err,
    const char *what);

static setting_canonicalize *const canonicalizers[SETTING_TYPE_COUNT] = {
    [SETTING_TEXT] = canonicalize_text,
    [SETTING_PATH] = canonicalize_path,
    [SETTING_HOST_NAME] = canonicalize_host_name,
    [SETTING_SERVER] = canonicalize_server,
    [SETTING_SOURCE] = canonicalize_source,
    [SETTING_NUMBER] = canonicalize_number,
    [SETTING_DURATION] = canonicalize_duration,
    [SETTING_RATE] = canonicalize_rate,
    [SETTING_BOOL] = canonicalize_bool,
    [SETTING_CHOICE] = canonicalize_choice,
    [SETTING_LIST] = canonicalize_list,
    [SETTING_ADDRESSES] = canonicalize_addresses,
    [SETTING_DIRECTORIES] = canonicalize_directories,
};

int
setting_canonical(const struct setting *row, const char *text,
    const char *origin, struct buf *out, struct error *err)
{
	struct setting_input input = {row, text, origin};

	if (strlen(text) >= out->max)
		return input_refuse(&input, err, "value too long");
	if (has_control_character(text, row->type))
		return input_refuse(&input, err,
		    "the value contains a control character");
	if (*text == '\0' && type_may_be_empty(row->type))
		return 0;
	return canonicalizers[row->type](&input, out, err);
}

unsigned long
setting_number(const char *text)
{
	uint64_t number = 0;
	int result = text_number(text, ULONG_MAX, &number);

	assert(result == 0);
	(void)result;
	return (unsigned long)number;
}

int64_t
setting_duration_ms(const char *text)
{
	unsigned long ms = 0;
	int result = setting_form_duration(text, ULONG_MAX, &ms);

	assert(result == 0);
	(void)result;
	return (int64_t)ms;
}

void
setting_rate(const char *text, unsigned long *ret_number, int64_t *ret_period_s)
{
	int result =
	    setting_form_rate(text, ULONG_MAX, ret_number, ret_period_s);

	assert(result == 0);
	(void)result;
}

bool
setting_bool(const char *text)
{
	bool truth = false;
	int result = setting_form_bool(text, &truth);

	assert(result == 0);
	(void)result;
	return truth;
}

/* Whether an empty value is allowed, which hides those of weaker layers. */
static bool
type_may_be_empty(enum setting_type type)
{
	return type != SETTING_NUMBER && type != SETTING_DURATION &&
	    type != SETTING_BOOL && type != SETTING_CHOICE;
}

static int
canonicalize_text(const struct setting_input *input, struct buf *out,
    struct error *err)
{
	return buf_add_text(out, input->text, err);
}

static int
canonicalize_path(const struct setting_input *input, struct buf *out,
    struct error *err)
{
	char *path = paths_expand(input->text, err);
	int result;

	if (path == NULL)
		return -1;
	result = buf_add_text(out, path, err);
	free(path);
	return result;
}

/*
 * Refuses common mistakes, and a leading dot, which has misled certificate
 * checks of other programs. One trailing dot makes a name absolute. A number
 * alone, which the resolver would take for an IPv4 address, is one of the port
 * at best. The resolver judges other characters.
 */
static int
canonicalize_host_name(const struct setting_input *input, struct buf *out,
    struct error *err)
{
	const char *text = input->text;
	const char *colon = strchr(text, ':');

	if (strlen(text) > HOST_MAX || *text == '.' || *text == '-' ||
	    strstr(text, "..") != NULL || strpbrk(text, " /@\"'<>\\") != NULL ||
	    text[strspn(text, "0123456789")] == '\0')
		return input_refuse_value(input, err, "isn't a host name");
	if (colon != NULL && strchr(colon + 1, ':') == NULL) {
		input_refuse_value(input, err, "isn't a host name");
		return error_hint(err, "set the port separately");
	}
	return buf_add_text(out, text, err);
}

static int
canonicalize_server(const struct setting_input *input, struct buf *out,
    struct error *err)
{
	const char *path = socket_path(input->text);

	if (path == NULL)
		return canonicalize_host_name(input, out, err);
	if (*path != '/' || strlen(path) > SOCKET_PATH_MAX)
		return input_refuse_value(input, err,
		    "isn't unix: and an absolute path of at most %d bytes",
		    SOCKET_PATH_MAX);
	return buf_add_text(out, input->text, err);
}

/* The error doesn't contain the text, which may be a password by mistake. */
static int
canonicalize_source(const struct setting_input *input, struct buf *out,
    struct error *err)
{
	static const char *const forms[] = {"env:", "file:", "systemd:",
	    "command:"};
	bool known = strcmp(input->text, "keyring") == 0;

	for (size_t i = 0; i < sizeof forms / sizeof *forms && !known; i++) {
		size_t len = strlen(forms[i]);

		known = strncmp(input->text, forms[i], len) == 0 &&
		    input->text[len] != '\0';
	}
	if (known)
		return buf_add_text(out, input->text, err);
	input_refuse(input, err, "the value isn't a credential source");
	return error_hint(err,
	    "use keyring, env:NAME, file:PATH, systemd:NAME or command:..., "
	    "never the password itself");
}

static int
canonicalize_number(const struct setting_input *input, struct buf *out,
    struct error *err)
{
	const struct setting *row = input->row;
	uint64_t number;

	if (text_number(input->text, row->max, &number) == -1 ||
	    number < row->min)
		return input_refuse_value(input, err,
		    "isn't a number from %lu to %lu", row->min, row->max);
	return buf_add_text(out, input->text, err);
}

static int
canonicalize_duration(const struct setting_input *input, struct buf *out,
    struct error *err)
{
	const struct setting *row = input->row;
	unsigned long ms;

	if (setting_form_duration(input->text, row->max, &ms) == -1 ||
	    ms < row->min)
		return input_refuse_value(input, err,
		    "isn't a time such as 500ms, 15s or 2m, from %lums to %lus",
		    row->min, row->max / 1000);
	return buf_add_text(out, input->text, err);
}

static int
canonicalize_rate(const struct setting_input *input, struct buf *out,
    struct error *err)
{
	unsigned long number;
	int64_t period_s;

	if (setting_form_rate(input->text, input->row->max, &number,
		&period_s) == -1)
		return input_refuse_value(input, err,
		    "isn't a rate such as 100/h, per m, h or d");
	return buf_add_text(out, input->text, err);
}

static int
canonicalize_bool(const struct setting_input *input, struct buf *out,
    struct error *err)
{
	bool truth;

	if (setting_form_bool(input->text, &truth) == -1)
		return input_refuse_value(input, err, "is neither yes nor no");
	return buf_add_text(out, truth ? "yes" : "no", err);
}

static int
canonicalize_choice(const struct setting_input *input, struct buf *out,
    struct error *err)
{
	const char *word = input->row->words;

	while (*word != '\0') {
		size_t len = strcspn(word, " ");

		if (text_is(word, len, input->text))
			return buf_add(out, word, len, err);
		word += len + strspn(word + len, " ");
	}
	return input_refuse_value(input, err, "isn't one of: %s",
	    input->row->words);
}

static int
canonicalize_list(const struct setting_input *input, struct buf *out,
    struct error *err)
{
	return value_list_parse(input->text, out, err);
}

static int
canonicalize_addresses(const struct setting_input *input, struct buf *out,
    struct error *err)
{
	return canonicalize_elements(input, out, setting_form_is_address,
	    "isn't a mail address",
	    "use the form name@example.org; set full-name for a display name",
	    err);
}

static int
canonicalize_directories(const struct setting_input *input, struct buf *out,
    struct error *err)
{
	return canonicalize_elements(input, out, setting_form_is_directory,
	    "doesn't begin with / or ~/", NULL, err);
}

/* A list, all of whose elements have a form; hint may be NULL. */
static int
canonicalize_elements(const struct setting_input *input, struct buf *out,
    bool (*has_form)(const char *text, size_t len), const char *problem,
    const char *hint, struct error *err)
{
	const char *at;
	const char *element;
	size_t len;

	if (canonicalize_list(input, out, err) == -1)
		return -1;
	at = buf_text(out);
	while (value_list_next(&at, &element, &len)) {
		if (has_form(element, len))
			continue;
		input_refuse_value(input, err, "%s", problem);
		return hint != NULL ? error_hint(err, "%s", hint) : -1;
	}
	return 0;
}

/* Line ends are allowed only between the elements of a list. */
static bool
has_control_character(const char *text, enum setting_type type)
{
	bool is_list = setting_type_is_list(type);

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c < 0x20 || c == 0x7F) && !(c == '\n' && is_list))
			return true;
	}
	return false;
}

static int
input_refuse_value(const struct setting_input *input, struct error *err,
    const char *format, ...)
{
	char what[ERROR_MESSAGE_SIZE];
	int used = snprintf(what, sizeof what, "\"%.200s\" ", input->text);
	va_list args;

	va_start(args, format);
	vsnprintf(what + used, sizeof what - (size_t)used, format, args);
	va_end(args);
	return input_refuse(input, err, what);
}

/* "--port" names the setting; "config:3" doesn't, so its name is added. */
static int
input_refuse(const struct setting_input *input, struct error *err,
    const char *what)
{
	enum error_code code =
	    *input->origin == '-' ? ERROR_USAGE : ERROR_CONFIG;

	if (strchr(input->origin, ':') == NULL)
		return error_set(err, code, "%s: %s", input->origin, what);
	return error_set(err, code, "%s: %s: %s", input->origin,
	    input->row->name, what);
}
