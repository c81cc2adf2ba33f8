/* SPDX-License-Identifier: MIT */
/*
 * Turns the texts of an autoconfig file, which can contain anything, into a
 * server. Knows no XML.
 */
#include "online/autoconfig-server.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

enum {
	EXPANDED_MAX = 1024
};

struct autoconfig_word {
	const char *text;
	const char *meaning;
};

static const struct autoconfig_word tls_words[] = {{"SSL", "implicit"},
    {"TLS", "starttls"}, {"STARTTLS", "starttls"}, {NULL, NULL}};

/* "plain" and "secure" are older spellings. */
static const struct autoconfig_word auth_words[] = {{"", "password"},
    {"password-cleartext", "password"}, {"plain", "password"},
    {"password-encrypted", "password"}, {"secure", "password"},
    {"NTLM", "password"}, {"GSSAPI", "password"},
    {"TLS-client-cert", "password"}, {"OAuth2", "oauth2"},
    {"client-IP-address", "none"}, {"none", "none"}, {NULL, NULL}};

static int autoconfig_take_host(struct autoconfig_server *server,
    const char *text, const char *address, struct error *err);
static int autoconfig_take_port(struct autoconfig_server *server,
    const char *text, struct error *err);
static int autoconfig_take_user(struct autoconfig_server *server,
    const char *text, const char *address, struct error *err);
static bool autoconfig_is_user(const char *text);
static int autoconfig_expand(const char *text, const char *address,
    struct buf *out, struct error *err);
static const char *find_meaning(const struct autoconfig_word *words,
    const char *text);

int
autoconfig_server_fill(struct autoconfig_server *server,
    const char *const value[AUTOCONFIG_FIELD_COUNT], const char *address,
    struct error *err)
{
	const char *user = value[AUTOCONFIG_USER];

	if (autoconfig_take_host(server, value[AUTOCONFIG_HOST], address,
		err) == -1 ||
	    autoconfig_take_port(server, value[AUTOCONFIG_PORT], err) == -1 ||
	    autoconfig_take_user(server, *user != '\0' ? user : address,
		address, err) == -1)
		return -1;
	server->tls = find_meaning(tls_words, value[AUTOCONFIG_TLS]);
	if (server->tls == NULL)
		return error_set(err, ERROR_REFUSED,
		    "it names %s without TLS, which is refused", server->host);
	server->auth = find_meaning(auth_words, value[AUTOCONFIG_AUTH]);
	if (server->auth == NULL)
		return error_set(err, ERROR_REFUSED,
		    "it names the unknown authentication \"%s\" of %s",
		    value[AUTOCONFIG_AUTH], server->host);
	return 0;
}

bool
autoconfig_is_password(const char *auth)
{
	const char *meaning = find_meaning(auth_words, auth);

	return meaning != NULL && strcmp(meaning, "password") == 0;
}

static int
autoconfig_take_host(struct autoconfig_server *server, const char *text,
    const char *address, struct error *err)
{
	static const char allowed[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
	struct buf host;
	int result;

	buf_init(&host, EXPANDED_MAX);
	result = autoconfig_expand(text, address, &host, err);
	if (result == 0 &&
	    (host.len == 0 || host.len >= AUTOCONFIG_HOST_SIZE ||
		strchr("-.", host.data[0]) != NULL ||
		strspn(host.data, allowed) != host.len))
		result = error_set(err, ERROR_REFUSED,
		    "it names the invalid host \"%s\"", buf_text(&host));
	if (result == 0)
		memcpy(server->host, host.data, host.len + 1);
	buf_done(&host);
	return result;
}

static int
autoconfig_take_port(struct autoconfig_server *server, const char *text,
    struct error *err)
{
	size_t len = strspn(text, "0123456789");
	long port = strtol(text, NULL, 10);

	if (len == 0 || text[len] != '\0' || port < 1 || port > UINT16_MAX)
		return error_set(err, ERROR_REFUSED,
		    "it names the invalid port \"%s\" of %s", text,
		    server->host);
	server->port = (uint16_t)port;
	return 0;
}

static int
autoconfig_take_user(struct autoconfig_server *server, const char *text,
    const char *address, struct error *err)
{
	struct buf user;
	int result;

	buf_init(&user, EXPANDED_MAX);
	result = autoconfig_expand(text, address, &user, err);
	if (result == 0 &&
	    (user.len >= AUTOCONFIG_USER_SIZE ||
		!autoconfig_is_user(user.data)))
		result = error_set(err, ERROR_REFUSED,
		    "it names the invalid user name \"%s\"", user.data);
	if (result == 0)
		memcpy(server->user, user.data, user.len + 1);
	buf_done(&user);
	return result;
}

/* It is shown, also as part of a command line to copy. */
static bool
autoconfig_is_user(const char *text)
{
	char printable[AUTOCONFIG_USER_SIZE];

	text_printable(printable, sizeof printable, text, strlen(text));
	return *text != '-' && strcmp(printable, text) == 0 &&
	    strpbrk(text, "\"'`$;&|<>()") == NULL;
}

static int
autoconfig_expand(const char *text, const char *address, struct buf *out,
    struct error *err)
{
	const char *at = strrchr(address, '@');
	const struct {
		const char *mark;
		const char *value;
		size_t len;
	} placeholders[] = {
	    {"%EMAILADDRESS%", address, strlen(address)},
	    {"%EMAILLOCALPART%", address, (size_t)(at - address)},
	    {"%EMAILDOMAIN%", at + 1, strlen(at + 1)},
	};

	while (*text != '\0') {
		const char *value = text;
		size_t value_len = 1;
		size_t len = 1;

		for (size_t i = 0;
		     i < sizeof placeholders / sizeof *placeholders; i++) {
			if (!text_has_prefix(text, placeholders[i].mark))
				continue;
			value = placeholders[i].value;
			value_len = placeholders[i].len;
			len = strlen(placeholders[i].mark);
		}
		if (buf_add(out, value, value_len, err) == -1)
			return err->code == ERROR_DATA
			    ? error_set(err, ERROR_REFUSED,
				  "one of its fields is too long")
			    : -1;
		text += len;
	}
	return 0;
}

/* Returns NULL for an unknown word. */
static const char *
find_meaning(const struct autoconfig_word *words, const char *text)
{
	for (; words->text != NULL; words++) {
		if (text_equals(words->text, text))
			return words->meaning;
	}
	return NULL;
}
