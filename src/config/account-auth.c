/* SPDX-License-Identifier: MIT */
/*
 * The words of the setting auth, and what stands beside it. Knows no mechanism:
 * cli/params.c compares names with those that there are.
 */
#include "config/account-auth.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/account-fill.h"
#include "config/list.h"

enum {
	POP_PORT = 110,     /* RFC 1939 3 */
	POP_TLS_PORT = 995, /* RFC 8314 7.1 */
	MECHANISM_MAX = 20  /* RFC 4422 3.1 */
};

static const char command_prefix[] = "command:";

static int fill_texts(struct account_auth *auth, const struct layers *layers,
    struct error *err);
static int take_words(struct account_auth *auth, const struct layers *layers,
    struct error *err);
static bool take_word(struct account_auth *auth, char *word);
static int check(const struct account_auth *auth, const struct layers *layers,
    size_t word_count, struct error *err);
static int check_name(const char *mechanism, const struct layers *layers,
    struct error *err);
static uint16_t pop_port(const struct account_auth *auth, const char *port);

int
account_fill_auth(struct account *account, const struct layers *layers,
    struct error *err)
{
	struct account_auth *auth = &account->auth;

	auth->prefers_simple =
	    text_equals(layers_text(layers, SETTING_PREFER), "simple");
	auth->falls_back = setting_bool(layers_text(layers, SETTING_FALLBACK));
	auth->pop_starttls =
	    text_equals(layers_text(layers, SETTING_POP_TLS), "starttls");
	auth->pop_port = pop_port(auth, layers_text(layers, SETTING_POP_PORT));
	if (fill_texts(auth, layers, err) == -1)
		return -1;
	return take_words(auth, layers, err);
}

int
account_check_auth(const struct account *account, const struct layers *layers,
    struct error *err)
{
	const struct account_auth *auth = &account->auth;

	if (auth->pop_first && account->user == NULL)
		return account_refuse(layers, SETTING_AUTH, err,
		    "pop-before-smtp needs a user");
	if (account->tls != ACCOUNT_TLS_NONE || auth->pop_first)
		return 0;
	if (account->user == NULL && auth->command == NULL)
		return 0;
	account_refuse(layers, SETTING_TLS, err,
	    "a credential is never sent in the clear");
	return error_hint(err,
	    "use tls = starttls or implicit, or user = \"\"");
}

void
account_auth_done(struct account_auth *auth)
{
	list_free(auth->mechanism, auth->mechanism_count);
	free(auth->realm);
	free(auth->ntlm_domain);
	free(auth->target_name);
	free(auth->command);
	free(auth->command_mechanism);
	free(auth->pop_host);
}

bool
account_auth_is_nameless(const struct account_auth *auth)
{
	static const char *const nameless[] = {"gssapi", "gs2-krb5", "external",
	    "anonymous"};
	size_t found = 0;

	for (size_t i = 0; i < auth->mechanism_count; i++) {
		for (size_t j = 0; j < sizeof nameless / sizeof *nameless; j++)
			found += text_equals(auth->mechanism[i], nameless[j]);
	}
	return auth->mechanism_count > 0 && found == auth->mechanism_count;
}

static int
fill_texts(struct account_auth *auth, const struct layers *layers,
    struct error *err)
{
	const struct layers_copy texts[] = {
	    {&auth->realm, SETTING_REALM},
	    {&auth->ntlm_domain, SETTING_NTLM_DOMAIN},
	    {&auth->target_name, SETTING_TARGET_NAME},
	    {&auth->command_mechanism, SETTING_MECHANISM},
	    {&auth->pop_host, SETTING_POP_HOST},
	};

	return layers_copy_texts(layers, texts, sizeof texts / sizeof *texts,
	    err);
}

/* What is no word of ours is a mechanism, and stays in the list. */
static int
take_words(struct account_auth *auth, const struct layers *layers,
    struct error *err)
{
	char **word = NULL;
	size_t word_count = 0;
	size_t kept = 0;

	if (list_split(layers_text(layers, SETTING_AUTH), &word, &word_count,
		err) == -1)
		return -1;
	for (size_t i = 0; i < word_count; i++) {
		if (!take_word(auth, word[i]))
			word[kept++] = word[i];
	}
	auth->mechanism = word;
	auth->mechanism_count = kept;
	return check(auth, layers, word_count, err);
}

/* Frees the word if it takes it. */
static bool
take_word(struct account_auth *auth, char *word)
{
	size_t prefix_len = strlen(command_prefix);

	if (text_has_prefix(word, command_prefix)) {
		free(auth->command);
		auth->command = word;
		memmove(word, word + prefix_len, strlen(word + prefix_len) + 1);
		return true;
	}
	if (text_equals(word, "pop-before-smtp"))
		auth->pop_first = true;
	else if (text_equals(word, "secure"))
		auth->secure = true;
	else if (!text_equals(word, "auto"))
		return false;
	auth->is_wanted = !auth->pop_first;
	free(word);
	return true;
}

/* Each of these words says it all. */
static int
check(const struct account_auth *auth, const struct layers *layers,
    size_t word_count, struct error *err)
{
	bool has_word = word_count > auth->mechanism_count;

	if (has_word && word_count > 1)
		return account_refuse(layers, SETTING_AUTH, err,
		    "auto, secure, pop-before-smtp and command:... stand "
		    "alone, not in a list");
	if ((auth->command == NULL) == (auth->command_mechanism == NULL))
		return check_name(auth->command_mechanism, layers, err);
	account_refuse(layers,
	    auth->command == NULL ? SETTING_MECHANISM : SETTING_AUTH, err,
	    "auth = command:PROGRAM and mechanism = NAME belong together");
	return error_hint(err,
	    "set both: the program, and what its mechanism is called in AUTH");
}

/* RFC 4422 3.1. */
static int
check_name(const char *mechanism, const struct layers *layers,
    struct error *err)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
	size_t len;

	if (mechanism == NULL)
		return 0;
	len = strlen(mechanism);
	if (len >= 1 && len <= MECHANISM_MAX &&
	    strspn(mechanism, allowed) == len)
		return 0;
	account_refuse(layers, SETTING_MECHANISM, err,
	    "\"%s\" can't be the name of a mechanism", mechanism);
	return error_hint(err,
	    "it has 1 to %d capital letters, digits, \"-\" and \"_\"",
	    MECHANISM_MAX);
}

static uint16_t
pop_port(const struct account_auth *auth, const char *port)
{
	if (port != NULL)
		return (uint16_t)setting_number(port);
	return auth->pop_starttls ? POP_PORT : POP_TLS_PORT;
}
