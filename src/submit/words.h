/* SPDX-License-Identifier: MIT */
#ifndef SUBMIT_WORDS_H
#define SUBMIT_WORDS_H

/* The text of words.conf, embedded at build time. */
extern const char words_text[];

#endif
