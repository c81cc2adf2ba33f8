/* SPDX-License-Identifier: MIT */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

/* Writes JSON (RFC 8259) to a stream, value by value, with the commas. */

#include <stdbool.h>
#include <stdio.h>

struct json {
	FILE *out;
	bool needs_comma;
};

/* Begins and ends an object or array ('{', '}', '[', ']'). name is NULL in an
 * array and at the top. */
void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);

/* Writes a value. A NULL text is null; invalid UTF-8 becomes U+FFFD. */
void json_text(struct json *json, const char *name, const char *text);
void json_number(struct json *json, const char *name, long long number);
void json_bool(struct json *json, const char *name, bool value);

/* Ends the line after the outermost value. */
void json_end(struct json *json);

#endif
