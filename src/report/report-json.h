/* SPDX-License-Identifier: MIT */
#ifndef REPORT_REPORT_JSON_H
#define REPORT_REPORT_JSON_H

/* The outcome of a delivery as JSON, as output.schema.json describes it. */

#include <stdint.h>

#include "base/error.h"
#include "report/json.h"
#include "submit/delivery.h"

/* Prints the outcome on standard output. What is not read by the deadline is
 * lost. ERROR_IO, ERROR_SYSTEM. */
int report_json_print(const struct delivery *delivery, int64_t deadline_ms,
    struct error *err);

/* Adds the member "error" to an object, except for ERROR_NONE. */
void report_json_add_error(struct json *json, const struct error *err);

#endif
