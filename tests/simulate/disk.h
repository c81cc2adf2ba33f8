/* SPDX-License-Identifier: MIT */
#ifndef TESTS_DISK_H
#define TESTS_DISK_H

/*
 * A simulated disk with three files: the message on standard input, its
 * temporary copy, and the log. disk-calls.c makes the client use it.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "seed.h"

#define DISK_DIRECTORY "/simulated"
#define DISK_LOG_PATH DISK_DIRECTORY "/log"

enum {
	DISK_DESCRIPTOR = 1000010, /* of the first file */
	DISK_LOG_MAX = 1 << 18,
	DISK_GROWTH_MAX = 5000 /* bytes that the input grows by */
};

enum disk_file {
	DISK_INPUT,
	DISK_COPY,
	DISK_LOG,
	DISK_FILES
};

/* What the client has seen of the disk. */
struct disk_facts {
	bool input_failed;    /* reading it failed */
	bool input_shrank;    /* after it was opened */
	bool input_is_short;  /* it ended before its original end */
	size_t input_len;     /* bytes of it that were read */
	bool copy_failed;     /* making, writing or reading it failed */
	bool content_is_lost; /* reading it failed since disk_reconnect */
	unsigned log_errors;
	bool log_is_mixed; /* it has lines that could not be kept whole */
	const char *log;
	size_t log_len;
};

/*
 * Starts a run with an open input of len bytes, which is borrowed. faults: of a
 * thousand calls, how many fail.
 */
void disk_init(struct seed *seed, uint32_t faults, const char *input,
    size_t len);

/* What other processes add to the end of the input, repeatedly, and a line that
 * they add to the log. */
extern const char disk_growth[], disk_other_line[];

/* Another session begins. */
void disk_reconnect(void);

const struct disk_facts *disk_facts(void);

/* Checks that nothing is left behind: neither a descriptor nor the message. */
void disk_check(void);

/* Returns the file of a descriptor or a path, or DISK_FILES. */
enum disk_file disk_file_of(int fd);

/* As the system calls. */
int disk_open_log(int flags);
int disk_create_copy(char *path);
int disk_unlink(const char *path);
ssize_t disk_read(enum disk_file file, void *out, size_t len, off_t offset);
ssize_t disk_write(enum disk_file file, const void *bytes, size_t len);
off_t disk_tell(enum disk_file file);
int disk_stat(enum disk_file file, struct stat *ret_status);
int disk_truncate(enum disk_file file, off_t len);
int disk_close(enum disk_file file);
void disk_poll(enum disk_file file);

#endif
