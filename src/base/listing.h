/* SPDX-License-Identifier: MIT */
#ifndef BASE_LISTING_H
#define BASE_LISTING_H

/* The names in a directory of which there is a descriptor. */

#include <dirent.h>

/*
 * Opens the directory once more for reading its names, from the first. NULL
 * with errno on failure. The caller closes it with closedir; the descriptor
 * stays as it is.
 */
DIR *listing_open(int directory);

#endif
