/* SPDX-License-Identifier: MIT */
/*
 * The marks of a hint, such as "{user}", and what they stand for in an account
 * and a failure.
 */
#include "submit/remedy-mark.h"

#include <stdio.h>
#include <string.h>

#include "base/shell-word.h"
#include "base/text.h"
#include "message/address.h"
#include "submit/reply-url.h"

/* Writes the value of a mark. "": it has none. */
typedef void mark_value(const struct evidence *evidence,
    char value[REMEDY_MARK_SIZE]);

static mark_value mark_send_as_user, mark_user, mark_provider,
    mark_user_address, mark_fixed_user, mark_set_fixed_user, mark_login,
    mark_host, mark_operator, mark_sender, mark_sender_domain, mark_wait,
    mark_url;
static bool remedy_find_setting(const char *mark, size_t len,
    enum setting_id *ret_id);
static size_t remedy_find_limit(const char *mark, size_t len,
    const char **ret_unit);
static void mark_limits(const struct evidence *evidence, const char *unit,
    size_t unit_len, char value[REMEDY_MARK_SIZE]);
static void mark_setting(const struct evidence *evidence, enum setting_id id,
    char value[REMEDY_MARK_SIZE]);
static void mark_add_account(const struct account *account, const char *command,
    const char *rest, char value[REMEDY_MARK_SIZE]);
static void mark_field(const struct evidence *evidence,
    enum provider_field field, char value[REMEDY_MARK_SIZE]);
static void mark_copy(const char *text, char value[REMEDY_MARK_SIZE]);

static const struct {
	const char *name;
	mark_value *value;         /* NULL: the value of a field */
	enum provider_field field; /* of the provider */
} marks[] = {
    {"{user}", mark_user, 0},
    {"{user-address}", mark_user_address, 0},
    {"{send-as-user}", mark_send_as_user, 0},
    {"{fixed-user}", mark_fixed_user, 0},
    {"{set-fixed-user}", mark_set_fixed_user, 0},
    {"{login}", mark_login, 0},
    {"{host}", mark_host, 0},
    {"{operator}", mark_operator, 0},
    {"{provider}", mark_provider, 0},
    {"{help}", NULL, PROVIDER_CREDENTIAL_HELP},
    {"{client-help}", NULL, PROVIDER_CLIENT_HELP},
    {"{switch}", NULL, PROVIDER_SMTP_SWITCH},
    {"{note}", NULL, PROVIDER_NOTE},
    {"{senders}", NULL, PROVIDER_SENDER_HELP},
    {"{sender}", mark_sender, 0},
    {"{sender-domain}", mark_sender_domain, 0},
    {"{wait}", mark_wait, 0},
    {"{url}", mark_url, 0},
};

bool
remedy_mark_is_known(const char *text, size_t len)
{
	enum setting_id id;
	const char *unit;

	if (remedy_find_setting(text, len, &id) ||
	    remedy_find_limit(text, len, &unit) > 0)
		return true;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (text_is(text, len, marks[i].name))
			return true;
	}
	return false;
}

size_t
remedy_mark_write(const struct evidence *evidence, const char *text, size_t len,
    char value[REMEDY_MARK_SIZE])
{
	const char *close = memchr(text, '}', len);
	size_t mark_len = close != NULL ? (size_t)(close - text) + 1 : 0;
	enum setting_id id;
	const char *unit;
	size_t unit_len = remedy_find_limit(text, mark_len, &unit);

	if (unit_len > 0) {
		mark_limits(evidence, unit, unit_len, value);
		return mark_len;
	}
	if (remedy_find_setting(text, mark_len, &id)) {
		mark_setting(evidence, id, value);
		return mark_len;
	}
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (!text_is(text, mark_len, marks[i].name))
			continue;
		if (marks[i].value != NULL)
			marks[i].value(evidence, value);
		else
			mark_field(evidence, marks[i].field, value);
		return mark_len;
	}
	return 0;
}

/* A mark such as "{set:domain}". */
static bool
remedy_find_setting(const char *mark, size_t len, enum setting_id *ret_id)
{
	static const char prefix[] = "{set:";
	size_t prefix_len = sizeof prefix - 1;
	char name[64];

	if (len <= prefix_len + 1 || len - prefix_len > sizeof name ||
	    memcmp(mark, prefix, prefix_len) != 0)
		return false;
	snprintf(name, sizeof name, "%.*s", (int)(len - prefix_len - 1),
	    mark + prefix_len);
	return mark[len - 1] == '}' && setting_find(name, ret_id);
}

/* A mark such as "{limits:day}"; returns the length of its unit, or 0. */
static size_t
remedy_find_limit(const char *mark, size_t len, const char **ret_unit)
{
	static const char prefix[] = "{limits:";
	size_t prefix_len = sizeof prefix - 1;

	if (len <= prefix_len + 1 || memcmp(mark, prefix, prefix_len) != 0 ||
	    mark[len - 1] != '}')
		return 0;
	*ret_unit = mark + prefix_len;
	return len - prefix_len - 1;
}

/* Those limits of the provider that have this word: of "100 recipients a
 * message, 500 messages an hour", the second for "hour". */
static void
mark_limits(const struct evidence *evidence, const char *unit, size_t unit_len,
    char value[REMEDY_MARK_SIZE])
{
	char all[REMEDY_MARK_SIZE] = "";
	size_t used = 0;

	mark_field(evidence, PROVIDER_LIMITS, all);
	for (char *rest = all, *limit; (limit = strsep(&rest, ",;")) != NULL;) {
		limit += strspn(limit, " ");
		if (memmem(limit, strlen(limit), unit, unit_len) == NULL)
			continue;
		snprintf(value + used, REMEDY_MARK_SIZE - used, "%s%s",
		    used > 0 ? ", " : "", limit);
		used += strlen(value + used);
	}
}

/* The command or option to which the value is appended. */
static void
mark_setting(const struct evidence *evidence, enum setting_id id,
    char value[REMEDY_MARK_SIZE])
{
	const struct account *account = evidence->account;
	char rest[64];

	snprintf(rest, sizeof rest, ".%s", setting_row(id)->name);
	if (account->name != NULL)
		mark_add_account(account, "postrider config set ", rest, value);
	else
		snprintf(value, REMEDY_MARK_SIZE, "--%s", rest + 1);
}

/* A command line that can be copied to a shell. */
static void
mark_add_account(const struct account *account, const char *command,
    const char *rest, char value[REMEDY_MARK_SIZE])
{
	struct error ignored;
	struct buf line;

	buf_init(&line, REMEDY_MARK_SIZE - 1);
	if (buf_add_text(&line, command, &ignored) == 0 &&
	    shell_word_add(&line, account_label(account), &ignored) == 0 &&
	    buf_add_text(&line, rest, &ignored) == 0)
		mark_copy(buf_text(&line), value);
	buf_done(&line);
}

static void
mark_user(const struct evidence *evidence, char value[REMEDY_MARK_SIZE])
{
	mark_copy(evidence->account->text[SETTING_USER], value);
}

/* "IONOS" of "IONOS, Germany". */
static void
mark_provider(const struct evidence *evidence, char value[REMEDY_MARK_SIZE])
{
	mark_field(evidence, PROVIDER_TITLE, value);
	value[strcspn(value, ",")] = '\0';
}

/* The user as a sender; the user name of a relay has no mailbox, even if it
 * looks like an address. */
static void
mark_user_address(const struct evidence *evidence, char value[REMEDY_MARK_SIZE])
{
	const char *user = evidence->account->text[SETTING_USER];
	char form[REMEDY_MARK_SIZE] = "";

	mark_field(evidence, PROVIDER_USER_FORM, form);
	if (user != NULL && address_domain(user) != NULL &&
	    (form[0] == '\0' || text_equals(form, "address") ||
		text_equals(form, "local-part")))
		mark_copy(user, value);
}

/* A message may have another sender than the account, whose own address may be
 * another than the user. */
static void
mark_send_as_user(const struct evidence *evidence, char value[REMEDY_MARK_SIZE])
{
	const struct account *account = evidence->account;
	const char *own = account_address(account);
	char user[REMEDY_MARK_SIZE] = "";
	size_t used;

	mark_user_address(evidence, user);
	if (user[0] == '\0')
		return;
	if (own == NULL || address_equals(own, user)) {
		mark_setting(evidence, SETTING_SET_FROM, value);
		snprintf(user, sizeof user, "always");
	} else {
		mark_setting(evidence, SETTING_FROM, value);
	}
	used = strlen(value);
	snprintf(value + used, REMEDY_MARK_SIZE - used, " %s", user);
}

/* The user name that all accounts of the provider share. */
static void
mark_fixed_user(const struct evidence *evidence, char value[REMEDY_MARK_SIZE])
{
	static const char *const forms[] = {"address", "local-part",
	    "explicit"};

	mark_field(evidence, PROVIDER_USER_FORM, value);
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (text_equals(value, forms[i]))
			value[0] = '\0';
	}
}

/* The command or option that sets it, if the account has another user. */
static void
mark_set_fixed_user(const struct evidence *evidence,
    char value[REMEDY_MARK_SIZE])
{
	char user[REMEDY_MARK_SIZE] = "";
	size_t used;

	mark_fixed_user(evidence, user);
	if (user[0] == '\0' ||
	    text_equals(evidence->account->text[SETTING_USER], user))
		return;
	mark_setting(evidence, SETTING_USER, value);
	used = strlen(value);
	snprintf(value + used, REMEDY_MARK_SIZE - used, " %s", user);
}

static void
mark_login(const struct evidence *evidence, char value[REMEDY_MARK_SIZE])
{
	mark_add_account(evidence->account, "postrider login ", "", value);
}

static void
mark_host(const struct evidence *evidence, char value[REMEDY_MARK_SIZE])
{
	mark_copy(evidence->account->text[SETTING_HOST], value);
}

/* The party to ask about the server. */
static void
mark_operator(const struct evidence *evidence, char value[REMEDY_MARK_SIZE])
{
	bool is_provider = evidence->provider != NULL;
	char name[REMEDY_MARK_SIZE] = "";

	if (is_provider)
		mark_provider(evidence, name);
	else
		mark_host(evidence, name);
	if (name[0] != '\0')
		snprintf(value, REMEDY_MARK_SIZE, "the %s of %.400s",
		    is_provider ? "support" : "operator", name);
}

static void
mark_sender(const struct evidence *evidence, char value[REMEDY_MARK_SIZE])
{
	mark_copy(evidence->sender, value);
}

static void
mark_sender_domain(const struct evidence *evidence,
    char value[REMEDY_MARK_SIZE])
{
	const char *at =
	    evidence->sender != NULL ? strrchr(evidence->sender, '@') : NULL;

	mark_copy(at != NULL ? at + 1 : NULL, value);
}

/* The longest unit that the period is a multiple of. */
static void
mark_wait(const struct evidence *evidence, char value[REMEDY_MARK_SIZE])
{
	static const struct {
		unsigned long seconds;
		const char *name;
	} units[] = {{3600, "hour"}, {60, "minute"}, {1, "second"}};
	unsigned long seconds;

	if (!folded_text_find_wait(&evidence->text, &seconds))
		return;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		unsigned long count = seconds / units[i].seconds;

		if (seconds % units[i].seconds != 0)
			continue;
		snprintf(value, REMEDY_MARK_SIZE, "%lu %s%s", count,
		    units[i].name, count == 1 ? "" : "s");
		return;
	}
}

static void
mark_url(const struct evidence *evidence, char value[REMEDY_MARK_SIZE])
{
	const struct error *err = evidence->error;

	reply_url_find(err->message + err->reply_offset, value,
	    REMEDY_MARK_SIZE);
}

static void
mark_field(const struct evidence *evidence, enum provider_field field,
    char value[REMEDY_MARK_SIZE])
{
	mark_copy(evidence->provider != NULL ? evidence->provider->text[field]
					     : NULL,
	    value);
}

static void
mark_copy(const char *text, char value[REMEDY_MARK_SIZE])
{
	snprintf(value, REMEDY_MARK_SIZE, "%s", text != NULL ? text : "");
}
