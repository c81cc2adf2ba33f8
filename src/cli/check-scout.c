/* SPDX-License-Identifier: MIT */
/*
 * Starts the process and passes its results. They have a time limit each, and
 * the process dies with its parent.
 */
#include "cli/check-scout.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/sandbox.h"
#include "cli/check-dns.h"
#include "cli/check-ports.h"
#include "credential/credential.h"
#include "smtp/reach.h"
#include "smtp/resolve.h"

enum {
	REACH_MS = 2000,
	PORTS_MS = 15000,
	PATIENCE_MS = 3000, /* for the connection of the session */
	TAG_SIZE = 1
};

/* What a result is, before it; and the requests for the ports. */
enum scout_tag {
	SCOUT_ADDRESSES = 'a',
	SCOUT_DNS = 'd',
	SCOUT_PORTS = 'p',
	SCOUT_OTHER_PORTS = 'o', /* not the account's own in another mode */
	SCOUT_CONNECTED = 'c'    /* the session is; no answer */
};

static void scout_run(int fd, const struct route *route);
static bool scout_await_request(int fd, int timeout_ms);
static void scout_answer_requests(int fd, const struct account *account,
    const struct addrinfo *server);
static void scout_confine(const struct route *route);
static void scout_reach(const struct addrinfo *server,
    struct check_addresses *addresses);
static void scout_set_address(struct check_addresses *addresses,
    const struct reach *reach);
static bool scout_is_loopback(const struct addrinfo *entry);
static void scout_write(int fd, enum scout_tag tag, const void *bytes,
    size_t size);
static bool scout_read(struct check_scout *scout, enum scout_tag tag, void *out,
    size_t size, int64_t deadline_ms);
static bool scout_read_all(int fd, void *out, size_t size, int64_t deadline_ms);

void
check_scout_start(struct check_scout *scout, const struct route *route)
{
	int ends[2];
	pid_t pid;

	scout->fd = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
		return;
	pid = fork();
	if (pid == 0) {
		process_end_with_parent();
		close(ends[0]);
		scout_run(ends[1], route);
		_exit(0);
	}
	close(ends[1]);
	if (pid == -1)
		close(ends[0]);
	else
		scout->fd = ends[0];
}

bool
check_scout_await_addresses(struct check_scout *scout,
    struct check_addresses *addresses, int64_t deadline_ms)
{
	if (!scout_read(scout, SCOUT_ADDRESSES, addresses, sizeof *addresses,
		deadline_ms))
		return false;
	check_addresses_make_safe(addresses);
	return addresses->count > 0;
}

bool
check_scout_await_dns(struct check_scout *scout, struct check_dns *dns,
    int64_t deadline_ms)
{
	if (!scout_read(scout, SCOUT_DNS, dns, sizeof *dns, deadline_ms))
		return false;
	check_dns_make_safe(dns);
	return true;
}

void
check_scout_note_connection(struct check_scout *scout)
{
	static const char tag = SCOUT_CONNECTED;

	if (scout->fd != -1)
		(void)!send(scout->fd, &tag, sizeof tag, MSG_NOSIGNAL);
}

bool
check_scout_try_ports(struct check_scout *scout, bool own_port_answers,
    struct check_ports *ports)
{
	char tag = own_port_answers ? SCOUT_PORTS : SCOUT_OTHER_PORTS;

	if (scout->fd == -1 ||
	    send(scout->fd, &tag, sizeof tag, MSG_NOSIGNAL) != sizeof tag ||
	    !scout_read(scout, SCOUT_PORTS, ports, sizeof *ports,
		clock_now_ms() + PORTS_MS))
		return false;
	check_ports_make_safe(ports);
	return true;
}

void
check_scout_end(struct check_scout *scout)
{
	if (scout->fd != -1)
		close(scout->fd);
	scout->fd = -1;
}

/* The process. It ends when it is asked for nothing more. */
static void
scout_run(int fd, const struct route *route)
{
	const struct account *account = route->account;
	struct check_addresses addresses;
	struct check_dns_lookup lookup;
	struct check_dns dns;
	struct addrinfo *server = NULL;
	struct error ignored;

	scout_confine(route);
	check_dns_start(&lookup, &dns, account);
	resolve_host(account->text[SETTING_HOST],
	    (uint16_t)account_number(account, SETTING_PORT),
	    clock_now_ms() + REACH_MS, &server, &ignored);
	check_dns_start_client(&lookup, account, server);
	scout_reach(server, &addresses);
	scout_write(fd, SCOUT_ADDRESSES, &addresses, sizeof addresses);
	check_dns_await(&lookup);
	scout_write(fd, SCOUT_DNS, &dns, sizeof dns);
	scout_answer_requests(fd, account, server);
	if (server != NULL)
		freeaddrinfo(server);
}

/* While the session waits for a port that does not answer, the others are tried
 * already, so that the user need not wait for them as well. */
static void
scout_answer_requests(int fd, const struct account *account,
    const struct addrinfo *server)
{
	struct check_ports ports;
	bool is_known = !scout_await_request(fd, PATIENCE_MS);
	char request;

	if (is_known)
		check_ports_try(&ports, account, server, false);
	while (read(fd, &request, sizeof request) == sizeof request) {
		if (request == SCOUT_CONNECTED)
			continue;
		if (!is_known || request == SCOUT_PORTS)
			check_ports_try(&ports, account, server,
			    request == SCOUT_PORTS);
		scout_write(fd, SCOUT_PORTS, &ports, sizeof ports);
	}
}

static bool
scout_await_request(int fd, int timeout_ms)
{
	struct pollfd request = {.fd = fd, .events = POLLIN};

	return poll(&request, 1, timeout_ms) != 0;
}

/* It needs no secret and no standard stream, and starts no program. */
static void
scout_confine(const struct route *route)
{
	const struct sandbox_policy policy = {.has_no_child = true};
	struct sandbox sandbox;
	struct error ignored;

	credential_forget_variables(route->account->text[SETTING_CREDENTIAL]);
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		close(fd);
	file_open_standard(&ignored);
	sandbox_probe(&sandbox);
	if (sandbox.obstacle == NULL)
		sandbox_enter(&policy, &sandbox);
}

/* A single address is what the session connects to. */
static void
scout_reach(const struct addrinfo *server, struct check_addresses *addresses)
{
	struct reach reach[CHECK_ADDRESSES_MAX];
	size_t count = 0;
	int64_t start_ms = clock_now_ms();

	memset(addresses, 0, sizeof *addresses);
	for (const struct addrinfo *entry = server;
	     entry != NULL && count < CHECK_ADDRESSES_MAX;
	     entry = entry->ai_next) {
		if (scout_is_loopback(entry))
			continue;
		memcpy(&reach[count].address, entry->ai_addr,
		    entry->ai_addrlen);
		reach[count++].address_len = entry->ai_addrlen;
	}
	if (count < 2)
		return;
	reach_all(reach, count, clock_now_ms() + REACH_MS);
	for (size_t i = 0; i < count; i++)
		scout_set_address(addresses, &reach[i]);
	addresses->ms = clock_now_ms() - start_ms;
}

static void
scout_set_address(struct check_addresses *addresses, const struct reach *reach)
{
	struct check_address *address = &addresses->address[addresses->count++];

	getnameinfo((const struct sockaddr *)&reach->address,
	    reach->address_len, address->text, sizeof address->text, NULL, 0,
	    NI_NUMERICHOST);
	address->is_ipv6 = reach->address.ss_family == AF_INET6;
	address->failure = reach->failure;
	address->ms = reach->ms;
}

static bool
scout_is_loopback(const struct addrinfo *entry)
{
	const struct sockaddr_in *v4 = (const void *)entry->ai_addr;
	const struct sockaddr_in6 *v6 = (const void *)entry->ai_addr;

	if (entry->ai_family == AF_INET)
		return ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

static void
scout_write(int fd, enum scout_tag tag, const void *bytes, size_t size)
{
	char byte = (char)tag;
	struct error ignored;

	if (file_write(fd, &byte, sizeof byte, &ignored) == 0)
		file_write(fd, bytes, size, &ignored);
}

/* Skips the results before it, which came too late. */
static bool
scout_read(struct check_scout *scout, enum scout_tag tag, void *out,
    size_t size, int64_t deadline_ms)
{
	static const struct {
		enum scout_tag tag;
		size_t size;
	} sizes[] = {{SCOUT_ADDRESSES, sizeof(struct check_addresses)},
	    {SCOUT_DNS, sizeof(struct check_dns)}};
	union {
		struct check_addresses addresses;
		struct check_dns dns;
	} skipped;
	char got;

	while (scout->fd != -1 &&
	    scout_read_all(scout->fd, &got, TAG_SIZE, deadline_ms)) {
		size_t skip = 0;

		if (got == (char)tag)
			return scout_read_all(scout->fd, out, size,
			    deadline_ms);
		for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
			if (got == (char)sizes[i].tag)
				skip = sizes[i].size;
		}
		if (skip == 0 ||
		    !scout_read_all(scout->fd, &skipped, skip, deadline_ms))
			return false;
	}
	return false;
}

/* False at the end, and at the deadline. */
static bool
scout_read_all(int fd, void *out, size_t size, int64_t deadline_ms)
{
	char *at = out;

	while (size > 0) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		ssize_t got;

		if (poll(&ready, 1, clock_left_ms(deadline_ms)) <= 0)
			return false;
		got = recv(fd, at, size, MSG_DONTWAIT);
		if (got <= 0)
			return false;
		at += got;
		size -= (size_t)got;
	}
	return true;
}
