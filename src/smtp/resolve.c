/* SPDX-License-Identifier: MIT */
/*
 * Looks up host names. getaddrinfo has no time limit, so it runs in a thread
 * that is abandoned at the deadline. Addresses need no thread.
 */
#include "smtp/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <idn2.h>

#include "smtp/socket.h"

enum {
	STACK_SIZE = 1 << 20 /* the default, 8 MB, may exceed a memory limit */
};

/* Shared by the caller and the thread; the last holder frees it. */
struct lookup {
	atomic_int holders;
	char *host;
	char service[8];
	int done[2]; /* a pipe; the thread closes its end when done */
	int failure;
	int failure_errno;
	struct addrinfo *addresses;
};

static int lookup_addresses(const char *host, const char *service, int flags,
    struct addrinfo **ret_addresses);
static struct lookup *lookup_new(const char *host, const char *service,
    struct error *err);
static int lookup_start(struct lookup *lookup, struct error *err);
static void lookup_release(struct lookup *lookup);
static void *lookup_run(void *argument);
static int lookup_explain(const char *host, int failure, int failure_errno,
    struct error *err);

int
resolve_host(const char *host, uint16_t port, int64_t deadline_ms,
    struct addrinfo **ret_addresses, struct error *err)
{
	char service[8];
	struct lookup *lookup;
	int result = -1;

	snprintf(service, sizeof service, "%u", (unsigned)port);
	if (lookup_addresses(host, service, AI_NUMERICHOST, ret_addresses) == 0)
		return 0;
	lookup = lookup_new(host, service, err);
	if (lookup == NULL)
		return -1;
	if (lookup_start(lookup, err) == -1 ||
	    socket_wait(lookup->done[0], POLLIN, deadline_ms, host,
		"the name servers", err) == -1)
		goto out;
	if (lookup->failure != 0) {
		lookup_explain(host, lookup->failure, lookup->failure_errno,
		    err);
		goto out;
	}
	*ret_addresses = lookup->addresses;
	lookup->addresses = NULL;
	result = 0;
out:
	lookup_release(lookup);
	return result;
}

char *
resolve_ascii(const char *host, struct error *err)
{
	char *ascii = NULL;
	char *copy;
	int failure = idn2_to_ascii_8z(host, &ascii,
	    IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);

	if (failure != IDN2_OK && failure != IDN2_MALLOC) {
		error_set(err, ERROR_CONFIG, "%s: not a host name", host);
		return NULL;
	}
	copy = ascii != NULL ? strdup(ascii) : NULL;
	idn2_free(ascii);
	if (copy == NULL)
		error_no_memory(err);
	return copy;
}

static int
lookup_addresses(const char *host, const char *service, int flags,
    struct addrinfo **ret_addresses)
{
	struct addrinfo wanted = {.ai_family = AF_UNSPEC,
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = flags | AI_NUMERICSERV};

	return getaddrinfo(host, service, &wanted, ret_addresses);
}

/* Returns a new lookup, held by the caller, with the name as A-labels. */
static struct lookup *
lookup_new(const char *host, const char *service, struct error *err)
{
	struct lookup *lookup = calloc(1, sizeof *lookup);

	if (lookup == NULL) {
		error_no_memory(err);
		return NULL;
	}
	lookup->host = resolve_ascii(host, err);
	if (lookup->host == NULL) {
		free(lookup);
		return NULL;
	}
	if (pipe2(lookup->done, O_CLOEXEC) == -1) {
		error_set_errno(err, ERROR_SYSTEM, "a pipe");
		free(lookup->host);
		free(lookup);
		return NULL;
	}
	memcpy(lookup->service, service, sizeof lookup->service);
	atomic_init(&lookup->holders, 1);
	return lookup;
}

static int
lookup_start(struct lookup *lookup, struct error *err)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int failure;

	atomic_store(&lookup->holders, 2);
	failure = pthread_attr_init(&attributes);
	if (failure == 0) {
		pthread_attr_setstacksize(&attributes, STACK_SIZE);
		failure =
		    pthread_create(&thread, &attributes, lookup_run, lookup);
		pthread_attr_destroy(&attributes);
	}
	if (failure != 0) {
		atomic_store(&lookup->holders, 1);
		close(lookup->done[1]);
		return error_set(err, ERROR_SYSTEM, "can't start a thread");
	}
	pthread_detach(thread);
	return 0;
}

static void
lookup_release(struct lookup *lookup)
{
	if (atomic_fetch_sub(&lookup->holders, 1) > 1)
		return;
	if (lookup->addresses != NULL)
		freeaddrinfo(lookup->addresses);
	free(lookup->host);
	close(lookup->done[0]);
	free(lookup);
}

static void *
lookup_run(void *argument)
{
	struct lookup *lookup = argument;

	errno = 0;
	lookup->failure = lookup_addresses(lookup->host, lookup->service,
	    AI_ADDRCONFIG, &lookup->addresses);
	/* AI_ADDRCONFIG finds no loopback name without a network. */
	if (lookup->failure == EAI_NONAME || lookup->failure == EAI_ADDRFAMILY)
		lookup->failure = lookup_addresses(lookup->host,
		    lookup->service, 0, &lookup->addresses);
	lookup->failure_errno = errno;
	close(lookup->done[1]);
	lookup_release(lookup);
	return NULL;
}

static int
lookup_explain(const char *host, int failure, int failure_errno,
    struct error *err)
{
	errno = failure_errno;
	/* glibc calls a name unknown if it cannot open its files. */
	if (failure == EAI_SYSTEM || error_is_shortage(errno))
		return error_set_errno(err, ERROR_TEMPORARY,
		    "%s: looking up the name", host);
	if (failure == EAI_MEMORY)
		return error_no_memory(err);
	if (failure == EAI_AGAIN || failure == EAI_FAIL) {
		error_set(err, ERROR_TEMPORARY,
		    "%s: the name servers do not respond", host);
		return error_hint(err, "check the network connection");
	}
	error_set(err, ERROR_NO_HOST, "%s: there is no such host", host);
	return error_hint(err, "check the spelling of the host");
}
