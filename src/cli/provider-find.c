/* SPDX-License-Identifier: MIT */
/*
 * Finds the server of an address as login does, and shows what each place says.
 */
#include "cli/provider-find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/text.h"
#include "cli/discovery.h"
#include "report/json.h"

/* The server that login would use. Texts are borrowed. */
struct found_server {
	const char *address;
	const struct account *account;
	const struct discovery *discovery;     /* NULL: a provider is known */
	const struct discovery_result *result; /* NULL: as above, or none */
	const struct provider *provider;       /* or NULL */
	const char *host;                      /* NULL: none is found */
	unsigned port;
	const char *tls;
	const char *user;
	const char *place;     /* that names it */
	bool is_authenticated; /* a forged DNS answer is no danger */
};

static int find_check_address(const char *address, struct error *err);
static int find_resolve(struct options *options, const char *address,
    struct route *route, struct error *err);
static void find_describe(struct found_server *server,
    const struct route *route);
static void find_use_result(struct found_server *server,
    const struct route *route);
static void find_print(const struct found_server *server);
static void find_print_places(const struct discovery *discovery);
static const char *find_problem(const struct discovery_result *result);
static const char *find_tls_title(const char *tls);
static void find_print_json(const struct found_server *server);
static int find_nothing(const struct found_server *server, struct error *err);

int
provider_find(struct options *options, struct error *err)
{
	struct found_server server = {.address = options->find};
	struct discovery discovery;
	struct route route;
	char *address = NULL;
	int status = -1;

	route_init(&route);
	if (find_check_address(options->find, err) == 0)
		address = discovery_address(options->find, err);
	if (address != NULL &&
	    find_resolve(options, address, &route, err) == 0) {
		if (route.account->lacks_server) {
			discovery_run(&discovery, address, &route, true);
			server.discovery = &discovery;
		}
		find_describe(&server, &route);
		status = EX_OK;
		if (options->report.json)
			find_print_json(&server);
		else
			find_print(&server);
		if (server.host == NULL)
			status = options->report.json
			    ? EX_CONFIG
			    : find_nothing(&server, err);
	}
	route_done(&route);
	free(address);
	return status;
}

static int
find_check_address(const char *address, struct error *err)
{
	const char *at = strrchr(address, '@');

	if (at != NULL && at != address && at[1] != '\0')
		return 0;
	error_set(err, ERROR_USAGE, "--find: \"%s\" is not an address",
	    address);
	return error_hint(err,
	    "for example: postrider providers --find me@corp.example");
}

static int
find_resolve(struct options *options, const char *address, struct route *route,
    struct error *err)
{
	const struct account_query query = {.sender = address,
	    .flags = &options->flags,
	    .is_new = true,
	    .may_lack_server = true};

	if (settings_set(&options->flags, SETTING_FROM, address, "--find",
		err) == -1 ||
	    route_load(route, options->config_path, err) == -1)
		return -1;
	if (route_resolve(route, &query, options->config_path, err) == 0)
		return 0;
	return err->code == ERROR_NO_HOST
	    ? error_hint(err, "check the spelling of the address")
	    : -1;
}

static void
find_describe(struct found_server *server, const struct route *route)
{
	const struct account *account = route->account;

	server->account = account;
	if (server->discovery != NULL) {
		server->result = server->discovery->best;
		if (server->result != NULL)
			find_use_result(server, route);
		return;
	}
	server->provider = account->provider;
	server->host = account->text[SETTING_HOST];
	server->port = account_number(account, SETTING_PORT);
	server->tls = account->text[SETTING_TLS];
	server->user = account->text[SETTING_USER];
	server->place = account->found_by;
	server->is_authenticated = !account->provider_from_dns;
}

static void
find_use_result(struct found_server *server, const struct route *route)
{
	const struct discovery_result *result = server->result;

	server->provider = config_provider_of_host(route->config, result->host);
	server->host = result->host;
	server->port = result->port;
	server->tls = result->tls;
	server->user = *result->user != '\0' ? result->user : server->address;
	server->place = result->place;
	server->is_authenticated = result->is_authenticated ||
	    discovery_is_own_host(result, server->address);
}

static void
find_print(const struct found_server *server)
{
	const char *title = server->provider == NULL ? NULL
	    : server->provider->text[PROVIDER_TITLE] != NULL
	    ? server->provider->text[PROVIDER_TITLE]
	    : server->provider->name;

	if (server->host != NULL) {
		printf("server     %s port %u, %s\n", server->host,
		    server->port, find_tls_title(server->tls));
		if (server->user != NULL)
			printf("user       %s\n", server->user);
		if (server->provider != NULL)
			printf("provider   %s (%s)\n", server->provider->name,
			    title);
		printf("named by   %s%s\n", server->place,
		    server->is_authenticated
			? ""
			: " (DNS, which anyone may forge)");
		printf("sign in    postrider login %s\n", server->address);
		if (server->discovery != NULL)
			putchar('\n');
	}
	if (server->discovery != NULL)
		find_print_places(server->discovery);
}

static void
find_print_places(const struct discovery *discovery)
{
	puts("No provider is known for the domain or its MX. Asked:");
	for (size_t i = 0; i < DISCOVERY_PLACE_COUNT; i++) {
		const struct discovery_result *result = &discovery->result[i];

		printf("  %s\n    ", result->place);
		if (result->is_found)
			printf("%s port %u, %s%s%s\n", result->host,
			    result->port, find_tls_title(result->tls),
			    *result->user != '\0' ? ", user " : "",
			    result->user);
		else
			printf("%s\n", find_problem(result));
	}
}

/* Without the place, which some problems begin with. */
static const char *
find_problem(const struct discovery_result *result)
{
	const char *problem = result->problem;
	size_t len = strlen(result->place);

	if (text_has_prefix(problem, result->place) &&
	    strncmp(problem + len, ": ", 2) == 0)
		problem += len + 2;
	return problem;
}

static const char *
find_tls_title(const char *tls)
{
	if (strcmp(tls, "implicit") == 0)
		return "implicit TLS";
	return strcmp(tls, "starttls") == 0 ? "STARTTLS" : "no TLS";
}

static void
find_print_json(const struct found_server *server)
{
	struct json json = {.out = stdout};

	json_open(&json, NULL, '{');
	json_text(&json, "address", server->address);
	json_text(&json, "provider",
	    server->provider != NULL ? server->provider->name : NULL);
	json_text(&json, "host", server->host);
	if (server->host != NULL) {
		json_number(&json, "port", server->port);
		json_text(&json, "tls", server->tls);
		json_text(&json, "user", server->user);
		json_text(&json, "auth",
		    server->result != NULL ? server->result->auth : NULL);
		json_text(&json, "named_by", server->place);
		json_bool(&json, "authenticated", server->is_authenticated);
	}
	json_open(&json, "asked", '[');
	for (size_t i = 0;
	     server->discovery != NULL && i < DISCOVERY_PLACE_COUNT; i++) {
		const struct discovery_result *result =
		    &server->discovery->result[i];

		json_open(&json, NULL, '{');
		json_text(&json, "place", result->place);
		json_text(&json, "host",
		    result->is_found ? result->host : NULL);
		json_text(&json, "problem",
		    result->is_found ? NULL : find_problem(result));
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	json_end(&json);
}

static int
find_nothing(const struct found_server *server, struct error *err)
{
	error_set(err, ERROR_CONFIG, "no server is found for %s",
	    strrchr(server->address, '@') + 1);
	return error_hint(err,
	    "ask the administrator for the SMTP server, then: postrider login "
	    "--host=HOST %s",
	    server->address);
}
