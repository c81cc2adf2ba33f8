/* SPDX-License-Identifier: MIT */
/*
 * Looks up host names. getaddrinfo has no time limit, so it runs in the
 * background. Addresses need no thread.
 */
#include "smtp/resolve.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <idn2.h>

#include "base/background.h"

enum {
	RESERVE_SIZE = 64 * 1024
};

struct lookup {
	char *host;
	char service[8];
	int failure;
	int failure_errno;
	struct addrinfo *addresses;
};

static int lookup_addresses(const char *host, const char *service, int flags,
    struct addrinfo **ret_addresses);
static struct lookup *lookup_new(const char *host, const char *service,
    struct error *err);
static void lookup_run(void *argument);
static void lookup_free(void *argument);
static int lookup_explain(const char *host, int failure, int failure_errno,
    struct error *err);

int
resolve_host(const char *host, uint16_t port, int64_t deadline_ms,
    struct addrinfo **ret_addresses, struct error *err)
{
	static const struct background_job job = {lookup_run, lookup_free};
	char service[8];
	struct lookup *lookup;
	int result = 0;

	snprintf(service, sizeof service, "%u", (unsigned)port);
	if (lookup_addresses(host, service, AI_NUMERICHOST, ret_addresses) == 0)
		return 0;
	lookup = lookup_new(host, service, err);
	if (lookup == NULL)
		return -1;
	if (background_run(&job, lookup, deadline_ms, err) == -1)
		return err->code != ERROR_TEMPORARY
		    ? -1
		    : error_set(err, ERROR_TEMPORARY,
			  "%s: waiting for the name servers took too long",
			  host);
	if (lookup->failure != 0) {
		result = lookup_explain(host, lookup->failure,
		    lookup->failure_errno, err);
	} else {
		*ret_addresses = lookup->addresses;
		lookup->addresses = NULL;
	}
	lookup_free(lookup);
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

/* Returns a new lookup, with the name as A-labels. */
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
	memcpy(lookup->service, service, sizeof lookup->service);
	return lookup;
}

static void
lookup_run(void *argument)
{
	struct lookup *lookup = argument;
	/* glibc 2.36 reads a null pointer if the first allocation of a lookup
	 * fails: what is freed here is left for it. */
	void *volatile reserve = malloc(RESERVE_SIZE);

	lookup->failure = EAI_MEMORY;
	if (reserve == NULL)
		return;
	free(reserve);
	errno = 0;
	lookup->failure = lookup_addresses(lookup->host, lookup->service,
	    AI_ADDRCONFIG, &lookup->addresses);
	/* AI_ADDRCONFIG finds no loopback name without a network. */
	if (lookup->failure == EAI_NONAME || lookup->failure == EAI_ADDRFAMILY)
		lookup->failure = lookup_addresses(lookup->host,
		    lookup->service, 0, &lookup->addresses);
	lookup->failure_errno = errno;
}

static void
lookup_free(void *argument)
{
	struct lookup *lookup = argument;

	if (lookup->addresses != NULL)
		freeaddrinfo(lookup->addresses);
	free(lookup->host);
	free(lookup);
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
	if (failure == EAI_AGAIN || failure == EAI_FAIL)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: the name servers do not respond", host);
#ifdef EAI_NODATA
	if (failure == EAI_NODATA)
		return error_set(err, ERROR_NO_HOST,
		    "%s: the name has no address", host);
#endif
	return error_set(err, ERROR_NO_HOST, "%s: there is no such host", host);
}
