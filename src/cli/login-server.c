/* SPDX-License-Identifier: MIT */
/*
 * Asks the user which server sends for the address, and connects to it to see
 * that it is there and on which port. Nothing is sent to it.
 */
#include "cli/login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/report.h"
#include "credential/terminal.h"
#include "smtp/connect.h"
#include "smtp/resolve.h"

enum {
	QUESTION_SIZE = 512,
	TRIES_MAX = 3,
	CONNECT_LIMIT_MS = 5000,
	PORT_SIZE = sizeof "65535"
};

/* Ports to try if the user names none, in this order (RFC 8314 3.3). */
static const struct {
	uint16_t port;
	const char *tls;
} submission_ports[] = {{465, "implicit"}, {587, "starttls"}};

enum {
	SUBMISSION_PORTS = sizeof submission_ports / sizeof *submission_ports
};

static int login_read_server(const struct login *login, struct secret *answer,
    struct error *err);
static int login_no_server(const struct login *login, struct error *err);
static int login_try_server(struct login *login, char *server,
    struct error *err);
static int login_split_server(char *server, char **ret_host, uint16_t *ret_port,
    struct error *err);
static int login_find_port(const char *host, uint16_t *ret_port,
    const char **ret_tls, struct error *err);
static int login_connect(const char *host, uint16_t port, struct error *err);

int
login_ask_server(struct login *login, struct error *err)
{
	for (int i = 0; i < TRIES_MAX; i++) {
		struct secret *answer = secret_new(err);
		char *server = NULL;
		int result = -1;

		if (answer != NULL &&
		    login_read_server(login, answer, err) == 0)
			server =
			    text_copy(secret_bytes(answer), secret_len(answer));
		secret_free(answer);
		if (server == NULL)
			return -1;
		result = login_try_server(login, server, err);
		free(server);
		if (result == 0 || err->code == ERROR_SYSTEM ||
		    err->code == ERROR_BUG)
			return result;
		if (i < TRIES_MAX - 1)
			report_error(err);
	}
	return -1;
}

static int
login_read_server(const struct login *login, struct secret *answer,
    struct error *err)
{
	char question[QUESTION_SIZE];
	int result;

	text_format_printable(question, sizeof question,
	    "Which server sends for %s? HOST or HOST:PORT: ",
	    strrchr(login->address, '@') + 1);
	result = terminal_ask(question, true, answer, err);
	if (result == 0 && secret_len(answer) > 0)
		return 0;
	return result == 0 || err->code == ERROR_INPUT
	    ? login_no_server(login, err)
	    : -1;
}

static int
login_no_server(const struct login *login, struct error *err)
{
	error_set(err, ERROR_CONFIG, "%s: no server was named", login->name);
	if (!login->is_new)
		return error_hint(err,
		    "set host or provider in the account block %s; the "
		    "administrator or the provider's help pages name the SMTP "
		    "server",
		    login->name);
	return error_hint(err,
	    "ask the administrator or the provider's help pages for the SMTP "
	    "server, then: postrider login --host=HOST %s",
	    login->name);
}

static int
login_try_server(struct login *login, char *server, struct error *err)
{
	const char *port_given = login->options->flags.text[SETTING_PORT];
	const char *tls = "";
	char text[PORT_SIZE];
	uint16_t port = 0;
	char *host;

	if (login_split_server(server, &host, &port, err) == -1)
		return -1;
	if (port == 0 && port_given != NULL)
		port = (uint16_t)setting_number(port_given);
	if (port == 0) {
		if (login_find_port(host, &port, &tls, err) == -1)
			return -1;
	} else if (login_connect(host, port, err) == -1) {
		return -1;
	}
	snprintf(text, sizeof text, "%u", (unsigned)port);
	return login_set_server(login, host, text, tls, "", err);
}

/* "host", "host:port", "[IPv6 address]:port" or an IPv6 address. */
static int
login_split_server(char *server, char **ret_host, uint16_t *ret_port,
    struct error *err)
{
	char *colon = strrchr(server, ':');
	char *end = server + strlen(server) - 1;
	char *after;
	long port;

	*ret_host = server;
	if (*server == '[' && *end == ']') {
		*end = '\0';
		*ret_host = server + 1;
		return 0;
	}
	if (colon == NULL || (strchr(server, ':') != colon && colon[-1] != ']'))
		return 0;
	port = strtol(colon + 1, &after, 10);
	if (after == colon + 1 || *after != '\0' || port < 1 ||
	    port > UINT16_MAX)
		return error_set(err, ERROR_CONFIG,
		    "%s: the port must be a number from 1 to 65535", server);
	*ret_port = (uint16_t)port;
	*colon = '\0';
	if (*server == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		*ret_host = server + 1;
	}
	return 0;
}

static int
login_find_port(const char *host, uint16_t *ret_port, const char **ret_tls,
    struct error *err)
{
	struct error first;

	for (size_t i = 0; i < SUBMISSION_PORTS; i++) {
		if (login_connect(host, submission_ports[i].port, err) == 0) {
			*ret_port = submission_ports[i].port;
			*ret_tls = submission_ports[i].tls;
			return 0;
		}
		if (err->code != ERROR_TEMPORARY)
			return -1;
		if (i == 0)
			first = *err;
	}
	error_set(err, ERROR_TEMPORARY,
	    "%s: neither port 465 nor port 587 can be reached: %s", host,
	    first.message);
	return error_hint(err, "check the name, or give the port: HOST:PORT");
}

static int
login_connect(const char *host, uint16_t port, struct error *err)
{
	const struct transcript silent = {.line = NULL};
	const int64_t deadline_ms = clock_now_ms() + CONNECT_LIMIT_MS;
	struct addrinfo *addresses;
	int fd;

	if (resolve_host(host, port, deadline_ms, &addresses, err) == -1)
		return -1;
	fd = connect_to(addresses, host, port, deadline_ms, &silent, err);
	freeaddrinfo(addresses);
	if (fd == -1)
		return -1;
	close(fd);
	return 0;
}
