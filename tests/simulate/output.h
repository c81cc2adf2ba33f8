/* SPDX-License-Identifier: MIT */
#ifndef TESTS_OUTPUT_H
#define TESTS_OUTPUT_H

/* Looks for the secret in everything that the client shows or logs. */

#include <stddef.h>

enum {
	OUTPUT_FORMS = 4,         /* as it is; base64 in three positions */
	OUTPUT_SECRET_MAX = 4096, /* bytes */
	OUTPUT_HASHES = 1 << 20
};

struct output {
	char form[OUTPUT_FORMS][OUTPUT_SECRET_MAX * 2];
	size_t len[OUTPUT_FORMS];
	unsigned char hashes[OUTPUT_HASHES / 8]; /* of pieces; a bit each */
};

void output_init(struct output *output, const char *secret);

/* It is a violation if the text contains 8 characters of the secret. */
void output_check(const struct output *output, const char *what,
    const char *text);

#endif
