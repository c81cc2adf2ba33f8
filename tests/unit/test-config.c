/* SPDX-License-Identifier: MIT */
/* Tests reading valid and invalid configuration files. */
#include "config-fixture.h"

#include <errno.h>
#include <fcntl.h>

#include "config/registry.h"

/* An invalid file, and a part of the error. */
static void
assert_refused(struct fixture *fixture, const void *text, size_t len,
    const char *where, const char *what)
{
	char place[FIXTURE_PATH_SIZE + 16];
	struct config *config;

	fixture_write(fixture, text, len);
	config = config_load(NULL, &fixture->err);
	if (config != NULL)
		fail_msg("accepted: %s", (const char *)text);
	assert_int_equal(error_exit_status(fixture->err.code), 78);
	snprintf(place, sizeof place, "%s%s: ", fixture->path, where);
	if (strncmp(fixture->err.message, place, strlen(place)) != 0 ||
	    strstr(fixture->err.message, what) == NULL)
		fail_msg("not %s...%s, but %s", place, what,
		    fixture->err.message);
}

static void
reads_defaults_accounts_and_providers(void **state)
{
	struct config *config = fixture_load(*state,
	    "timeout = 20s\n"
	    "default-account = work # the usual one\n"
	    "account work {\n"
	    "    provider = microsoft365\n"
	    "    from = { me@corp.example, team@corp.example, }\n"
	    "}\n"
	    "account ci { host = smtp.corp.example  port = 587\n"
	    "    credential = \"env:SMTP_PASSWORD\" }\n"
	    "provider corp { host = smtp.corp.example\n"
	    "    domains = { corp.example }  auth = { scram-sha-256, plain } "
	    "}\n");
	const struct config_account *work;
	const struct provider *corp;

	assert_non_null(config);
	assert_string_equal(config->defaults.text[SETTING_TIMEOUT], "20s");
	assert_string_equal(config->default_account, "work");
	assert_int_equal(config->account_count, 2);
	work = config_find_account(config, "work");
	assert_string_equal(work->settings.text[SETTING_FROM],
	    "me@corp.example\nteam@corp.example");
	assert_non_null(
	    strstr(work->settings.origin[SETTING_FROM], "config:5"));
	corp = config_provider_of_domain(config, "corp.example");
	assert_string_equal(corp->name, "corp");
	assert_string_equal(corp->settings.text[SETTING_AUTH],
	    "scram-sha-256\nplain");
	config_free(config);
}

static void
reads_words_as_they_are_written(void **state)
{
	static const struct {
		const char *written;
		const char *read;
	} rows[] = {
	    {"me+list@x.example", "me+list@x.example"},
	    {"*@x.example", "*@x.example"},
	    {"a//b/*c", "a//b/*c"},
	    {"a\\b", "a\\b"},
	    {"$HOME", "$HOME"},
	    {"'${HOME}'", "${HOME}"},
	    {"\"\\${HOME}\"", "${HOME}"},
	    {"\"a # b // c /* d\"", "a # b // c /* d"},
	    {"'it\\'s'", "it's"},
	    {"\"say \\\"hi\\\"\"", "say \"hi\""},
	    {"'a\\b'", "a\\b"},
	    {"\"M\xC3\xBCller\"", "M\xC3\xBCller"},
	    {"x#comment", "x"},
	    {"x /* comment */", "x"},
	    {"x // comment", "x"},
	    {"\"\"", ""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[256];
		struct config *config;

		snprintf(text, sizeof text, "user = %s\n", rows[i].written);
		config = fixture_load(*state, text);
		if (config == NULL)
			fail_msg("%s: %s", rows[i].written,
			    ((struct fixture *)*state)->err.message);
		assert_string_equal(config->defaults.text[SETTING_USER],
		    rows[i].read);
		config_free(config);
	}
}

static void
accepts_crlf_and_a_byte_order_mark(void **state)
{
	struct config *config = fixture_load(*state,
	    "\xEF\xBB\xBF# x\r\nuser = me\r\naccount a {\r\n}\r\n");

	assert_non_null(config);
	assert_string_equal(config->defaults.text[SETTING_USER], "me");
	assert_non_null(config_find_account(config, "a"));
	config_free(config);
}

static void
says_file_and_line_of_every_mistake(void **state)
{
	static const struct {
		const char *text;
		const char *where;
		const char *what;
	} rows[] = {
	    {"\n\nport = 99999\n", ":3", "port: \"99999\""},
	    {"/* a\nb */ # c\n// d\nport = x\n", ":4", "port"},
	    {"account a {\n  tls = maybe\n}\n", ":2", "tls: \"maybe\""},
	    {"account a {\n}\naccount a {\n}\n", ":3", "duplicate"},
	    {"provider a {\n}\nprovider a {\n}\n", ":3", "duplicate"},
	    {"tiemout = 3\n", ":1", "\"tiemout\""},
	    {"\naccount a {\n\n", ":2", "unclosed"},
	    {"from = { a@b.c,\n\n", ":1", "unclosed"},
	    {"}\n", ":1", "unexpected closing brace"},
	    {"user =\n", ":2", "premature end"},
	    {"user me\n", ":1", "missing equal sign"},
	    {"= me\n", ":1", "missing name before"},
	    {"provider = gmail\n", ":1", "missing title"},
	    {"account { }\n", ":1", "missing title"},
	    {"user = me you\n", ":1", "\"you\""},
	    {"user = 'me\n'\n", ":1", "quote"},
	    {"user = \"me\n", ":1", "quote"},
	    {"\nuser = \"me\\", ":2", "backslash"},
	    {"user = \"a\\x00b\"\n", ":1", "backslash"},
	    {"user = \"a\\nb\"\n", ":1", "backslash"},
	    {"user = \"${HOME}\"\n", ":1", "${"},
	    {"user = ${HOME}\n", ":1", "${"},
	    {"\n/* never closed\n\n", ":2", "comment"},
	    {"user = a\rb\n", ":1", "control"},
	    {"user = \"a\x1B[1m\"\n", ":1", "control"},
	    {"include(\"/etc/passwd\")\n", ":1", "\"include\""},
	    {"from = me\n", ":1", "isn't a mail address"},
	    {"from = {\n a@b.c,\n d }\n", ":2", "isn't a mail address"},
	    {"from = { a@b.c d@e.f }\n", ":1", "unexpected token"},
	    {"\n'' = me\n", ":2", "empty name"},
	    {"account a {\n'' = me\n}", ":1", "empty name"},
	    {"user += me\n", ":1", "non-list"},
	    {"'account=a|host' = x\n", ":1", "name"},
	    {"\x01 = x\n", ":1", "control"},
	    {"account a { account b { } }\n", ":1", "\"account\""},
	    {"provider a {\n user = me\n}\n", ":2", "\"user\""},
	    {"provider a {\n sign-in = magic\n}\n", ":2", "sign-in"},
	    {"account a { host = 1234 }\n", ":1", "isn't a host name"},
	    {"account a { host = .x }\n", ":1", "isn't a host name"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_refused(*state, rows[i].text, strlen(rows[i].text),
		    rows[i].where, rows[i].what);
}

static void
refuses_nul_wherever_it_stands(void **state)
{
	assert_refused(*state, "user = a\0b\n", 11, ":1", "control");
	assert_refused(*state, "user = 'a\0b'\n", 13, ":1", "control");
	assert_refused(*state, "\n\0\n", 3, ":2", "control");
}

static void
shows_how_an_account_is_written(void **state)
{
	static const char *const texts[] = {"[work]\n",
	    "account work\nport = 1\n"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_null(fixture_load(fixture, texts[i]));
		assert_non_null(
		    strstr(fixture->err.hint, "account NAME { ... }"));
	}
}

static void
suggests_the_nearest_name(void **state)
{
	struct fixture *fixture = *state;

	assert_null(fixture_load(fixture, "tiemout = 3s\n"));
	assert_string_equal(fixture->err.hint, "did you mean timeout?");
	assert_null(fixture_load(fixture, "account x { hots = y }\n"));
	assert_string_equal(fixture->err.hint, "did you mean host?");
	assert_null(fixture_load(fixture, "password = hunter2\n"));
	assert_non_null(strstr(fixture->err.hint, "postrider login"));
	assert_null(strstr(fixture->err.message, "hunter2"));
}

static void
survives_a_line_of_a_megabyte(void **state)
{
	static const char *const before[] = {"user = ", "", "# ", "user = \"",
	    "from = { "};
	enum {
		LEN = (1 << 20) - 100
	};
	struct fixture *fixture = *state;
	char *line = malloc(LEN);

	assert_non_null(line);
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		struct config *config;

		memset(line, 'a', LEN);
		memcpy(line, before[i], strlen(before[i]));
		fixture_write(fixture, line, LEN);
		config = config_load(NULL, &fixture->err);
		if (*before[i] == '#') {
			assert_non_null(config);
		} else {
			assert_null(config);
			assert_non_null(
			    strstr(fixture->err.message, "config:1: "));
		}
		config_free(config);
	}
	free(line);
}

static void
refuses_a_file_over_a_megabyte(void **state)
{
	enum {
		LEN = (1 << 20) + 1
	};
	char *text = malloc(LEN);

	assert_non_null(text);
	memset(text, '\n', LEN);
	assert_refused(*state, text, LEN, "", "longer than");
	free(text);
}

static void
prints_nothing_by_itself(void **state)
{
	struct fixture *fixture = *state;
	char path[FIXTURE_PATH_SIZE + 8];
	struct stat status;
	int saved_out = dup(1);
	int saved_err = dup(2);
	int fd;

	snprintf(path, sizeof path, "%s/printed", fixture->home);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd != -1);
	fflush(stdout);
	dup2(fd, 1);
	dup2(fd, 2);
	config_free(fixture_load(fixture, "nonsense = { ( \\ \"\n"));
	config_free(fixture_load(fixture, "user = me you\naccount {"));
	config_free(fixture_load(fixture, "user = \\"));
	fflush(stdout);
	dup2(saved_out, 1);
	dup2(saved_err, 2);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(status.st_size, 0);
	close(fd);
	close(saved_out);
	close(saved_err);
}

static void
finds_the_file_by_xdg_else_by_home_else_none(void **state)
{
	struct fixture *fixture = *state;
	char directory[FIXTURE_PATH_SIZE + 8];
	char path[FIXTURE_PATH_SIZE + 32];
	struct config *config = config_load(NULL, &fixture->err);

	assert_non_null(config);
	assert_null(config->path);
	config_free(config);
	config = fixture_load(fixture, "user = home\n");
	assert_string_equal(config->defaults.text[SETTING_USER], "home");
	assert_string_equal(config->path, fixture->path);
	config_free(config);

	snprintf(directory, sizeof directory, "%s/xdg", fixture->home);
	snprintf(path, sizeof path, "%s/postrider/config", directory);
	assert_int_equal(file_make_directories(path, &fixture->err), 0);
	assert_int_equal(file_replace(path, "user = xdg\n", 11, 0600,
			     &fixture->err),
	    0);
	setenv("XDG_CONFIG_HOME", directory, 1);
	config = config_load(NULL, &fixture->err);
	assert_string_equal(config->defaults.text[SETTING_USER], "xdg");
	config_free(config);

	setenv("XDG_CONFIG_HOME", "relative", 1);
	config = config_load(NULL, &fixture->err);
	assert_string_equal(config->defaults.text[SETTING_USER], "home");
	config_free(config);
	unsetenv("XDG_CONFIG_HOME");
}

static void
does_without_home(void **state)
{
	struct fixture *fixture = *state;
	struct config *config;

	unsetenv("HOME");
	config = config_load("/dev/null/x", &fixture->err);
	assert_null(config);
	fixture_write(fixture, "user = me\n", 10);
	config = config_load(fixture->path, &fixture->err);
	assert_non_null(config);
	config_free(config);
}

static void
wants_a_named_file_to_exist(void **state)
{
	struct fixture *fixture = *state;

	assert_null(config_load(fixture->path, &fixture->err));
	assert_int_equal(error_exit_status(fixture->err.code), 78);
	assert_int_equal(fixture->err.sys_errno, ENOENT);
	assert_non_null(strstr(fixture->err.message, fixture->path));
}

static void
believes_only_a_file_that_nobody_else_can_write(void **state)
{
	static const mode_t modes[] = {0620, 0602, 0666, 0777};
	struct fixture *fixture = *state;

	fixture_write(fixture, "user = me\n", 10);
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		assert_int_equal(chmod(fixture->path, modes[i]), 0);
		assert_null(config_load(NULL, &fixture->err));
		assert_int_equal(error_exit_status(fixture->err.code), 78);
		assert_non_null(strstr(fixture->err.hint, "chmod"));
	}
	assert_int_equal(chmod(fixture->path, 0644), 0);
	config_free(config_load(NULL, &fixture->err));
}

static void
refuses_a_directory_and_a_fifo_at_once(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(file_make_directories(fixture->path, &fixture->err),
	    0);
	assert_int_equal(mkdir(fixture->path, 0700), 0);
	assert_null(config_load(NULL, &fixture->err));
	assert_int_equal(error_exit_status(fixture->err.code), 78);
	assert_non_null(strstr(fixture->err.message, "is a directory"));
	assert_int_equal(rmdir(fixture->path), 0);
	assert_int_equal(mkfifo(fixture->path, 0600), 0);
	assert_null(config_load(NULL, &fixture->err));
	assert_int_equal(error_exit_status(fixture->err.code), 78);
	assert_non_null(strstr(fixture->err.message, "not a regular file"));
}

static void
lays_a_users_provider_over_the_registrys(void **state)
{
	struct fixture *fixture = *state;
	struct config *config = fixture_load(fixture,
	    "provider gmail { host = proxy.corp.example\n"
	    " domains = { corp.example } }\n"
	    "provider corp { host = smtp.corp.example }\n");
	const struct provider *gmail;

	assert_non_null(config);
	assert_int_equal(registry_load(config, &fixture->err), 0);
	assert_int_equal(registry_load(config, &fixture->err), 0);
	gmail = config_find_provider(config, "gmail");
	assert_string_equal(gmail->settings.text[SETTING_HOST],
	    "proxy.corp.example");
	assert_string_equal(gmail->text[PROVIDER_TITLE], "Gmail");
	assert_true((gmail->sign_in & PROVIDER_APP_PASSWORD) != 0);
	assert_ptr_equal(config_provider_of_domain(config, "corp.example"),
	    gmail);
	assert_null(config_provider_of_domain(config, "gmail.com"));
	assert_ptr_equal(config_provider_of_mx(config, "mx.google.com"), gmail);
	assert_non_null(config_find_provider(config, "corp"));
	assert_non_null(config_find_provider(config, "icloud"));
	config_free(config);
}

/* Of the registry, only what the user's blocks lack is loaded. */
static void
completes_a_users_provider_without_the_registry(void **state)
{
	static const enum registry_key keys[] = {REGISTRY_DOMAIN, REGISTRY_NAME,
	    REGISTRY_MX, REGISTRY_HOST};
	static const char *const values[] = {"corp.example", "gmail",
	    "mx.google.com", "smtp.gmail.com"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct config *config = fixture_load(fixture,
		    "provider Gmail { tls = implicit\n"
		    " domains = { corp.example } }\n");
		const struct provider *gmail;

		assert_non_null(config);
		for (unsigned times = 0; times < 2; times++)
			assert_int_equal(registry_load_for(config, keys[i],
					     values[i], &fixture->err),
			    0);
		assert_int_equal(config->provider_count, 1);
		gmail = config_provider_of_domain(config, "corp.example");
		assert_non_null(gmail);
		assert_string_equal(gmail->settings.text[SETTING_HOST],
		    "smtp.gmail.com");
		assert_string_equal(gmail->settings.text[SETTING_TLS],
		    "implicit");
		assert_int_equal(registry_load_for(config, REGISTRY_DOMAIN,
				     "gmail.com", &fixture->err),
		    0);
		assert_null(config_provider_of_domain(config, "gmail.com"));
		config_free(config);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_HOME(reads_defaults_accounts_and_providers),
	    WITH_HOME(reads_words_as_they_are_written),
	    WITH_HOME(accepts_crlf_and_a_byte_order_mark),
	    WITH_HOME(says_file_and_line_of_every_mistake),
	    WITH_HOME(refuses_nul_wherever_it_stands),
	    WITH_HOME(shows_how_an_account_is_written),
	    WITH_HOME(suggests_the_nearest_name),
	    WITH_HOME(survives_a_line_of_a_megabyte),
	    WITH_HOME(refuses_a_file_over_a_megabyte),
	    WITH_HOME(prints_nothing_by_itself),
	    WITH_HOME(finds_the_file_by_xdg_else_by_home_else_none),
	    WITH_HOME(does_without_home),
	    WITH_HOME(wants_a_named_file_to_exist),
	    WITH_HOME(believes_only_a_file_that_nobody_else_can_write),
	    WITH_HOME(refuses_a_directory_and_a_fifo_at_once),
	    WITH_HOME(lays_a_users_provider_over_the_registrys),
	    WITH_HOME(completes_a_users_provider_without_the_registry),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
