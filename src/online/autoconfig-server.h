/* SPDX-License-Identifier: MIT */
#ifndef ONLINE_AUTOCONFIG_SERVER_H
#define ONLINE_AUTOCONFIG_SERVER_H

/*
 * A submission server as an autoconfig file describes it: checks the values of
 * the file and replaces its placeholders.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum {
	AUTOCONFIG_HOST_SIZE = 254, /* RFC 1035 2.3.4 */
	AUTOCONFIG_USER_SIZE = 321  /* RFC 5321 4.5.3.1 */
};

/* The elements of an outgoing server. */
enum autoconfig_field {
	AUTOCONFIG_HOST,
	AUTOCONFIG_PORT,
	AUTOCONFIG_TLS,
	AUTOCONFIG_USER,
	AUTOCONFIG_AUTH,
	AUTOCONFIG_FIELD_COUNT
};

struct autoconfig_server {
	char host[AUTOCONFIG_HOST_SIZE]; /* letters, digits, "-", "_", "." */
	uint16_t port;
	const char *tls; /* "implicit" or "starttls"; static, like auth */
	char user[AUTOCONFIG_USER_SIZE]; /* printable, without
					   quotes or "$" */
	const char *auth;                /* "password", "oauth2" or "none" */
};

/*
 * Fills server from the values of the fields, "" for one that is missing.
 * Placeholders stand for parts of address, which contains "@". ERROR_REFUSED
 * with the reason why the server can't be used; else ERROR_SYSTEM.
 */
int autoconfig_server_fill(struct autoconfig_server *server,
    const char *const value[AUTOCONFIG_FIELD_COUNT], const char *address,
    struct error *err);

/* Whether a value of AUTOCONFIG_AUTH means a password. */
bool autoconfig_is_password(const char *auth);

#endif
