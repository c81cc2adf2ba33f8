/* SPDX-License-Identifier: MIT */
/*
 * The lowest functions of the session, in simulated time: all of base/clock.c,
 * smtp/socket.c, resolve.c, connect.c, tls.c,
 * tls-binding.c, kerberos.c and submit/confinement.c, and by the linker's
 * --wrap those of the C library.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "base/background.h"
#include "base/clock.h"
#include "base/interruption.h"
#include "smtp/connect.h"
#include "smtp/kerberos.h"
#include "smtp/resolve.h"
#include "smtp/socket.h"
#include "smtp/tls-facts.h"
#include "smtp/tls.h"
#include "submit/confinement.h"
#include "submit/diagnosis.h"
#include "submit/hold-client.h"

#include "client.h"
#include "disk.h"
#include "network.h"
#include "queue-disk.h"
#include "signal-arrival.h"
#include "verdict.h"

struct tls {
	const struct smtp_params *params;
};

ssize_t __wrap_send(int fd, const void *bytes, size_t len, int flags);
ssize_t __wrap_recv(int fd, void *out, size_t len, int flags);
int __wrap_close(int fd);
int __real_close(int fd);
int __wrap_getentropy(void *out, size_t len);
void __wrap_diagnose(struct error *err, const struct route *route,
    const char *sender, struct error *ret_warning);
void __real_diagnose(struct error *err, const struct route *route,
    const char *sender, struct error *ret_warning);
void __wrap_tls_facts_find(struct tls_facts *facts,
    struct gnutls_session_int *session);
void __wrap_tls_facts_name(struct gnutls_session_int *session,
    char version[TLS_FACTS_WORD_SIZE], char cipher[TLS_FACTS_WORD_SIZE]);
void __wrap_openlog(const char *name, int option, int facility);
void __wrap_syslog(int priority, const char *format, ...);
void __wrap___syslog_chk(int priority, int flag, const char *format, ...);

static long send_bytes(const void *bytes, size_t len);
static long receive_bytes(void *out, size_t len);

ssize_t
__wrap_send(int fd, const void *bytes, size_t len, int flags)
{
	(void)fd;
	(void)flags;
	return send_bytes(bytes, len);
}

ssize_t
__wrap_recv(int fd, void *out, size_t len, int flags)
{
	(void)fd;
	(void)flags;
	return receive_bytes(out, len);
}

/* A message that can't be read is not continued, nor ended. */
static long
send_bytes(const void *bytes, size_t len)
{
	if (disk_facts()->content_is_lost && !queue_disk_is_dead())
		verdict_violation(
		    "sends although the message could not be read");
	errno = ECONNRESET;
	return queue_disk_is_dead() ? -1 : network_send(bytes, len);
}

static long
receive_bytes(void *out, size_t len)
{
	errno = ECONNRESET;
	return queue_disk_is_dead() ? -1 : network_receive(out, len);
}

int
__wrap_close(int fd)
{
	if (queue_disk_has(fd))
		return queue_disk_close(fd);
	if (disk_file_of(fd) != DISK_FILES)
		return disk_close(disk_file_of(fd));
	if (fd != NETWORK_DESCRIPTOR)
		return __real_close(fd);
	network_close();
	return 0;
}

/* The delay of a retry is the same in each replay. */
int
__wrap_getentropy(void *out, size_t len)
{
	memset(out, 0x55, len);
	return 0;
}

void
__wrap_diagnose(struct error *err, const struct route *route,
    const char *sender, struct error *ret_warning)
{
	ret_warning->code = ERROR_NONE;
	if (client_wants_diagnosis())
		__real_diagnose(err, route, sender, ret_warning);
}

void
__wrap_openlog(const char *name, int option, int facility)
{
	(void)name;
	(void)option;
	(void)facility;
}

/* Without a thread: the functions that it is used for are replaced. */
int
background_run(const struct background_job *job, void *argument,
    int64_t deadline_ms, struct error *err)
{
	(void)deadline_ms;
	(void)err;
	job->run(argument);
	return 0;
}

struct background *
background_start(const struct background_job *job, void *argument,
    struct error *err)
{
	(void)err;
	job->run(argument);
	return argument;
}

int
background_finish(struct background *background, int64_t deadline_ms,
    struct error *err)
{
	(void)background;
	(void)deadline_ms;
	(void)err;
	return 0;
}

/* The format is always "%s". */
void
__wrap_syslog(int priority, const char *format, ...)
{
	va_list args;

	(void)priority;
	va_start(args, format);
	client_log(va_arg(args, const char *));
	va_end(args);
}

void
__wrap___syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list args;

	(void)priority;
	(void)flag;
	va_start(args, format);
	client_log(va_arg(args, const char *));
	va_end(args);
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

int64_t
clock_later_ms(int64_t a_ms, int64_t b_ms)
{
	return a_ms > b_ms ? a_ms : b_ms;
}

void
clock_sleep_until(int64_t deadline_ms)
{
	network_sleep_until(deadline_ms);
}

int
socket_wait(int fd, short events, int64_t deadline_ms, const char *peer,
    const char *doing, struct error *err)
{
	(void)fd;
	if (queue_disk_is_dead())
		return error_set(err, ERROR_TEMPORARY, "%s: crashed", peer);
	if (network_wait(events,
		clock_earlier_ms(deadline_ms, signal_due_ms())))
		return 0;
	if (interruption_caught() != 0)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: SIGTERM ended the wait for %s", peer, doing);
	return error_set(err, ERROR_TEMPORARY,
	    "%s: waiting for %s took too long", peer, doing);
}

uint64_t
socket_unsent(int fd)
{
	(void)fd;
	return 0;
}

int
resolve_host(const char *host, uint16_t port, int64_t deadline_ms,
    struct addrinfo **ret_addresses, struct error *err)
{
	(void)host;
	(void)port;
	(void)deadline_ms;
	(void)err;
	*ret_addresses = NULL;
	return 0;
}

int
connect_to(const struct addrinfo *addresses, const char *host, uint16_t port,
    int64_t deadline_ms, const struct transcript *transcript, struct error *err)
{
	(void)addresses;
	(void)transcript;
	if (interruption_caught() != 0)
		verdict_violation("a connection after a signal");
	disk_reconnect();
	if (!queue_disk_is_dead() && network_connect(deadline_ms))
		return NETWORK_DESCRIPTOR;
	return error_set(err, ERROR_TEMPORARY, "%s port %u: not connected",
	    host, (unsigned)port);
}

/* A sandbox can't be left, and there are more runs. */
void
confine(const struct account *account, struct launcher *launcher,
    const char *log_path, const char *state_path, struct sandbox *ret_sandbox)
{
	(void)account;
	(void)launcher;
	(void)log_path;
	(void)state_path;
	memset(ret_sandbox, 0, sizeof *ret_sandbox);
}

void
confine_to_server(const struct account *account, const struct sandbox *sandbox)
{
	(void)account;
	(void)sandbox;
}

/* Nobody here has a ticket. */
const char *
kerberos_objection(const char *user, int64_t deadline_ms)
{
	(void)user;
	(void)deadline_ms;
	return "no Kerberos ticket";
}

bool
kerberos_explain(const char *service, int64_t deadline_ms, struct error *err)
{
	(void)service;
	(void)deadline_ms;
	(void)err;
	return false;
}

void
kerberos_find_owner(char out[KERBEROS_OWNER_SIZE], int64_t deadline_ms)
{
	(void)deadline_ms;
	out[0] = '\0';
}

int
kerberos_out_of_time(const char *service, const char *owner, struct error *err)
{
	(void)owner;
	return error_set(err, ERROR_TEMPORARY, "%s: out of time", service);
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
	int result = network_handshake();

	if (result == 1)
		return 0;
	if (result == -1)
		return error_set(err, ERROR_SECURITY,
		    "%s: TLS handshake failed", tls->params->host);
	err->code = ERROR_NONE;
	return -1;
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
	long sent = send_bytes(bytes, len);

	if (sent >= 0 || errno == EAGAIN)
		return sent >= 0 ? sent : 0;
	return error_set(err, ERROR_TEMPORARY, "%s: the connection was reset",
	    tls->params->host);
}

long
tls_receive(struct tls *tls, void *out, size_t len, bool *ret_ended,
    struct error *err)
{
	long got = receive_bytes(out, len);

	if (got == 0)
		*ret_ended = true;
	if (got >= 0 || errno == EAGAIN)
		return got >= 0 ? got : 0;
	return error_set(err, ERROR_TEMPORARY, "%s: the connection was reset",
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
	memset(binding, 0, sizeof *binding);
	binding->is_exporter = true;
	binding->len = 32;
	return true;
}

const char *
tls_description(const struct tls *tls)
{
	(void)tls;
	return "simulated TLS";
}

void
__wrap_tls_facts_find(struct tls_facts *facts,
    struct gnutls_session_int *session)
{
	(void)session;
	memset(facts, 0, sizeof *facts);
}

void
__wrap_tls_facts_name(struct gnutls_session_int *session,
    char version[TLS_FACTS_WORD_SIZE], char cipher[TLS_FACTS_WORD_SIZE])
{
	(void)session;
	snprintf(version, TLS_FACTS_WORD_SIZE, "1.3");
	snprintf(cipher, TLS_FACTS_WORD_SIZE, "simulated");
}

bool
tls_is_refused(const struct tls *tls)
{
	(void)tls;
	return false;
}

struct gnutls_session_int *
tls_session(const struct tls *tls)
{
	(void)tls;
	return NULL;
}

/* Another process would have another clock. */
bool
hold_client_may_send(const struct route *route)
{
	(void)route;
	return false;
}

enum hold_result
hold_client_send(struct attempt *attempt, struct smtp_transaction *transaction,
    struct hold_channel **ret_holder, int *ret_status, struct error *err)
{
	(void)attempt;
	(void)transaction;
	*ret_holder = NULL;
	*ret_status = 0;
	(void)err;
	return HOLD_ABSENT;
}

void
hold_client_reported(struct hold_channel *holder)
{
	(void)holder;
}
