/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_REMEDIES_H
#define SUBMIT_REMEDIES_H

/* The text of remedies.conf, embedded at build time. */
extern const char remedies_text[];

#endif
