/* SPDX-License-Identifier: MIT */
/*
 * Gives the settings their types, and works out what nobody wrote: the port
 * from the TLS mode, the user from the address. Reads no file and asks no
 * server.
 */
#include "config/account-fill.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "config/list.h"
#include "config/owner.h"

enum {
	SUBMISSION_PORT = 587,     /* RFC 6409 3.1 */
	SUBMISSION_TLS_PORT = 465, /* RFC 8314 7.3 */
	HOST_MAX = 255
};

/* What is being filled, and from what. */
struct fill {
	struct account *account;
	const struct layers *layers;
	const char *sender;
	struct error *err;
};

static int fill_texts(struct fill *fill);
static int fill_fingerprints(struct fill *fill);
static void fill_numbers(struct fill *fill);
static int fill_host(struct fill *fill);
static int fill_region(struct fill *fill, const char *host, const char *mark);
static void fill_tls_and_port(struct fill *fill);
static enum account_tls mode_of(const char *tls, const char *port);
static uint16_t port_of(const char *port, enum account_tls tls);
static int fill_from(struct fill *fill);
static int add_from(struct fill *fill, struct buf *addresses, bool patterns);
static int fill_mail_domain(struct fill *fill);
static int fill_user(struct fill *fill);
static bool wants_sign_in(const struct account *account);
static int check_user_form(struct fill *fill, const char *user);
static int guess_user(struct fill *fill, const char *form);
static int user_missing(struct fill *fill, const char *help);
static int set_text(char **to, const char *text, size_t len, struct error *err);

int
account_fill(struct account *account, const struct layers *layers,
    const char *sender, struct error *err)
{
	struct fill fill = {account, layers, sender, err};

	fill_numbers(&fill);
	fill_tls_and_port(&fill);
	if (fill_texts(&fill) == -1 || fill_fingerprints(&fill) == -1 ||
	    account_fill_auth(account, layers, err) == -1 ||
	    account_fill_oauth2(account, layers, err) == -1 ||
	    fill_host(&fill) == -1 || fill_from(&fill) == -1 ||
	    fill_mail_domain(&fill) == -1 || fill_user(&fill) == -1)
		return -1;
	return account_check_auth(account, layers, err);
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

static int
fill_texts(struct fill *fill)
{
	struct account *account = fill->account;
	const struct layers_copy texts[] = {
	    {&account->tls_trust_file, SETTING_TLS_TRUST_FILE},
	    {&account->tls_crl_file, SETTING_TLS_CRL_FILE},
	    {&account->tls_cert_file, SETTING_TLS_CERT_FILE},
	    {&account->tls_key_file, SETTING_TLS_KEY_FILE},
	    {&account->authzid, SETTING_AUTHZID},
	    {&account->credential, SETTING_CREDENTIAL},
	    {&account->credential_helper, SETTING_CREDENTIAL_HELPER},
	    {&account->credential_folder, SETTING_CREDENTIAL_FOLDER},
	    {&account->credential_encrypt, SETTING_CREDENTIAL_ENCRYPT},
	    {&account->credential_decrypt, SETTING_CREDENTIAL_DECRYPT},
	    {&account->mailbox, SETTING_MAILBOX},
	    {&account->full_name, SETTING_FULL_NAME},
	    {&account->domain, SETTING_DOMAIN},
	    {&account->aliases, SETTING_ALIASES},
	    {&account->local_recipient, SETTING_LOCAL_RECIPIENT},
	    {&account->log_file, SETTING_LOG_FILE},
	};

	return layers_copy_texts(fill->layers, texts,
	    sizeof texts / sizeof *texts, fill->err);
}

static int
fill_fingerprints(struct fill *fill)
{
	struct account *account = fill->account;
	const char *fingerprints =
	    layers_text(fill->layers, SETTING_TLS_FINGERPRINT);

	return list_split(fingerprints, &account->tls_fingerprint,
	    &account->tls_fingerprint_count, fill->err);
}

static void
fill_numbers(struct fill *fill)
{
	struct account *account = fill->account;
	const struct layers *layers = fill->layers;

	account->timeout_ms =
	    setting_duration_ms(layers_text(layers, SETTING_TIMEOUT));
	account->deadline_ms =
	    setting_duration_ms(layers_text(layers, SETTING_DEADLINE));
	account->retry_delay_ms =
	    setting_duration_ms(layers_text(layers, SETTING_RETRY_DELAY));
	account->tries =
	    1 + (unsigned)setting_number(layers_text(layers, SETTING_RETRIES));
	account->chunking = setting_bool(layers_text(layers, SETTING_CHUNKING));
	account->syslog = setting_bool(layers_text(layers, SETTING_SYSLOG));
	account->extract_removes =
	    strcmp("remove", layers_text(layers, SETTING_EXTRACT_ADDRESSES)) ==
	    0;
}

static int
fill_host(struct fill *fill)
{
	const char *host = layers_text(fill->layers, SETTING_HOST);
	const char *mark;

	if (host == NULL) {
		error_set(fill->err, ERROR_CONFIG, "host isn't set");
		return error_hint(fill->err,
		    "set host in the account or "
		    "provider block, or --host");
	}
	mark = strstr(host, "{region}");
	if (mark != NULL)
		return fill_region(fill, host, mark);
	return set_text(&fill->account->host, host, strlen(host), fill->err);
}

static int
fill_region(struct fill *fill, const char *host, const char *mark)
{
	const char *region = layers_text(fill->layers, SETTING_REGION);
	struct buf text;
	int result = -1;

	if (region == NULL) {
		error_set(fill->err, ERROR_CONFIG,
		    "region isn't set, and %s needs it", host);
		return error_hint(fill->err,
		    "set region = eu-central-1 or the like, or --region");
	}
	buf_init(&text, 2 * HOST_MAX + 1);
	if (buf_addf(&text, fill->err, "%.*s%s%s", (int)(mark - host), host,
		region, mark + strlen("{region}")) == 0)
		result = set_text(&fill->account->host, text.data, text.len,
		    fill->err);
	buf_done(&text);
	return result;
}

/*
 * Each of the two follows from the other unless both are set: the port from the
 * mode, and implicit TLS from port 465. What the user sets replaces the
 * provider's pair, not one half of it.
 */
static void
fill_tls_and_port(struct fill *fill)
{
	struct account *account = fill->account;
	const struct layers *layers = fill->layers;
	const char *tls = layers_said_by_user(layers, SETTING_TLS);
	const char *port = layers_said_by_user(layers, SETTING_PORT);
	const char *usual_port =
	    layers_said_in(layers, LAYER_PROVIDER, SETTING_PORT);
	enum account_tls usual_tls =
	    mode_of(layers_said_in(layers, LAYER_PROVIDER, SETTING_TLS),
		usual_port);
	uint16_t usual = port_of(usual_port, usual_tls);

	if (tls != NULL)
		account->tls = mode_of(tls, NULL);
	else if (port != NULL && port_of(port, usual_tls) != usual)
		account->tls = mode_of(NULL, port);
	else
		account->tls = usual_tls;

	if (port == NULL && account->tls == usual_tls)
		account->port = usual;
	else
		account->port = port_of(port, account->tls);
}

static enum account_tls
mode_of(const char *tls, const char *port)
{
	if (tls == NULL)
		return port_of(port, ACCOUNT_TLS_STARTTLS) ==
			SUBMISSION_TLS_PORT
		    ? ACCOUNT_TLS_IMPLICIT
		    : ACCOUNT_TLS_STARTTLS;
	if (strcmp(tls, "implicit") == 0)
		return ACCOUNT_TLS_IMPLICIT;
	return strcmp(tls, "none") == 0 ? ACCOUNT_TLS_NONE
					: ACCOUNT_TLS_STARTTLS;
}

static uint16_t
port_of(const char *port, enum account_tls tls)
{
	if (port != NULL)
		return (uint16_t)setting_number(port);
	return tls == ACCOUNT_TLS_IMPLICIT ? SUBMISSION_TLS_PORT
					   : SUBMISSION_PORT;
}

/* Patterns say which mail is the account's, but can't be sent from: they come
 * behind what can. */
static int
fill_from(struct fill *fill)
{
	const char *user = fill->account->mailbox != NULL
	    ? fill->account->mailbox
	    : layers_text(fill->layers, SETTING_USER);
	struct buf addresses;
	int result;

	buf_init(&addresses, SIZE_MAX / 2);
	result = add_from(fill, &addresses, false);
	if (result == 0 && addresses.len == 0) {
		if (user != NULL && strchr(user, '@') != NULL)
			result = buf_addf(&addresses, fill->err, "%s\n", user);
		else if (owner_first(fill->sender).len > 0)
			result = buf_addf(&addresses, fill->err, "%s\n",
			    fill->sender);
	}
	if (result == 0)
		result = add_from(fill, &addresses, true);
	if (result == 0)
		result = list_split(buf_text(&addresses), &fill->account->from,
		    &fill->account->from_count, fill->err);
	buf_done(&addresses);
	return result;
}

static int
add_from(struct fill *fill, struct buf *addresses, bool patterns)
{
	const char *list = layers_text(fill->layers, SETTING_FROM);
	const char *element;
	size_t len;

	while (list_next(&list, &element, &len)) {
		if ((strncmp(element, "*@", 2) == 0) == patterns &&
		    buf_addf(addresses, fill->err, "%.*s\n", (int)len,
			element) == -1)
			return -1;
	}
	return 0;
}

static int
fill_mail_domain(struct fill *fill)
{
	struct account *account = fill->account;
	const char *at =
	    account->from_count > 0 ? strrchr(account->from[0], '@') : NULL;

	if (at == NULL)
		return 0;
	return set_text(&account->mail_domain, at + 1, strlen(at + 1),
	    fill->err);
}

static int
fill_user(struct fill *fill)
{
	const struct layers *layers = fill->layers;
	const struct provider *provider = fill->account->provider;
	const char *user = layers_said(layers, SETTING_USER);

	if (user != NULL && *user == '\0')
		return 0;
	if (user != NULL) {
		if (check_user_form(fill, user) == -1)
			return -1;
		return set_text(&fill->account->user, user, strlen(user),
		    fill->err);
	}
	if (provider != NULL)
		return guess_user(fill, provider->text[PROVIDER_USER_FORM]);
	if (fill->account->credential == NULL && !wants_sign_in(fill->account))
		return 0;
	return guess_user(fill, "address");
}

/* Without a user, does anything say that somebody shall sign in? */
static bool
wants_sign_in(const struct account *account)
{
	return account->auth.mechanism_count > 0 || account->auth.is_wanted ||
	    account->auth.command != NULL || account->auth.pop_first;
}

static int
check_user_form(struct fill *fill, const char *user)
{
	const struct provider *provider = fill->account->provider;
	const char *form =
	    provider != NULL ? provider->text[PROVIDER_USER_FORM] : NULL;

	if (form == NULL || strcmp(form, "address") != 0 ||
	    strchr(user, '@') != NULL)
		return 0;
	account_refuse(fill->layers, SETTING_USER, fill->err,
	    "%s wants a full address to sign in with, not \"%s\"",
	    provider->name, user);
	return error_hint(fill->err, "write user = name@example.org");
}

static int
guess_user(struct fill *fill, const char *form)
{
	struct account *account = fill->account;
	const char *address = account->from_count > 0 ? account->from[0] : "";
	const char *at = strrchr(address, '@');

	if (form != NULL && strcmp(form, "explicit") == 0)
		return user_missing(fill,
		    account->provider->text[PROVIDER_CREDENTIAL_HELP]);
	if (form != NULL && strcmp(form, "address") != 0 &&
	    strcmp(form, "local-part") != 0)
		return set_text(&account->user, form, strlen(form), fill->err);
	/* There may be a ticket or a certificate. */
	if (at == NULL &&
	    (account->auth.is_wanted ||
		account_auth_is_nameless(&account->auth)))
		return 0;
	if (at == NULL)
		return user_missing(fill, NULL);
	if (form != NULL && strcmp(form, "local-part") == 0)
		return set_text(&account->user, address, (size_t)(at - address),
		    fill->err);
	return set_text(&account->user, address, strlen(address), fill->err);
}

static int
user_missing(struct fill *fill, const char *help)
{
	const struct provider *provider = fill->account->provider;

	error_set(fill->err, ERROR_CONFIG,
	    "user isn't set, and %s wants one to sign in with",
	    provider != NULL ? provider->name : fill->account->host);
	if (help != NULL)
		return error_hint(fill->err, "set user, or --user: %s", help);
	return error_hint(fill->err,
	    "set user in the account block, or --user "
	    "name@example.org");
}

static int
set_text(char **to, const char *text, size_t len, struct error *err)
{
	*to = text_copy(text, len);
	return *to != NULL ? 0 : error_no_memory(err);
}
