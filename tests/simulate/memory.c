/* SPDX-License-Identifier: MIT */
/*
 * Replaces glibc's malloc by itself, with a counter.
 */
#include "memory.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

static size_t used, peak;

#if !defined __SANITIZE_ADDRESS__ && !defined __clang__

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

static void *
count_block(void *block)
{
	used += block != NULL ? malloc_usable_size(block) : 0;
	if (used > peak)
		peak = used;
	return block;
}

static void
discount_block(void *block)
{
	used -= block != NULL ? malloc_usable_size(block) : 0;
}

void *
malloc(size_t size)
{
	return count_block(__libc_malloc(size));
}

void *
calloc(size_t number, size_t size)
{
	return count_block(__libc_calloc(number, size));
}

void *
realloc(void *block, size_t size)
{
	discount_block(block);
	return count_block(__libc_realloc(block, size));
}

void
free(void *block)
{
	int saved = errno;

	discount_block(block);
	__libc_free(block);
	errno = saved;
}

#endif

size_t
memory_used(void)
{
	return used;
}

size_t
memory_peak(void)
{
	return peak;
}

void
memory_reset(void)
{
	peak = used;
}
