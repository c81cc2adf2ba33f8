/* SPDX-License-Identifier: MIT */
#ifndef SPOOL_MACHINE_H
#define SPOOL_MACHINE_H

/*
 * The machine that has a lock, for a home directory that several machines share
 * by a network: some such file systems do not show a lock to other machines.
 * For this layer only.
 */

#include <stdbool.h>
#include <stddef.h>

enum {
	MACHINE_NAME_SIZE = 128
};

/* Writes a line about this machine: what changes when it starts, and its name.
 * Returns its length. */
size_t machine_format(char *out, size_t size);

/*
 * Whether the line in the file of a lock was written by another machine, which
 * did not remove it: its name. Only on a file system of a network; elsewhere
 * the kernel knows of all locks.
 */
bool machine_is_other(int fd, const char *line, char name[MACHINE_NAME_SIZE]);

#endif
