/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a program, makes one of its allocations fail: that with the
 * number FAIL_ALLOCATION_NUMBER, in the program FAIL_ALLOCATION_PROGRAM. Who
 * asked for it is written to the file FAIL_ALLOCATION_TRACE as a line of return
 * addresses, innermost first: "NUMBER OBJECT+OFFSET(FUNCTION) ...". With the
 * number 0, no allocation fails and all are written. If the program crashes
 * after that, a line "crash ..." says where.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	FRAMES_MAX = 24,
	TRACE_FD_MIN = 64, /* higher than what the program uses */
	LINE_MAX_SIZE = 8192
};

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_bool is_counting;
static atomic_ulong *count; /* shared with forked processes */
static unsigned long number;
static int trace_fd;
static const void *program;
static __thread bool is_tracing;

static const void *
object_of(const void *address)
{
	Dl_info info;

	return dladdr(address, &info) != 0 ? info.dli_fbase : NULL;
}

static void
write_trace(const char *what)
{
	void *frame[FRAMES_MAX];
	int frames = backtrace(frame, FRAMES_MAX);
	char line[LINE_MAX_SIZE];
	size_t len = (size_t)snprintf(line, sizeof line, "%s", what);

	for (int i = 0; i < frames && len < sizeof line - 512; i++) {
		Dl_info info;
		const char *slash;

		if (dladdr(frame[i], &info) == 0 ||
		    info.dli_fbase == object_of((void *)write_trace))
			continue;
		slash = strrchr(info.dli_fname, '/');
		len += (size_t)snprintf(line + len, 256, " %.80s+0x%lx(%.100s)",
		    slash != NULL ? slash + 1 : info.dli_fname,
		    (unsigned long)((char *)frame[i] - (char *)info.dli_fbase),
		    info.dli_sname != NULL ? info.dli_sname : "");
	}
	line[len++] = '\n';
	if (write(trace_fd, line, len) == -1)
		abort();
}

/* Now: a process that has confined itself can't open it. */
static void
open_trace(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	trace_fd = fcntl(fd, F_DUPFD_CLOEXEC, TRACE_FD_MIN);
	if (trace_fd == -1)
		abort();
	close(fd);
}

static void
on_crash(int signal_number)
{
	is_tracing = true;
	write_trace("crash");
	raise(signal_number);
}

__attribute__((constructor)) static void
start(void)
{
	const char *name = getenv("FAIL_ALLOCATION_PROGRAM");
	const char *text = getenv("FAIL_ALLOCATION_NUMBER");
	const char *trace = getenv("FAIL_ALLOCATION_TRACE");
	const struct sigaction crash = {.sa_handler = on_crash,
	    .sa_flags = (int)SA_RESETHAND};
	void *frame[1];

	if (name == NULL || text == NULL || trace == NULL ||
	    strcmp(name, program_invocation_short_name) != 0)
		return;
	count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (count == MAP_FAILED)
		abort();
	open_trace(trace);
	number = strtoul(text, NULL, 10);
	if (number != 0) {
		sigaction(SIGSEGV, &crash, NULL);
		sigaction(SIGABRT, &crash, NULL);
		sigaction(SIGTRAP, &crash, NULL);
	}
	/* The first call loads a library. */
	backtrace(frame, 1);
	program = object_of((void *)getauxval(AT_ENTRY));
	atomic_store(&is_counting, true);
}

static bool
must_fail(void)
{
	int saved = errno;
	unsigned long at;
	char text[24];

	if (!atomic_load(&is_counting) || is_tracing)
		return false;
	at = atomic_fetch_add(count, 1) + 1;
	if (number != 0 && at != number)
		return false;
	is_tracing = true;
	snprintf(text, sizeof text, "%lu", at);
	write_trace(text);
	is_tracing = false;
	errno = number != 0 ? ENOMEM : saved;
	return number != 0;
}

void *
malloc(size_t size)
{
	return must_fail() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t members, size_t size)
{
	return must_fail() ? NULL : __libc_calloc(members, size);
}

void *
realloc(void *old, size_t size)
{
	return must_fail() ? NULL : __libc_realloc(old, size);
}

void *
memalign(size_t alignment, size_t size)
{
	return must_fail() ? NULL : __libc_memalign(alignment, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return must_fail() ? NULL : __libc_memalign(alignment, size);
}

int
posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
	void *memory = must_fail() ? NULL : __libc_memalign(alignment, size);

	if (memory == NULL)
		return ENOMEM;
	*ret_memory = memory;
	return 0;
}

/* Of mmap, only the program's own: its secrets. */
void *
mmap(void *address, size_t len, int protection, int flags, int fd, off_t offset)
{
	if (atomic_load(&is_counting) &&
	    object_of(__builtin_return_address(0)) == program && must_fail())
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, address, len, protection, flags, fd,
	    offset);
}
