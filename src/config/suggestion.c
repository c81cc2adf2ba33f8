/* SPDX-License-Identifier: MIT */
/*
 * Finds the closest name by edit distance, where swapping two adjacent letters
 * counts as one edit. A name is close if at most a third of its letters must be
 * edited, or if the wanted name is a prefix of it.
 */
#include "config/suggestion.h"

#include <string.h>

enum {
	NAME_MAX_LEN = 40,
	PREFIX_MIN_LEN = 3
};

static size_t edit_distance(const char *a, const char *b);
static size_t min_of_three(size_t a, size_t b, size_t c);

void
suggestion_init(struct suggestion *suggestion, const char *wanted)
{
	suggestion->wanted = wanted;
	suggestion->best = NULL;
	suggestion->distance = strlen(wanted) / 3 + 1;
}

void
suggestion_offer(struct suggestion *suggestion, const char *name)
{
	size_t len = strlen(suggestion->wanted);
	size_t found = edit_distance(suggestion->wanted, name);

	if (len >= PREFIX_MIN_LEN && found > 1 &&
	    strncmp(suggestion->wanted, name, len) == 0)
		found = 1;
	if (found < suggestion->distance) {
		suggestion->best = name;
		suggestion->distance = found;
	}
}

void
suggestion_offer_address(struct suggestion *suggestion, const char *address)
{
	const char *at = strrchr(address, '@');
	char local_part[NAME_MAX_LEN + 1];
	size_t found;

	if (at == NULL || at - address > NAME_MAX_LEN)
		return;
	memcpy(local_part, address, (size_t)(at - address));
	local_part[at - address] = '\0';
	found = edit_distance(suggestion->wanted, local_part);
	if (found >= suggestion->distance)
		return;
	suggestion->best = address;
	suggestion->distance = found;
}

static size_t
edit_distance(const char *a, const char *b)
{
	size_t a_len = strlen(a);
	size_t b_len = strlen(b);
	size_t row[3][NAME_MAX_LEN + 1]; /* the last three rows, by i % 3 */

	if (a_len > NAME_MAX_LEN || b_len > NAME_MAX_LEN)
		return (size_t)-1;
	for (size_t j = 0; j <= b_len; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		const size_t *above = row[(i - 1) % 3];
		const size_t *higher = row[(i + 1) % 3];
		size_t *here = row[i % 3];

		here[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			here[j] = min_of_three(above[j] + 1, here[j - 1] + 1,
			    above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				here[j] = min_of_three(here[j], here[j],
				    higher[j - 2] + 1);
		}
	}
	return row[a_len % 3][b_len];
}

static size_t
min_of_three(size_t a, size_t b, size_t c)
{
	size_t less = a < b ? a : b;

	return less < c ? less : c;
}
