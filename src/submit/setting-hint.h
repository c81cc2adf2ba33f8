/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_SETTING_HINT_H
#define SUBMIT_SETTING_HINT_H

/* Names the settings that can resolve an error from a protocol layer. */

#include "base/error.h"

/* Appends to the hint the settings and options for the topic of err, and clears
 * the topic. Does nothing to an error without a topic. */
void setting_hint_add(struct error *err);

#endif
