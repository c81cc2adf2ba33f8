/* SPDX-License-Identifier: MIT */
#ifndef CLI_CHECK_CERTIFICATE_H
#define CLI_CHECK_CERTIFICATE_H

/* Shows the certificates that a server sent. */

#include <stdint.h>

#include "cli/check-line.h"
#include "report/json.h"
#include "smtp/tls-facts.h"

/* Prints a line for each certificate of the chain; ms: see check_line. */
void check_certificate_print(const struct tls_facts *tls, enum check_mark mark,
    int64_t ms);

/* Adds the array "chain". */
void check_certificate_add_json(struct json *json, const struct tls_facts *tls);

/* Returns how many whole days a certificate is still valid; 0 once it has
 * expired or if its end is unknown. */
long check_certificate_days(int64_t expires_at);

#endif
