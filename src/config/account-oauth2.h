/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_ACCOUNT_OAUTH2_H
#define CONFIG_ACCOUNT_OAUTH2_H

/*
 * How an account signs in by OAuth2: as which client, for which scope. The
 * endpoints are fields of its provider.
 */

#include <stdbool.h>
#include <stdint.h>

enum account_grant { /* RFC 6749 4.1, RFC 8628, RFC 6749 4.4 */
	ACCOUNT_GRANT_AUTHORIZATION_CODE,
	ACCOUNT_GRANT_DEVICE_CODE,
	ACCOUNT_GRANT_CLIENT_CREDENTIALS
};

/* The texts may be NULL. */
struct account_oauth2 {
	bool wanted; /* the sign-in is by a bearer token */
	enum account_grant grant;
	char *client_id;
	char *client_secret; /* a source, as credential */
	char *client_cert_file;
	char *client_key; /* a path or a "pkcs11:" URI */
	bool signs_rs256; /* an RSA key; else PS256 */
	char *tenant;
	char *scope;
	int64_t refresh_margin_ms;
	char *trust_file; /* for the endpoints; NULL: the system's */
};

void account_oauth2_done(struct account_oauth2 *oauth2);

#endif
