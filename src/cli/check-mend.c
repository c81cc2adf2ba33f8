/* SPDX-License-Identifier: MIT */
/*
 * Composes command lines, so that they can be copied to a shell.
 */
#include "cli/check-mend.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cli/check-ports.h"
#include "base/shell-word.h"
#include "config/domain-suggestion.h"

enum {
	USUAL_IMPLICIT = 465,
	USUAL_STARTTLS = 587
};

static int mend_add(struct buf *line, const struct account *account,
    const char *name, const char *value, struct error *err);
static void mend_take(struct buf *line, int result,
    char out[CHECK_COMMAND_SIZE]);
static const char *mend_mode(const struct check_port *port);
static bool mend_is_cause(const struct error *err, const char *cause);
static void mend_by_port(const struct account *account,
    const struct check_port *port, struct error *err);
static void mend_list_ports(const struct check_ports *ports, bool only_silent,
    char *out, size_t size);

void
check_mend_setting(const struct account *account, const char *name,
    const char *value, char out[CHECK_COMMAND_SIZE])
{
	struct buf line;
	struct error ignored;

	buf_init(&line, CHECK_COMMAND_SIZE);
	mend_take(&line, mend_add(&line, account, name, value, &ignored), out);
}

void
check_mend_port(const struct account *account, const struct check_port *port,
    char out[CHECK_COMMAND_SIZE])
{
	struct buf line;
	struct error ignored;
	char number[16];
	int result;

	/* The port stays the same: it is set, or it is usual for both modes. */
	if (port->port == account_number(account, SETTING_PORT) &&
	    port->port ==
		(port->is_implicit ? USUAL_IMPLICIT : USUAL_STARTTLS)) {
		check_mend_setting(account, "tls", mend_mode(port), out);
		return;
	}
	snprintf(number, sizeof number, "%u", port->port);
	buf_init(&line, CHECK_COMMAND_SIZE);
	result = mend_add(&line, account, "port", number, &ignored);
	if (result == 0)
		result = buf_add_text(&line,
		    account->name != NULL ? " && " : " ", &ignored);
	if (result == 0)
		result =
		    mend_add(&line, account, "tls", mend_mode(port), &ignored);
	mend_take(&line, result, out);
}

void
check_mend_topic(const struct account *account, struct error *err)
{
	static const struct {
		enum error_topic topic;
		const char *name;
		const char *value;
		const char *link; /* between the hint and the command */
	} settings[] = {
	    {ERROR_TOPIC_SERVER_TRUST, "tls-trust-file", "/path/to/ca.pem",
		"; to trust the CA: "},
	    {ERROR_TOPIC_OLD_CIPHERS, "tls-priority", "NORMAL", ": "},
	    {ERROR_TOPIC_MECHANISM, "auth", "auto", ": "},
	    {ERROR_TOPIC_LOGIN_MECHANISM, "auth", "login", ": "},
	    {ERROR_TOPIC_FALLBACK, "fallback", "yes", ": "},
	};

	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		char command[CHECK_COMMAND_SIZE];
		size_t used = strlen(err->hint);

		if (settings[i].topic != err->topic)
			continue;
		check_mend_setting(account, settings[i].name, settings[i].value,
		    command);
		snprintf(err->hint + used, sizeof err->hint - used, "%s%s",
		    settings[i].link, command);
		err->topic = ERROR_TOPIC_NONE;
		return;
	}
}

void
check_mend_cause(const struct account *account, const char *subject,
    struct error *err)
{
	size_t used = strlen(err->hint);
	char command[CHECK_COMMAND_SIZE];

	if (mend_is_cause(err, "name-servers") && used == 0)
		error_hint(err,
		    "check the network connection, and the name servers in "
		    "/etc/resolv.conf");
	if (mend_is_cause(err, "certificate-name") &&
	    strchr(subject, '.') != NULL && strchr(subject, '*') == NULL) {
		check_mend_setting(account, "host", subject, command);
		snprintf(err->hint + used, sizeof err->hint - used,
		    "; if the provider calls it %s: %s", subject, command);
	}
}

void
check_mend_host(const struct route *route, struct error *err)
{
	const struct account *account = route->account;
	char known[DOMAIN_SUGGESTION_SIZE];
	char command[CHECK_COMMAND_SIZE];

	if (account->provider != NULL || err->step == NULL ||
	    strcmp(err->step, "name") != 0 ||
	    !host_suggestion_find(route->config, account->text[SETTING_HOST],
		known))
		return;
	check_mend_setting(account, "host", known, command);
	error_hint(err, "did you mean %s? Then %s%s", known,
	    account->name != NULL ? "run: " : "use ", command);
}

void
check_mend_failure(const struct account *account,
    const struct check_ports *ports, struct error *err)
{
	const struct check_port *best = check_ports_best(ports);
	bool is_connecting =
	    err->step != NULL && strcmp(err->step, "connect") == 0;
	char command[CHECK_COMMAND_SIZE];
	char silent[128];
	char tried[128];

	mend_list_ports(ports, true, silent, sizeof silent);
	mend_list_ports(ports, false, tried, sizeof tried);
	check_mend_setting(account, "timeout", "1m", command);
	if (best != NULL)
		mend_by_port(account, best, err);
	else if (is_connecting && *silent != '\0')
		error_hint(err,
		    "port %s does not answer either: this network blocks mail, "
		    "or the server is down; try another network or a VPN",
		    silent);
	else if (mend_is_cause(err, "starttls-missing"))
		error_hint(err,
		    "ask the operator of the server, or try another network: "
		    "none of its ports offers TLS; nothing was sent in the "
		    "clear");
	else if (ports->count > 0 && mend_is_cause(err, "auth-not-offered"))
		error_hint(err,
		    "ask the operator of the server: neither this port nor %s "
		    "lets you sign in; if it takes mail without a sign-in, "
		    "unset user",
		    tried);
	else if (!is_connecting && mend_is_cause(err, "timeout"))
		error_hint(err,
		    "try again later: the server accepts the connection, but "
		    "does not speak; if it is only slow, allow more time: %s",
		    command);
}

static int
mend_add(struct buf *line, const struct account *account, const char *name,
    const char *value, struct error *err)
{
	if (account->name == NULL) {
		if (buf_add_text(line, "--", err) == -1 ||
		    buf_add_text(line, name, err) == -1 ||
		    buf_add_text(line, "=", err) == -1)
			return -1;
		return shell_word_add(line, value, err);
	}
	if (buf_add_text(line, "postrider config set ", err) == -1 ||
	    shell_word_add(line, account->name, err) == -1 ||
	    buf_add_text(line, ".", err) == -1 ||
	    buf_add_text(line, name, err) == -1 ||
	    buf_add_text(line, " ", err) == -1)
		return -1;
	return shell_word_add(line, value, err);
}

static void
mend_take(struct buf *line, int result, char out[CHECK_COMMAND_SIZE])
{
	snprintf(out, CHECK_COMMAND_SIZE, "%s",
	    result == 0 ? buf_text(line) : "");
	buf_done(line);
}

static const char *
mend_mode(const struct check_port *port)
{
	return port->is_implicit ? "implicit" : "starttls";
}

static bool
mend_is_cause(const struct error *err, const char *cause)
{
	return err->cause != NULL && strcmp(err->cause, cause) == 0;
}

static void
mend_by_port(const struct account *account, const struct check_port *port,
    struct error *err)
{
	unsigned own = account_number(account, SETTING_PORT);
	bool is_connecting =
	    err->step != NULL && strcmp(err->step, "connect") == 0;
	const char *state = !is_connecting   ? "does not take submissions"
	    : err->sys_errno == ECONNREFUSED ? "refuses connections"
					     : "is blocked here";
	char command[CHECK_COMMAND_SIZE];

	check_mend_port(account, port, command);
	if (own == port->port)
		error_hint(err, "port %u works with tls = %s: %s", own,
		    mend_mode(port), command);
	else
		error_hint(err,
		    "port %u %s; %u works: set port = %u and tls = %s: %s", own,
		    state, port->port, port->port, mend_mode(port), command);
}

/* "465, 587" */
static void
mend_list_ports(const struct check_ports *ports, bool only_silent, char *out,
    size_t size)
{
	size_t used = 0;

	*out = '\0';
	for (size_t i = 0; i < ports->count && used < size; i++) {
		if (ports->port[i].is_silent || !only_silent)
			used += (size_t)snprintf(out + used, size - used,
			    "%s%u", used > 0 ? ", " : "", ports->port[i].port);
	}
}
