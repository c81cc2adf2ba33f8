/* SPDX-License-Identifier: MIT */
/*
 * A web server for one visitor, by libmicrohttpd, without threads: it runs when
 * it is told to. Whoever asks by another name (a page that points its own name
 * at 127.0.0.1), by another method or for another path is turned away before
 * the owner hears of it. Doesn't know what a code or a state is.
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

enum {
	VISITORS_MAX = 8,
	VISITOR_MEMORY = 32768, /* cookies of other ports come along */
	PATIENCE_S = 10,        /* browsers open connections in advance */
	PLACE_MAX = 1024
};

struct loopback {
	struct MHD_Daemon *daemon;
	struct loopback_callback owner;
	struct buf uri;
	struct buf authority; /* host:port, as the Host field must have it */
	struct buf place;     /* host:port/path */
	unsigned unsent;      /* pages that are on their way */
};

/* One request. */
struct visit {
	struct secret *target; /* path and query, still encoded; or NULL */
	bool answered;
};

static int listen_at_home(struct loopback *loopback, struct error *err);
static int write_names(struct loopback *loopback, const char *host,
    const char *path, struct error *err);
static void *on_target(void *cls, const char *target,
    struct MHD_Connection *connection);
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version, const char *data,
    size_t *data_len, void **request);
static void judge(struct loopback *loopback, struct MHD_Connection *connection,
    const char *method, const struct visit *visit, struct result_page *page);
static enum MHD_Result send_page(struct MHD_Connection *connection,
    const struct result_page *page);
static struct MHD_Response *make_response(const struct result_page *page);
static void on_end(void *cls, struct MHD_Connection *connection, void **request,
    enum MHD_RequestTerminationCode why);

static const struct {
	const char *name;
	const char *value;
} fields[] = {
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
	buf_init(&loopback->uri, PLACE_MAX);
	buf_init(&loopback->authority, PLACE_MAX);
	buf_init(&loopback->place, PLACE_MAX);
	if (listen_at_home(loopback, err) == 0 &&
	    write_names(loopback, host, path, err) == 0)
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
	buf_done(&loopback->uri);
	buf_done(&loopback->authority);
	buf_done(&loopback->place);
	free(loopback);
}

const char *
loopback_uri(const struct loopback *loopback)
{
	return buf_text(&loopback->uri);
}

const char *
loopback_place(const struct loopback *loopback)
{
	return buf_text(&loopback->place);
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
			    "waiting for the browser");
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

	/* A round lets one in, the next hears what it wants. */
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

/* Never at any other address, whatever the redirect URI calls it. */
static int
listen_at_home(struct loopback *loopback, struct error *err)
{
	struct sockaddr_in home = {.sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

	errno = 0;
	loopback->daemon = MHD_start_daemon(MHD_NO_FLAG, 0, NULL, NULL,
	    on_request, loopback, MHD_OPTION_SOCK_ADDR,
	    (struct sockaddr *)&home, MHD_OPTION_URI_LOG_CALLBACK, on_target,
	    loopback, MHD_OPTION_NOTIFY_COMPLETED, on_end, loopback,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)VISITORS_MAX,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)VISITOR_MEMORY,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)PATIENCE_S,
	    MHD_OPTION_END);
	if (loopback->daemon == NULL)
		return error_set_errno(err, ERROR_SYSTEM,
		    "listening on 127.0.0.1 for the browser");
	return 0;
}

static int
write_names(struct loopback *loopback, const char *host, const char *path,
    struct error *err)
{
	const union MHD_DaemonInfo *info =
	    MHD_get_daemon_info(loopback->daemon, MHD_DAEMON_INFO_BIND_PORT);

	if (info == NULL || info->port == 0)
		return error_set(err, ERROR_SYSTEM,
		    "no port of 127.0.0.1 is free for the browser");
	if (buf_addf(&loopback->authority, err, "%s:%u", host,
		(unsigned)info->port) == -1 ||
	    buf_addf(&loopback->uri, err, "http://%s%s",
		buf_text(&loopback->authority), path) == -1)
		return -1;
	return buf_addf(&loopback->place, err, "%s%s",
	    buf_text(&loopback->authority), *path == '\0' ? "/" : path);
}

/* libmicrohttpd hands over path and query before it decodes them: what comes
 * twice, or strangely, is then still to be seen. It also keeps a copy that we
 * can't wipe: a code is used by then, and no use without its verifier. */
static void *
on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
	struct visit *visit = calloc(1, sizeof *visit);
	struct error ignored;

	(void)cls;
	(void)connection;
	if (visit == NULL)
		return NULL;
	visit->target = secret_new(&ignored);
	if (visit->target != NULL &&
	    secret_add(visit->target, target, strlen(target), &ignored) == -1) {
		secret_free(visit->target);
		visit->target = NULL;
	}
	return visit;
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *data, size_t *data_len,
    void **request)
{
	struct loopback *loopback = cls;
	struct visit *visit = *request;
	struct result_page page = {.kind = RESULT_PAGE_NOT_FOUND, .detail = ""};

	(void)url;
	(void)version;
	(void)data;
	*data_len = 0; /* an upload is nothing to us */
	if (visit == NULL || visit->target == NULL || visit->answered)
		return MHD_NO;
	visit->answered = true;
	loopback->unsent++;
	/* The owner may take longer over an answer than a visitor may idle. */
	MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT,
	    0U);
	judge(loopback, connection, method, visit, &page);
	return send_page(connection, &page);
}

static void
judge(struct loopback *loopback, struct MHD_Connection *connection,
    const char *method, const struct visit *visit, struct result_page *page)
{
	const char *host =
	    MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
	const char *target = secret_bytes(visit->target);
	size_t path_len = strcspn(target, "?");
	const char *path = strchr(buf_text(&loopback->place), '/');

	if (host == NULL || strcmp(host, buf_text(&loopback->authority)) != 0) {
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
send_page(struct MHD_Connection *connection, const struct result_page *page)
{
	struct MHD_Response *response = make_response(page);
	enum MHD_Result result = MHD_NO;

	if (response == NULL)
		return MHD_NO;
	result = MHD_queue_response(connection, result_page_status(page->kind),
	    response);
	MHD_destroy_response(response);
	return result;
}

static struct MHD_Response *
make_response(const struct result_page *page)
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
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		if (added == MHD_YES)
			added = MHD_add_response_header(response,
			    fields[i].name, fields[i].value);
	}
	if (added == MHD_YES && page->kind == RESULT_PAGE_WRONG_METHOD)
		added = MHD_add_response_header(response, "Allow", "GET");
	if (added == MHD_YES)
		return response;
	MHD_destroy_response(response);
	return NULL;
}

static void
on_end(void *cls, struct MHD_Connection *connection, void **request,
    enum MHD_RequestTerminationCode why)
{
	struct loopback *loopback = cls;
	struct visit *visit = *request;

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
