/* SPDX-License-Identifier: MIT */
/* Tests the table of settings, and which values are valid. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "config/settings.h"

struct sample {
	enum setting_id id;
	const char *text;
	const char *kept; /* NULL: refused */
};

static const struct sample samples[] = {
    {SETTING_PORT, "587", "587"},
    {SETTING_PORT, "65535", "65535"},
    {SETTING_PORT, "0", NULL},
    {SETTING_PORT, "65536", NULL},
    {SETTING_PORT, "18446744073709551617", NULL},
    {SETTING_PORT, "587 ", NULL},
    {SETTING_PORT, "-1", NULL},
    {SETTING_PORT, "0x19", NULL},
    {SETTING_PORT, "", NULL},
    {SETTING_TLS, "implicit", "implicit"},
    {SETTING_TLS, "STARTTLS", "starttls"},
    {SETTING_TLS, "start", NULL},
    {SETTING_TLS, "starttls implicit", NULL},
    {SETTING_CHUNKING, "on", "yes"},
    {SETTING_CHUNKING, "False", "no"},
    {SETTING_CHUNKING, "2", NULL},
    {SETTING_TIMEOUT, "500ms", "500ms"},
    {SETTING_TIMEOUT, "15", "15"},
    {SETTING_TIMEOUT, "24h", "24h"},
    {SETTING_TIMEOUT, "25h", NULL},
    {SETTING_TIMEOUT, "0", NULL},
    {SETTING_TIMEOUT, "1.5s", NULL},
    {SETTING_TIMEOUT, "s", NULL},
    {SETTING_TIMEOUT, "15 s", NULL},
    {SETTING_TIMEOUT, "99999999999999999999999999s", NULL},
    {SETTING_TIMEOUT, "18446744073709551615h", NULL},
    {SETTING_RETRY_DELAY, "0", "0"},
    {SETTING_HOST, "smtp.gmail.com", "smtp.gmail.com"},
    {SETTING_HOST, "smtp.gmail.com.", "smtp.gmail.com."},
    {SETTING_HOST, "2001:db8::1", "2001:db8::1"},
    {SETTING_HOST,
	"b\xC3\xBC"
	"cher.example",
	"b\xC3\xBC"
	"cher.example"},
    {SETTING_HOST, ".gmail.com", NULL},
    {SETTING_HOST, "smtp..gmail.com", NULL},
    {SETTING_HOST, "smtp.gmail.com..", NULL},
    {SETTING_HOST, "smtp.gmail.com:587", NULL},
    {SETTING_HOST, "smtps://smtp.gmail.com", NULL},
    {SETTING_HOST, "smtp gmail", NULL},
    {SETTING_DOMAIN, "[192.0.2.1]", "[192.0.2.1]"},
    {SETTING_AUTH, "scram-sha-256, plain", "scram-sha-256\nplain"},
    {SETTING_AUTH, "plain\nlogin", "plain\nlogin"},
    {SETTING_AUTH, ",,plain,", "plain"},
    {SETTING_FROM, "me@example.org,*@example.net",
	"me@example.org\n*@example.net"},
    {SETTING_FROM, "\"odd local\"@example.org", "\"odd local\"@example.org"},
    {SETTING_FROM, "me", NULL},
    {SETTING_FROM, "@example.org", NULL},
    {SETTING_FROM, "me@", NULL},
    {SETTING_FROM, "Me <me@example.org>", NULL},
    {SETTING_FROM, "me@example.org\r\nRCPT TO:<x@y>", NULL},
    {SETTING_CREDENTIAL, "keyring", "keyring"},
    {SETTING_CREDENTIAL, "env:SMTP_PASSWORD", "env:SMTP_PASSWORD"},
    {SETTING_CREDENTIAL, "env:", NULL},
    {SETTING_USER, "", ""},
    {SETTING_USER, "me\nAUTH", NULL},
    {SETTING_FULL_NAME, "Anna M\xC3\xBCller", "Anna M\xC3\xBCller"},
};

static void
keeps_what_its_type_accepts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		const struct sample *sample = &samples[i];
		struct settings settings;
		struct error err = {0};
		int result;

		settings_init(&settings);
		result = settings_set(&settings, sample->id, sample->text,
		    "config:7", &err);
		if (sample->kept != NULL) {
			assert_int_equal(result, 0);
			assert_string_equal(settings.text[sample->id],
			    sample->kept);
			assert_string_equal(settings.origin[sample->id],
			    "config:7");
		} else {
			assert_int_equal(result, -1);
			assert_int_equal(error_exit_status(err.code), 78);
			assert_null(settings.text[sample->id]);
		}
		settings_done(&settings);
	}
}

static void
refuses_control_characters_in_every_setting(void **state)
{
	static const char *const texts[] = {"a\rb",
	    "a\x01"
	    "b",
	    "a\x7F"
	    "b",
	    "a\tb", "\n\r\n"};

	(void)state;
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		for (size_t j = 0; j < sizeof texts / sizeof *texts; j++) {
			struct settings settings;
			struct error err = {0};

			settings_init(&settings);
			assert_int_equal(settings_set(&settings,
					     (enum setting_id)i, texts[j],
					     "--x", &err),
			    -1);
			assert_int_equal(error_exit_status(err.code), 64);
			settings_done(&settings);
		}
	}
}

static void
names_the_place_and_the_setting(void **state)
{
	struct settings settings;
	struct error err;

	(void)state;
	settings_init(&settings);
	settings_set(&settings, SETTING_PORT, "smtp", "/etc/x:3", &err);
	assert_string_equal(err.message,
	    "/etc/x:3: port: \"smtp\" isn't a number from 1 to 65535");
	settings_set(&settings, SETTING_PORT, "smtp", "--port", &err);
	assert_string_equal(err.message,
	    "--port: \"smtp\" isn't a number from 1 to 65535");
	assert_int_equal(error_exit_status(err.code), 64);
	settings_done(&settings);
}

static void
keeps_the_old_value_when_the_new_is_refused(void **state)
{
	struct settings settings;
	struct error err;

	(void)state;
	settings_init(&settings);
	assert_int_equal(settings_set(&settings, SETTING_PORT, "25", "a:1",
			     &err),
	    0);
	assert_int_equal(settings_set(&settings, SETTING_PORT, "x", "a:2",
			     &err),
	    -1);
	assert_string_equal(settings.text[SETTING_PORT], "25");
	assert_string_equal(settings.origin[SETTING_PORT], "a:1");
	settings_done(&settings);
}

static void
never_repeats_what_stands_in_place_of_a_credential(void **state)
{
	struct settings settings;
	struct error err;

	(void)state;
	settings_init(&settings);
	assert_int_equal(settings_set(&settings, SETTING_CREDENTIAL, "hunter2",
			     "config:2", &err),
	    -1);
	assert_null(strstr(err.message, "hunter2"));
	assert_null(strstr(err.hint, "hunter2"));
	assert_non_null(strstr(err.hint, "keyring"));
	settings_done(&settings);
}

static void
expands_the_home_directory_in_paths_only(void **state)
{
	struct settings settings;
	struct error err;

	(void)state;
	setenv("HOME", "/srv/alice", 1);
	settings_init(&settings);
	assert_int_equal(settings_set(&settings, SETTING_LOG_FILE, "~/log",
			     "a:1", &err),
	    0);
	assert_string_equal(settings.text[SETTING_LOG_FILE], "/srv/alice/log");
	assert_int_equal(settings_set(&settings, SETTING_LOG_FILE, "~bob/l",
			     "a:1", &err),
	    0);
	assert_string_equal(settings.text[SETTING_LOG_FILE], "~bob/l");
	assert_int_equal(settings_set(&settings, SETTING_USER, "~/x", "a:1",
			     &err),
	    0);
	assert_string_equal(settings.text[SETTING_USER], "~/x");
	settings_done(&settings);
}

static void
reads_the_environment(void **state)
{
	struct settings settings;
	struct error err;

	(void)state;
	settings_init(&settings);
	setenv("POSTRIDER_TLS_TRUST_FILE", "/ca.pem", 1);
	setenv("POSTRIDER_PORT", "", 1);
	assert_int_equal(settings_from_environment(&settings, &err), 0);
	assert_string_equal(settings.text[SETTING_TLS_TRUST_FILE], "/ca.pem");
	assert_null(settings.text[SETTING_PORT]);
	setenv("POSTRIDER_PORT", "x", 1);
	assert_int_equal(settings_from_environment(&settings, &err), -1);
	assert_int_equal(error_exit_status(err.code), 78);
	assert_non_null(strstr(err.message, "POSTRIDER_PORT"));
	unsetenv("POSTRIDER_PORT");
	unsetenv("POSTRIDER_TLS_TRUST_FILE");
	settings_done(&settings);
}

static void
reads_durations_in_milliseconds(void **state)
{
	(void)state;
	assert_int_equal(setting_duration_ms("500ms"), 500);
	assert_int_equal(setting_duration_ms("15"), 15000);
	assert_int_equal(setting_duration_ms("15s"), 15000);
	assert_int_equal(setting_duration_ms("2m"), 120000);
	assert_int_equal(setting_duration_ms("1h"), 3600000);
}

static void
has_a_complete_row_for_every_setting(void **state)
{
	(void)state;
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		const struct setting *row = setting_row((enum setting_id)i);
		struct settings settings;
		struct error err;
		enum setting_id id;

		assert_non_null(row->name);
		assert_non_null(row->argument);
		assert_non_null(row->help);
		assert_true(row->where != 0);
		assert_true(setting_find(row->name, &id));
		assert_int_equal(id, i);
		if (row->fallback == NULL)
			continue;
		settings_init(&settings);
		assert_int_equal(settings_set(&settings, id, row->fallback,
				     "built-in", &err),
		    0);
		assert_string_equal(settings.text[i], row->fallback);
		settings_done(&settings);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_what_its_type_accepts),
	    cmocka_unit_test(refuses_control_characters_in_every_setting),
	    cmocka_unit_test(names_the_place_and_the_setting),
	    cmocka_unit_test(keeps_the_old_value_when_the_new_is_refused),
	    cmocka_unit_test(
		never_repeats_what_stands_in_place_of_a_credential),
	    cmocka_unit_test(expands_the_home_directory_in_paths_only),
	    cmocka_unit_test(reads_the_environment),
	    cmocka_unit_test(reads_durations_in_milliseconds),
	    cmocka_unit_test(has_a_complete_row_for_every_setting),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
