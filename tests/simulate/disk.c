/* SPDX-License-Identifier: MIT */
/*
 * Keeps the files in memory. Every call may be interrupted, transfer a part, or
 * fail; between two calls another process may change a file.
 */
#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "verdict.h"

enum {
	COPY_MAX = 1 << 20,
	AT_POSITION = -1 /* an offset: where the last read ended */
};

struct file {
	const char *name;
	char *bytes; /* of the input, NULL */
	size_t max;
	size_t len, at;
	bool is_open;
	bool has_changed; /* by another process, once */
};

static char copy_bytes[COPY_MAX];
static char log_bytes[DISK_LOG_MAX];

static struct disk {
	struct seed *seed;
	uint32_t faults;
	struct file file[DISK_FILES];
	const char *input;
	size_t input_len;
	bool input_is_pipe;
	bool input_is_polled; /* it was, after the last EAGAIN */
	char copy_path[64];   /* "": it has no name */
	struct disk_facts facts;
} disk;

const char disk_growth[] = "a line that was added while the file was read\n";

const char disk_other_line[] = "2026-11-20T20:00:00+0000 other=line";

static bool is_interrupted(void);
static bool has_error(const int *errors, size_t count, const char *call,
    const struct file *file);
static size_t shorten(size_t len);
static void change_file(enum disk_file number);
static void change_input(struct file *file);
static void change_log(struct file *file);
static size_t copy_out(enum disk_file number, size_t at, char *out, size_t len);
static void count_read(enum disk_file number, size_t got);

#define HAS_ERROR(errors, call, file) \
	has_error(errors, sizeof(errors) / sizeof *(errors), call, file)

static const int open_errors[] = {EACCES, ENOSPC, EDQUOT, EROFS, EMFILE, ENOENT,
    EIO, ENXIO};
static const int read_errors[] = {EIO, ESTALE};
static const int write_errors[] = {ENOSPC, EDQUOT, EIO, EFBIG};
static const int other_errors[] = {EIO};

void
disk_init(struct seed *seed, uint32_t faults, const char *input, size_t len)
{
	disk = (struct disk){.seed = seed,
	    .faults = faults,
	    .input = input,
	    .input_len = len,
	    .input_is_pipe = seed_chance(seed, 500),
	    .input_is_polled = true,
	    .file = {[DISK_INPUT] = {.name = "input",
			 .len = len,
			 .is_open = true},
		[DISK_COPY] = {.name = "copy",
		    .bytes = copy_bytes,
		    .max = COPY_MAX},
		[DISK_LOG] = {.name = "log",
		    .bytes = log_bytes,
		    .max = DISK_LOG_MAX}}};
}

void
disk_reconnect(void)
{
	disk.facts.content_is_lost = false;
}

const struct disk_facts *
disk_facts(void)
{
	const struct file *log = &disk.file[DISK_LOG];

	disk.facts.log = log->bytes;
	disk.facts.log_len = log->len;
	return &disk.facts;
}

void
disk_check(void)
{
	for (size_t i = DISK_COPY; i < DISK_FILES; i++) {
		if (disk.file[i].is_open)
			verdict_violation("the %s is left open",
			    disk.file[i].name);
	}
	if (disk.copy_path[0] != '\0' && disk.file[DISK_COPY].len > 0)
		verdict_violation("the message is left in %s", disk.copy_path);
}

enum disk_file
disk_file_of(int fd)
{
	if (fd < DISK_DESCRIPTOR || fd >= DISK_DESCRIPTOR + DISK_FILES)
		return DISK_FILES;
	if (!disk.file[fd - DISK_DESCRIPTOR].is_open)
		verdict_violation("the %s is used after it was closed",
		    disk.file[fd - DISK_DESCRIPTOR].name);
	return (enum disk_file)(fd - DISK_DESCRIPTOR);
}

int
disk_open_log(int flags)
{
	static const int needed = O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	struct file *file = &disk.file[DISK_LOG];

	if ((flags & needed) != needed || (flags & O_TRUNC) != 0)
		verdict_violation("the log is opened with %#x",
		    (unsigned)flags);
	if (HAS_ERROR(open_errors, "open", file)) {
		disk.facts.log_errors++;
		return -1;
	}
	file->is_open = true;
	file->at = 0;
	return DISK_DESCRIPTOR + DISK_LOG;
}

int
disk_create_copy(char *path)
{
	struct file *file = &disk.file[DISK_COPY];

	if (HAS_ERROR(open_errors, "mkostemp", file)) {
		disk.facts.copy_failed = true;
		return -1;
	}
	memcpy(path + strlen(path) - 6, "random", 6);
	snprintf(disk.copy_path, sizeof disk.copy_path, "%s", path);
	file->len = file->at = 0;
	file->is_open = true;
	return DISK_DESCRIPTOR + DISK_COPY;
}

int
disk_unlink(const char *path)
{
	if (strcmp(path, disk.copy_path) != 0)
		verdict_violation("%s is removed", path);
	if (HAS_ERROR(open_errors, "unlink", &disk.file[DISK_COPY])) {
		disk.facts.copy_failed = true;
		return -1;
	}
	disk.copy_path[0] = '\0';
	return 0;
}

ssize_t
disk_read(enum disk_file number, void *out, size_t len, off_t offset)
{
	struct file *file = &disk.file[number];
	size_t at = offset == AT_POSITION ? file->at : (size_t)offset;
	size_t got;

	if (is_interrupted())
		return -1;
	if (number == DISK_INPUT && !disk.input_is_polled)
		verdict_violation("input is read without a wait");
	if (number == DISK_INPUT && disk.input_is_pipe &&
	    seed_chance(disk.seed, disk.faults)) {
		disk.input_is_polled = false;
		errno = EAGAIN;
		return -1;
	}
	if (HAS_ERROR(read_errors, "read", file)) {
		if (number == DISK_INPUT)
			disk.facts.input_failed = true;
		else
			disk.facts.copy_failed = disk.facts.content_is_lost =
			    true;
		return -1;
	}
	change_file(number);
	got = copy_out(number, at, out, shorten(len));
	if (offset == AT_POSITION)
		file->at += got;
	count_read(number, got);
	return (ssize_t)got;
}

ssize_t
disk_write(enum disk_file number, const void *bytes, size_t len)
{
	struct file *file = &disk.file[number];

	if (is_interrupted())
		return -1;
	if (number == DISK_LOG)
		change_file(number);
	if (len > file->max - file->len ||
	    HAS_ERROR(write_errors, "write", file)) {
		if (number == DISK_LOG)
			disk.facts.log_errors++;
		else
			disk.facts.copy_failed = true;
		return -1;
	}
	len = shorten(len);
	memcpy(file->bytes + file->len, bytes, len);
	file->len += len;
	file->at = file->len;
	return (ssize_t)len;
}

off_t
disk_tell(enum disk_file number)
{
	struct file *file = &disk.file[number];

	return (off_t)file->at;
}

int
disk_stat(enum disk_file number, struct stat *ret_status)
{
	const struct file *file = &disk.file[number];
	bool is_pipe = number == DISK_INPUT && disk.input_is_pipe;

	if (number == DISK_LOG && HAS_ERROR(other_errors, "fstat", file)) {
		disk.facts.log_is_mixed = true;
		return -1;
	}
	*ret_status =
	    (struct stat){.st_mode = (is_pipe ? S_IFIFO : S_IFREG) | 0600,
		.st_size = is_pipe ? 0 : (off_t)file->len};
	return 0;
}

int
disk_truncate(enum disk_file number, off_t len)
{
	struct file *file = &disk.file[number];

	if (HAS_ERROR(other_errors, "ftruncate", file)) {
		disk.facts.log_is_mixed = true;
		return -1;
	}
	file->len = (size_t)len;
	return 0;
}

/* As on Linux, it is closed whatever the result. */
int
disk_close(enum disk_file number)
{
	struct file *file = &disk.file[number];

	file->is_open = false;
	if (is_interrupted())
		return -1;
	if (!HAS_ERROR(write_errors, "close", file))
		return 0;
	disk.facts.log_errors += number == DISK_LOG;
	return -1;
}

void
disk_poll(enum disk_file number)
{
	if (number != DISK_INPUT)
		verdict_violation("the %s is polled", disk.file[number].name);
	disk.input_is_polled = true;
}

static bool
is_interrupted(void)
{
	if (!seed_chance(disk.seed, disk.faults))
		return false;
	errno = EINTR;
	return true;
}

static bool
has_error(const int *errors, size_t count, const char *call,
    const struct file *file)
{
	int number;

	if (!seed_chance(disk.seed, disk.faults / 2))
		return false;
	number = errors[seed_below(disk.seed, (uint32_t)count)];
	verdict_note("disk", "%s of the %s: %s", call, file->name,
	    strerror(number));
	errno = number;
	return true;
}

static size_t
shorten(size_t len)
{
	return len > 1 && seed_chance(disk.seed, disk.faults)
	    ? 1 + seed_below(disk.seed, (uint32_t)len)
	    : len;
}

static void
change_file(enum disk_file number)
{
	struct file *file = &disk.file[number];

	if (file->has_changed || !seed_chance(disk.seed, disk.faults / 2))
		return;
	file->has_changed = true;
	if (number == DISK_INPUT)
		change_input(file);
	else if (number == DISK_LOG)
		change_log(file);
	else
		file->len = seed_below(disk.seed, (uint32_t)file->len + 1);
	verdict_note("disk", "the %s now has %zu bytes", file->name, file->len);
}

/* A pipe brings more, but never takes back. */
static void
change_input(struct file *file)
{
	if (disk.input_is_pipe || seed_chance(disk.seed, 500)) {
		file->len += seed_below(disk.seed, DISK_GROWTH_MAX);
		return;
	}
	disk.facts.input_shrank = true;
	file->len = seed_below(disk.seed, (uint32_t)file->len);
}

/* Before the first byte of a line it does no harm. */
static void
change_log(struct file *file)
{
	size_t len = strlen(disk_other_line);

	if (file->len > 0 && file->bytes[file->len - 1] != '\n')
		disk.facts.log_is_mixed = true;
	memcpy(file->bytes + file->len, disk_other_line, len);
	file->len += len;
	file->bytes[file->len++] = '\n';
}

static size_t
copy_out(enum disk_file number, size_t at, char *out, size_t len)
{
	const struct file *file = &disk.file[number];
	const char *bytes = number == DISK_INPUT ? disk.input : file->bytes;
	size_t left = at < file->len ? file->len - at : 0;
	size_t kept = number == DISK_INPUT ? disk.input_len : file->len;

	if (len > left)
		len = left;
	if (at + len <= kept) {
		memcpy(out, bytes + at, len);
		return len;
	}
	for (size_t i = 0; i < len; i++)
		out[i] = at + i < kept
		    ? bytes[at + i]
		    : disk_growth[(at + i - kept) % strlen(disk_growth)];
	return len;
}

static void
count_read(enum disk_file number, size_t got)
{
	struct disk_facts *facts = &disk.facts;

	if (number != DISK_INPUT) {
		if (got == 0)
			facts->copy_failed = facts->content_is_lost = true;
		return;
	}
	facts->input_len += got;
	if (got == 0 && facts->input_len < disk.input_len)
		facts->input_is_short = true;
}
