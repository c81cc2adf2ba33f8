/* SPDX-License-Identifier: MIT */
/* Reads and writes messages of git's credential protocol. Holds the whole text
 * in a struct secret, because any part of it may be a password. */
#include "credential/credential-message.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

/* A line of a message, and the member of the struct that holds its value. */
struct field {
	const char *name;
	bool is_secret;
	size_t offset;
};

#define VALUE(key) false, offsetof(struct credential_message, value[key])
#define SECRET(member) true, offsetof(struct credential_message, member)

/* In the order of writing. */
static const struct field fields[] = {
    {"protocol", VALUE(CREDENTIAL_PROTOCOL)},
    {"host", VALUE(CREDENTIAL_HOST)},
    {"username", VALUE(CREDENTIAL_USERNAME)},
    {"password", SECRET(password)},
    {"password_expiry_utc", VALUE(CREDENTIAL_PASSWORD_EXPIRY)},
    {"oauth_refresh_token", SECRET(refresh_token)},
    {"postrider_client_secret", SECRET(client_secret)},
    {"postrider_issued_utc", VALUE(CREDENTIAL_ISSUED)},
    {"postrider_client_id", VALUE(CREDENTIAL_CLIENT_ID)},
    {"postrider_issuer", VALUE(CREDENTIAL_ISSUER)},
    {"postrider_token_url", VALUE(CREDENTIAL_TOKEN_URL)},
    {"postrider_refusal", VALUE(CREDENTIAL_REFUSAL)},
    {"kind", VALUE(CREDENTIAL_STATUS_KIND)},
    {"refreshable", VALUE(CREDENTIAL_STATUS_REFRESHABLE)},
    {"refusal", VALUE(CREDENTIAL_STATUS_REFUSAL)},
    {"message_id", VALUE(CREDENTIAL_MESSAGE_ID)},
    {"found", VALUE(CREDENTIAL_FOUND)},
    {"mailbox", VALUE(CREDENTIAL_MAILBOX)},
    {"tls", VALUE(CREDENTIAL_SERVER_TLS)},
    {"auth", VALUE(CREDENTIAL_SERVER_AUTH)},
    {"url", VALUE(CREDENTIAL_SERVER_URL)},
};
enum {
	FIELD_COUNT = sizeof fields / sizeof fields[0]
};

static char *message_split_port(char *server, uint16_t *ret_port);
static int message_read_text(struct secret *text, int fd, int64_t deadline_ms,
    struct error *err);
static bool message_is_complete(const struct secret *text);
static int message_parse_line(struct credential_message *message,
    const char *line, size_t len, size_t number, struct error *err);
static const struct field *message_find_field(const char *name, size_t len);
static int message_set_value(struct credential_message *message,
    const struct field *field, const char *value, size_t len,
    struct error *err);
static int message_set_secret(struct credential_message *message,
    const struct field *field, const char *value, size_t len,
    struct error *err);
static int message_add_field(struct secret *text,
    const struct credential_message *message, const struct field *field,
    struct error *err);
static int message_add_line(struct secret *text, const char *key,
    const char *value, size_t len, const char *refused, struct error *err);
static int message_write_text(const struct secret *text, int fd,
    struct error *err);

void
credential_message_init(struct credential_message *message)
{
	*message = (struct credential_message){0};
}

void
credential_message_done(struct credential_message *message)
{
	for (size_t i = 0; i < CREDENTIAL_KEY_COUNT; i++)
		free((char *)message->value[i]);
	secret_free(message->password);
	secret_free(message->refresh_token);
	secret_free(message->client_secret);
	credential_message_init(message);
}

int
credential_message_set(struct credential_message *message,
    enum credential_key key, const char *value, struct error *err)
{
	char *copy = text_format(err, "%s", value);

	if (copy == NULL)
		return -1;
	free((char *)message->value[key]);
	message->value[key] = copy;
	return 0;
}

char *
credential_message_server(const char *host, uint16_t port, struct error *err)
{
	bool is_ipv6 = strchr(host, ':') != NULL;

	return port == 0
	    ? text_format(err, is_ipv6 ? "[%s]" : "%s", host)
	    : text_format(err, is_ipv6 ? "[%s]:%u" : "%s:%u", host, port);
}

int
credential_message_split_server(const struct credential_message *message,
    char **ret_host, uint16_t *ret_port, struct error *err)
{
	const char *value = message->value[CREDENTIAL_HOST];
	char *server = value == NULL ? NULL : strdup(value);
	char *host;

	if (value == NULL)
		return error_set(err, ERROR_DATA,
		    "the credential request has no host");
	if (server == NULL)
		return error_no_memory(err);
	host = message_split_port(server, ret_port);
	memmove(server, host, strlen(host) + 1);
	*ret_host = server;
	return 0;
}

int
credential_moment_parse(const char *text, int64_t *ret_moment)
{
	const int64_t last = INT64_C(253402300799);
	uint64_t number;

	if (text_number(text, INT64_MAX, &number) == -1)
		return -1;
	*ret_moment = (int64_t)number < last ? (int64_t)number : last;
	return 0;
}

int
credential_message_read(struct credential_message *message, int fd,
    int64_t deadline_ms, struct error *err)
{
	struct secret *text = secret_new(err);
	int result = -1;

	if (text == NULL)
		return -1;
	if (message_read_text(text, fd, deadline_ms, err) == 0)
		result = credential_message_parse(message, text, err);
	secret_free(text);
	return result;
}

int
credential_message_parse(struct credential_message *message,
    const struct secret *text, struct error *err)
{
	const char *line = secret_bytes(text);
	const char *end = line + secret_len(text);
	size_t number = 0;

	while (line < end && *line != '\n') {
		const char *line_end = memchr(line, '\n', (size_t)(end - line));

		if (line_end == NULL)
			line_end = end;
		if (message_parse_line(message, line, (size_t)(line_end - line),
			++number, err) == -1)
			return -1;
		line = line_end + 1;
	}
	return 0;
}

int
credential_message_format(const struct credential_message *message,
    struct secret *text, struct error *err)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (message_add_field(text, message, &fields[i], err) == -1)
			return -1;
	}
	return secret_add_text(text, "\n", err);
}

int
credential_message_write(const struct credential_message *message, int fd,
    struct error *err)
{
	struct secret *text = secret_new(err);
	int result = -1;

	if (text == NULL)
		return -1;
	if (credential_message_format(message, text, err) == 0)
		result = message_write_text(text, fd, err);
	secret_free(text);
	return result;
}

/*
 * Removes ":port" and brackets in place; returns the start of the name. A colon
 * that no port follows belongs to an IPv6 address without brackets.
 */
static char *
message_split_port(char *server, uint16_t *ret_port)
{
	char *closing = *server == '[' ? strchr(server, ']') : NULL;
	char *colon = closing != NULL ? closing + 1 : strchr(server, ':');
	uint64_t port = 0;

	if (closing != NULL)
		*closing = '\0';
	if (colon != NULL && *colon == ':' &&
	    text_number(colon + 1, UINT16_MAX, &port) == 0)
		*colon = '\0';
	*ret_port = (uint16_t)port;
	return closing != NULL ? server + 1 : server;
}

static int
message_read_text(struct secret *text, int fd, int64_t deadline_ms,
    struct error *err)
{
	char piece[1024];
	ssize_t got = 1;
	int result = 0;

	while (result == 0 && got != 0 && !message_is_complete(text)) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		int left_ms = clock_left_ms(deadline_ms);
		int count = poll(&ready, 1, left_ms);

		if (count == 0 || left_ms == 0) {
			result = error_set(err, ERROR_TEMPORARY,
			    "waiting for a credential exceeded the time limit");
			break;
		}
		got = count == -1 ? -1 : read(fd, piece, sizeof piece);
		if (got > 0)
			result = secret_add(text, piece, (size_t)got, err);
		else if (got == -1 && errno != EINTR && errno != EAGAIN)
			result = error_set_errno(err, ERROR_IO,
			    "reading a credential");
	}
	secret_wipe(piece, sizeof piece);
	return result;
}

static bool
message_is_complete(const struct secret *text)
{
	const char *bytes = secret_bytes(text);

	return *bytes == '\n' ||
	    memmem(bytes, secret_len(text), "\n\n", 2) != NULL;
}

static int
message_parse_line(struct credential_message *message, const char *line,
    size_t len, size_t number, struct error *err)
{
	const char *equals = memchr(line, '=', len);
	const struct field *field;
	const char *value;
	size_t value_len;

	if (equals == NULL)
		return error_set(err, ERROR_DATA,
		    "line %zu of the credential has no \"=\"", number);
	if (memchr(line, '\0', len) != NULL)
		return error_set(err, ERROR_DATA,
		    "line %zu of the credential contains a NUL", number);
	value = equals + 1;
	value_len = len - (size_t)(value - line);
	field = message_find_field(line, (size_t)(equals - line));
	if (field == NULL)
		return 0;
	if (field->is_secret)
		return message_set_secret(message, field, value, value_len,
		    err);
	if (!text_is_one_line(value, value_len))
		return error_set(err, ERROR_DATA,
		    "line %zu of the credential contains a CR", number);
	return message_set_value(message, field, value, value_len, err);
}

/* Returns NULL for an unknown key. */
static const struct field *
message_find_field(const char *name, size_t len)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		if (len == strlen(fields[i].name) &&
		    memcmp(name, fields[i].name, len) == 0)
			return &fields[i];
	}
	return NULL;
}

static int
message_set_value(struct credential_message *message, const struct field *field,
    const char *value, size_t len, struct error *err)
{
	char **at = (char **)((char *)message + field->offset);
	char *copy = text_copy(value, len);

	if (copy == NULL)
		return error_no_memory(err);
	free(*at);
	*at = copy;
	return 0;
}

static int
message_set_secret(struct credential_message *message,
    const struct field *field, const char *value, size_t len, struct error *err)
{
	struct secret **at =
	    (struct secret **)((char *)message + field->offset);
	struct secret *secret = secret_from(value, len, err);

	if (secret == NULL)
		return -1;
	secret_free(*at);
	*at = secret;
	return 0;
}

static int
message_add_field(struct secret *text, const struct credential_message *message,
    const struct field *field, struct error *err)
{
	const void *at = (const char *)message + field->offset;
	const struct secret *secret =
	    field->is_secret ? *(struct secret *const *)at : NULL;
	const char *value = field->is_secret ? NULL : *(const char *const *)at;

	if (secret != NULL)
		return message_add_line(text, field->name, secret_bytes(secret),
		    secret_len(secret), "\n", err);
	return value == NULL ? 0
			     : message_add_line(text, field->name, value,
				   strlen(value), "\r\n", err);
}

/* Refuses a value that contains a NUL or one of the characters. */
static int
message_add_line(struct secret *text, const char *key, const char *value,
    size_t len, const char *refused, struct error *err)
{
	if (strcspn(value, refused) < len)
		return error_set(err, ERROR_DATA,
		    "the %s contains a line end or a NUL", key);
	if (secret_add_text(text, key, err) == -1 ||
	    secret_add_text(text, "=", err) == -1 ||
	    secret_add(text, value, len, err) == -1)
		return -1;
	return secret_add_text(text, "\n", err);
}

static int
message_write_text(const struct secret *text, int fd, struct error *err)
{
	if (file_write(fd, secret_bytes(text), secret_len(text), err) == 0 ||
	    err->sys_errno == EPIPE)
		return 0;
	return -1;
}
