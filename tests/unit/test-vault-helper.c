/* SPDX-License-Identifier: MIT */
/*
 * Tests tokens in git credential helpers: one that stores every attribute, and
 * git's own "store", which doesn't.
 */
#include "entry.h"
#include "keeper/token-entry.h"

/*
 * Keeps all attributes, each credential in one file, and notes what it was
 * asked. POSTRIDER_... must not be seen by it.
 */
static const char keeper[] =
    "#!/usr/bin/env python3\n"
    "import json, os, sys\n"
    "lines = sys.stdin.read().splitlines()\n"
    "asked = dict(line.split('=', 1) for line in lines if line)\n"
    "with open('asked', 'a') as log:\n"
    "    print(sys.argv[-1], *lines, file=log)\n"
    "assert 'POSTRIDER_PASSWORD' not in os.environ\n"
    "path = '_'.join(asked[key] for key in ('protocol', 'host', 'username'))\n"
    "path = path.replace('/', '_')\n"
    "if sys.argv[-1] == 'store':\n"
    "    if 'password' in asked:\n" /* as git's own */
    "        json.dump(asked, open(path, 'w'))\n"
    "elif os.path.exists(path) and sys.argv[-1] == 'erase':\n"
    "    os.remove(path)\n"
    "elif os.path.exists(path):\n"
    "    for key, value in json.load(open(path)).items():\n"
    "        print(key, value, sep='=')\n"
    "    print('capability[]=authtype')\n";

static struct vault *
open_helper(const char *helper)
{
	return open_vault((struct vault_place){.helper = helper});
}

static struct vault *
open_keeper(void)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/git-credential-keeps", directory);
	write_file(path, keeper, 0700);
	unlink("asked");
	return open_helper(path);
}

static struct vault *
open_script(const char *body, int64_t limit_ms)
{
	static char path[PATH_MAX];
	char text[1024];

	snprintf(path, sizeof path, "%s/script", directory);
	snprintf(text, sizeof text, "#!/bin/sh\n%s\n", body);
	write_file(path, text, 0700);
	return open_vault(
	    (struct vault_place){.helper = path, .limit_ms = limit_ms});
}

static void
assert_asked(const char *wanted)
{
	struct buf text;

	read_back("asked", &text);
	if (strstr(text.data, wanted) == NULL)
		fail_msg("not asked: %s; but: %s", wanted, text.data);
	buf_done(&text);
}

static void
keeps_tokens_in_a_helper_that_keeps_all(void **state)
{
	struct vault *vault = open_keeper();
	struct error err;

	(void)state;
	setenv("POSTRIDER_PASSWORD", "hunter2", 1);
	assert_kept(vault, &tokens, NULL, NULL);
	store(vault, &tokens, "access", "refresh");
	assert_kept(vault, &tokens, "access", "refresh");
	assert_asked("\nstore protocol=smtp host=smtp.example.test:587 "
		     "username=alice@example.test password=access "
		     "password_expiry_utc=1795305600 "
		     "oauth_refresh_token=refresh postrider_client_id=the-app");
	store(vault, &tokens, "new", "new refresh");
	assert_kept(vault, &tokens, "new", "new refresh");
	assert_int_equal(vault_erase(vault, &tokens, &err), 0);
	assert_asked("\nerase protocol=smtp host=smtp.example.test:587 "
		     "username=alice@example.test \n");
	assert_kept(vault, &tokens, NULL, NULL);
	vault_close(vault);
}

/* Otherwise the next request would return it. */
static void
forgets_what_is_no_longer_to_be_used(void **state)
{
	struct vault *vault = open_keeper();
	struct credential_message entry;
	struct error err;

	(void)state;
	store(vault, &tokens, "refused", "refresh");
	assert_int_equal(vault_load(vault, &tokens, &entry, &err), 0);
	token_entry_drop_token(&entry);
	assert_int_equal(vault_store(vault, &tokens, &entry, &err), 0);
	credential_message_done(&entry);
	assert_int_equal(vault_load(vault, &tokens, &entry, &err), 0);
	assert_string_equal(secret_bytes(entry.refresh_token), "refresh");
	assert_false(token_entry_is_fresh(&entry, 0));
	assert_string_not_equal(secret_bytes(entry.password), "refused");

	secret_free(entry.refresh_token);
	entry.refresh_token = NULL;
	token_entry_drop_token(&entry);
	assert_int_equal(vault_store(vault, &tokens, &entry, &err), 0);
	credential_message_done(&entry);
	assert_kept(vault, &tokens, NULL, NULL);
	vault_close(vault);
}

static void
calls_a_token_endpoint_a_web_server(void **state)
{
	struct vault *vault = open_keeper();

	(void)state;
	store(vault, &client, "client secret", NULL);
	assert_kept(vault, &client, "client secret", NULL);
	assert_asked("store protocol=https host=login.example.test "
		     "username=the-app password=client secret");
	vault_close(vault);
}

static void
keeps_passwords_in_gits_own_store(void **state)
{
	struct vault *vault = open_helper("store --file=store");
	struct error err;
	struct buf text;

	(void)state;
	store(vault, &password, "p\xC3\xA4ss:/@ =", NULL);
	store(vault, &client, "client secret", NULL);
	assert_kept(vault, &password, "p\xC3\xA4ss:/@ =", NULL);
	assert_kept(vault, &client, "client secret", NULL);
	assert_int_equal(vault_erase(vault, &password, &err), 0);
	assert_kept(vault, &password, NULL, NULL);
	assert_int_equal(vault_erase(vault, &client, &err), 0);
	read_back("store", &text);
	assert_string_equal(buf_text(&text), "");
	buf_done(&text);
	vault_close(vault);
}

static void
refuses_gits_own_store_for_tokens(void **state)
{
	struct vault *vault = open_helper("store --file=tokens");
	struct error err;
	struct buf text;

	(void)state;
	assert_int_equal(try_store(vault, &tokens, "access", "refresh", &err),
	    -1);
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_string_equal(err.message,
	    "credential-helper \"store\" doesn't store refresh tokens");
	assert_non_null(strstr(err.hint, "credential-folder"));
	read_back("tokens", &text);
	assert_string_equal(buf_text(&text), "");
	buf_done(&text);
	vault_close(vault);
}

/* A refresh token of an earlier sign-in must not pass for the new one. */
static void
refuses_a_helper_that_keeps_the_old_refresh_token(void **state)
{
	struct vault *vault =
	    open_script("cat >/dev/null; test $1 = get && "
			"printf "
			"'password=access\\noauth_refresh_token=old\\n'; true",
		ENOUGH_MS);
	struct error err;

	(void)state;
	assert_int_equal(try_store(vault, &tokens, "access", "new", &err), -1);
	assert_int_equal(err.code, ERROR_CONFIG);
	vault_close(vault);
}

static void
ignores_a_credential_of_another_user(void **state)
{
	struct vault *vault =
	    open_script("printf 'username=bob\\npassword=bobs\\n'", ENOUGH_MS);

	(void)state;
	assert_kept(vault, &tokens, NULL, NULL);
	vault_close(vault);
	vault = open_script("printf 'password=ours\\n'", ENOUGH_MS);
	assert_kept(vault, &tokens, "ours", NULL);
	vault_close(vault);
}

static void
says_what_is_wrong_with_a_helper(void **state)
{
	static const struct {
		const char *body, *message;
		enum error_code code;
	} rows[] = {
	    {"echo 'Permission denied' >&2; exit 1",
		"/script\" failed: Permission denied", ERROR_KEYRING},
	    {"echo hello", "doesn't speak git's credential protocol",
		ERROR_DATA},
	    {"exec sleep 60", "didn't answer within the time limit",
		ERROR_TEMPORARY},
	};
	struct vault *vault;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		vault = open_script(rows[i].body,
		    rows[i].code == ERROR_TEMPORARY ? SHORT_MS : ENOUGH_MS);
		assert_no_load(vault, &tokens, rows[i].code, rows[i].message);
		vault_close(vault);
	}
	vault = open_helper("!cat");
	assert_no_load(vault, &tokens, ERROR_CONFIG, "begins with \"!\"");
	vault_close(vault);
	vault = open_helper("no-such-helper-anywhere-at-all");
	assert_no_load(vault, &tokens, ERROR_KEYRING, "no-such-helper");
	vault_close(vault);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_tokens_in_a_helper_that_keeps_all),
	    cmocka_unit_test(forgets_what_is_no_longer_to_be_used),
	    cmocka_unit_test(calls_a_token_endpoint_a_web_server),
	    cmocka_unit_test(keeps_passwords_in_gits_own_store),
	    cmocka_unit_test(refuses_gits_own_store_for_tokens),
	    cmocka_unit_test(refuses_a_helper_that_keeps_the_old_refresh_token),
	    cmocka_unit_test(ignores_a_credential_of_another_user),
	    cmocka_unit_test(says_what_is_wrong_with_a_helper),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, make_home, remove_home);
}
