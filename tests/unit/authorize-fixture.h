/* SPDX-License-Identifier: MIT */
#ifndef UNIT_AUTHORIZE_FIXTURE_H
#define UNIT_AUTHORIZE_FIXTURE_H

/*
 * Runs a sign-in in a thread. The test plays the user and the browser: it reads
 * the output and sends HTTP requests.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "oauth2/authorize.h"
#include "oauth2/pkce.h"

enum {
	ENOUGH_MS = 20000,
	TEXT_MAX = 32768
};

struct login {
	struct authorization_request request;
	pthread_t thread;
	int output;                /* for the user */
	int paste;                 /* the input of the user, or -1 */
	char text[TEXT_MAX];       /* of the output so far */
	char state[64];            /* of the URL */
	char challenge[64];        /* of the URL */
	unsigned port;             /* of the redirect URI */
	char host[64];             /* host:port of the redirect URI */
	char target[TEXT_MAX / 2]; /* of the last answer that was brought */
	char answer[TEXT_MAX];     /* of the last HTTP request */

	/* What finish is to do, and what it was given. */
	const char *refusal;
	int second;        /* where finish sends another answer, or -1 */
	unsigned finished; /* how often it was called */
	char code[TEXT_MAX / 2];
	char verifier[64];
	char redirect_uri[256];

	int result;
	struct error err;
};

/* Connects to the listener, as a browser does. */
static inline int
visit(const struct login *login)
{
	struct sockaddr_in home = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)login->port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct timeval patience = {.tv_sec = ENOUGH_MS / 1000};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&home, sizeof home) == 0)
		return fd;
	close(fd);
	return -1;
}

static inline void
send_request(int fd, const char *method, const char *target, const char *host)
{
	char text[TEXT_MAX + 256];
	int len = snprintf(text, sizeof text,
	    "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Length: 4\r\n\r\nbody",
	    method, target, host);

	if (strcmp(method, "POST") != 0)
		len = snprintf(text, sizeof text,
		    "%s %s HTTP/1.1\r\nHost: %s\r\n\r\n", method, target, host);
	assert_int_equal(send(fd, text, (size_t)len, MSG_NOSIGNAL), len);
}

/* Reads the whole response and closes. Returns its status, or 0. */
static inline int
read_answer(struct login *login, int fd)
{
	size_t len = 0;
	ssize_t got;
	int status = 0;

	while ((got = read(fd, login->answer + len,
		    sizeof login->answer - 1 - len)) > 0)
		len += (size_t)got;
	login->answer[len] = '\0';
	close(fd);
	if (strncmp(login->answer, "HTTP/1.1 ", 9) == 0)
		status = atoi(login->answer + 9);
	return status;
}

static inline int
request_at(struct login *login, const char *method, const char *target,
    const char *host)
{
	int fd = visit(login);

	assert_int_not_equal(fd, -1);
	send_request(fd, method, target, host);
	return read_answer(login, fd);
}

/* GETs a target with the right Host field. */
static inline int
get(struct login *login, const char *target)
{
	return request_at(login, "GET", target, login->host);
}

/* Requests "/?" with these parameters and the correct state. */
static inline int
get_answer(struct login *login, const char *parameters)
{
	snprintf(login->target, sizeof login->target, "%s?%s&state=%s",
	    login->request.redirect_path == NULL ? "/"
						 : login->request.redirect_path,
	    parameters, login->state);
	return get(login, login->target);
}

static inline int
fake_finish(void *context, const struct secret *code,
    const struct secret *verifier, const char *redirect_uri, struct error *err)
{
	struct login *login = context;

	login->finished++;
	snprintf(login->code, sizeof login->code, "%s", secret_bytes(code));
	snprintf(login->verifier, sizeof login->verifier, "%s",
	    secret_bytes(verifier));
	snprintf(login->redirect_uri, sizeof login->redirect_uri, "%s",
	    redirect_uri);
	if (login->second != -1)
		send_request(login->second, "GET", login->target, login->host);
	if (login->refusal == NULL)
		return 0;
	error_set(err, ERROR_AUTH, "%s", login->refusal);
	return error_hint(err, "ask somebody");
}

static inline void *
run_login(void *context)
{
	struct login *login = context;

	login->result = authorize(&login->request, &login->err);
	fclose(login->request.out);
	return NULL;
}

/* Reads until the text appears; fails if it doesn't. */
static inline void
await_output(struct login *login, const char *expected)
{
	size_t len = strlen(login->text);

	while (strstr(login->text, expected) == NULL) {
		struct pollfd ready = {.fd = login->output, .events = POLLIN};
		ssize_t got = 0;

		if (poll(&ready, 1, ENOUGH_MS) == 1)
			got = read(login->output, login->text + len,
			    sizeof login->text - 1 - len);
		if (got <= 0)
			fail_msg("\"%s\" was not written, but: %s", expected,
			    login->text);
		len += (size_t)got;
		login->text[len] = '\0';
	}
}

/* Copies what stands behind a mark in the URL, up to "&" or the end. */
static inline void
copy_parameter(const struct login *login, const char *mark, char *out,
    size_t size)
{
	const char *at = strstr(login->text, mark);

	assert_non_null(at);
	at += strlen(mark);
	snprintf(out, size, "%.*s", (int)strcspn(at, "&\n"), at);
}

/* A request for most tests; they change it before login_start. */
static inline void
login_init(struct login *login)
{
	*login = (struct login){.paste = -1, .second = -1};
	login->request = (struct authorization_request){
	    .url = "https://accounts.example.com/auth",
	    .client_id = "an id",
	    .scope = "mail offline",
	    .redirect_host = "127.0.0.1",
	    .paste_only = true,
	    .paste_fd = -1,
	    .deadline_ms = clock_now_ms() + ENOUGH_MS,
	    .finish = fake_finish,
	};
}

static inline void
login_start(struct login *login)
{
	char uri[256];
	const char *port;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	login->output = ends[0];
	login->request.out = fdopen(ends[1], "w");
	login->request.context = login;
	assert_non_null(login->request.out);
	assert_int_equal(pthread_create(&login->thread, NULL, run_login, login),
	    0);
	await_output(login, " ...\n");
	copy_parameter(login, "&state=", login->state, sizeof login->state);
	copy_parameter(login, "&code_challenge=", login->challenge,
	    sizeof login->challenge);
	copy_parameter(login, "&redirect_uri=", uri, sizeof uri);
	port = strstr(uri + strlen("http%3A"), "%3A");
	assert_non_null(port);
	login->port = (unsigned)strtoul(port + 3, NULL, 10);
	assert_in_range(login->port, 1, 65535);
	snprintf(login->host, sizeof login->host, "%s:%u",
	    login->request.redirect_host, login->port);
}

/* Starts it with a pipe as the user's input. */
static inline void
login_start_with_paste(struct login *login)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	login->request.paste_fd = ends[0];
	login->paste = ends[1];
	login_start(login);
}

static inline void
type(struct login *login, const char *text)
{
	size_t len = strlen(text);

	assert_int_equal(write(login->paste, text, len), len);
}

static inline void
stop_typing(struct login *login)
{
	if (login->paste != -1)
		close(login->paste);
	login->paste = -1;
}

/* Waits until it has ended. */
static inline void
login_join(struct login *login)
{
	assert_int_equal(pthread_join(login->thread, NULL), 0);
	close(login->output);
	stop_typing(login);
	if (login->request.paste_fd != -1)
		close(login->request.paste_fd);
}

/* Asserts that the sign-in succeeded, with this code and the correct verifier.
 */
static inline void
assert_signed_in(struct login *login, const char *code)
{
	struct error err;
	struct secret *verifier = secret_new(&err);
	struct secret *challenge;

	login_join(login);
	assert_int_equal(login->result, 0);
	assert_int_equal(login->finished, 1);
	assert_string_equal(login->code, code);
	assert_non_null(verifier);
	assert_int_equal(secret_add(verifier, login->verifier,
			     strlen(login->verifier), &err),
	    0);
	challenge = pkce_challenge(verifier, &err);
	assert_non_null(challenge);
	assert_string_equal(secret_bytes(challenge), login->challenge);
	secret_free(challenge);
	secret_free(verifier);
}

/* Asserts that the sign-in failed before its code was used. */
static inline void
assert_failed(struct login *login, enum error_code code, const char *message)
{
	login_join(login);
	assert_int_equal(login->result, -1);
	assert_int_equal(login->finished, 0);
	assert_int_equal(login->err.code, code);
	assert_string_equal(login->err.message, message);
}

#endif
