/* SPDX-License-Identifier: MIT */
/*
 * Parses autoconfig files with expat. Text is collected only for the fields of
 * an outgoing server; everything else is skipped. Does not use the network.
 */
#include "online/autoconfig-file.h"

#include <stdbool.h>
#include <string.h>

#ifdef HAVE_EXPAT
#include <expat.h>

#include "base/buf.h"

enum {
	PATH_LEN = 3,
	DEPTH_MAX = 32,
	VALUE_MAX = 512 /* bytes of a field */
};

/* The elements around the fields of a server. */
static const char *const path[PATH_LEN] = {"clientConfig", "emailProvider",
    "outgoingServer"};

static const char *const field_names[AUTOCONFIG_FIELD_COUNT] = {"hostname",
    "port", "socketType", "username", "authentication"};

struct autoconfig_reader {
	XML_Parser parser;
	const char *address;
	const char *source;
	struct autoconfig_server *server;
	bool is_found;
	size_t depth;                /* of the element that is open */
	size_t matched;              /* elements of path that are open */
	enum autoconfig_field field; /* AUTOCONFIG_FIELD_COUNT: not in one */
	struct buf text;             /* of that field */
	struct buf value[AUTOCONFIG_FIELD_COUNT];
	struct error unusable; /* why the last server is, or ERROR_NONE */
	struct error failure;  /* of a callback, or ERROR_NONE */
};

static void reader_init(struct autoconfig_reader *reader);
static void reader_done(struct autoconfig_reader *reader);
static int reader_explain(const struct autoconfig_reader *reader,
    struct error *err);
static void XMLCALL on_doctype(void *data, const XML_Char *name,
    const XML_Char *system, const XML_Char *public, int has_subset);
static void XMLCALL on_start(void *data, const XML_Char *name,
    const XML_Char **attribute);
static bool reader_enters_path(const struct autoconfig_reader *reader,
    const char *name, const XML_Char **attribute);
static enum autoconfig_field find_field(const char *name);
static void XMLCALL on_text(void *data, const XML_Char *text, int len);
static void XMLCALL on_end(void *data, const XML_Char *name);
static void reader_end_field(struct autoconfig_reader *reader);
static void reader_trim(struct buf *text);
static void reader_end_server(struct autoconfig_reader *reader);
static void reader_stop(struct autoconfig_reader *reader, const char *why);

int
autoconfig_file_read(const char *text, size_t len, const char *address,
    const char *source, struct autoconfig_server *ret_server, struct error *err)
{
	struct autoconfig_server server = {.port = 0};
	struct autoconfig_reader reader = {.address = address,
	    .source = source,
	    .server = &server};
	int result = -1;

	reader_init(&reader);
	if (reader.parser == NULL)
		error_no_memory(err);
	else if (XML_Parse(reader.parser, text, (int)len, 1) != XML_STATUS_OK ||
	    reader.failure.code != ERROR_NONE || !reader.is_found)
		reader_explain(&reader, err);
	else
		result = 0;
	reader_done(&reader);
	if (result == 0)
		*ret_server = server;
	return result;
}

static void
reader_init(struct autoconfig_reader *reader)
{
	reader->field = AUTOCONFIG_FIELD_COUNT;
	buf_init(&reader->text, VALUE_MAX);
	for (size_t i = 0; i < AUTOCONFIG_FIELD_COUNT; i++)
		buf_init(&reader->value[i], VALUE_MAX);
	reader->parser = XML_ParserCreate(NULL);
	if (reader->parser == NULL)
		return;
	XML_SetUserData(reader->parser, reader);
	XML_SetStartDoctypeDeclHandler(reader->parser, on_doctype);
	XML_SetElementHandler(reader->parser, on_start, on_end);
	XML_SetCharacterDataHandler(reader->parser, on_text);
}

static void
reader_done(struct autoconfig_reader *reader)
{
	if (reader->parser != NULL)
		XML_ParserFree(reader->parser);
	buf_done(&reader->text);
	for (size_t i = 0; i < AUTOCONFIG_FIELD_COUNT; i++)
		buf_done(&reader->value[i]);
}

static int
reader_explain(const struct autoconfig_reader *reader, struct error *err)
{
	enum XML_Error code = XML_GetErrorCode(reader->parser);

	if (reader->failure.code != ERROR_NONE) {
		*err = reader->failure;
		return -1;
	}
	if (code == XML_ERROR_NO_MEMORY)
		return error_no_memory(err);
	if (code != XML_ERROR_NONE)
		return error_set(err, ERROR_REFUSED,
		    "%s: not an autoconfig file: line %lu: %s", reader->source,
		    (unsigned long)XML_GetCurrentLineNumber(reader->parser),
		    XML_ErrorString(code));
	if (reader->unusable.code != ERROR_NONE)
		return error_set(err, ERROR_REFUSED, "%s: %s", reader->source,
		    reader->unusable.message);
	return error_set(err, ERROR_REFUSED, "%s: it names no outgoing server",
	    reader->source);
}

/* An autoconfig file needs none, and one could define entities that grow
 * without a limit, or name files. */
static void XMLCALL
on_doctype(void *data, const XML_Char *name, const XML_Char *system,
    const XML_Char *public, int has_subset)
{
	(void)name;
	(void)system;
	(void)public;
	(void)has_subset;
	reader_stop(data, "it has a document type, which is refused");
}

static void XMLCALL
on_start(void *data, const XML_Char *name, const XML_Char **attribute)
{
	struct autoconfig_reader *reader = data;

	if (reader->depth == DEPTH_MAX) {
		reader_stop(reader, "it is nested too deeply");
		return;
	}
	if (reader_enters_path(reader, name, attribute)) {
		reader->matched++;
		for (size_t i = 0; i < AUTOCONFIG_FIELD_COUNT; i++)
			buf_clear(&reader->value[i]);
	} else if (reader->matched == PATH_LEN && reader->depth == PATH_LEN) {
		reader->field = find_field(name);
		buf_clear(&reader->text);
	}
	reader->depth++;
}

static bool
reader_enters_path(const struct autoconfig_reader *reader, const char *name,
    const XML_Char **attribute)
{
	if (reader->depth != reader->matched || reader->matched == PATH_LEN ||
	    strcmp(name, path[reader->matched]) != 0)
		return false;
	if (reader->matched < PATH_LEN - 1)
		return true;
	for (; attribute[0] != NULL; attribute += 2) {
		if (strcmp(attribute[0], "type") == 0)
			return strcmp(attribute[1], "smtp") == 0;
	}
	return false;
}

static enum autoconfig_field
find_field(const char *name)
{
	enum autoconfig_field field = 0;

	while (field < AUTOCONFIG_FIELD_COUNT &&
	    strcmp(name, field_names[field]) != 0)
		field++;
	return field;
}

static void XMLCALL
on_text(void *data, const XML_Char *text, int len)
{
	struct autoconfig_reader *reader = data;

	if (reader->field == AUTOCONFIG_FIELD_COUNT ||
	    reader->depth != PATH_LEN + 1)
		return;
	if (buf_add(&reader->text, text, (size_t)len, &reader->failure) == 0)
		return;
	if (reader->failure.code == ERROR_DATA)
		reader_stop(reader, "one of its fields is too long");
	else
		XML_StopParser(reader->parser, XML_FALSE);
}

static void XMLCALL
on_end(void *data, const XML_Char *name)
{
	struct autoconfig_reader *reader = data;

	(void)name;
	reader->depth--;
	if (reader->depth == PATH_LEN &&
	    reader->field != AUTOCONFIG_FIELD_COUNT)
		reader_end_field(reader);
	if (reader->depth >= reader->matched)
		return;
	if (reader->matched == PATH_LEN && !reader->is_found)
		reader_end_server(reader);
	reader->matched--;
}

/* The first value counts; of several mechanisms, a password rather than
 * OAuth2, which needs endpoints that the file doesn't name. */
static void
reader_end_field(struct autoconfig_reader *reader)
{
	struct buf *value = &reader->value[reader->field];

	reader_trim(&reader->text);
	if (reader->field == AUTOCONFIG_AUTH &&
	    autoconfig_is_password(buf_text(&reader->text)))
		buf_clear(value);
	if (value->len == 0 &&
	    buf_add_text(value, buf_text(&reader->text), &reader->failure) ==
		-1)
		XML_StopParser(reader->parser, XML_FALSE);
	reader->field = AUTOCONFIG_FIELD_COUNT;
}

static void
reader_trim(struct buf *text)
{
	static const char blanks[] = " \t\r\n";

	buf_drop(text, strspn(buf_text(text), blanks));
	while (text->len > 0 && strchr(blanks, text->data[text->len - 1]))
		text->data[--text->len] = '\0';
}

static void
reader_end_server(struct autoconfig_reader *reader)
{
	const char *value[AUTOCONFIG_FIELD_COUNT];

	for (size_t i = 0; i < AUTOCONFIG_FIELD_COUNT; i++)
		value[i] = buf_text(&reader->value[i]);
	if (autoconfig_server_fill(reader->server, value, reader->address,
		&reader->unusable) == 0)
		reader->is_found = true;
	else if (reader->unusable.code == ERROR_REFUSED)
		return;
	else {
		reader->failure = reader->unusable;
		XML_StopParser(reader->parser, XML_FALSE);
	}
}

static void
reader_stop(struct autoconfig_reader *reader, const char *why)
{
	error_set(&reader->failure, ERROR_REFUSED, "%s: %s", reader->source,
	    why);
	XML_StopParser(reader->parser, XML_FALSE);
}

#endif
