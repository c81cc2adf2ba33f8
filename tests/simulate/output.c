/* SPDX-License-Identifier: MIT */
/*
 * Finds a piece of the secret by its first 8 characters. In base64 the secret
 * looks different after 0, 1 or 2 other bytes; the ends, which depend on its
 * neighbours, don't count.
 */
#include "output.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <gsasl.h>

#include "verdict.h"

enum {
	PIECE = 8
};

static void add_base64(struct output *output, size_t before,
    const char *secret);
static uint32_t piece_hash(const char *piece);
static bool has_piece(const char *form, size_t len, const char *piece);

void
output_init(struct output *output, const char *secret)
{
	memset(output->hashes, 0, sizeof output->hashes);
	output->len[0] = strlen(secret);
	memcpy(output->form[0], secret, output->len[0]);
	for (size_t before = 0; before < 3; before++)
		add_base64(output, before, secret);
	for (size_t i = 0; i < OUTPUT_FORMS; i++) {
		for (size_t j = 0; j + PIECE <= output->len[i]; j++) {
			uint32_t hash = piece_hash(output->form[i] + j);

			output->hashes[hash / 8] |= 1U << hash % 8;
		}
	}
}

void
output_check(const struct output *output, const char *what, const char *text)
{
	size_t len = strlen(text);

	verdict_note(what, "%s", text);
	for (size_t at = 0; at + PIECE <= len; at++) {
		uint32_t hash = piece_hash(text + at);

		if ((output->hashes[hash / 8] & 1U << hash % 8) == 0)
			continue;
		for (size_t i = 0; i < OUTPUT_FORMS; i++) {
			if (has_piece(output->form[i], output->len[i],
				text + at))
				verdict_violation("%s shows the secret: %s",
				    what, text);
		}
	}
}

static void
add_base64(struct output *output, size_t before, const char *secret)
{
	char plain[OUTPUT_SECRET_MAX + 2] = {0};
	size_t len = before + strlen(secret);
	size_t skip = before == 0 ? 0 : before + 1;
	size_t last = len * 8 / 6;
	char *encoded = NULL;

	memcpy(plain + before, secret, strlen(secret));
	if (gsasl_base64_to(plain, len, &encoded, NULL) != GSASL_OK)
		return;
	output->len[before + 1] = last > skip ? last - skip : 0;
	memcpy(output->form[before + 1], encoded + skip,
	    output->len[before + 1]);
	gsasl_free(encoded);
}

/* The same for both cases of a letter. */
static uint32_t
piece_hash(const char *piece)
{
	uint64_t number;

	memcpy(&number, piece, PIECE);
	number |= 0x2020202020202020U;
	return (uint32_t)(number * 0x9e3779b97f4a7c15U >> 44);
}

static bool
has_piece(const char *form, size_t len, const char *piece)
{
	for (size_t i = 0; i + PIECE <= len; i++) {
		if (strncasecmp(form + i, piece, PIECE) == 0)
			return true;
	}
	return false;
}
