/* SPDX-License-Identifier: MIT */
/*
 * A submission server for tests whose sign-in is GNU SASL's server side, bound
 * to the TLS channel by GnuTLS: no mail server that Debian 12 has offers
 * SCRAM-PLUS or GS2-KRB5. Usage: plus-server PORT implicit|starttls CHAIN KEY
 * PRIORITY MECHANISMS DIRECTORY. It serves one client after the other, prints a
 * line on each sign-in, and appends each message to DIRECTORY/messages.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <gsasl.h>

enum {
	LINE_SIZE = 65536
};

struct server {
	bool implicit;
	const char *mechanisms, *directory, *priority;
	gnutls_certificate_credentials_t credentials;
	Gsasl *sasl;
};

struct client {
	const struct server *server;
	int socket;
	gnutls_session_t tls; /* NULL: not yet */
	bool signed_in;
	char binding[64]; /* what the client says it binds to */
	char buffer[LINE_SIZE];
	size_t used, taken;
};

static int listen_on(const char *port);
static void serve(const struct server *server, int socket);
static bool command(struct client *client, char *line);
static bool start_tls(struct client *client);
static void greet(struct client *client);
static void authenticate(struct client *client, char *words);
static bool converse(struct client *client, Gsasl_session *session,
    const char *initial, const char **ret_why);
static void note_binding(struct client *client, const char *response);
static void give_channel(struct client *client, Gsasl_session *session);
static int answer_library(Gsasl *library, Gsasl_session *session,
    Gsasl_property property);
static void take_message(struct client *client);
static char *read_line(struct client *client);
static void say(struct client *client, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

int
main(int argc, char **argv)
{
	struct server server = {0};
	int listener, socket;

	if (argc != 8)
		return 64;
	server.implicit = strcmp(argv[2], "implicit") == 0;
	server.priority = argv[5];
	server.mechanisms = argv[6];
	server.directory = argv[7];
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (gnutls_certificate_allocate_credentials(&server.credentials) < 0 ||
	    gnutls_certificate_set_x509_key_file(server.credentials, argv[3],
		argv[4], GNUTLS_X509_FMT_PEM) < 0 ||
	    gsasl_init(&server.sasl) != GSASL_OK)
		return 70;
	gsasl_callback_set(server.sasl, answer_library);
	listener = listen_on(argv[1]);
	while ((socket = accept(listener, NULL, NULL)) != -1) {
		serve(&server, socket);
		close(socket);
	}
	return 71;
}

static int
listen_on(const char *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)strtol(port, NULL, 10)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int yes = 1;

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) == -1 ||
	    listen(listener, 10) == -1)
		return -1;
	return listener;
}

static void
serve(const struct server *server, int socket)
{
	static struct client client;
	char *line;

	memset(&client, 0, sizeof client);
	client.server = server;
	client.socket = socket;
	if (!server->implicit || start_tls(&client)) {
		say(&client, "220 mail.example.test");
		do
			line = read_line(&client);
		while (line != NULL && command(&client, line));
	}
	if (client.tls != NULL) {
		gnutls_bye(client.tls, GNUTLS_SHUT_WR);
		gnutls_deinit(client.tls);
	}
}

static bool
command(struct client *client, char *line)
{
	if (strncasecmp(line, "EHLO", 4) == 0) {
		greet(client);
	} else if (strcasecmp(line, "STARTTLS") == 0 && client->tls == NULL) {
		say(client, "220 go ahead");
		return start_tls(client);
	} else if (strncasecmp(line, "AUTH ", 5) == 0 && client->tls != NULL) {
		authenticate(client, line + 5);
	} else if (strcasecmp(line, "QUIT") == 0) {
		say(client, "221 bye");
		return false;
	} else if (!client->signed_in) {
		say(client, "530 5.7.0 Authentication required");
	} else if (strcasecmp(line, "DATA") == 0) {
		take_message(client);
	} else {
		say(client, "250 2.0.0 ok");
	}
	return true;
}

static bool
start_tls(struct client *client)
{
	const struct server *server = client->server;
	int status;

	client->used = client->taken = 0;
	gnutls_init(&client->tls, GNUTLS_SERVER);
	gnutls_credentials_set(client->tls, GNUTLS_CRD_CERTIFICATE,
	    server->credentials);
	if (gnutls_priority_set_direct(client->tls, server->priority, NULL) < 0)
		return false;
	gnutls_transport_set_int(client->tls, client->socket);
	do
		status = gnutls_handshake(client->tls);
	while (status < 0 && !gnutls_error_is_fatal(status));
	return status == GNUTLS_E_SUCCESS;
}

static void
greet(struct client *client)
{
	say(client, "250-mail.example.test");
	if (client->tls == NULL)
		say(client, "250-STARTTLS");
	else
		say(client, "250-AUTH %s", client->server->mechanisms);
	say(client, "250 8BITMIME");
}

static void
authenticate(struct client *client, char *words)
{
	char mechanism[64];
	const char *why = "not a mechanism of this server";
	const char *user;
	Gsasl_session *session = NULL;
	bool good = false;

	snprintf(mechanism, sizeof mechanism, "%s", strsep(&words, " "));
	snprintf(client->binding, sizeof client->binding, "none");
	if (strstr(client->server->mechanisms, mechanism) != NULL &&
	    gsasl_server_start(client->server->sasl, mechanism, &session) ==
		GSASL_OK) {
		give_channel(client, session);
		good = converse(client, session, words, &why);
	}
	user =
	    session != NULL ? gsasl_property_fast(session, GSASL_AUTHID) : NULL;
	printf("%s %s binding=%s tls=%s user=%s: %s\n",
	    good ? "accepted" : "refused", mechanism, client->binding,
	    gnutls_protocol_get_name(gnutls_protocol_get_version(client->tls)),
	    user != NULL ? user : "-", why);
	if (good)
		say(client, "235 2.7.0 welcome");
	else
		say(client, "535 5.7.8 refused: %s", why);
	client->signed_in = good;
	if (session != NULL)
		gsasl_finish(session);
}

/* RFC 4954 section 4: "=" is an empty initial response. */
static bool
converse(struct client *client, Gsasl_session *session, const char *initial,
    const char **ret_why)
{
	const char *response = initial != NULL ? initial : "";
	char *challenge;
	int status;

	if (strcmp(response, "=") == 0)
		response = "";
	for (;;) {
		note_binding(client, response);
		challenge = NULL;
		status = gsasl_step64(session, response, &challenge);
		*ret_why = gsasl_strerror_name(status);
		if (status != GSASL_OK && status != GSASL_NEEDS_MORE)
			return false;
		if (status == GSASL_OK &&
		    (challenge == NULL || *challenge == '\0'))
			return true;
		say(client, "334 %s", challenge != NULL ? challenge : "");
		gsasl_free(challenge);
		response = read_line(client);
		if (response == NULL || strcmp(response, "*") == 0) {
			*ret_why = "cancelled";
			return false;
		}
		if (status == GSASL_OK)
			return *response == '\0';
	}
}

/* RFC 5801 section 4: the header begins with n, y or p=NAME, and a comma. */
static void
note_binding(struct client *client, const char *response)
{
	char *text = NULL;
	size_t len = 0;
	int end;

	if (strcmp(client->binding, "none") != 0 ||
	    gsasl_base64_from(response, strlen(response), &text, &len) !=
		GSASL_OK)
		return;
	if (len > 2 &&
	    (strncmp(text, "p=", 2) == 0 || strncmp(text, "y,", 2) == 0 ||
		strncmp(text, "n,", 2) == 0)) {
		end = (int)strcspn(text, ",");
		snprintf(client->binding, sizeof client->binding, "%.*s", end,
		    text);
	}
	gsasl_free(text);
}

static void
give_channel(struct client *client, Gsasl_session *session)
{
	bool is_newest =
	    gnutls_protocol_get_version(client->tls) == GNUTLS_TLS1_3;
	gnutls_datum_t channel = {NULL, 0};
	char *text = NULL;

	if (gnutls_session_channel_binding(client->tls,
		is_newest ? GNUTLS_CB_TLS_EXPORTER : GNUTLS_CB_TLS_UNIQUE,
		&channel) != 0)
		return;
	if (gsasl_base64_to((char *)channel.data, channel.size, &text, NULL) ==
	    GSASL_OK)
		gsasl_property_set(session,
		    is_newest ? GSASL_CB_TLS_EXPORTER : GSASL_CB_TLS_UNIQUE,
		    text);
	gsasl_free(text);
	gnutls_free(channel.data);
}

static int
answer_library(Gsasl *library, Gsasl_session *session, Gsasl_property property)
{
	static const struct {
		Gsasl_property property;
		const char *value;
	} answers[] = {
	    {GSASL_PASSWORD, "secret"},
	    {GSASL_SCRAM_ITER, "4096"},
	    {GSASL_SCRAM_SALT, "c2FsdCBvZiB0ZXN0cw=="},
	    {GSASL_SERVICE, "smtp"},
	    {GSASL_HOSTNAME, "localhost"},
	    {GSASL_REALM, "localhost"},
	};
	const char *user;

	(void)library;
	if (property == GSASL_VALIDATE_GSSAPI) {
		user = gsasl_property_fast(session, GSASL_GSSAPI_DISPLAY_NAME);
		return user != NULL && strcmp(user, "alice@EXAMPLE.TEST") == 0
		    ? GSASL_OK
		    : GSASL_AUTHENTICATION_ERROR;
	}
	if (property == GSASL_VALIDATE_ANONYMOUS)
		return GSASL_OK;
	if (property == GSASL_PASSWORD) {
		user = gsasl_property_fast(session, GSASL_AUTHID);
		if (user == NULL || strcmp(user, "alice") != 0)
			return GSASL_NO_PASSWORD;
	}
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		if (answers[i].property == property)
			return gsasl_property_set(session, property,
			    answers[i].value);
	}
	return GSASL_NO_CALLBACK;
}

static void
take_message(struct client *client)
{
	char path[4096];
	const char *line;
	FILE *file;

	snprintf(path, sizeof path, "%s/messages", client->server->directory);
	file = fopen(path, "a");
	if (file == NULL) {
		say(client, "451 4.3.0 no file");
		return;
	}
	say(client, "354 go on");
	while ((line = read_line(client)) != NULL && strcmp(line, ".") != 0)
		fprintf(file, "%s\n", line);
	fclose(file);
	if (line != NULL)
		say(client, "250 2.0.0 kept");
}

/* The line without its end, valid until the next is read. */
static char *
read_line(struct client *client)
{
	char *start, *end;
	ssize_t got;

	memmove(client->buffer, client->buffer + client->taken,
	    client->used - client->taken);
	client->used -= client->taken;
	client->taken = 0;
	while ((end = memchr(client->buffer, '\n', client->used)) == NULL) {
		if (client->used == sizeof client->buffer)
			return NULL;
		start = client->buffer + client->used;
		got = client->tls != NULL
		    ? gnutls_record_recv(client->tls, start,
			  sizeof client->buffer - client->used)
		    : read(client->socket, start,
			  sizeof client->buffer - client->used);
		if (got <= 0)
			return NULL;
		client->used += (size_t)got;
	}
	client->taken = (size_t)(end + 1 - client->buffer);
	if (end > client->buffer && end[-1] == '\r')
		end--;
	*end = '\0';
	return client->buffer;
}

static void
say(struct client *client, const char *format, ...)
{
	char line[LINE_SIZE];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof line - 2, format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof line - 2)
		return;
	memcpy(line + len, "\r\n", 2);
	if (client->tls != NULL)
		gnutls_record_send(client->tls, line, (size_t)len + 2);
	else
		(void)!write(client->socket, line, (size_t)len + 2);
}
