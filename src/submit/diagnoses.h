/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_DIAGNOSES_H
#define SUBMIT_DIAGNOSES_H

/* The text of diagnoses.conf, embedded at build time. */
extern const char diagnoses_text[];

#endif
