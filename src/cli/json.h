/* SPDX-License-Identifier: MIT */
#ifndef CLI_JSON_H
#define CLI_JSON_H

/*
 * Writing JSON (RFC 8259) to a stream, one value after another; commas are put
 * where they belong. Reading it is not done here.
 */

#include <stdbool.h>
#include <stdio.h>

struct json {
	FILE *out;
	bool needs_comma;
};

/* Begins and ends an object or an array ('{', '}', '[', ']'). name is NULL
 * inside an array and at the top. */
void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);

/* A member; a NULL text is null. Bytes that are no UTF-8 become U+FFFD. */
void json_text(struct json *json, const char *name, const char *text);
void json_number(struct json *json, const char *name, long long number);
void json_bool(struct json *json, const char *name, bool value);

/* Ends the line after the top value. */
void json_end(struct json *json);

#endif
