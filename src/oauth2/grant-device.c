/* SPDX-License-Identifier: MIT */
/*
 * The device grant (RFC 8628): a code and a place to enter it are shown here,
 * the person signs in on any other device, and the token endpoint is asked
 * until that is done.
 */
#include "oauth2/grant.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "https/form.h"
#include "oauth2/scope.h"

enum {
	INTERVAL_S = 5,       /* RFC 8628 3.5: unless told, and for slow_down */
	INTERVAL_MAX_S = 60,  /* of what a server may demand */
	LIFETIME_S = 15 * 60, /* of a code, where the server doesn't say */
	LIFETIME_MAX_S = 60 * 60,
	SHOWN_MAX = 512
};

struct device {
	const struct grant *grant;
	struct secret *code;
	int64_t interval_s;
	int64_t deadline_ms;
};

static int start(const struct grant *grant, struct json_document **ret_answer,
    struct error *err);
static int take(struct device *device, const struct json_document *answer,
    struct error *err);
static int show(const struct grant *grant, const struct json_document *answer,
    struct error *err);
static int poll_endpoint(struct device *device, struct tokens *ret_tokens,
    struct error *err);
static int poll_once(const struct device *device, struct tokens *ret_tokens,
    char error[TOKEN_ERROR_SIZE], struct error *err);

int
grant_device_code(const struct grant *grant, struct tokens *ret_tokens,
    struct error *err)
{
	struct device device = {.grant = grant};
	struct json_document *answer = NULL;
	struct tokens tokens = {0};
	int result = -1;

	if (start(grant, &answer, err) == 0 &&
	    take(&device, answer, err) == 0 && show(grant, answer, err) == 0 &&
	    poll_endpoint(&device, &tokens, err) == 0)
		result = scope_check(grant->client.account, &tokens, err);
	secret_free(device.code);
	json_document_free(answer);
	if (result == 0)
		*ret_tokens = tokens;
	else
		tokens_done(&tokens);
	return result;
}

static int
start(const struct grant *grant, struct json_document **ret_answer,
    struct error *err)
{
	const char *scope = grant->client.account->text[SETTING_SCOPE];
	char error[TOKEN_ERROR_SIZE];
	struct secret *form = secret_new(err);
	int result = -1;

	if (form != NULL &&
	    (scope == NULL || form_add(form, "scope", scope, err) == 0))
		result = token_post(&grant->client, ENDPOINT_DEVICE, form,
		    ret_answer, error, err);
	secret_free(form);
	return result;
}

static int
take(struct device *device, const struct json_document *answer,
    struct error *err)
{
	int64_t lifetime_s =
	    json_document_seconds(answer, "expires_in", LIFETIME_S);

	if (json_document_secret(answer, "device_code", &device->code, err) ==
	    -1)
		return -1;
	if (device->code == NULL)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: the answer has no device code",
		    device->grant->client.endpoints->url[ENDPOINT_DEVICE]);
	if (lifetime_s > LIFETIME_MAX_S)
		lifetime_s = LIFETIME_MAX_S;
	device->deadline_ms = clock_now_ms() + lifetime_s * 1000;
	device->interval_s =
	    json_document_seconds(answer, "interval", INTERVAL_S);
	if (device->interval_s < 1)
		device->interval_s = 1;
	if (device->interval_s > INTERVAL_MAX_S)
		device->interval_s = INTERVAL_MAX_S;
	return 0;
}

/* Older servers say "verification_url". */
static int
show(const struct grant *grant, const struct json_document *answer,
    struct error *err)
{
	const char *complete =
	    json_document_text(answer, "verification_uri_complete");
	const char *place = json_document_text(answer, "verification_uri");
	const char *code = json_document_text(answer, "user_code");
	char shown[SHOWN_MAX];

	if (place == NULL)
		place = json_document_text(answer, "verification_url");
	if (place == NULL || code == NULL)
		return error_set(err, ERROR_TEMPORARY,
		    "%s: the answer has no code to enter",
		    grant->client.endpoints->url[ENDPOINT_DEVICE]);
	text_printable(shown, sizeof shown, place, strlen(place));
	fprintf(grant->out, "On any device, open   %s\n", shown);
	text_printable(shown, sizeof shown, code, strlen(code));
	fprintf(grant->out, "and enter the code    %s\n", shown);
	if (complete != NULL) {
		text_printable(shown, sizeof shown, complete, strlen(complete));
		fprintf(grant->out, "or open just          %s\n", shown);
	}
	fprintf(grant->out,
	    "Waiting for you to finish there "
	    "(Ctrl-C stops) ...\n");
	fflush(grant->out);
	return 0;
}

/* A lost answer costs a turn, not the sign-in (RFC 8628 3.5). */
static int
poll_endpoint(struct device *device, struct tokens *ret_tokens,
    struct error *err)
{
	char error[TOKEN_ERROR_SIZE];

	for (;;) {
		int64_t next_ms = clock_now_ms() + device->interval_s * 1000;

		if (next_ms >= device->deadline_ms) {
			error_set(err, ERROR_AUTH,
			    "the code was not entered in time");
			return error_hint(err,
			    "start anew: postrider login --device %s",
			    account_label(device->grant->client.account));
		}
		clock_sleep_until(next_ms);
		if (poll_once(device, ret_tokens, error, err) == 0)
			return 0;
		if (strcmp(error, "slow_down") == 0)
			device->interval_s += INTERVAL_S;
		else if (err->code != ERROR_TEMPORARY)
			return -1;
	}
}

static int
poll_once(const struct device *device, struct tokens *ret_tokens,
    char error[TOKEN_ERROR_SIZE], struct error *err)
{
	struct token_client client = device->grant->client;
	struct secret *form = secret_new(err);
	int result = -1;

	*error = '\0';
	client.deadline_ms = clock_now_ms() +
	    account_duration_ms(client.account, SETTING_TIMEOUT);
	if (form != NULL &&
	    form_add(form, "grant_type",
		"urn:ietf:params:oauth:grant-type:device_code", err) == 0 &&
	    form_add_secret(form, "device_code", device->code, err) == 0)
		result = token_request(&client, form, ret_tokens, error, err);
	secret_free(form);
	return result;
}
