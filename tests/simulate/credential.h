/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CREDENTIAL_H
#define TESTS_CREDENTIAL_H

/* A source of credentials that takes time and may fail, in place of
 * credential/credential.c. */

#include "seed.h"

/* For one run; both are borrowed. */
void credential_simulate(struct seed *seed, const char *secret);

#endif
