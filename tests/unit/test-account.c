/* SPDX-License-Identifier: MIT */
/*
 * Tests which account and provider are selected, and how their settings are
 * resolved.
 */
#include "config-fixture.h"

#include "config/account.h"

/* One call of account_resolve. */
struct call {
	const char *config;
	const char *name;
	const char *sender;
	const char *flags; /* "--host=x --port=25" */
};

static void
set_flags(struct settings *flags, const char *text, struct error *err)
{
	char *copy = strdup(text);
	char *rest = copy;
	char *word;

	assert_non_null(copy);
	while ((word = strsep(&rest, " ")) != NULL) {
		char *value = strchr(word, '=');
		enum setting_id id;

		if (*word == '\0')
			continue;
		assert_non_null(value);
		*value++ = '\0';
		assert_true(setting_find(word + 2, &id));
		assert_int_equal(settings_set(flags, id, value, word, err), 0);
	}
	free(copy);
}

/* Only the provider is borrowed from the config. */
static struct account *
resolve(struct fixture *fixture, const struct call *call,
    struct config **ret_config)
{
	struct settings flags;
	struct account_query query = {.name = call->name,
	    .sender = call->sender,
	    .flags = &flags};
	struct account *account;

	settings_init(&flags);
	if (call->flags != NULL)
		set_flags(&flags, call->flags, &fixture->err);
	unlink(fixture->path);
	if (call->config != NULL)
		*ret_config = fixture_load(fixture, call->config);
	else
		*ret_config = config_load(NULL, &fixture->err);
	if (*ret_config == NULL)
		fail_msg("%s", fixture->err.message);
	account = account_resolve(*ret_config, &query, &fixture->err);
	settings_done(&flags);
	return account;
}

/* "name host port tls user from", with "-" for what is missing. */
static void
describe(const struct account *account, char *out, size_t size)
{
	snprintf(out, size, "%s %s %u %s %s %s",
	    account->name != NULL ? account->name : "-",
	    account->text[SETTING_HOST], account_number(account, SETTING_PORT),
	    account->text[SETTING_TLS],
	    account->text[SETTING_USER] != NULL ? account->text[SETTING_USER]
						: "-",
	    account->list[SETTING_FROM].count > 0
		? account->list[SETTING_FROM].element[0]
		: "-");
}

static void
assert_resolves(struct fixture *fixture, const struct call *call,
    const char *expected, const char *how)
{
	struct config *config;
	struct account *account = resolve(fixture, call, &config);
	char found[512];

	if (account == NULL)
		fail_msg("not %s, but %s", expected, fixture->err.message);
	describe(account, found, sizeof found);
	assert_string_equal(found, expected);
	if (how != NULL)
		assert_string_equal(account->found_by, how);
	account_free(account);
	config_free(config);
}

static void
assert_fails(struct fixture *fixture, const struct call *call, int status,
    const char *message, const char *hint)
{
	struct config *config;
	struct account *account = resolve(fixture, call, &config);

	if (account != NULL)
		fail_msg("resolved, not %s", message);
	assert_int_equal(error_exit_status(fixture->err.code), status);
	if (strstr(fixture->err.message, message) == NULL ||
	    strstr(fixture->err.hint, hint) == NULL)
		fail_msg("not %s (%s), but %s (%s)", message, hint,
		    fixture->err.message, fixture->err.hint);
	config_free(config);
}

static void
needs_no_configuration(void **state)
{
	static const struct {
		struct call call;
		const char *expected;
		const char *how;
	} rows[] = {
	    {{.flags = "--user=me@gmail.com"},
		"- smtp.gmail.com 587 starttls me@gmail.com me@gmail.com",
		"domain gmail.com"},
	    {{.sender = "me@web.de"}, "- smtp.web.de 465 implicit me me@web.de",
		"domain web.de"},
	    {{.sender = "me@GMX.Co.UK"},
		"- mail.gmx.com 465 implicit me@GMX.Co.UK me@GMX.Co.UK", NULL},
	    {{.sender = "x@corp.example", .flags = "--user=me@icloud.com"},
		"- smtp.mail.me.com 587 starttls me@icloud.com me@icloud.com",
		NULL},
	    {{.flags = "--from=x@corp.example --user=me@icloud.com"},
		"- smtp.mail.me.com 587 starttls me@icloud.com x@corp.example",
		NULL},
	    {{.sender = "x@corp.example", .flags = "--provider=sendgrid"},
		"- smtp.sendgrid.net 587 starttls apikey x@corp.example",
		"provider sendgrid"},
	    {{.flags = "--provider=ses --user=U --region=eu-west-1"},
		"- email-smtp.eu-west-1.amazonaws.com 587 starttls U -", NULL},
	    {{.sender = "me@proton.me"},
		"- 127.0.0.1 1025 starttls me@proton.me me@proton.me", NULL},
	    {{.flags = "--host=localhost"}, "- localhost 587 starttls - -",
		"host"},
	    {{.sender = "root@box", .flags = "--host=localhost"},
		"- localhost 587 starttls - root@box", NULL},
	    {{.sender = "me@corp.example",
		 .flags = "--host=h --credential=env:X"},
		"- h 587 starttls me@corp.example me@corp.example", NULL},
	    {{.sender = "", .flags = "--user=me@gmail.com"},
		"- smtp.gmail.com 587 starttls me@gmail.com me@gmail.com",
		NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_resolves(*state, &rows[i].call, rows[i].expected,
		    rows[i].how);
}

static const char two_accounts[] =
    "account work {\n"
    "    host = smtp.corp.example\n"
    "    user = w\n"
    "    from = { me@corp.example, \"*@team.example\" }\n"
    "}\n"
    "account home { provider = gmail user = me@gmail.com }\n";

static void
finds_the_block(void **state)
{
	static const char work[] =
	    "work smtp.corp.example 587 starttls w me@corp.example";
	static const char home[] =
	    "home smtp.gmail.com 587 starttls me@gmail.com me@gmail.com";
	static const struct {
		const char *first; /* written before the blocks */
		struct call call;
		const char *expected;
		const char *how;
	} rows[] = {
	    {"", {.name = "work", .sender = "me@gmail.com"}, work,
		"by name, host"},
	    {"", {.name = "home"}, home, "by name, provider gmail"},
	    {"", {.sender = "me@CORP.example"}, work, "sender address, host"},
	    {"", {.sender = "any@team.example"}, work, NULL},
	    {"", {.sender = "me@gmail.com"}, home, NULL},
	    {"", {.flags = "--from=me@corp.example"}, work, NULL},
	    {"", {.flags = "--user=me@gmail.com"}, home, NULL},
	    {"default-account = home\n", {.sender = "x@y.example"}, home,
		"default account, provider gmail"},
	    {"default-account = home\n", {.sender = ""}, home, NULL},
	    {"default-account = home\n", {.sender = "me@corp.example"}, work,
		NULL},
	    {"account default { host = d }\n", {.sender = "x@y.example"},
		"default d 587 starttls - x@y.example", NULL},
	    {"", {.sender = "x@icloud.com"},
		"- smtp.mail.me.com 587 starttls x@icloud.com x@icloud.com",
		"domain icloud.com"},
	    /* A local part may differ by case alone (RFC 5321 2.4). */
	    {"", {.sender = "ME@gmail.com"},
		"- smtp.gmail.com 587 starttls ME@gmail.com ME@gmail.com",
		NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct call call = rows[i].call;
		char text[512];

		snprintf(text, sizeof text, "%s%s", rows[i].first,
		    two_accounts);
		call.config = text;
		assert_resolves(*state, &call, rows[i].expected, rows[i].how);
	}
}

static void
takes_the_only_account_for_the_default(void **state)
{
	const struct call call =
	    {.config = "account a { host = h user = u from = me@x.example }",
		.sender = "root@box"};

	assert_resolves(*state, &call, "a h 587 starttls u me@x.example",
	    "default account, host");
}

static void
lays_flags_over_environment_over_account_over_defaults(void **state)
{
	static const char config[] =
	    "timeout = 4s\n"
	    "account a { provider = p timeout = 3s }\n"
	    "provider p { host = h timeout = 5s user-form = u }\n";
	static const struct {
		const char *config;
		const char *environment;
		const char *flags;
		int timeout_ms;
	} rows[] = {
	    {config, "2s", "--timeout=1s", 1000},
	    {config, "2s", "", 2000},
	    {config, NULL, "", 3000},
	    {"timeout = 4s account a { provider = p }\n"
	     "provider p { host = h timeout = 5s user-form = u }\n",
		NULL, "", 4000},
	    {"account a { provider = p }\n"
	     "provider p { host = h timeout = 5s user-form = u }\n",
		NULL, "", 5000},
	    {"account a { provider = p }\n"
	     "provider p { host = h user-form = u }\n",
		NULL, "", 15000},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct call call = {.config = rows[i].config,
		    .flags = rows[i].flags};
		struct config *config_read;
		struct account *account;

		if (rows[i].environment != NULL)
			setenv("POSTRIDER_TIMEOUT", rows[i].environment, 1);
		else
			unsetenv("POSTRIDER_TIMEOUT");
		account = resolve(*state, &call, &config_read);
		assert_non_null(account);
		assert_int_equal(account_duration_ms(account, SETTING_TIMEOUT),
		    rows[i].timeout_ms);
		account_free(account);
		config_free(config_read);
	}
}

static void
derives_port_and_tls_from_one_another(void **state)
{
	static const struct {
		const char *flags;
		const char *expected; /* port and mode */
	} rows[] = {
	    {"--host=h", "587 starttls"},
	    {"--host=h --tls=implicit", "465 implicit"},
	    {"--host=h --tls=starttls", "587 starttls"},
	    {"--host=h --tls=none", "587 none"},
	    {"--host=h --port=465", "465 implicit"},
	    {"--host=h --port=25", "25 starttls"},
	    {"--host=h --port=465 --tls=starttls", "465 starttls"},
	    {"--host=h --port=587 --tls=implicit", "587 implicit"},
	    {"--user=a@gmail.com", "587 starttls"},
	    {"--user=a@gmail.com --tls=implicit", "465 implicit"},
	    {"--user=a@gmail.com --port=465", "465 implicit"},
	    {"--user=a@yahoo.com", "465 implicit"},
	    {"--user=a@yahoo.com --tls=starttls", "587 starttls"},
	    {"--user=a@yahoo.com --tls=implicit", "465 implicit"},
	    {"--user=a@yahoo.com --port=587", "587 starttls"},
	    {"--user=a@yahoo.com --port=465", "465 implicit"},
	    {"--user=a@proton.me", "1025 starttls"},
	    {"--user=a@proton.me --tls=starttls", "1025 starttls"},
	    {"--user=a@proton.me --tls=implicit", "465 implicit"},
	    {"--user=a@proton.me --port=1143", "1143 starttls"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct call call = {.flags = rows[i].flags};
		struct config *config;
		struct account *account = resolve(*state, &call, &config);
		char found[512];

		assert_non_null(account);
		describe(account, found, sizeof found);
		if (strstr(found, rows[i].expected) == NULL)
			fail_msg("%s gives %s", rows[i].flags, found);
		account_free(account);
		config_free(config);
	}
}

static void
says_what_is_missing_and_how_to_set_it(void **state)
{
	static const struct {
		struct call call;
		int status;
		const char *message;
		const char *hint;
	} rows[] = {
	    {{.flags = ""}, 78, "no submission server", "--user"},
	    {{.sender = ""}, 78, "no submission server", "--host"},
	    {{.sender = "root"}, 78, "no submission server", "--host"},
	    {{.name = "x"}, 78, "no account \"x\"", "no configuration"},
	    {{.name = "x", .config = two_accounts}, 78, "no account \"x\"",
		"work (me@corp.example), home (me@gmail.com)"},
	    {{.config = "default-account = y\naccount a {}\n"}, 78,
		"config:1: default-account: no account block \"y\"", ""},
	    {{.config = "account a { provider = gmial }"}, 78,
		"config:1: unknown provider \"gmial\"", "gmail"},
	    {{.flags = "--provider=zzzzzz"}, 78, "unknown provider \"zzzzzz\"",
		"postrider providers"},
	    {{.sender = "me@tuta.io"}, 78, "no SMTP submission", ""},
	    {{.flags = "--provider=hey"}, 78, "no SMTP submission", ""},
	    {{.flags = "--provider=ses --user=U"}, 78, "region isn't set",
		"--region"},
	    {{.flags = "--provider=ses --region=x"}, 78, "user isn't set",
		"SMTP user name"},
	    {{.flags = "--provider=gmail"}, 78, "user isn't set", "--user"},
	    {{.flags = "--provider=icloud --user=me"}, 78,
		"must be a full mail address", "name@example.org"},
	    {{.flags = "--host=h --tls=none --user=me"}, 78,
		"signing in requires TLS", "starttls"},
	    {{.flags = "--host=127.0.0.1 --tls=none --user=me"}, 78,
		"signing in requires TLS", "starttls"},
	    {{.sender = "me@gmail.com", .flags = "--tls=none"}, 78,
		"signing in requires TLS", "starttls"},
	    {{.config = "provider p { host = h credential-help = x }\n"
			"account a { provider = p }"},
		78, "user isn't set", "name@example.org"},
	    {{.flags = "--host=h --credential=env:X"}, 78, "user isn't set",
		"--user"},
	    {{.config = "provider p { title = P }\n"
			"account a { provider = p }"},
		78, "host isn't set", "set host"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_fails(*state, &rows[i].call, rows[i].status,
		    rows[i].message, rows[i].hint);
}

static void
lets_an_empty_user_switch_signing_in_off(void **state)
{
	const struct call call = {
	    .config = "user = w\n"
		      "account a { host = h tls = none user = \"\" }"};

	assert_resolves(*state, &call, "a h 587 none - -", NULL);
}

static void
gives_every_setting_its_type(void **state)
{
	const struct call call = {
	    .config = "account a {\n"
		      " host = h  user = u  authzid = z  auth = { b, a }\n"
		      " tls-trust-file = \"~/ca\"  tls-crl-file = /crl\n"
		      " tls-fingerprint = { AA, BB }\n"
		      " tls-cert-file = /cert  tls-key-file = /key\n"
		      " credential = \"env:X\"  credential-helper = cache\n"
		      " from = { \"*@y.example\", me@x.example, b@y.example }\n"
		      " full-name = \"Me Too\"  domain = box.example\n"
		      " chunking = no  timeout = 2s  retries = 5\n"
		      " retry-delay = 100ms  deadline = 1m  aliases = \"\"\n"
		      " local-recipient = r@x.example\n"
		      " extract-addresses = remove  log-file = /log\n"
		      " syslog = yes\n}\n"};
	struct config *config;
	struct account *account = resolve(*state, &call, &config);
	char trust_file[FIXTURE_PATH_SIZE + 8];

	assert_non_null(account);
	snprintf(trust_file, sizeof trust_file, "%s/ca",
	    ((struct fixture *)*state)->home);
	assert_string_equal(account->text[SETTING_TLS_TRUST_FILE], trust_file);
	assert_string_equal(account->text[SETTING_TLS_CRL_FILE], "/crl");
	assert_int_equal(account->list[SETTING_TLS_FINGERPRINT].count, 2);
	assert_string_equal(account->list[SETTING_TLS_FINGERPRINT].element[1],
	    "BB");
	assert_string_equal(account->text[SETTING_TLS_CERT_FILE], "/cert");
	assert_string_equal(account->text[SETTING_TLS_KEY_FILE], "/key");
	assert_string_equal(account->text[SETTING_USER], "u");
	assert_string_equal(account->text[SETTING_AUTHZID], "z");
	assert_int_equal(account->list[SETTING_AUTH].count, 2);
	assert_string_equal(account->list[SETTING_AUTH].element[0], "b");
	assert_string_equal(account->text[SETTING_CREDENTIAL], "env:X");
	assert_string_equal(account->text[SETTING_CREDENTIAL_HELPER], "cache");
	assert_int_equal(account->list[SETTING_FROM].count, 3);
	assert_string_equal(account->list[SETTING_FROM].element[0],
	    "me@x.example");
	assert_string_equal(account->list[SETTING_FROM].element[1],
	    "b@y.example");
	assert_string_equal(account->list[SETTING_FROM].element[2],
	    "*@y.example");
	assert_string_equal(account->text[SETTING_FULL_NAME], "Me Too");
	assert_string_equal(account->text[SETTING_DOMAIN], "box.example");
	assert_string_equal(account_mail_domain(account), "x.example");
	assert_false(account_bool(account, SETTING_CHUNKING));
	assert_int_equal(account_duration_ms(account, SETTING_TIMEOUT), 2000);
	assert_int_equal(1 + account_number(account, SETTING_RETRIES), 6);
	assert_int_equal(account_duration_ms(account, SETTING_RETRY_DELAY),
	    100);
	assert_int_equal(account_duration_ms(account, SETTING_DEADLINE), 60000);
	assert_null(account->text[SETTING_ALIASES]);
	assert_string_equal(account->text[SETTING_LOCAL_RECIPIENT],
	    "r@x.example");
	assert_true(account_is(account, SETTING_EXTRACT_ADDRESSES, "remove"));
	assert_string_equal(account->text[SETTING_LOG_FILE], "/log");
	assert_true(account_bool(account, SETTING_SYSLOG));
	account_free(account);
	config_free(config);
}

static void
finds_the_pop3_server(void **state)
{
	static const struct {
		const char *flags;
		const char *host;
		int port;
		bool starttls;
	} rows[] = {
	    {"", "h", 995, false},
	    {" --pop-tls=implicit", "h", 995, false},
	    {" --pop-tls=starttls", "h", 110, true},
	    {" --pop-tls=starttls --pop-port=1", "h", 1, true},
	    {" --pop-host=pop.example --pop-port=2", "pop.example", 2, false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char flags[128];
		const struct call call = {.flags = flags};
		struct config *config;
		struct account *account;

		snprintf(flags, sizeof flags,
		    "--host=h --user=u --auth=pop-before-smtp%s",
		    rows[i].flags);
		account = resolve(*state, &call, &config);
		assert_non_null(account);
		assert_true(account_signs_in_by_pop(account));
		assert_int_equal(account->list[SETTING_AUTH].count, 0);
		assert_int_equal(account_number(account, SETTING_POP_PORT),
		    rows[i].port);
		assert_int_equal(account_is(account, SETTING_POP_TLS,
				     "starttls"),
		    rows[i].starttls);
		assert_string_equal(account->text[SETTING_POP_HOST],
		    rows[i].host);
		account_free(account);
		config_free(config);
	}
}

static void
has_the_documented_defaults(void **state)
{
	const struct call call = {.flags = "--host=h"};
	struct config *config;
	struct account *account = resolve(*state, &call, &config);

	assert_non_null(account);
	assert_true(account_bool(account, SETTING_CHUNKING));
	assert_int_equal(account_duration_ms(account, SETTING_TIMEOUT), 15000);
	assert_int_equal(1 + account_number(account, SETTING_RETRIES), 3);
	assert_int_equal(account_duration_ms(account, SETTING_RETRY_DELAY),
	    1000);
	assert_int_equal(account_duration_ms(account, SETTING_DEADLINE),
	    900000);
	assert_int_equal(account_duration_ms(account, SETTING_FINAL_TIMEOUT),
	    600000);
	assert_false(account_bool(account, SETTING_RETRY_AMBIGUOUS));
	assert_string_equal(account->text[SETTING_ALIASES], "/etc/aliases");
	assert_false(account_is(account, SETTING_EXTRACT_ADDRESSES, "remove"));
	assert_false(account_bool(account, SETTING_SYSLOG));
	assert_null(account_mail_domain(account));
	assert_null(account->provider);
	account_free(account);
	config_free(config);
}

static void
reads_no_registry_for_an_account_with_a_host(void **state)
{
	const struct call call = {.flags = "--host=h"};
	struct config *config;
	struct account *account = resolve(*state, &call, &config);

	assert_non_null(account);
	assert_false(config->has_registry);
	account_free(account);
	config_free(config);
}

/* The local default of root follows the kind of the domain. */
static void
sends_local_mail_to_the_account_at_a_provider(void **state)
{
	static const struct {
		const char *config;
		const char *recipient;
	} rows[] = {
	    {"account a { user = me@gmail.com }", "me@gmail.com"},
	    {"account a { user = me@gmail.com\n"
	     " local-recipient = x@y.example }",
		"x@y.example"},
	    {"account a { provider = gmail user = me@corp.example }", NULL},
	    {"account a { host = smtp.gmail.com user = me@gmail.com }", NULL},
	    {"provider p { host = h domains = { corp.example } }\n"
	     "account a { user = me@corp.example }",
		NULL},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct call call = {.config = rows[i].config};
		struct config *config;
		struct account *account = resolve(*state, &call, &config);

		assert_non_null(account);
		if (rows[i].recipient == NULL)
			assert_null(account->text[SETTING_LOCAL_RECIPIENT]);
		else
			assert_string_equal(account
						->text[SETTING_LOCAL_RECIPIENT],
			    rows[i].recipient);
		account_free(account);
		config_free(config);
	}
}

static void
needs_neither_tls_nor_user_at_a_socket(void **state)
{
	const struct call call = {.config = "tls = starttls\n"
					    "credential = env:X\n"
					    "account a { host = unix:/run/x\n"
					    " from = me@corp.example }\n"};
	struct config *config;
	struct account *account = resolve(*state, &call, &config);

	assert_non_null(account);
	assert_true(account_uses_socket(account));
	assert_string_equal(account->text[SETTING_TLS], "none");
	assert_null(account->text[SETTING_USER]);
	account_free(account);
	config_free(config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_HOME(needs_no_configuration),
	    WITH_HOME(finds_the_block),
	    WITH_HOME(takes_the_only_account_for_the_default),
	    WITH_HOME(lays_flags_over_environment_over_account_over_defaults),
	    WITH_HOME(derives_port_and_tls_from_one_another),
	    WITH_HOME(says_what_is_missing_and_how_to_set_it),
	    WITH_HOME(lets_an_empty_user_switch_signing_in_off),
	    WITH_HOME(gives_every_setting_its_type),
	    WITH_HOME(finds_the_pop3_server),
	    WITH_HOME(has_the_documented_defaults),
	    WITH_HOME(sends_local_mail_to_the_account_at_a_provider),
	    WITH_HOME(needs_neither_tls_nor_user_at_a_socket),
	    WITH_HOME(reads_no_registry_for_an_account_with_a_host),
	};

	return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
