/* SPDX-License-Identifier: MIT */
/*
 * Chooses the ports, and tries those that answer. Signs in nowhere.
 */
#include "cli/check-ports.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "config/value-list.h"
#include "smtp/reach.h"
#include "smtp/session.h"
#include "smtp/step.h"
#include "submit/params.h"

enum {
	REACH_MS = 2500,
	SESSION_MS = 4000,
	PORT_MAX = 65535,
	PORT_TEXT_SIZE = 8
};

static void ports_choose(struct check_ports *ports,
    const struct account *account, bool own_port_answers);
static void ports_choose_others(struct check_ports *ports,
    const struct account *account);
static void ports_add(struct check_ports *ports, const struct account *account,
    unsigned number, bool is_implicit);
static bool ports_has_mode(const struct account *account, bool is_implicit);
static void port_reach(struct check_port *port, const struct reach *reach,
    size_t count, const struct reach **ret_answer);
static void port_try(struct check_port *port, const struct account *account,
    const struct reach *answer);
static void port_on_step(void *context, const struct smtp_step *step);
static void port_set_reason(struct check_port *port, const char *message);
static void reach_set(struct reach *reach, const struct addrinfo *server,
    unsigned port);

void
check_ports_try(struct check_ports *ports, const struct account *account,
    const struct addrinfo *server, bool own_port_answers)
{
	struct reach reach[REACH_MAX];
	size_t begin[CHECK_PORTS_MAX + 1] = {0};
	size_t count = 0;
	int64_t start_ms = clock_now_ms();

	memset(ports, 0, sizeof *ports);
	ports_choose(ports, account, own_port_answers);
	for (size_t i = 0; i < ports->count; i++) {
		begin[i] = count;
		for (const struct addrinfo *entry = server;
		     entry != NULL && count < REACH_MAX; entry = entry->ai_next)
			reach_set(&reach[count++], entry, ports->port[i].port);
	}
	begin[ports->count] = count;
	reach_all(reach, count, start_ms + REACH_MS);
	for (size_t i = 0; i < ports->count; i++) {
		const struct reach *answer = NULL;

		port_reach(&ports->port[i], reach + begin[i],
		    begin[i + 1] - begin[i], &answer);
		if (answer != NULL)
			port_try(&ports->port[i], account, answer);
	}
	ports->ms = clock_now_ms() - start_ms;
}

const struct check_port *
check_ports_best(const struct check_ports *ports)
{
	for (size_t i = 0; i < ports->count; i++) {
		if (ports->port[i].works)
			return &ports->port[i];
	}
	return NULL;
}

static void
ports_choose(struct check_ports *ports, const struct account *account,
    bool own_port_answers)
{
	unsigned own = account_number(account, SETTING_PORT);

	if (own_port_answers) {
		ports_add(ports, account, own, true);
		ports_add(ports, account, own, false);
	}
	ports_add(ports, account, 465, true);
	ports_add(ports, account, 587, false);
	ports_choose_others(ports, account);
}

/* Elements of other-ports: "2525", or "2465/implicit". */
static void
ports_choose_others(struct check_ports *ports, const struct account *account)
{
	const char *at = account->provider != NULL
	    ? account->provider->text[PROVIDER_OTHER_PORTS]
	    : NULL;
	const char *element;
	size_t len;

	while (value_list_next(&at, &element, &len)) {
		const char *slash = memchr(element, '/', len);
		size_t digits = slash != NULL ? (size_t)(slash - element) : len;
		char text[PORT_TEXT_SIZE] = "";
		uint64_t number;

		if (digits >= sizeof text)
			continue;
		memcpy(text, element, digits);
		if (text_number(text, PORT_MAX, &number) == 0)
			ports_add(ports, account, (unsigned)number,
			    slash != NULL);
	}
}

/* Not what the account uses, nor a mode that the provider doesn't have. */
static void
ports_add(struct check_ports *ports, const struct account *account,
    unsigned number, bool is_implicit)
{
	unsigned own = account_number(account, SETTING_PORT);
	bool is_own_mode = account_is(account, SETTING_TLS,
	    is_implicit ? "implicit" : "starttls");

	if (ports->count == CHECK_PORTS_MAX ||
	    !ports_has_mode(account, is_implicit) ||
	    (is_own_mode && number == own))
		return;
	for (size_t i = 0; i < ports->count; i++) {
		if (ports->port[i].port == number &&
		    ports->port[i].is_implicit == is_implicit)
			return;
	}
	ports->port[ports->count++] =
	    (struct check_port){.port = number, .is_implicit = is_implicit};
}

static bool
ports_has_mode(const struct account *account, bool is_implicit)
{
	const char *at = account->provider != NULL
	    ? account->provider->text[PROVIDER_TLS_MODES]
	    : NULL;
	const char *element;
	size_t len;

	if (at == NULL)
		return true;
	while (value_list_next(&at, &element, &len)) {
		if (text_is(element, len,
			is_implicit ? "implicit" : "starttls"))
			return true;
	}
	return false;
}

/* *ret_answer is the address that answered first, if one did. */
static void
port_reach(struct check_port *port, const struct reach *reach, size_t count,
    const struct reach **ret_answer)
{
	int failure = ETIMEDOUT;

	for (size_t i = 0; i < count; i++) {
		if (reach[i].failure == 0 &&
		    (*ret_answer == NULL || reach[i].ms < (*ret_answer)->ms))
			*ret_answer = &reach[i];
		else if (reach[i].failure != ETIMEDOUT)
			failure = reach[i].failure;
		port->ms = reach[i].ms;
	}
	if (*ret_answer != NULL)
		return;
	port->is_silent = failure == ETIMEDOUT;
	text_format_printable(port->reason, sizeof port->reason, "%s",
	    port->is_silent               ? "no answer"
		: failure == ECONNREFUSED ? "no server listens there"
					  : strerror(failure));
}

static void
port_try(struct check_port *port, const struct account *account,
    const struct reach *answer)
{
	struct sockaddr_storage address = answer->address;
	struct addrinfo entry = {.ai_family = answer->address.ss_family,
	    .ai_socktype = SOCK_STREAM,
	    .ai_addr = (struct sockaddr *)&address,
	    .ai_addrlen = answer->address_len};
	struct addrinfo *addresses = &entry;
	int64_t start_ms = clock_now_ms();
	struct smtp_params all = params_for_session(account);
	struct smtp_params params = {.host = all.host,
	    .port = (uint16_t)port->port,
	    .addresses = &addresses,
	    .tls = port->is_implicit ? SMTP_TLS_IMPLICIT : SMTP_TLS_STARTTLS,
	    .tls_trust_file = all.tls_trust_file,
	    .tls_crl_file = all.tls_crl_file,
	    .tls_fingerprint = all.tls_fingerprint,
	    .tls_fingerprint_count = all.tls_fingerprint_count,
	    .tls_priority = all.tls_priority,
	    .ehlo_name = all.ehlo_name,
	    .timeout_ms = SESSION_MS,
	    .deadline_ms = start_ms + SESSION_MS};
	struct error err = {.message = ""};
	bool offers_sign_in = false;
	struct smtp_session *session;

	params.on_step = port_on_step;
	params.step_context = &offers_sign_in;
	session = smtp_session_open(&params, &err);
	port->works = session != NULL && (all.user == NULL || offers_sign_in);
	port->ms = clock_now_ms() - start_ms;
	port_set_reason(port,
	    session != NULL ? "offers no sign-in" : err.message);
	smtp_session_close(session);
}

static void
port_on_step(void *context, const struct smtp_step *step)
{
	bool *offers_sign_in = context;

	if (step->kind == SMTP_STEP_SERVER)
		*offers_sign_in = step->extensions->mechanisms[0] != '\0';
}

/* Leaves out the host at the beginning of an error, which is on each line. */
static void
port_set_reason(struct check_port *port, const char *message)
{
	const char *colon = strstr(message, ": ");

	if (port->works)
		message = "";
	else if (colon != NULL)
		message = colon + strlen(": ");
	text_format_printable(port->reason, sizeof port->reason, "%s", message);
}

static void
reach_set(struct reach *reach, const struct addrinfo *server, unsigned port)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&reach->address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&reach->address;

	memcpy(&reach->address, server->ai_addr, server->ai_addrlen);
	reach->address_len = server->ai_addrlen;
	if (server->ai_family == AF_INET6)
		v6->sin6_port = htons((uint16_t)port);
	else
		v4->sin_port = htons((uint16_t)port);
}
