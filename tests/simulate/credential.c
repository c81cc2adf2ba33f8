/* SPDX-License-Identifier: MIT */
/*
 * The functions of credential/credential.c that a submission needs. There is
 * one credential at a time, and no POP before SMTP.
 */
#include "credential.h"

#include <string.h>

#include "base/secret.h"
#include "credential/credential.h"
#include "credential/keeper.h"

#include "network.h"

struct credential {
	struct seed *seed;
	const char *text;
	struct secret *secret;
	int64_t ready_ms;
	int64_t deadline_ms, final_deadline_ms;
	enum error_code failure;
	bool is_token, is_renewed;
};

static struct credential simulated;

void
credential_simulate(struct seed *seed, const char *secret)
{
	simulated = (struct credential){.seed = seed, .text = secret};
}

struct credential *
credential_start(const struct credential_request *request, struct error *err)
{
	static const enum error_code failures[] = {ERROR_AUTH, ERROR_KEYRING,
	    ERROR_TEMPORARY, ERROR_CONFIG};
	uint32_t max_ms = seed_chance(simulated.seed, 50) ? 400000 : 20;

	(void)err;
	simulated.ready_ms =
	    network_now_ms() + seed_below(simulated.seed, max_ms);
	simulated.deadline_ms = request->deadline_ms;
	simulated.final_deadline_ms = request->final_deadline_ms;
	simulated.is_token = request->is_token;
	simulated.failure = seed_chance(simulated.seed, 20)
	    ? failures[seed_below(simulated.seed, 4)]
	    : ERROR_NONE;
	return &simulated;
}

int
credential_await(struct credential *credential,
    const struct secret **ret_secret, struct error *err)
{
	if (credential->ready_ms > credential->deadline_ms) {
		network_sleep_until(credential->deadline_ms);
		return error_set(err, ERROR_KEYRING,
		    "the keyring takes too long");
	}
	network_sleep_until(credential->ready_ms);
	if (credential->failure != ERROR_NONE)
		return error_set(err, credential->failure, "no credential");
	if (credential->secret == NULL) {
		credential->secret = secret_new(err);
		if (credential->secret == NULL ||
		    secret_add(credential->secret, credential->text,
			strlen(credential->text), err) == -1)
			return -1;
	}
	*ret_secret = credential->secret;
	return 0;
}

bool
credential_take_warning(struct credential *credential,
    struct error *ret_warning)
{
	(void)credential;
	(void)ret_warning;
	return false;
}

bool
credential_is_from_prompt(const struct credential *credential)
{
	(void)credential;
	return false;
}

bool
credential_may_renew(const struct credential *credential)
{
	return credential->is_token && !credential->is_renewed;
}

int
credential_prepare_renewal(struct credential *credential, struct error *err)
{
	(void)credential;
	(void)err;
	return 0;
}

int
credential_renew(struct credential *credential, struct error *err)
{
	credential->is_renewed = true;
	credential->deadline_ms = credential->final_deadline_ms;
	if (seed_chance(credential->seed, 100))
		return error_set(err, ERROR_AUTH, "no other token");
	credential->ready_ms = network_now_ms() +
	    (seed_chance(credential->seed, 50) ? 400000 : 20);
	return 0;
}

void
credential_free(struct credential *credential)
{
	if (credential == NULL)
		return;
	secret_free(credential->secret);
	credential->secret = NULL;
}

int
keeper_pop(const struct credential_request *request,
    const struct secret *secret, struct error *err)
{
	(void)request;
	(void)secret;
	return error_set(err, ERROR_BUG, "no account here uses POP");
}
