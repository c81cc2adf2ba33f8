/* SPDX-License-Identifier: MIT */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

/*
 * Compares, checks and formats text. Comparisons ignore the case of ASCII
 * letters in every locale, as protocols require.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Copies len bytes to dst in a form that is safe on a terminal and in a log:
 * control characters, invalid UTF-8 and invisible formatting characters become
 * \xNN; CR, LF and TAB become a space. dst always ends with NUL and is
 * truncated between characters. dst_size is at least 1. dst and src must not
 * overlap.
 */
void text_printable(char *dst, size_t dst_size, const char *src, size_t len);

/*
 * Formats like snprintf, then makes the result printable. Text that is longer
 * than 1023 bytes before that step is truncated.
 */
void text_format_printable(char *dst, size_t dst_size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void text_vformat_printable(char *dst, size_t dst_size, const char *format,
    va_list args) __attribute__((format(printf, 3, 0)));

/* Returns whether two strings are equal, ignoring case. */
bool text_equals(const char *a, const char *b);

/* Returns whether the len bytes at text equal word, ignoring case. */
bool text_is(const char *text, size_t len, const char *word);

/* Returns whether text begins with prefix, ignoring case. */
bool text_has_prefix(const char *text, const char *prefix);

/*
 * Returns whether the len bytes at text contain no CR, LF or NUL, so that they
 * cannot end a protocol line.
 */
bool text_is_one_line(const char *text, size_t len);

/* Returns whether any byte is not ASCII. */
bool text_has_8bit(const char *text, size_t len);

/* Returns whether the bytes are well-formed UTF-8 (RFC 3629). */
bool text_is_utf8(const char *text, size_t len);

/* Removes ASCII white space from both ends, in place. Returns the new start. */
char *text_trim(char *text);

/*
 * Parses text as a decimal number from 0 to max. Returns 0, or -1 if it is
 * anything else; *ret_number is then unchanged.
 */
int text_number(const char *text, uint64_t max, uint64_t *ret_number);

/* Returns a copy of len bytes, followed by a NUL; NULL if out of memory. The
 * caller frees. */
char *text_copy(const char *text, size_t len);

/* Frees a text and replaces it by a copy of value, which may be NULL.
 * ERROR_SYSTEM; the text stays then. */
int text_replace(char **text, const char *value, struct error *err);

/* Returns formatted text; NULL with ERROR_SYSTEM if out of memory. The caller
 * frees. */
char *text_format(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
