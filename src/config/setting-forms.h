/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_SETTING_FORMS_H
#define CONFIG_SETTING_FORMS_H

/* The forms that values are written in. For setting-types.c and settings.c. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Parses a time such as 15s, up to max milliseconds. Returns -1 if it is
 * anything else. */
int setting_form_duration(const char *text, unsigned long max,
    unsigned long *ret_ms);

/* Parses a rate such as 100/h: a number from 1 to max. Returns -1 if it is
 * anything else. */
int setting_form_rate(const char *text, unsigned long max,
    unsigned long *ret_number, int64_t *ret_period_s);

/* Parses yes, no and their synonyms. Returns -1 for anything else. */
int setting_form_bool(const char *text, bool *ret_truth);

/* Whether the len bytes are an address without a name, or a pattern. */
bool setting_form_is_address(const char *text, size_t len);

/* Whether the len bytes are an absolute path, or one in the home directory. */
bool setting_form_is_directory(const char *text, size_t len);

#endif
