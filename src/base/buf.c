/* SPDX-License-Identifier: MIT */
/*
 * Implements strings that grow up to a limit, so that no peer can exhaust the
 * memory.
 */
#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
buf_init(struct buf *buf, size_t max)
{
	memset(buf, 0, sizeof *buf);
	buf->max = max;
}

void
buf_done(struct buf *buf)
{
	free(buf->data);
	buf_init(buf, buf->max);
}

void
buf_clear(struct buf *buf)
{
	buf->len = 0;
	if (buf->data != NULL)
		buf->data[0] = '\0';
}

int
buf_add(struct buf *buf, const void *bytes, size_t len, struct error *err)
{
	if (buf_reserve(buf, len, err) == -1)
		return -1;
	if (len > 0)
		memcpy(buf->data + buf->len, bytes, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
	return 0;
}

int
buf_add_text(struct buf *buf, const char *text, struct error *err)
{
	return buf_add(buf, text, strlen(text), err);
}

int
buf_addf(struct buf *buf, struct error *err, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(len >= 0);
	if (buf_reserve(buf, (size_t)len, err) == -1)
		return -1;
	va_start(args, format);
	vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
	va_end(args);
	buf->len += (size_t)len;
	return 0;
}

int
buf_add_encoded(struct buf *buf, const char *text, const char *safe,
    struct error *err)
{
	static const char alnum[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	for (; *text != '\0'; text++) {
		bool is_safe =
		    strchr(alnum, *text) != NULL || strchr(safe, *text) != NULL;

		if (buf_addf(buf, err, is_safe ? "%c" : "%%%02X",
			(unsigned char)*text) == -1)
			return -1;
	}
	return 0;
}

int
buf_reserve(struct buf *buf, size_t len, struct error *err)
{
	size_t size = buf->size > 0 ? buf->size : 64;
	char *grown;

	if (len > buf->max || buf->len > buf->max - len)
		return error_set(err, ERROR_DATA, "longer than %zu bytes",
		    buf->max);
	if (buf->data != NULL && buf->len + len < buf->size)
		return 0;
	while (size <= buf->len + len)
		size *= 2;
	grown = realloc(buf->data, size);
	if (grown == NULL)
		return error_no_memory(err);
	buf->data = grown;
	buf->size = size;
	buf->data[buf->len] = '\0';
	return 0;
}

void
buf_drop(struct buf *buf, size_t len)
{
	assert(len <= buf->len);
	if (len == 0)
		return;
	memmove(buf->data, buf->data + len, buf->len - len);
	buf->len -= len;
	buf->data[buf->len] = '\0';
}

const char *
buf_text(const struct buf *buf)
{
	return buf->data != NULL ? buf->data : "";
}

char *
buf_take(struct buf *buf)
{
	char *data = buf->data != NULL ? buf->data : calloc(1, 1);

	buf_init(buf, buf->max);
	return data;
}
