/* SPDX-License-Identifier: MIT */
/*
 * The rules of providers that can be checked without them. What the server
 * announces (SIZE, SMTPUTF8, 8BITMIME) is checked by smtp/transaction.c.
 */
#include "submit/preflight.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/address-match.h"
#include "config/shape.h"
#include "message/address.h"
#include "message/domain.h"

static void preflight_check_name(struct preflight *preflight,
    const struct account *account);
static void preflight_check_user(struct preflight *preflight,
    const struct account *account);
static void preflight_check_user_form(struct preflight *preflight,
    const struct account *account, const char *form);
static void preflight_check_from(struct preflight *preflight,
    const struct account *account, const struct message *message);
static void preflight_check_sender(struct preflight *preflight,
    const struct account *account, const struct envelope *envelope);
static void preflight_note_completion(struct preflight *preflight,
    const struct message *message);
static void preflight_check_author(struct preflight *preflight,
    const struct account *account, const char *address);
static void preflight_check_fields(struct preflight *preflight,
    const struct message *message);
static void preflight_check_size(struct preflight *preflight,
    const struct account *account, const struct message *message);
static void preflight_add(struct preflight *preflight, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void preflight_mend(struct preflight *preflight, const char *name,
    const char *value);

void
preflight_run(struct preflight *preflight, const struct route *route,
    const struct envelope *envelope, const struct message *message)
{
	const struct account *account = route->account;

	preflight->count = 0;
	preflight_check_name(preflight, account);
	preflight_check_user(preflight, account);
	if (envelope != NULL)
		preflight_check_sender(preflight, account, envelope);
	if (message == NULL)
		return;
	preflight_check_from(preflight, account, message);
	preflight_note_completion(preflight, message);
	preflight_check_fields(preflight, message);
	preflight_check_size(preflight, account, message);
}

bool
preflight_may_send_as(const struct account *account, const char *address)
{
	const struct account_list *own = &account->list[SETTING_FROM];
	const char *user = account->text[SETTING_USER];

	if (user != NULL && address_equals(user, address))
		return true;
	for (size_t i = 0; i < own->count; i++) {
		if (address_match(own->element[i], address))
			return true;
	}
	return own->count == 0 && (user == NULL || strchr(user, '@') == NULL);
}

/* The name of this host is only known when the session has begun. */
static void
preflight_check_name(struct preflight *preflight, const struct account *account)
{
	const char *name = account->text[SETTING_DOMAIN];
	const char *mail_domain = account_mail_domain(account);

	if (name == NULL || !domain_is_local(name))
		return;
	preflight_add(preflight,
	    "domain %s is not a public name; some servers refuse it in EHLO",
	    name);
	if (mail_domain != NULL && !domain_is_local(mail_domain))
		preflight_mend(preflight, "domain", mail_domain);
}

/* A provider that wants full addresses is dealt with by config/account-fill.c:
 * such an account is invalid. */
static void
preflight_check_user(struct preflight *preflight, const struct account *account)
{
	const struct provider *provider = account->provider;
	const char *user = account->text[SETTING_USER];
	const char *shape =
	    provider != NULL ? provider->text[PROVIDER_USER_SHAPE] : NULL;
	char description[PREFLIGHT_VALUE_SIZE];

	if (provider == NULL || user == NULL)
		return;
	if (provider->text[PROVIDER_USER_FORM] != NULL)
		preflight_check_user_form(preflight, account,
		    provider->text[PROVIDER_USER_FORM]);
	if (shape == NULL || shape_fits(shape, user, strlen(user)))
		return;
	shape_describe(shape, description, sizeof description);
	preflight_add(preflight,
	    "the user name %s does not look like one of %s, which %s", user,
	    provider->name, description);
}

static void
preflight_check_user_form(struct preflight *preflight,
    const struct account *account, const char *form)
{
	static const char *const others[] = {"address", "explicit"};
	const char *user = account->text[SETTING_USER];
	const char *at = strchr(user, '@');
	char local_part[PREFLIGHT_VALUE_SIZE];

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (strcmp(form, others[i]) == 0)
			return;
	}
	if (strcmp(form, "local-part") != 0) {
		if (strcmp(user, form) == 0)
			return;
		preflight_add(preflight,
		    "the user name at %s is the word %s, not %s",
		    account->provider->name, form, user);
		preflight_mend(preflight, "user", form);
	} else if (at != NULL) {
		snprintf(local_part, sizeof local_part, "%.*s",
		    (int)(at - user), user);
		preflight_add(preflight,
		    "the user name at %s is usually the part of the address "
		    "before the @: %s",
		    account->provider->name, local_part);
		preflight_mend(preflight, "user", local_part);
	}
}

static void
preflight_check_sender(struct preflight *preflight,
    const struct account *account, const struct envelope *envelope)
{
	if (envelope->sender[0] == '\0')
		preflight_add(preflight,
		    "the envelope sender is empty (<>), which submission "
		    "servers often refuse");
	else if (!preflight_may_send_as(account, envelope->sender))
		preflight_add(preflight,
		    "the sender %s is not an address of the account",
		    envelope->sender);
}

static void
preflight_check_from(struct preflight *preflight, const struct account *account,
    const struct message *message)
{
	struct address_list senders;
	struct error err;

	address_list_init(&senders);
	if (header_senders(&message->header, &senders, &err) == -1)
		preflight_add(preflight, "%s", err.message);
	else if (senders.count == 0 &&
	    header_find(&message->header, "From", 0, NULL) != NULL)
		preflight_add(preflight,
		    "From has no address; many servers refuse that");
	if (senders.count > 1)
		preflight_add(preflight,
		    "From has %zu addresses; many servers accept only one",
		    senders.count);
	for (size_t i = 0; i < senders.count; i++)
		preflight_check_author(preflight, account, senders.address[i]);
	address_list_done(&senders);
}

static void
preflight_note_completion(struct preflight *preflight,
    const struct message *message)
{
	const struct completion *completion = &message->completion;

	if (completion->replaced_from != NULL)
		preflight_add(preflight,
		    "From named %s; it now has the account's address "
		    "(set-from)",
		    completion->replaced_from);
	if (completion->breaks_signature)
		preflight_add(preflight,
		    "a DKIM-Signature covers an address field that was "
		    "changed, so it is no longer valid (set-from)");
}

static void
preflight_check_author(struct preflight *preflight,
    const struct account *account, const char *address)
{
	const char *domain = address_domain(address);

	if (!preflight_may_send_as(account, address))
		preflight_add(preflight,
		    "From names %s, which is not an address of the account",
		    address);
	if (domain == NULL || domain_is_local(domain))
		preflight_add(preflight,
		    "From names %s, which only this host knows; many servers "
		    "refuse that",
		    address);
}

/* Fields that may occur once (RFC 5322 section 3.6), and recipients that can't
 * be parsed. */
static void
preflight_check_fields(struct preflight *preflight,
    const struct message *message)
{
	static const char *const once[] = {"From", "Sender", "To", "Cc",
	    "Subject", "Date", "Message-ID"};
	const struct header *header = &message->header;
	struct address_list recipients;
	struct error err;

	for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
		size_t index = 0;

		if (header_find(header, once[i], 0, &index) != NULL &&
		    header_find(header, once[i], index + 1, NULL) != NULL)
			preflight_add(preflight,
			    "the header has several fields %s", once[i]);
	}
	address_list_init(&recipients);
	if (header_recipients(header, &recipients, &err) == -1)
		preflight_add(preflight, "%s", err.message);
	address_list_done(&recipients);
}

static void
preflight_check_size(struct preflight *preflight, const struct account *account,
    const struct message *message)
{
	const struct provider *provider = account->provider;
	const char *limit =
	    provider != NULL ? provider->text[PROVIDER_SIZE_LIMIT] : NULL;

	if (limit != NULL && message->wire_size > strtoull(limit, NULL, 10))
		preflight_add(preflight,
		    "the message has %llu bytes; %s usually accepts %s",
		    (unsigned long long)message->wire_size, provider->name,
		    limit);
}

static void
preflight_add(struct preflight *preflight, const char *format, ...)
{
	va_list args;

	if (preflight->count == PREFLIGHT_MAX)
		return;
	preflight->mend[preflight->count].name = NULL;
	va_start(args, format);
	text_vformat_printable(preflight->finding[preflight->count++],
	    PREFLIGHT_TEXT_SIZE, format, args);
	va_end(args);
}

/* Adds to the last finding what mends it. */
static void
preflight_mend(struct preflight *preflight, const char *name, const char *value)
{
	struct preflight_mend *mend = &preflight->mend[preflight->count - 1];

	mend->name = name;
	snprintf(mend->value, sizeof mend->value, "%s", value);
}
