/* SPDX-License-Identifier: MIT */
/*
 * Levenshtein's distance, for names of a few letters. A name is close when at
 * most a third of it is wrong.
 */
#include "config/nearest.h"

#include <string.h>

enum {
	NAME_MAX_LEN = 40
};

static size_t distance(const char *a, const char *b);
static size_t least(size_t a, size_t b, size_t c);

void
nearest_init(struct nearest *nearest, const char *wanted)
{
	nearest->wanted = wanted;
	nearest->best = NULL;
	nearest->distance = strlen(wanted) / 3 + 1;
}

void
nearest_offer(struct nearest *nearest, const char *name)
{
	size_t found = distance(nearest->wanted, name);

	if (found < nearest->distance) {
		nearest->best = name;
		nearest->distance = found;
	}
}

static size_t
distance(const char *a, const char *b)
{
	size_t a_len = strlen(a);
	size_t b_len = strlen(b);
	size_t row[NAME_MAX_LEN + 1];

	if (a_len > NAME_MAX_LEN || b_len > NAME_MAX_LEN)
		return (size_t)-1;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1,
			    diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[b_len];
}

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t less = a < b ? a : b;

	return less < c ? less : c;
}
