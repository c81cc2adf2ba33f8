/* SPDX-License-Identifier: MIT */
#ifndef CLI_DIAGNOSES_H
#define CLI_DIAGNOSES_H

/* The text of diagnoses.conf, embedded at build time. */
extern const char diagnoses_text[];

#endif
