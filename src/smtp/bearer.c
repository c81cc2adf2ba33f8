/* SPDX-License-Identifier: MIT */
/*
 * Makes the response of the two mechanisms that carry an OAuth2 token. Does not
 * know where the token comes from or when it expires.
 */
#include "smtp/bearer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/text.h"
#include "smtp/base64-decode.h"
#include "smtp/params.h"

enum {
	BEARER_WORD_SIZE = 96
};

static void bearer_write_reason(const struct buf *json,
    char reason[BEARER_REASON_SIZE]);
static bool bearer_find_member(const char *json, const char *name,
    char value[BEARER_WORD_SIZE]);
static bool is_oauthbearer(const struct sasl_mechanism *mechanism);

int
bearer_response(const struct sasl_mechanism *mechanism,
    const struct smtp_params *params, const struct secret *token,
    struct secret *response, struct error *err)
{
	/* XOAUTH2 has one name. RFC 7628 section 3.1 sends the authorization
	   identity, if there is one. */
	const char *name = is_oauthbearer(mechanism) && params->authzid != NULL
	    ? params->authzid
	    : params->user;
	struct secret *plain;
	char head[2048];
	int len;
	int result = -1;

	/* \001 ends a field; comma and equals sign are special in RFC 5801
	   section 4. */
	if (strpbrk(name, is_oauthbearer(mechanism) ? "\001,=" : "\001") !=
	    NULL)
		return error_set(err, ERROR_AUTH,
		    "user %s: %s can't carry this name", name, mechanism->name);
	len = is_oauthbearer(mechanism)
	    ? snprintf(head, sizeof head,
		  "n,a=%s,\001host=%s\001port=%u\001auth=Bearer ", name,
		  params->host, (unsigned)params->port)
	    : snprintf(head, sizeof head, "user=%s\001auth=Bearer ", name);
	if (len < 0 || (size_t)len >= sizeof head)
		return error_set(err, ERROR_AUTH, "the user name is too long");
	plain = secret_new(err);
	if (plain == NULL)
		return -1;
	if (secret_add_text(plain, head, err) == 0 &&
	    secret_add(plain, secret_bytes(token), secret_len(token), err) ==
		0 &&
	    secret_add_text(plain, "\001\001", err) == 0 &&
	    base64_add(response, secret_bytes(plain), secret_len(plain), err) ==
		0)
		result = 0;
	secret_free(plain);
	return result;
}

const char *
bearer_acknowledgement(const struct sasl_mechanism *mechanism)
{
	return is_oauthbearer(mechanism) ? "AQ==" : "";
}

void
bearer_read_refusal(const char *challenge, const struct wire *wire,
    const struct transcript *transcript, char reason[BEARER_REASON_SIZE])
{
	struct error ignored;
	struct buf json;
	size_t len;
	char *decoded = base64_decode(challenge, strlen(challenge), &len);

	if (decoded == NULL)
		return;
	buf_init(&json, len);
	if (buf_add(&json, decoded, len, &ignored) == 0 &&
	    wire_redact(wire, &json, REDACTION_TEXT, &ignored) == 0) {
		transcript_note(transcript, "the server refused the token: %s",
		    buf_text(&json));
		bearer_write_reason(&json, reason);
	}
	buf_done(&json);
	free(decoded);
}

/*
 * The status alone, and the scope if that is what is missing: most servers send
 * their scope whatever is wrong (Gmail, 2026), which would look like the
 * reason.
 */
static void
bearer_write_reason(const struct buf *json, char reason[BEARER_REASON_SIZE])
{
	char status[BEARER_WORD_SIZE];
	char scope[BEARER_WORD_SIZE];

	if (!bearer_find_member(buf_text(json), "\"status\"", status))
		text_printable(reason, BEARER_REASON_SIZE, buf_text(json),
		    json->len);
	else if (text_equals(status, "insufficient_scope") &&
	    bearer_find_member(buf_text(json), "\"scope\"", scope))
		snprintf(reason, BEARER_REASON_SIZE,
		    "token status %s: the scope must be %s", status, scope);
	else
		snprintf(reason, BEARER_REASON_SIZE, "token status %s", status);
}

/* Finds the text or number of a member, up to the first escape. */
static bool
bearer_find_member(const char *json, const char *name,
    char value[BEARER_WORD_SIZE])
{
	const char *at = strstr(json, name);
	size_t len;

	if (at == NULL)
		return false;
	at += strlen(name);
	at += strspn(at, " \t\r\n:");
	at += *at == '"';
	len = strcspn(at, "\"\\,}");
	text_printable(value, BEARER_WORD_SIZE, at, len);
	return len > 0;
}

void
bearer_add_reason(const char *reason, struct error *err)
{
	size_t used = strlen(err->message);

	if (reason[0] != '\0')
		snprintf(err->message + used, sizeof err->message - used,
		    " (%s)", reason);
}

static bool
is_oauthbearer(const struct sasl_mechanism *mechanism)
{
	return text_equals(mechanism->name, "OAUTHBEARER");
}
