/* SPDX-License-Identifier: MIT */
/*
 * Receives the redirect with an HTTP server by libmicrohttpd, which runs only
 * within loopback_serve, without threads. Requests with another host (such as a
 * web page's own name that resolves to 127.0.0.1), method or path are rejected
 * before the callback.
 */
#include "oauth2/loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/text.h"

enum {
	VISITORS_MAX = 8,
	VISITOR_MEMORY = 32768, /* with the cookies of other ports */
	IDLE_S = 10             /* browsers open connections in advance */
};

struct loopback {
	struct MHD_Daemon *daemon;
	struct loopback_callback owner;
	char *uri;
	char *authority; /* host:port, the required Host field */
	char *place;     /* host:port/path */
	unsigned unsent; /* pages that are being sent */
};

/* One request. */
struct loopback_visit {
	struct secret *target; /* path and query, encoded; or NULL */
	bool answered;
};

static int loopback_listen(struct loopback *loopback, struct error *err);
static int loopback_name(struct loopback *loopback, const char *host,
    const char *path, struct error *err);
static void *loopback_on_target(void *cls, const char *target,
    struct MHD_Connection *connection);
static enum MHD_Result loopback_on_request(void *cls,
    struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *data_len, void **request);
static void loopback_respond(struct loopback *loopback,
    struct MHD_Connection *connection, const char *method,
    const struct loopback_visit *visit, struct result_page *page);
static enum MHD_Result loopback_send_page(struct MHD_Connection *connection,
    const struct result_page *page);
static struct MHD_Response *loopback_response(const struct result_page *page);
static void loopback_on_end(void *cls, struct MHD_Connection *connection,
    void **request, enum MHD_RequestTerminationCode why);

static const struct {
	const char *name;
	const char *value;
} response_fields[] = {
    {"Content-Type", "text/html; charset=utf-8"},
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy",
	"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
	"form-action 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
    {"Connection", "close"},
};

struct loopback *
loopback_new(const char *host, const char *path,
    const struct loopback_callback *owner, struct error *err)
{
	struct loopback *loopback = calloc(1, sizeof *loopback);

	if (loopback == NULL) {
		error_no_memory(err);
		return NULL;
	}
	loopback->owner = *owner;
	if (loopback_listen(loopback, err) == 0 &&
	    loopback_name(loopback, host, path, err) == 0)
		return loopback;
	loopback_free(loopback);
	return NULL;
}

void
loopback_free(struct loopback *loopback)
{
	if (loopback == NULL)
		return;
	if (loopback->daemon != NULL)
		MHD_stop_daemon(loopback->daemon);
	free(loopback->uri);
	free(loopback->authority);
	free(loopback->place);
	free(loopback);
}

const char *
loopback_uri(const struct loopback *loopback)
{
	return loopback->uri;
}

const char *
loopback_place(const struct loopback *loopback)
{
	return loopback->place;
}

int
loopback_serve(struct loopback *loopback, int fd, int64_t deadline_ms,
    bool *ret_readable, struct error *err)
{
	fd_set sets[3];
	int max_fd = fd < FD_SETSIZE ? fd : -1;
	int wait_ms = clock_left_ms(deadline_ms);
	MHD_UNSIGNED_LONG_LONG limit_ms;
	struct timeval wait;

	for (int i = 0; i < 3; i++)
		FD_ZERO(&sets[i]);
	if (MHD_get_fdset(loopback->daemon, &sets[0], &sets[1], &sets[2],
		&max_fd) != MHD_YES)
		return error_set(err, ERROR_SYSTEM,
		    "too many open files to wait for the browser");
	if (fd != -1 && fd < FD_SETSIZE)
		FD_SET(fd, &sets[0]);
	if (MHD_get_timeout(loopback->daemon, &limit_ms) == MHD_YES &&
	    limit_ms < (unsigned)wait_ms)
		wait_ms = (int)limit_ms;
	wait = (struct timeval){.tv_sec = wait_ms / 1000,
	    .tv_usec = wait_ms % 1000 * 1000L};
	if (select(max_fd + 1, &sets[0], &sets[1], &sets[2], &wait) == -1) {
		for (int i = 0; i < 3; i++)
			FD_ZERO(&sets[i]);
		if (errno != EINTR)
			return error_set_errno(err, ERROR_SYSTEM,
			    "cannot wait for the browser");
	}
	*ret_readable = fd != -1 && fd < FD_SETSIZE && FD_ISSET(fd, &sets[0]);
	MHD_run_from_select(loopback->daemon, &sets[0], &sets[1], &sets[2]);
	return 0;
}

void
loopback_finish(struct loopback *loopback, int64_t deadline_ms)
{
	MHD_socket listener;
	struct error ignored;
	bool unused;

	/* One round accepts a connection, the next reads its request. */
	for (int i = 0; i < 2 * VISITORS_MAX; i++) {
		if (loopback_serve(loopback, -1, clock_now_ms(), &unused,
			&ignored) == -1)
			return;
	}
	listener = MHD_quiesce_daemon(loopback->daemon);
	if (listener != MHD_INVALID_SOCKET)
		close(listener);
	while (loopback->unsent > 0 && clock_left_ms(deadline_ms) > 0) {
		if (loopback_serve(loopback, -1, deadline_ms, &unused,
			&ignored) == -1)
			return;
	}
}

/* Listens at 127.0.0.1 only, whatever the host of the redirect URI. */
static int
loopback_listen(struct loopback *loopback, struct error *err)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	errno = 0;
	loopback->daemon = MHD_start_daemon(MHD_NO_FLAG, 0, NULL, NULL,
	    loopback_on_request, loopback, MHD_OPTION_SOCK_ADDR,
	    (struct sockaddr *)&address, MHD_OPTION_URI_LOG_CALLBACK,
	    loopback_on_target, loopback, MHD_OPTION_NOTIFY_COMPLETED,
	    loopback_on_end, loopback, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)VISITORS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)VISITOR_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)IDLE_S, MHD_OPTION_END);
	if (loopback->daemon == NULL)
		return error_set_errno(err, ERROR_SYSTEM,
		    "cannot listen on 127.0.0.1 for the browser");
	return 0;
}

static int
loopback_name(struct loopback *loopback, const char *host, const char *path,
    struct error *err)
{
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(loopback->daemon, MHD_DAEMON_INFO_BIND_PORT);

	if (info == NULL || info->port == 0)
		return error_set(err, ERROR_SYSTEM,
		    "no free port on 127.0.0.1 for the browser");
	loopback->authority =
	    text_format(err, "%s:%u", host, (unsigned)info->port);
	if (loopback->authority == NULL)
		return -1;
	loopback->uri =
	    text_format(err, "http://%s%s", loopback->authority, path);
	loopback->place = text_format(err, "%s%s", loopback->authority,
	    *path == '\0' ? "/" : path);
	return loopback->uri == NULL || loopback->place == NULL ? -1 : 0;
}

/* libmicrohttpd passes path and query here before it decodes them, so that
 * duplicate and malformed parameters can be detected. It keeps a copy that
 * can't be wiped, but a code in it has been used and needs its verifier. */
static void *
loopback_on_target(void *cls, const char *target,
    struct MHD_Connection *connection)
{
	struct loopback_visit *visit = calloc(1, sizeof *visit);
	struct error ignored;

	(void)cls;
	(void)connection;
	if (visit == NULL)
		return NULL;
	visit->target = secret_new(&ignored);
	if (visit->target != NULL &&
	    secret_add_text(visit->target, target, &ignored) == -1) {
		secret_free(visit->target);
		visit->target = NULL;
	}
	return visit;
}

static enum MHD_Result
loopback_on_request(void *cls, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version, const char *data,
    size_t *data_len, void **request)
{
	struct loopback *loopback = cls;
	struct loopback_visit *visit = *request;
	struct result_page page = {.kind = RESULT_PAGE_NOT_FOUND, .detail = ""};

	(void)url;
	(void)version;
	(void)data;
	*data_len = 0; /* ignore a request body */
	if (visit == NULL || visit->target == NULL || visit->answered)
		return MHD_NO;
	visit->answered = true;
	loopback->unsent++;
	/* The callback can take longer than a connection may idle. */
	MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT,
	    0U);
	loopback_respond(loopback, connection, method, visit, &page);
	return loopback_send_page(connection, &page);
}

static void
loopback_respond(struct loopback *loopback, struct MHD_Connection *connection,
    const char *method, const struct loopback_visit *visit,
    struct result_page *page)
{
	const char *host =
	    MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
	const char *target = secret_bytes(visit->target);
	size_t path_len = strcspn(target, "?");
	const char *path = strchr(loopback->place, '/');

	if (host == NULL || strcmp(host, loopback->authority) != 0) {
		page->kind = RESULT_PAGE_WRONG_HOST;
	} else if (path_len != strlen(path) ||
	    memcmp(target, path, path_len) != 0) {
		page->kind = RESULT_PAGE_NOT_FOUND;
	} else if (strcmp(method, "GET") != 0) {
		page->kind = RESULT_PAGE_WRONG_METHOD;
	} else {
		target += path_len + (target[path_len] == '?');
		loopback->owner.on_answer(loopback->owner.context, target,
		    strlen(target), page);
	}
}

static enum MHD_Result
loopback_send_page(struct MHD_Connection *connection,
    const struct result_page *page)
{
	struct MHD_Response *response = loopback_response(page);
	enum MHD_Result result = MHD_NO;

	if (response == NULL)
		return MHD_NO;
	result = MHD_queue_response(connection, result_page_status(page->kind),
	    response);
	MHD_destroy_response(response);
	return result;
}

static struct MHD_Response *
loopback_response(const struct result_page *page)
{
	struct MHD_Response *response = NULL;
	enum MHD_Result added = MHD_YES;
	struct buf html;
	struct error ignored;

	buf_init(&html, RESULT_PAGE_MAX);
	if (result_page_write(page, &html, &ignored) == 0)
		response = MHD_create_response_from_buffer(html.len, html.data,
		    MHD_RESPMEM_MUST_COPY);
	buf_done(&html);
	if (response == NULL)
		return NULL;
	for (size_t i = 0;
	     i < sizeof response_fields / sizeof response_fields[0]; i++) {
		if (added == MHD_YES)
			added = MHD_add_response_header(response,
			    response_fields[i].name, response_fields[i].value);
	}
	if (added == MHD_YES && page->kind == RESULT_PAGE_WRONG_METHOD)
		added = MHD_add_response_header(response, "Allow", "GET");
	if (added == MHD_YES)
		return response;
	MHD_destroy_response(response);
	return NULL;
}

static void
loopback_on_end(void *cls, struct MHD_Connection *connection, void **request,
    enum MHD_RequestTerminationCode why)
{
	struct loopback *loopback = cls;
	struct loopback_visit *visit = *request;

	(void)connection;
	(void)why;
	if (visit == NULL)
		return;
	if (visit->answered)
		loopback->unsent--;
	secret_free(visit->target);
	free(visit);
	*request = NULL;
}
