/* SPDX-License-Identifier: MIT */
/*
 * Parses "FROM:<a@b> SIZE=1". Whether the address is valid is left to
 * message/address.c.
 */
#include "server/path.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
	SIZE_DIGITS_MAX = 20,  /* RFC 1870 section 4 */
	ENVELOPE_ID_MAX = 100, /* RFC 3461 section 4.4 */
	ORIGINAL_MAX = 500     /* RFC 3461 section 4.2 */
};

struct parameter;

/* Checks and stores a value; NULL if there is none. false: it is invalid. */
typedef bool parameter_apply(struct server_path *path, const char *value);

struct parameter {
	const char *name;
	enum server_path_kind kind;
	parameter_apply *apply;
};

static int path_take(struct server_path *path, char *text, char **ret_rest,
    struct server_reply *reply);
static char *path_end(char *text);
static char *skip_route(char *address);
static int path_take_parameters(struct server_path *path,
    enum server_path_kind kind, char *text, struct server_reply *reply);
static const struct parameter *find_parameter(enum server_path_kind kind,
    const char *name);
static parameter_apply apply_size, apply_body, apply_utf8, apply_auth,
    apply_return, apply_envelope_id, apply_notify, apply_original;
static bool is_notify(const char *value);
static bool is_xtext(const char *value);

static const struct parameter parameters[] = {
    {"SIZE", SERVER_PATH_MAIL, apply_size},
    {"BODY", SERVER_PATH_MAIL, apply_body},
    {"SMTPUTF8", SERVER_PATH_MAIL, apply_utf8},
    {"AUTH", SERVER_PATH_MAIL, apply_auth},
    {"RET", SERVER_PATH_MAIL, apply_return},
    {"ENVID", SERVER_PATH_MAIL, apply_envelope_id},
    {"NOTIFY", SERVER_PATH_RCPT, apply_notify},
    {"ORCPT", SERVER_PATH_RCPT, apply_original},
};

int
server_path_parse(struct server_path *path, enum server_path_kind kind,
    char *argument, struct server_reply *reply)
{
	const char *keyword = kind == SERVER_PATH_MAIL ? "FROM:" : "TO:";
	char *rest;

	*path = (struct server_path){.address = NULL};
	argument = text_trim(argument);
	if (!text_has_prefix(argument, keyword)) {
		server_reply_set(reply, 501, "5.5.4", "expected %s<address>",
		    keyword);
		return -1;
	}
	argument += strlen(keyword);
	argument += strspn(argument, " \t");
	if (path_take(path, argument, &rest, reply) == -1)
		return -1;
	return path_take_parameters(path, kind, rest, reply);
}

/* Brackets may be missing, as other servers permit it. */
static int
path_take(struct server_path *path, char *text, char **ret_rest,
    struct server_reply *reply)
{
	bool has_brackets = *text == '<';
	char *end =
	    has_brackets ? path_end(text + 1) : text + strcspn(text, " \t");

	if (end == NULL ||
	    (has_brackets && end[1] != '\0' && end[1] != ' ' &&
		end[1] != '\t')) {
		server_reply_set(reply, 501, "5.1.3",
		    "the address is not in <brackets>");
		return -1;
	}
	if (!has_brackets && end == text) {
		server_reply_set(reply, 501, "5.5.4", "the address is missing");
		return -1;
	}
	*ret_rest = *end != '\0' ? end + 1 : end;
	*end = '\0';
	path->address = has_brackets ? skip_route(text + 1) : text;
	return 0;
}

/* Finds ">" outside of a quoted local part. NULL if there is none. */
static char *
path_end(char *text)
{
	bool quoted = false;

	for (; *text != '\0'; text++) {
		if (quoted && *text == '\\' && text[1] != '\0')
			text++;
		else if (*text == '"')
			quoted = !quoted;
		else if (*text == '>' && !quoted)
			return text;
	}
	return NULL;
}

/* "@a,@b:c@d" means c@d (RFC 5321 section 4.1.2). */
static char *
skip_route(char *address)
{
	char *colon = *address == '@' ? strchr(address, ':') : NULL;

	return colon != NULL ? colon + 1 : address;
}

static int
path_take_parameters(struct server_path *path, enum server_path_kind kind,
    char *text, struct server_reply *reply)
{
	unsigned seen = 0;
	char *next;

	for (text += strspn(text, " \t"); *text != '\0'; text = next) {
		const struct parameter *parameter;
		char *value;
		unsigned bit;

		next = text + strcspn(text, " \t");
		if (*next != '\0')
			*next++ = '\0';
		next += strspn(next, " \t");
		value = strchr(text, '=');
		if (value != NULL)
			*value++ = '\0';
		parameter = find_parameter(kind, text);
		if (parameter == NULL) {
			server_reply_set(reply, 555, "5.5.4",
			    "unknown parameter %s", text);
			return -1;
		}
		bit = 1U << (parameter - parameters);
		if ((seen & bit) != 0 || !parameter->apply(path, value)) {
			server_reply_set(reply, 501, "5.5.4",
			    "%s: invalid parameter", parameter->name);
			return -1;
		}
		seen |= bit;
	}
	return 0;
}

static const struct parameter *
find_parameter(enum server_path_kind kind, const char *name)
{
	for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++) {
		if (parameters[i].kind == kind &&
		    text_equals(parameters[i].name, name))
			return &parameters[i];
	}
	return NULL;
}

static bool
apply_size(struct server_path *path, const char *value)
{
	uint64_t size = 0;

	if (value == NULL || *value == '\0' || strlen(value) > SIZE_DIGITS_MAX)
		return false;
	for (; *value != '\0'; value++) {
		unsigned digit = (unsigned)(*value - '0');

		if (digit > 9)
			return false;
		/* What does not fit is too large for every server. */
		size = size > (UINT64_MAX - digit) / 10 ? UINT64_MAX
							: size * 10 + digit;
	}
	path->has_size = true;
	path->size = size;
	return true;
}

static bool
apply_body(struct server_path *path, const char *value)
{
	if (value == NULL)
		return false;
	path->body = text_equals(value, "8BITMIME") ? SERVER_BODY_8BITMIME
						    : SERVER_BODY_7BIT;
	return path->body == SERVER_BODY_8BITMIME || text_equals(value, "7BIT");
}

static bool
apply_utf8(struct server_path *path, const char *value)
{
	path->utf8 = true;
	return value == NULL;
}

/* The server knows who signs in (RFC 4954 section 5). */
static bool
apply_auth(struct server_path *path, const char *value)
{
	(void)path;
	return value != NULL;
}

static bool
apply_return(struct server_path *path, const char *value)
{
	if (value == NULL)
		return false;
	path->return_type = text_equals(value, "FULL") ? "FULL" : "HDRS";
	return text_equals(value, "FULL") || text_equals(value, "HDRS");
}

static bool
apply_envelope_id(struct server_path *path, const char *value)
{
	path->envelope_id = value;
	return value != NULL && strlen(value) <= ENVELOPE_ID_MAX &&
	    is_xtext(value);
}

static bool
apply_notify(struct server_path *path, const char *value)
{
	path->notify = value;
	return value != NULL && is_notify(value);
}

static bool
apply_original(struct server_path *path, const char *value)
{
	const char *semicolon = value != NULL ? strchr(value, ';') : NULL;

	path->original = value;
	return semicolon != NULL && semicolon > value &&
	    strlen(value) <= ORIGINAL_MAX && is_xtext(semicolon + 1) &&
	    strspn(value,
		"abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
	    (size_t)(semicolon - value);
}

/* "NEVER" alone, or words of the others. */
static bool
is_notify(const char *value)
{
	static const char *const words[] = {"SUCCESS", "FAILURE", "DELAY"};

	if (text_equals(value, "NEVER"))
		return true;
	for (;;) {
		size_t len = strcspn(value, ",");

		if (!text_is(value, len, words[0]) &&
		    !text_is(value, len, words[1]) &&
		    !text_is(value, len, words[2]))
			return false;
		if (value[len] == '\0')
			return true;
		value += len + 1;
	}
}

/* RFC 3461 section 4: printable ASCII; other bytes as +XX. */
static bool
is_xtext(const char *value)
{
	if (*value == '\0')
		return false;
	for (; *value != '\0'; value++) {
		if (*value <= ' ' || *value >= 0x7F || *value == '=')
			return false;
		if (*value == '+' && strspn(value + 1, "0123456789ABCDEF") < 2)
			return false;
	}
	return true;
}
