/* SPDX-License-Identifier: MIT */
/*
 * Keeps each secret in pages of its own, which can be excluded from core dumps
 * and wiped at once.
 */
#include "base/secret.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"

struct secret {
	size_t len;
	char bytes[SECRET_MAX + 1];
};

struct secret *
secret_new(struct error *err)
{
	struct secret *secret = mmap(NULL, sizeof *secret,
	    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (secret == MAP_FAILED) {
		error_no_memory(err);
		return NULL;
	}
#ifdef MADV_DONTDUMP
	madvise(secret, sizeof *secret, MADV_DONTDUMP);
#endif
	return secret;
}

struct secret *
secret_from(const void *bytes, size_t len, struct error *err)
{
	struct secret *secret = secret_new(err);

	if (secret == NULL || secret_add(secret, bytes, len, err) == 0)
		return secret;
	secret_free(secret);
	return NULL;
}

struct secret *
secret_copy(const struct secret *secret, struct error *err)
{
	return secret_from(secret->bytes, secret->len, err);
}

void
secret_free(struct secret *secret)
{
	if (secret == NULL)
		return;
	secret_wipe(secret->bytes, secret->len);
	munmap(secret, sizeof *secret);
}

int
secret_add(struct secret *secret, const void *bytes, size_t len,
    struct error *err)
{
	if (len > SECRET_MAX - secret->len)
		return error_set(err, ERROR_DATA,
		    "the secret is longer than %d bytes", SECRET_MAX);
	memcpy(secret->bytes + secret->len, bytes, len);
	secret->len += len;
	secret->bytes[secret->len] = '\0';
	return 0;
}

int
secret_add_text(struct secret *secret, const char *text, struct error *err)
{
	return secret_add(secret, text, strlen(text), err);
}

int
secret_read(struct secret *secret, int fd, int64_t deadline_ms,
    struct error *err)
{
	for (;;) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		int left_ms = clock_left_ms(deadline_ms);
		int count = poll(&ready, 1, left_ms);
		ssize_t got;

		if (count == 0 || left_ms == 0)
			return error_set(err, ERROR_TEMPORARY,
			    "timed out while reading a secret");
		/* Without POLLIN, read could block. */
		if (count == -1 && errno == EINTR)
			continue;
		got = read(fd, secret->bytes + secret->len,
		    SECRET_MAX - secret->len);
		if (got == -1 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (got == -1)
			return error_set_errno(err, ERROR_IO,
			    "cannot read a secret");
		if (got == 0)
			return 0;
		secret->len += (size_t)got;
		secret->bytes[secret->len] = '\0';
		if (secret->len == SECRET_MAX)
			return error_set(err, ERROR_DATA,
			    "the secret is longer than %d bytes",
			    SECRET_MAX - 1);
	}
}

void
secret_truncate(struct secret *secret, size_t len)
{
	secret_wipe(secret->bytes + len, secret->len - len);
	secret->len = len;
}

void
secret_cut_line(struct secret *secret)
{
	size_t end = strcspn(secret->bytes, "\r\n");

	if (end < secret->len)
		secret_truncate(secret, end);
}

const char *
secret_bytes(const struct secret *secret)
{
	return secret->bytes;
}

size_t
secret_len(const struct secret *secret)
{
	return secret->len;
}

bool
secret_equals(const struct secret *a, const struct secret *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

void
secret_wipe(void *bytes, size_t len)
{
	if (len == 0)
		return;
#ifdef HAVE_EXPLICIT_BZERO
	explicit_bzero(bytes, len);
#else
	memset_s(bytes, len, 0, len);
#endif
}
