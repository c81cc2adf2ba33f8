/* SPDX-License-Identifier: MIT */
/*
 * Three names, the files that they had since the directory was synced, and the
 * content of each file that is on disk.
 */
#include "queue-disk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "verdict.h"

enum {
	NAMES = 3,
	FILES = 64,
	OPEN_MAX_FILES = 8,
	PENDING_MAX = 64,
	SMALL_SIZE = 65536,
	LARGE_SIZE = 4 << 20,
	NONE = -1
};

static const char *const suffixes[NAMES] = {".message", ".new", ".state"};

struct file {
	char *bytes;
	size_t len, kept_len;
	bool is_kept; /* synced since it was written */
	bool is_locked;
};

static char large[LARGE_SIZE];
static char small[FILES][SMALL_SIZE];

static struct {
	struct seed *seed;
	uint32_t faults, step, crash_step;
	bool is_dead;
	struct file file[FILES];
	int now[NAMES], kept[NAMES];
	struct {
		int name, file;
	} pending[PENDING_MAX];
	size_t pending_count;
	struct {
		int file;
		size_t offset;
	} open[OPEN_MAX_FILES];
} disk;

static int fail_or_die(int number);
static int free_descriptor(void);
static void crash(void);
static void lose_content(struct file *file);
static int find_name(const char *name);
static void set_name(int name, int file);
static int new_file(int name);
static bool is_used(int file);
static struct file *file_of(int fd);

void
queue_disk_init(struct seed *seed, uint32_t faults)
{
	memset(&disk, 0, sizeof disk);
	disk.seed = seed;
	for (int i = 0; i < NAMES; i++)
		disk.now[i] = disk.kept[i] = NONE;
	for (int i = 0; i < FILES; i++)
		disk.file[i].bytes = small[i];
	queue_disk_start(0, faults);
}

bool
queue_disk_start(uint32_t crash_step, uint32_t faults)
{
	bool was_dead = disk.is_dead;

	disk.is_dead = false;
	disk.step = 0;
	disk.crash_step = crash_step;
	disk.faults = faults;
	for (int i = 0; i < OPEN_MAX_FILES; i++)
		disk.open[i].file = NONE;
	for (int i = 0; i < FILES; i++)
		disk.file[i].is_locked = false;
	return was_dead;
}

bool
queue_disk_is_dead(void)
{
	if (!disk.is_dead && ++disk.step == disk.crash_step)
		crash();
	return disk.is_dead;
}

bool
queue_disk_has(int fd)
{
	return fd >= QUEUE_DISK_DIRECTORY &&
	    fd <= QUEUE_DISK_DIRECTORY + OPEN_MAX_FILES;
}

int
queue_disk_open(const char *name, int flags)
{
	int slot = find_name(name);
	int fd;

	if (fail_or_die(ENOSPC) == -1)
		return -1;
	if (disk.now[slot] != NONE && (flags & O_EXCL) != 0) {
		errno = EEXIST;
		return -1;
	}
	if (disk.now[slot] == NONE && (flags & O_CREAT) == 0) {
		errno = ENOENT;
		return -1;
	}
	if (disk.now[slot] == NONE)
		set_name(slot, new_file(slot));
	fd = free_descriptor();
	disk.open[fd].file = disk.now[slot];
	disk.open[fd].offset = 0;
	return QUEUE_DISK_DIRECTORY + 1 + fd;
}

ssize_t
queue_disk_read(int fd, void *out, size_t len)
{
	struct file *file = file_of(fd);
	size_t *offset = &disk.open[fd - QUEUE_DISK_DIRECTORY - 1].offset;

	if (fail_or_die(EIO) == -1)
		return -1;
	if (len > file->len - *offset)
		len = file->len - *offset;
	memcpy(out, file->bytes + *offset, len);
	*offset += len;
	return (ssize_t)len;
}

ssize_t
queue_disk_write(int fd, const void *bytes, size_t len)
{
	struct file *file = file_of(fd);
	size_t size = file->bytes == large ? LARGE_SIZE : SMALL_SIZE;

	if (fail_or_die(ENOSPC) == -1)
		return -1;
	if (len > 1 && seed_chance(disk.seed, disk.faults))
		len = 1 + seed_below(disk.seed, (uint32_t)len - 1);
	if (len > size - file->len)
		verdict_violation("a file of the queue is too large");
	memcpy(file->bytes + file->len, bytes, len);
	file->len += len;
	file->is_kept = false;
	return (ssize_t)len;
}

int
queue_disk_sync(int fd)
{
	if (fail_or_die(EIO) == -1)
		return -1;
	if (fd == QUEUE_DISK_DIRECTORY) {
		memcpy(disk.kept, disk.now, sizeof disk.kept);
		disk.pending_count = 0;
	} else {
		file_of(fd)->is_kept = true;
		file_of(fd)->kept_len = file_of(fd)->len;
	}
	return 0;
}

int
queue_disk_rename(const char *from, const char *to)
{
	if (fail_or_die(EIO) == -1)
		return -1;
	set_name(find_name(to), disk.now[find_name(from)]);
	set_name(find_name(from), NONE);
	return 0;
}

int
queue_disk_unlink(const char *name)
{
	if (fail_or_die(EIO) == -1)
		return -1;
	errno = ENOENT;
	if (disk.now[find_name(name)] == NONE)
		return -1;
	set_name(find_name(name), NONE);
	return 0;
}

int
queue_disk_access(const char *name)
{
	if (fail_or_die(EIO) == -1)
		return -1;
	errno = ENOENT;
	return disk.now[find_name(name)] != NONE ? 0 : -1;
}

int
queue_disk_stat(int fd, struct stat *ret_status)
{
	int file = disk.open[fd - QUEUE_DISK_DIRECTORY - 1].file;

	memset(ret_status, 0, sizeof *ret_status);
	ret_status->st_mode = S_IFREG | 0600;
	for (int i = 0; i < NAMES; i++)
		ret_status->st_nlink += disk.now[i] == file;
	return fail_or_die(EIO);
}

int
queue_disk_lock(int fd, bool is_locked)
{
	if (fail_or_die(ENOLCK) == -1)
		return -1;
	errno = EAGAIN;
	if (is_locked && file_of(fd)->is_locked)
		return -1;
	file_of(fd)->is_locked = is_locked;
	return 0;
}

int
queue_disk_close(int fd)
{
	disk.open[fd - QUEUE_DISK_DIRECTORY - 1].file = NONE;
	return 0;
}

/* Sets errno. */
static int
fail_or_die(int number)
{
	errno = EIO;
	if (queue_disk_is_dead())
		return -1;
	errno = number;
	return seed_chance(disk.seed, disk.faults) ? -1 : 0;
}

static int
free_descriptor(void)
{
	for (int fd = 0; fd < OPEN_MAX_FILES; fd++) {
		if (disk.open[fd].file == NONE)
			return fd;
	}
	verdict_violation("too many files are open");
}

static void
crash(void)
{
	bool is_power_cut = seed_chance(disk.seed, 700);

	disk.is_dead = true;
	verdict_note("crash", is_power_cut ? "the power fails" : "killed");
	for (size_t i = 0; is_power_cut && i < disk.pending_count; i++) {
		if (seed_chance(disk.seed, 500))
			disk.kept[disk.pending[i].name] = disk.pending[i].file;
	}
	if (is_power_cut)
		memcpy(disk.now, disk.kept, sizeof disk.now);
	for (int i = 0; is_power_cut && i < FILES; i++)
		lose_content(&disk.file[i]);
	if (is_power_cut)
		disk.pending_count = 0;
}

/* What was not synced is on disk, in part, as zeros or not at all. */
static void
lose_content(struct file *file)
{
	switch (file->is_kept ? 0 : seed_below(disk.seed, 4)) {
	case 1:
		file->len = file->kept_len;
		break;
	case 2:
		file->len -= (file->len - file->kept_len) / 2;
		break;
	case 3:
		memset(file->bytes + file->kept_len, 0,
		    file->len - file->kept_len);
		break;
	}
	file->kept_len = file->len;
	file->is_kept = true;
}

static int
find_name(const char *name)
{
	for (int i = 0; i < NAMES; i++) {
		if (strstr(name, suffixes[i]) != NULL)
			return i;
	}
	verdict_violation("the queue uses a file %s", name);
	return 0;
}

static void
set_name(int name, int file)
{
	if (disk.pending_count == PENDING_MAX)
		verdict_violation("the directory of the queue is not synced");
	disk.now[name] = file;
	disk.pending[disk.pending_count].name = name;
	disk.pending[disk.pending_count++].file = file;
}

static int
new_file(int name)
{
	int file = 0;

	while (file < FILES && is_used(file))
		file++;
	if (file == FILES)
		verdict_violation("too many files are in the queue");
	disk.file[file] =
	    (struct file){.bytes = name == 0 ? large : small[file],
		.is_kept = false};
	return file;
}

static bool
is_used(int file)
{
	bool found = false;

	for (int i = 0; i < NAMES; i++)
		found |= disk.now[i] == file || disk.kept[i] == file;
	for (size_t i = 0; i < disk.pending_count; i++)
		found |= disk.pending[i].file == file;
	for (int i = 0; i < OPEN_MAX_FILES; i++)
		found |= disk.open[i].file == file;
	return found;
}

static struct file *
file_of(int fd)
{
	return &disk.file[disk.open[fd - QUEUE_DISK_DIRECTORY - 1].file];
}
