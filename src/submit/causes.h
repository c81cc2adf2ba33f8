/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_CAUSES_H
#define SUBMIT_CAUSES_H

/* The text of causes.conf, embedded at build time. */
extern const char causes_text[];

#endif
