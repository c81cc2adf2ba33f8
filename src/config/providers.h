/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_PROVIDERS_H
#define CONFIG_PROVIDERS_H

/* The text of the files in the directory providers, embedded at build time. */
extern const char providers_text[];

#endif
