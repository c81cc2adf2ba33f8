/* SPDX-License-Identifier: MIT */
/*
 * The device grant (RFC 8628): shows a code and a URL, and polls the token
 * endpoint until the person has entered the code on any device.
 */
#include "oauth2/grant.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "https/form.h"
#include "oauth2/scope.h"
#include "oauth2/status-failure.h"

enum {
	INTERVAL_S = 5,      /* RFC 8628 3.5: default, and added by slow_down */
	INTERVAL_MAX_S = 60, /* limit of the server's value */
	LIFETIME_S = 15 * 60, /* of a code, by default */
	LIFETIME_MAX_S = 60 * 60,
	SHOWN_MAX = 512
};

struct device_grant {
	const struct grant *grant;
	struct secret *code;
	int64_t interval_s;
	int64_t deadline_ms;
};

static int device_grant_start(const struct grant *grant,
    struct json_document **ret_answer, struct error *err);
static int device_grant_take(struct device_grant *device,
    const struct json_document *answer, struct error *err);
static int device_grant_refuse_answer(const struct grant *grant,
    const char *what, struct error *err);
static int device_grant_instruct(const struct grant *grant,
    const struct json_document *answer, struct error *err);
static int device_grant_poll(struct device_grant *device,
    struct tokens *ret_tokens, struct error *err);
static int device_grant_poll_once(const struct device_grant *device,
    struct tokens *ret_tokens, char error[TOKEN_ERROR_SIZE], struct error *err);

int
grant_device_code(const struct grant *grant, struct tokens *ret_tokens,
    struct error *err)
{
	struct device_grant device = {.grant = grant};
	struct json_document *answer = NULL;
	struct tokens tokens = {0};
	int result = -1;

	if (device_grant_start(grant, &answer, err) == 0 &&
	    device_grant_take(&device, answer, err) == 0 &&
	    device_grant_instruct(grant, answer, err) == 0 &&
	    device_grant_poll(&device, &tokens, err) == 0)
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
device_grant_start(const struct grant *grant, struct json_document **ret_answer,
    struct error *err)
{
	const char *scope = grant->client.account->text[SETTING_SCOPE];
	struct token_client client = grant->client;
	char error[TOKEN_ERROR_SIZE];
	struct secret *form = secret_new(err);
	int result = -1;

	client.at = ENDPOINT_AT_DEVICE;
	if (form != NULL &&
	    (scope == NULL || form_add(form, "scope", scope, err) == 0))
		result = token_post(&client, ENDPOINT_DEVICE, form, ret_answer,
		    error, err);
	secret_free(form);
	return result;
}

static int
device_grant_take(struct device_grant *device,
    const struct json_document *answer, struct error *err)
{
	int64_t lifetime_s =
	    json_document_seconds(answer, "expires_in", LIFETIME_S);

	if (json_document_secret(answer, "device_code", &device->code, err) ==
	    -1)
		return -1;
	if (device->code == NULL)
		return device_grant_refuse_answer(device->grant,
		    "no device code", err);
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

static int
device_grant_refuse_answer(const struct grant *grant, const char *what,
    struct error *err)
{
	error_set(err, ERROR_TEMPORARY, "%s: the response contains %s",
	    grant->client.endpoints->url[ENDPOINT_DEVICE], what);
	return status_failure_explain_content(err);
}

/* Prints the instructions. Older servers send "verification_url". */
static int
device_grant_instruct(const struct grant *grant,
    const struct json_document *answer, struct error *err)
{
	const char *complete =
	    json_document_text(answer, "verification_uri_complete");
	const char *url = json_document_text(answer, "verification_uri");
	const char *code = json_document_text(answer, "user_code");
	char shown[SHOWN_MAX];

	if (url == NULL)
		url = json_document_text(answer, "verification_url");
	if (url == NULL || code == NULL)
		return device_grant_refuse_answer(grant, "no user code or URL",
		    err);
	text_printable(shown, sizeof shown, url, strlen(url));
	fprintf(grant->out, "On any device, open   %s\n", shown);
	text_printable(shown, sizeof shown, code, strlen(code));
	fprintf(grant->out, "and enter the code    %s\n", shown);
	if (complete != NULL) {
		text_printable(shown, sizeof shown, complete, strlen(complete));
		fprintf(grant->out, "or open directly      %s\n", shown);
	}
	fprintf(grant->out,
	    "Waiting for you to sign in (press Ctrl-C to cancel) ...\n");
	fflush(grant->out);
	return 0;
}

/* Continues to poll after a temporary failure (RFC 8628 3.5). */
static int
device_grant_poll(struct device_grant *device, struct tokens *ret_tokens,
    struct error *err)
{
	char error[TOKEN_ERROR_SIZE];

	for (;;) {
		int64_t next_ms = clock_now_ms() + device->interval_s * 1000;

		if (next_ms >= device->deadline_ms) {
			error_set(err, ERROR_AUTH,
			    "the code expired before it was entered");
			error_set_cause(err, "code-expired");
			return error_hint(err,
			    "run postrider login --device %s again",
			    account_label(device->grant->client.account));
		}
		clock_sleep_until(next_ms);
		if (device_grant_poll_once(device, ret_tokens, error, err) == 0)
			return 0;
		if (strcmp(error, "slow_down") == 0)
			device->interval_s += INTERVAL_S;
		else if (err->code != ERROR_TEMPORARY)
			return -1;
	}
}

static int
device_grant_poll_once(const struct device_grant *device,
    struct tokens *ret_tokens, char error[TOKEN_ERROR_SIZE], struct error *err)
{
	struct token_client client = device->grant->client;
	struct secret *form = secret_new(err);
	int result = -1;

	*error = '\0';
	client.at = ENDPOINT_AT_DEVICE;
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
