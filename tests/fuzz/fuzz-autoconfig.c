/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an autoconfig file: it gives a server that can be written to a
 * configuration, or is refused in our words.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "online/autoconfig-file.h"

#include "fuzz.h"

static void
check_server(const struct autoconfig_server *server)
{
	require(*server->host != '\0' && strlen(server->host) <= 253);
	require(strpbrk(server->host, " \"\\\n=%{}/@") == NULL);
	check_text(server->host);
	require(server->port != 0);
	require(strcmp(server->tls, "implicit") == 0 ||
	    strcmp(server->tls, "starttls") == 0);
	require(*server->user != '\0');
	check_text(server->user);
	require(strpbrk(server->user, "\r\n\t'\"$`;") == NULL);
	require(strcmp(server->auth, "password") == 0 ||
	    strcmp(server->auth, "oauth2") == 0 ||
	    strcmp(server->auth, "none") == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct autoconfig_server server;
	struct error err;
	/* What is read after its end is found. */
	char *exact = malloc(len > 0 ? len : 1);

	require(exact != NULL);
	memcpy(exact, data, len);
	if (autoconfig_file_read(exact, len, "alice@corp.example",
		"https://corp.example/", &server, &err) == 0) {
		check_server(&server);
	} else {
		require(err.code == ERROR_REFUSED || err.code == ERROR_SYSTEM);
		check_text(err.message);
	}
	free(exact);
	return 0;
}
