/* SPDX-License-Identifier: MIT */
/*
 * Replaces base/clock.c and smtp/tls.c as a whole, and by the linker's --wrap
 * the functions of the C library that the session uses on its socket.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "base/clock.h"
#include "smtp/tls.h"

#include "network.h"

struct tls {
	const struct smtp_params *params;
};

ssize_t __wrap_send(int fd, const void *bytes, size_t len, int flags);
ssize_t __wrap_recv(int fd, void *out, size_t len, int flags);
int __wrap_close(int fd);
int __real_close(int fd);
int __wrap_getentropy(void *out, size_t len);

ssize_t
__wrap_send(int fd, const void *bytes, size_t len, int flags)
{
	(void)fd;
	(void)flags;
	return network_send(bytes, len);
}

ssize_t
__wrap_recv(int fd, void *out, size_t len, int flags)
{
	(void)fd;
	(void)flags;
	return network_receive(out, len);
}

int
__wrap_close(int fd)
{
	return network_is(fd) ? 0 : __real_close(fd);
}

/* The delay of a retry is the same in each replay. */
int
__wrap_getentropy(void *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((unsigned char *)out)[i] = (unsigned char)i;
	return 0;
}

int64_t
clock_now_ms(void)
{
	return network_now_ms();
}

int
clock_left_ms(int64_t deadline_ms)
{
	int64_t left_ms = deadline_ms - network_now_ms();

	return left_ms < 0 ? 0 : left_ms > INT_MAX ? INT_MAX : (int)left_ms;
}

int64_t
clock_earlier_ms(int64_t a_ms, int64_t b_ms)
{
	return a_ms < b_ms ? a_ms : b_ms;
}

void
clock_sleep_until(int64_t deadline_ms)
{
	network_sleep_until(deadline_ms);
}

void
clock_date(time_t moment, char out[CLOCK_DATE_SIZE])
{
	(void)moment;
	snprintf(out, CLOCK_DATE_SIZE, "Thu, 1 Jan 1970 00:00:00 +0000");
}

struct tls *
tls_new(const struct smtp_params *params, int fd, struct error *err)
{
	struct tls *tls = malloc(sizeof *tls);

	(void)fd;
	if (tls == NULL) {
		error_no_memory(err);
		return NULL;
	}
	tls->params = params;
	return tls;
}

void
tls_free(struct tls *tls)
{
	free(tls);
}

int
tls_handshake(struct tls *tls, struct error *err)
{
	switch (network_handshake()) {
	case 1:
		return 0;
	case 0:
		err->code = ERROR_NONE;
		return -1;
	default:
		return error_set(err, ERROR_SECURITY,
		    "%s: the handshake failed", tls->params->host);
	}
}

bool
tls_wants_to_write(const struct tls *tls)
{
	(void)tls;
	return false;
}

long
tls_send(struct tls *tls, const void *bytes, size_t len, struct error *err)
{
	long sent = network_send(bytes, len);

	if (sent >= 0)
		return sent;
	if (errno == EAGAIN)
		return 0;
	return error_set(err, ERROR_TEMPORARY, "%s: sending",
	    tls->params->host);
}

long
tls_receive(struct tls *tls, void *out, size_t len, bool *ret_ended,
    struct error *err)
{
	long got = network_receive(out, len);

	if (got == 0)
		*ret_ended = true;
	if (got >= 0)
		return got;
	if (errno == EAGAIN)
		return 0;
	return error_set(err, ERROR_TEMPORARY, "%s: receiving",
	    tls->params->host);
}

bool
tls_has_pending(const struct tls *tls)
{
	return tls != NULL && network_has_pending();
}

bool
tls_get_binding(const struct tls *tls, struct tls_binding *binding)
{
	(void)tls;
	(void)binding;
	return false;
}

const char *
tls_description(const struct tls *tls)
{
	(void)tls;
	return "simulated TLS";
}

struct gnutls_session_int *
tls_session(const struct tls *tls)
{
	(void)tls;
	return NULL;
}
