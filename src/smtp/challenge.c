/* SPDX-License-Identifier: MIT */
/*
 * Checks a server's challenge before GNU SASL sees it. GNU SASL 2.2 accepts any
 * iteration count, reads an NTLM challenge beyond its end, and has one error
 * code for everything that a server does wrong.
 */
#include "smtp/challenge.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "smtp/base64-decode.h"

enum {
	/* RFC 7677 section 4. A lower number makes it easy to guess the
	   password from the proof; a malicious server would request 1. */
	ITERATIONS_MIN = 4096,
	/* Limits the time that a server can cost to one or two seconds. Real
	   servers use up to 600000. */
	ITERATIONS_MAX = 2000000,

	/* MS-NLMP 2.2.1.2: the size of the challenge, and the offset of the
	   field that locates the server's name. */
	NTLM_SIZE_MIN = 32,
	NTLM_NAME_AT = 12,
	NTLM_NAME_MAX = 256
};

static const char ntlm_type_2[12] = "NTLMSSP\0\2\0\0";

static bool needs_text_challenge(const struct sasl_mechanism *mechanism);
static int check_scram_message(int step, const char *nonce, const char *text,
    struct error *err);
static int check_scram_first(const char *nonce, const char *text,
    struct error *err);
static int check_scram_iterations(const char *text, struct error *err);
static int explain_scram_error(const char *text, struct error *err);
static int check_ntlm_challenge(const char *bytes, size_t len,
    struct error *err);

int
challenge_check(const struct sasl_mechanism *mechanism, int step,
    const char *nonce, const char *challenge, struct error *err)
{
	char *text;
	size_t len;
	int result = 0;

	if (strlen(challenge) > CHALLENGE_MAX)
		return error_set(err, ERROR_AUTH,
		    "%s: the server sent a challenge of more than %d bytes",
		    mechanism->name, CHALLENGE_MAX);
	text = base64_decode(challenge, strlen(challenge), &len);
	if (text == NULL)
		return error_set(err, ERROR_AUTH,
		    "%s: the server's challenge isn't base64", mechanism->name);
	if ((mechanism->traits & SASL_IS_COMMAND) != 0)
		result = 0; /* whatever its name is */
	else if (text_has_prefix(mechanism->name, "SCRAM-") && step > 0)
		result = check_scram_message(step, nonce, text, err);
	else if (text_equals(mechanism->name, "NTLM") && step > 0)
		result = check_ntlm_challenge(text, len, err);
	else if (needs_text_challenge(mechanism) && *text == '\0')
		result = error_set(err, ERROR_AUTH,
		    "%s: the server's challenge is empty", mechanism->name);
	free(text);
	return result;
}

void
challenge_take_nonce(const char *first, char nonce[CHALLENGE_NONCE_SIZE])
{
	size_t len;
	char *text = base64_decode(first, strlen(first), &len);
	const char *start = text != NULL ? strstr(text, ",r=") : NULL;

	nonce[0] = '\0';
	if (start != NULL) {
		start += strlen(",r=");
		len = strcspn(start, ",");
		if (len >= CHALLENGE_NONCE_SIZE)
			len = CHALLENGE_NONCE_SIZE - 1;
		memcpy(nonce, start, len);
		nonce[len] = '\0';
	}
	free(text);
}

/* GNU SASL 2.2 reads beyond an empty challenge of DIGEST-MD5. */
static bool
needs_text_challenge(const struct sasl_mechanism *mechanism)
{
	return text_equals(mechanism->name, "DIGEST-MD5") ||
	    text_equals(mechanism->name, "CRAM-MD5");
}

/* RFC 5802 section 5: first "r=...,s=...,i=...", then "v=...", or "e=..." in
 * its place. */
static int
check_scram_message(int step, const char *nonce, const char *text,
    struct error *err)
{
	if (text_has_prefix(text, "e="))
		return explain_scram_error(text + strlen("e="), err);
	if (step == 1 && text_has_prefix(text, "r="))
		return check_scram_first(nonce, text, err);
	if (step == 2 && text_has_prefix(text, "v="))
		return 0;
	if (text_has_prefix(text, "m="))
		return error_set(err, ERROR_AUTH,
		    "SCRAM: the server requires an unknown extension");
	return error_set(err, ERROR_AUTH, "SCRAM: %s",
	    text_has_prefix(text, "r=") || text_has_prefix(text, "v=")
		? "the server's messages are out of order"
		: "the server's message is malformed");
}

static int
check_scram_first(const char *nonce, const char *text, struct error *err)
{
	size_t len = strlen(nonce);
	const char *theirs = text + strlen("r=");

	if (strncmp(theirs, nonce, len) != 0 || strcspn(theirs, ",") == len) {
		error_set(err, ERROR_SECURITY,
		    "SCRAM: the server's nonce doesn't extend ours");
		return error_hint(err,
		    "an attacker may be replaying the messages of another "
		    "sign-in");
	}
	return check_scram_iterations(text, err);
}

/* Checks the count alone; GNU SASL checks the rest. */
static int
check_scram_iterations(const char *text, struct error *err)
{
	const char *digit = strstr(text, ",i=");
	unsigned long iterations = 0;

	if (digit == NULL || !isdigit((unsigned char)digit[3]))
		return error_set(err, ERROR_AUTH,
		    "SCRAM: the server sent no iteration count");
	for (digit += strlen(",i=");
	     isdigit((unsigned char)*digit) && iterations <= ITERATIONS_MAX;
	     digit++)
		iterations = iterations * 10 + (unsigned long)(*digit - '0');
	if (iterations > ITERATIONS_MAX) {
		error_set(err, ERROR_SECURITY,
		    "SCRAM: the server requests more than %d iterations of "
		    "the hash",
		    ITERATIONS_MAX);
		return error_hint(err, "no genuine server needs so many");
	}
	if (iterations >= ITERATIONS_MIN)
		return 0;
	error_set(err, ERROR_SECURITY,
	    "SCRAM: the server requests only %lu iterations of the hash",
	    iterations);
	return error_hint(err,
	    "RFC 7677 requires at least %d; fewer make passwords easy to guess",
	    ITERATIONS_MIN);
}

/* Shows only the values of RFC 5802 section 7: another one may be anything. */
static int
explain_scram_error(const char *text, struct error *err)
{
	static const struct {
		const char *value;
		bool is_binding;
	} values[] = {{"channel-bindings-dont-match", true},
	    {"server-does-support-channel-binding", true},
	    {"channel-binding-not-supported", true},
	    {"unsupported-channel-binding-type", true},
	    {"invalid-encoding", false}, {"extensions-not-supported", false},
	    {"invalid-proof", false}, {"unknown-user", false},
	    {"invalid-username-encoding", false}, {"no-resources", false},
	    {"other-error", false}};
	const char *value = "unspecified error";
	bool is_binding = false;

	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (text_is(text, strcspn(text, ","), values[i].value)) {
			value = values[i].value;
			is_binding = values[i].is_binding;
		}
	}
	error_set(err, is_binding ? ERROR_SECURITY : ERROR_REFUSED,
	    "SCRAM: the server refused the sign-in: %s", value);
	if (is_binding)
		return error_hint(err,
		    "the server sees another TLS session than this client: an "
		    "attacker may be intercepting the connection");
	return error_hint(err, "check the user name and the password");
}

/*
 * libntlm 1.6 copies the server's name from the offset in the challenge without
 * a check. The offset of an empty name does not matter (Exim 4.96 swaps its
 * bytes).
 */
static int
check_ntlm_challenge(const char *bytes, size_t len, struct error *err)
{
	const unsigned char *at = (const unsigned char *)bytes + NTLM_NAME_AT;
	size_t name_len;
	size_t offset;

	if (len < NTLM_SIZE_MIN ||
	    memcmp(bytes, ntlm_type_2, sizeof ntlm_type_2) != 0)
		return error_set(err, ERROR_AUTH,
		    "NTLM: the server's challenge is malformed");
	name_len = (size_t)at[0] | (size_t)at[1] << 8;
	offset = (size_t)at[4] | (size_t)at[5] << 8 | (size_t)at[6] << 16 |
	    (size_t)at[7] << 24;
	if (name_len == 0)
		return 0;
	if (name_len > NTLM_NAME_MAX || offset > len || name_len > len - offset)
		return error_set(err, ERROR_SECURITY,
		    "NTLM: the server's challenge refers to bytes beyond its "
		    "end");
	return 0;
}
