/* SPDX-License-Identifier: MIT */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

/*
 * Small questions about bytes that people wrote. Case means ASCII case
 * everywhere: protocol words don't change with the locale.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Copies len bytes to dst so that a terminal or a log shows them as text:
 * control characters, invalid UTF-8 and invisible formatting characters are
 * written as \xNN, CR and LF as a space. dst always ends with NUL; what
 * doesn't fit is cut at a character. dst_size is at least 1. dst and src may
 * not overlap.
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

/* Whether two strings are equal but for ASCII case. */
bool text_equals(const char *a, const char *b);

/* Whether the len bytes at text are the string word, but for ASCII case. */
bool text_is(const char *text, size_t len, const char *word);

/* Whether text begins with prefix, but for ASCII case. */
bool text_has_prefix(const char *text, const char *prefix);

/*
 * Whether text may stand in one protocol line: no CR, LF or NUL in its len
 * bytes.
 */
bool text_is_one_line(const char *text, size_t len);

/* Whether any byte is outside ASCII. */
bool text_has_8bit(const char *text, size_t len);

/* Whether all bytes are well-formed UTF-8 (RFC 3629). */
bool text_is_utf8(const char *text, size_t len);

/* Cuts ASCII white space off both ends, in place; returns the new start. */
char *text_trim(char *text);

/*
 * Reads the whole of text as a decimal number from 0 to max. Returns 0, or -1
 * when it is anything else; *ret_number is then untouched.
 */
int text_number(const char *text, unsigned long max, unsigned long *ret_number);

/* A copy on the heap that ends with NUL; NULL when out of memory.
 * The caller frees. */
char *text_copy(const char *text, size_t len);

#endif
