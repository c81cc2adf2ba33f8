/* SPDX-License-Identifier: MIT */
/*
 * Derives the defaults of an account: the port from the TLS mode, the user from
 * the address. Reads no file and makes no network requests.
 */
#include "config/account-fill.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "config/address-match.h"
#include "config/region.h"
#include "config/value-list.h"

enum {
	SUBMISSION_PORT = 587,     /* RFC 6409 3.1 */
	SUBMISSION_TLS_PORT = 465, /* RFC 8314 7.3 */
	HOST_MAX = 255
};

/* The state of account_fill. */
struct fill {
	struct account *account;
	const struct layers *layers;
	const char *sender;
	struct error *err;
};

static int fill_texts(struct fill *fill);
static int fill_host(struct fill *fill);
static void fill_drop_imap_host(struct fill *fill);
static int fill_region(struct fill *fill);
static int fill_tls_and_port(struct fill *fill);
static const char *tls_mode_or_default(const char *tls, const char *port);
static unsigned long port_or_default(const char *port, const char *tls);
static int fill_from(struct fill *fill);
static int fill_add_from(struct fill *fill, struct buf *addresses,
    bool patterns);
static int fill_user(struct fill *fill);
static int fill_local_recipient(struct fill *fill);
static bool auth_is_set(const struct account *account);
static int fill_check_user_form(struct fill *fill, const char *user);
static int fill_guess_user(struct fill *fill, const char *form);
static int fill_refuse_user(struct fill *fill, const char *help);
static int fill_set_text(struct fill *fill, enum setting_id id,
    const char *text);

int
account_fill(struct account *account, const struct layers *layers,
    const char *sender, struct error *err)
{
	struct fill fill = {account, layers, sender, err};

	if (fill_texts(&fill) == -1 || fill_tls_and_port(&fill) == -1 ||
	    account_fill_auth(account, layers, err) == -1 ||
	    account_fill_oauth2(account, layers, err) == -1 ||
	    fill_host(&fill) == -1 || fill_from(&fill) == -1 ||
	    fill_user(&fill) == -1 || fill_local_recipient(&fill) == -1)
		return -1;
	return account_check_auth(account, layers, err);
}

int
account_name_in(const struct account *account, struct error *err)
{
	const char *title = account_title(account);

	return title != NULL ? error_prefix(err, "account %s", title) : -1;
}

int
account_refuse(const struct layers *layers, enum setting_id id,
    struct error *err, const char *format, ...)
{
	const char *origin = layers_origin(layers, id);
	char what[ERROR_MESSAGE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	if (origin == NULL)
		return error_set(err, ERROR_CONFIG, "%s: %s",
		    setting_row(id)->name, what);
	return error_set(err, ERROR_CONFIG, "%s: %s", origin, what);
}

int
account_set_text(struct account *account, enum setting_id id, const char *text,
    size_t len, struct error *err)
{
	struct account_list *list = &account->list[id];
	char *copy = text_copy(text, len);

	free(account->text[id]);
	account->text[id] = copy;
	if (copy == NULL)
		return error_no_memory(err);
	if (!setting_type_is_list(setting_row(id)->type))
		return 0;
	value_list_free(list->element, list->count);
	*list = (struct account_list){0};
	return value_list_split(copy, &list->element, &list->count, err);
}

static int
fill_texts(struct fill *fill)
{
	for (enum setting_id id = 0; id < SETTING_COUNT; id++) {
		const char *text = layers_effective_value(fill->layers, id);

		if (text != NULL && fill_set_text(fill, id, text) == -1)
			return -1;
	}
	return 0;
}

static int
fill_host(struct fill *fill)
{
	struct account *account = fill->account;

	if (account->lacks_server)
		return 0;
	if (account->text[SETTING_HOST] == NULL) {
		error_set(fill->err, ERROR_CONFIG, "host isn't set");
		account_name_in(account, fill->err);
		return error_hint(fill->err,
		    "set host in the account or provider block, or use "
		    "--host");
	}
	fill_drop_imap_host(fill);
	if (fill_region(fill) == -1)
		return -1;
	if (account->text[SETTING_POP_HOST] != NULL)
		return 0;
	return fill_set_text(fill, SETTING_POP_HOST,
	    account->text[SETTING_HOST]);
}

/* The credential for a host of the user's own isn't for the provider. */
static void
fill_drop_imap_host(struct fill *fill)
{
	const struct layers *layers = fill->layers;
	const char *own = layers_user_value(layers, SETTING_HOST);
	const char *provided =
	    layers_value_in(layers, LAYER_PROVIDER, SETTING_HOST);

	if (own == NULL ||
	    layers_user_value(layers, SETTING_IMAP_HOST) != NULL ||
	    (provided != NULL && text_equals(own, provided)))
		return;
	free(fill->account->text[SETTING_IMAP_HOST]);
	fill->account->text[SETTING_IMAP_HOST] = NULL;
}

static int
fill_region(struct fill *fill)
{
	const char *host = fill->account->text[SETTING_HOST];
	const char *region = fill->account->text[SETTING_REGION];
	struct buf text;
	int result = -1;

	buf_init(&text, 2 * HOST_MAX + 1);
	if (region_fill(&text, host, strlen(host), region, fill->err) == 0) {
		result = fill_set_text(fill, SETTING_HOST, text.data);
	} else if (fill->err->code == ERROR_CONFIG) {
		account_name_in(fill->account, fill->err);
		error_hint(fill->err,
		    "set region, for example region = eu-central-1, or use "
		    "--region");
	}
	buf_done(&text);
	return result;
}

/*
 * Each of the two follows from the other unless both are set: the port from the
 * mode, and implicit TLS from port 465. What the user sets replaces the
 * provider's pair, not one half of it.
 */
static int
fill_tls_and_port(struct fill *fill)
{
	const struct layers *layers = fill->layers;
	const char *tls = layers_user_value(layers, SETTING_TLS);
	const char *port = layers_user_value(layers, SETTING_PORT);
	const char *usual_port =
	    layers_value_in(layers, LAYER_PROVIDER, SETTING_PORT);
	const char *usual_tls =
	    tls_mode_or_default(layers_value_in(layers, LAYER_PROVIDER,
				    SETTING_TLS),
		usual_port);
	unsigned long number = port_or_default(usual_port, usual_tls);
	char text[sizeof "65535"];

	if (account_uses_socket(fill->account))
		tls = "none";
	if (tls == NULL && port != NULL &&
	    port_or_default(port, usual_tls) != number)
		tls = tls_mode_or_default(NULL, port);
	else if (tls == NULL)
		tls = usual_tls;
	if (port != NULL || strcmp(tls, usual_tls) != 0)
		number = port_or_default(port, tls);
	snprintf(text, sizeof text, "%lu", number);
	if (fill_set_text(fill, SETTING_TLS, tls) == -1)
		return -1;
	return fill_set_text(fill, SETTING_PORT, text);
}

static const char *
tls_mode_or_default(const char *tls, const char *port)
{
	if (tls != NULL)
		return tls;
	return port_or_default(port, "starttls") == SUBMISSION_TLS_PORT
	    ? "implicit"
	    : "starttls";
}

static unsigned long
port_or_default(const char *port, const char *tls)
{
	if (port != NULL)
		return setting_number(port);
	return strcmp(tls, "implicit") == 0 ? SUBMISSION_TLS_PORT
					    : SUBMISSION_PORT;
}

/* Puts addresses before patterns: patterns select the account, but cannot be a
 * sender. */
static int
fill_from(struct fill *fill)
{
	char *const *text = fill->account->text;
	const char *user = text[SETTING_MAILBOX] != NULL ? text[SETTING_MAILBOX]
							 : text[SETTING_USER];
	struct buf addresses;
	int result;

	buf_init(&addresses, SIZE_MAX / 2);
	result = fill_add_from(fill, &addresses, false);
	if (result == 0 && addresses.len == 0) {
		if (user != NULL && strchr(user, '@') != NULL)
			result = buf_addf(&addresses, fill->err, "%s\n", user);
		else if (address_match_first(fill->sender).len > 0)
			result = buf_addf(&addresses, fill->err, "%s\n",
			    fill->sender);
	}
	if (result == 0)
		result = fill_add_from(fill, &addresses, true);
	if (result == 0 && addresses.len > 0)
		result = account_set_text(fill->account, SETTING_FROM,
		    addresses.data, addresses.len - 1, fill->err);
	buf_done(&addresses);
	return result;
}

static int
fill_add_from(struct fill *fill, struct buf *addresses, bool patterns)
{
	const char *list = fill->account->text[SETTING_FROM];
	const char *element;
	size_t len;

	while (value_list_next(&list, &element, &len)) {
		if ((strncmp(element, "*@", 2) == 0) == patterns &&
		    buf_addf(addresses, fill->err, "%.*s\n", (int)len,
			element) == -1)
			return -1;
	}
	return 0;
}

static int
fill_user(struct fill *fill)
{
	const struct provider *provider = fill->account->provider;
	const char *user = layers_value(fill->layers, SETTING_USER);

	if (user != NULL)
		return *user != '\0' ? fill_check_user_form(fill, user) : 0;
	if (account_uses_socket(fill->account))
		return 0;
	if (provider != NULL)
		return fill_guess_user(fill,
		    provider->text[PROVIDER_USER_FORM]);
	if (fill->account->text[SETTING_CREDENTIAL] == NULL &&
	    !auth_is_set(fill->account))
		return 0;
	return fill_guess_user(fill, "address");
}

/* root@gmail.com is not this computer's root. */
static int
fill_local_recipient(struct fill *fill)
{
	const struct account *account = fill->account;
	const char *domain = account_mail_domain(account);

	if (layers_value(fill->layers, SETTING_LOCAL_RECIPIENT) != NULL ||
	    domain == NULL || account->provider == NULL ||
	    !account->provider->is_builtin ||
	    (!provider_has_domain(account->provider, domain) &&
		!provider_has_domain_like(account->provider, domain)))
		return 0;
	return fill_set_text(fill, SETTING_LOCAL_RECIPIENT,
	    account_address(account));
}

/* Whether auth asks for a sign-in although no user is set. */
static bool
auth_is_set(const struct account *account)
{
	return account->list[SETTING_AUTH].count > 0 ||
	    account->text[SETTING_AUTH] != NULL;
}

static int
fill_check_user_form(struct fill *fill, const char *user)
{
	const struct provider *provider = fill->account->provider;
	const char *form =
	    provider != NULL ? provider->text[PROVIDER_USER_FORM] : NULL;

	if (form == NULL || strcmp(form, "address") != 0 ||
	    strchr(user, '@') != NULL)
		return 0;
	account_refuse(fill->layers, SETTING_USER, fill->err,
	    "the user name at %s must be a full mail address, not \"%s\"",
	    provider->name, user);
	return error_hint(fill->err, "set user = name@example.org");
}

static int
fill_guess_user(struct fill *fill, const char *form)
{
	struct account *account = fill->account;
	const struct account_list *from = &account->list[SETTING_FROM];
	const char *address = from->count > 0 ? from->element[0] : "";
	const char *at = strrchr(address, '@');

	if (form != NULL && strcmp(form, "explicit") == 0)
		return fill_refuse_user(fill,
		    account->provider->text[PROVIDER_CREDENTIAL_HELP]);
	if (form != NULL && strcmp(form, "address") != 0 &&
	    strcmp(form, "local-part") != 0)
		return fill_set_text(fill, SETTING_USER, form);
	/* A ticket or a certificate may name the user. */
	if (at == NULL &&
	    (account_wants_sign_in(account) ||
		account_auth_is_nameless(account)))
		return 0;
	if (at == NULL)
		return fill_refuse_user(fill, NULL);
	if (form == NULL || strcmp(form, "local-part") != 0)
		return fill_set_text(fill, SETTING_USER, address);
	return account_set_text(account, SETTING_USER, address,
	    (size_t)(at - address), fill->err);
}

static int
fill_refuse_user(struct fill *fill, const char *help)
{
	const struct provider *provider = fill->account->provider;

	error_set(fill->err, ERROR_CONFIG,
	    "user isn't set, but %s requires a user name",
	    provider != NULL ? provider->name
			     : fill->account->text[SETTING_HOST]);
	account_name_in(fill->account, fill->err);
	if (help != NULL)
		return error_hint(fill->err, "set user, or use --user: %s",
		    help);
	return error_hint(fill->err,
	    "set user in the account block, or use --user "
	    "name@example.org");
}

static int
fill_set_text(struct fill *fill, enum setting_id id, const char *text)
{
	return account_set_text(fill->account, id, text, strlen(text),
	    fill->err);
}
