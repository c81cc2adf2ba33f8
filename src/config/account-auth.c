/* SPDX-License-Identifier: MIT */
/*
 * Checks auth, mechanism and tls against each other, and derives pop-port
 * and imap-port.
 * Doesn't know which mechanisms exist: submit/route.c checks their names.
 */
#include "config/account-fill.h"

#include <string.h>

#include "base/text.h"
#include "config/value-list.h"

enum {
	MECHANISM_MAX = 20 /* RFC 4422 3.1 */
};

/* The port of a mail server follows from how TLS is used with it. */
struct mail_port {
	enum setting_id port;
	enum setting_id tls;
	const char *starttls;
	const char *implicit; /* RFC 8314 7 */
};

static const struct mail_port mail_ports[] = {
    {SETTING_POP_PORT, SETTING_POP_TLS, "110", "995"},
    {SETTING_IMAP_PORT, SETTING_IMAP_TLS, "143", "993"},
};

static int fill_mail_ports(struct account *account, struct error *err);
static bool is_lone_word(const char *word);
static int auth_check_command(const struct account *account,
    const struct layers *layers, struct error *err);
static int auth_check_mechanism_name(const char *mechanism,
    const struct layers *layers, struct error *err);

int
account_fill_auth(struct account *account, const struct layers *layers,
    struct error *err)
{
	struct account_list *list = &account->list[SETTING_AUTH];

	if (fill_mail_ports(account, err) == -1)
		return -1;
	for (size_t i = 0; i < list->count; i++) {
		if (!is_lone_word(list->element[i]))
			continue;
		if (list->count > 1)
			return account_refuse(layers, SETTING_AUTH, err,
			    "auto, secure, pop-before-smtp and command:... "
			    "can't be part of a list");
		value_list_free(list->element, list->count);
		*list = (struct account_list){0};
	}
	return auth_check_command(account, layers, err);
}

int
account_check_auth(const struct account *account, const struct layers *layers,
    struct error *err)
{
	bool is_by_pop = account_signs_in_by_pop(account);
	bool has_user = account->text[SETTING_USER] != NULL;

	if (is_by_pop && !has_user)
		return account_refuse(layers, SETTING_AUTH, err,
		    "pop-before-smtp needs a user");
	if (!account_is(account, SETTING_TLS, "none") || is_by_pop)
		return 0;
	if (!has_user && account_command(account) == NULL)
		return 0;
	account_refuse(layers, SETTING_TLS, err, "signing in requires TLS");
	return error_hint(err,
	    "set tls = starttls or implicit; or user = \"\", not to sign in");
}

bool
account_auth_is_nameless(const struct account *account)
{
	const struct account_list *list = &account->list[SETTING_AUTH];
	static const char *const nameless[] = {"gssapi", "gs2-krb5", "external",
	    "anonymous"};
	size_t found = 0;

	for (size_t i = 0; i < list->count; i++) {
		for (size_t j = 0; j < sizeof nameless / sizeof *nameless; j++)
			found += text_equals(list->element[i], nameless[j]);
	}
	return list->count > 0 && found == list->count;
}

static int
fill_mail_ports(struct account *account, struct error *err)
{
	for (size_t i = 0; i < sizeof mail_ports / sizeof *mail_ports; i++) {
		const struct mail_port *row = &mail_ports[i];
		const char *text = account_is(account, row->tls, "starttls")
		    ? row->starttls
		    : row->implicit;

		if (account->text[row->port] == NULL &&
		    account_set_text(account, row->port, text, strlen(text),
			err) == -1)
			return -1;
	}
	return 0;
}

/* Whether a word of auth is not the name of a mechanism. */
static bool
is_lone_word(const char *word)
{
	return text_equals(word, "auto") || text_equals(word, "secure") ||
	    text_equals(word, "pop-before-smtp") ||
	    text_has_prefix(word, "command:");
}

static int
auth_check_command(const struct account *account, const struct layers *layers,
    struct error *err)
{
	const char *mechanism = account->text[SETTING_MECHANISM];
	bool has_command = account_command(account) != NULL;

	if (has_command == (mechanism != NULL))
		return auth_check_mechanism_name(mechanism, layers, err);
	account_refuse(layers, has_command ? SETTING_AUTH : SETTING_MECHANISM,
	    err,
	    "auth = command:PROGRAM and mechanism = NAME must be "
	    "set together");
	return error_hint(err,
	    "set both: the program, and the name of its mechanism for AUTH");
}

/* RFC 4422 3.1. */
static int
auth_check_mechanism_name(const char *mechanism, const struct layers *layers,
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
	    "\"%s\" is not a valid mechanism name", mechanism);
	return error_hint(err,
	    "use 1 to %d capital letters, digits, \"-\" and \"_\"",
	    MECHANISM_MAX);
}
