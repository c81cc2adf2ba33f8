/* SPDX-License-Identifier: MIT */
#ifndef OAUTH2_PAGE_ERROR_H
#define OAUTH2_PAGE_ERROR_H

/*
 * Explains an error that a provider shows in the browser only, where a person
 * can copy it: a line of the page, or the URL of the page.
 */

#include <stdbool.h>

#include "base/error.h"
#include "base/secret.h"
#include "config/endpoint-failure.h"

/* Returns whether the line is an error that is known, and sets err to it. */
bool page_error_explain(const struct secret *line,
    const struct endpoint_request *request, struct error *err);

/* Returns whether the line is a sentence that a page may show: several words,
 * and neither a URL nor a part of one. */
bool page_error_is_sentence(const struct secret *line);

/* Sets err to a sentence that is not known. */
void page_error_quote(const struct secret *line,
    const struct endpoint_request *request, struct error *err);

#endif
