/* SPDX-License-Identifier: MIT */
/*
 * Tests when an account signs in with OAuth2, and as which user and with which
 * scope.
 */
#include "config-fixture.h"

#include "base/buf.h"
#include "config/account.h"

static const char own_provider[] =
    "provider corp { host = smtp.corp.test  issuer = \"https://id.corp.test\" "
    "scope = smtp }\n";

struct row {
	const char *block; /* of the account "a" */
	const char *expected;
};

/* "mechanisms scope user from", "-" for what is missing, "no" without
 * OAuth2. */
static void
describe(const struct account *account, struct buf *out)
{
	struct error err;

	if (!account->uses_oauth2) {
		buf_add_text(out, "no", &err);
		return;
	}
	for (size_t i = 0; i < account->list[SETTING_AUTH].count; i++)
		buf_addf(out, &err, "%s%s", i > 0 ? "," : "",
		    account->list[SETTING_AUTH].element[i]);
	buf_addf(out, &err, " %s %s %s",
	    account->text[SETTING_SCOPE] != NULL ? account->text[SETTING_SCOPE]
						 : "-",
	    account->text[SETTING_USER],
	    account->list[SETTING_FROM].element[0]);
}

static struct account *
resolve(struct fixture *fixture, const char *block, struct config **ret_config)
{
	struct settings no_flags;
	struct account_query query = {.name = "a", .flags = &no_flags};
	struct account *account;
	char text[2048];

	settings_init(&no_flags);
	snprintf(text, sizeof text, "%saccount a { %s }\n", own_provider,
	    block);
	*ret_config = fixture_load(fixture, text);
	assert_non_null(*ret_config);
	account = account_resolve(*ret_config, &query, &fixture->err);
	settings_done(&no_flags);
	return account;
}

static void
assert_resolves(void **state, const struct row *row)
{
	struct config *config;
	struct account *account = resolve(*state, row->block, &config);
	struct buf found;

	if (account == NULL)
		fail_msg("%s: %s", row->block,
		    ((struct fixture *)*state)->err.message);
	buf_init(&found, 1024);
	describe(account, &found);
	assert_string_equal(buf_text(&found), row->expected);
	buf_done(&found);
	account_free(account);
	config_free(config);
}

static void
wants_it_only_when_account_or_provider_say_so(void **state)
{
	static const struct row rows[] = {
	    {"user = me@gmail.com", "no"},
	    {"user = me@gmail.com client-id = x",
		"xoauth2,oauthbearer https://mail.google.com/ me@gmail.com "
		"me@gmail.com"},
	    {"user = me@gmail.com auth = oauthbearer",
		"oauthbearer https://mail.google.com/ me@gmail.com "
		"me@gmail.com"},
	    {"user = me@gmail.com client-id = x auth = plain", "no"},
	    {"user = me@outlook.com",
		"xoauth2 https://outlook.office.com/SMTP.Send offline_access "
		"me@outlook.com me@outlook.com"},
	    {"host = h user = me", "no"},
	    {"host = h user = me@h auth = { plain, XOAUTH2 }",
		"plain,XOAUTH2 - me@h me@h"},
	    {"provider = corp user = me@corp.test",
		"xoauth2,oauthbearer smtp me@corp.test me@corp.test"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_resolves(state, &rows[i]);
}

static void
asks_for_another_scope_as_an_application(void **state)
{
	static const struct row rows[] = {
	    {"provider = microsoft365 user = me@x.test grant = "
	     "client-credentials",
		"xoauth2 https://outlook.office365.com/.default me@x.test "
		"me@x.test"},
	    {"provider = microsoft365 user = me@x.test grant = "
	     "client-credentials scope = other",
		"xoauth2 other me@x.test me@x.test"},
	    {"provider = corp user = me@x.test grant = client-credentials",
		"xoauth2,oauthbearer smtp me@x.test me@x.test"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_resolves(state, &rows[i]);
}

static void
sends_from_the_shared_mailbox(void **state)
{
	static const struct row row =
	    {"provider = corp user = me@x.test mailbox = team@x.test",
		"xoauth2,oauthbearer smtp me@x.test team@x.test"};

	assert_resolves(state, &row);
}

static void
refuses_a_mailbox_with_a_password(void **state)
{
	struct fixture *fixture = *state;
	struct config *config;

	assert_null(resolve(fixture, "host = h user = me mailbox = team@x.test",
	    &config));
	assert_int_equal(fixture->err.code, ERROR_CONFIG);
	assert_non_null(strstr(fixture->err.message, "OAuth2"));
	assert_non_null(strstr(fixture->err.hint, "authzid"));
	config_free(config);
}

static void
knows_the_tenant_of_the_provider(void **state)
{
	static const struct {
		const char *block;
		const char *tenant;
	} rows[] = {
	    {"provider = microsoft365 user = me@x.test", "common"},
	    {"user = me@hotmail.com", "consumers"},
	    {"provider = microsoft365 user = me@x.test tenant = x.test",
		"x.test"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct config *config;
		struct account *account =
		    resolve(*state, rows[i].block, &config);

		assert_non_null(account);
		assert_string_equal(account->text[SETTING_TENANT],
		    rows[i].tenant);
		account_free(account);
		config_free(config);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_HOME(wants_it_only_when_account_or_provider_say_so),
	    WITH_HOME(asks_for_another_scope_as_an_application),
	    WITH_HOME(sends_from_the_shared_mailbox),
	    WITH_HOME(refuses_a_mailbox_with_a_password),
	    WITH_HOME(knows_the_tenant_of_the_provider),
	};

	return cmocka_run_group_tests_name("account-oauth2", tests, NULL, NULL);
}
