/* SPDX-License-Identifier: MIT */
/*
 * Tests tokens in gnome-keyring. The program runs itself again on a D-Bus
 * session of its own, which starts nothing by itself.
 */
#include "entry.h"

#ifdef HAVE_LIBSECRET

#include "vault/item.h"

#define SERVICE "org.freedesktop.secrets "
#define TOKENS "service oauth2 host smtp.example.test user alice@example.test"

static const char bus_config[] =
    "<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>"
    "<auth>EXTERNAL</auth><policy context=\"default\">"
    "<allow send_destination=\"*\" eavesdrop=\"true\"/>"
    "<allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>";

static const char start_keyring[] =
    "printf pw | gnome-keyring-daemon --unlock --components=secrets "
    ">/dev/null 2>&1 && timeout 15 sh -c 'until dbus-send --print-reply "
    "--dest=" SERVICE "/org/freedesktop/secrets "
    "org.freedesktop.Secret.Service.ReadAlias string:default | "
    "grep -q collection/login; do sleep 0.02; done'";

static const char lock_keyring[] =
    "dbus-send --print-reply --dest=" SERVICE "/org/freedesktop/secrets "
    "org.freedesktop.Secret.Service.Lock "
    "array:objpath:/org/freedesktop/secrets/collection/login >/dev/null";

static void
never_prompts(void)
{
	fail_msg("there is no display to ask on");
}

static struct vault *
open_keyring(void)
{
	return open_vault((struct vault_place){.on_prompt = never_prompts});
}

static void
keeps_what_belongs_together_in_one_item(void **state)
{
	struct vault *vault = open_keyring();
	struct error err;

	(void)state;
	assert_kept(vault, &tokens, NULL, NULL);
	store(vault, &tokens, "old", "old refresh");
	store(vault, &tokens, "access", "refresh");
	assert_kept(vault, &tokens, "access", "refresh");
	run("test $(secret-tool search --all " TOKENS
	    " 2>/dev/null | grep -c '^secret = ') = 1");
	run("secret-tool search " TOKENS " 2>/dev/null | grep -qx 'label = "
	    "postrider: alice@example.test at smtp.example.test (OAuth2)'");
	run("test \"$(secret-tool lookup " TOKENS " | head -n 1)\" = "
	    "password=access");
	assert_int_equal(vault_erase(vault, &tokens, &err), 0);
	assert_kept(vault, &tokens, NULL, NULL);
	assert_int_equal(vault_erase(vault, &tokens, &err), 0);
	vault_close(vault);
}

static void
tells_passwords_tokens_and_clients_apart(void **state)
{
	struct vault *vault = open_keyring();
	struct vault_key client_at_host = client;
	struct error err;

	(void)state;
	client_at_host.host = tokens.host;
	client_at_host.user = tokens.user;
	store(vault, &password, "hunter2", NULL);
	store(vault, &tokens, "access", "refresh");
	store(vault, &client_at_host, "client secret", NULL);
	assert_kept(vault, &password, "hunter2", NULL);
	assert_kept(vault, &tokens, "access", "refresh");
	assert_kept(vault, &client_at_host, "client secret", NULL);
	assert_int_equal(vault_erase(vault, &tokens, &err), 0);
	assert_kept(vault, &password, "hunter2", NULL);
	assert_kept(vault, &client_at_host, "client secret", NULL);
	assert_int_equal(vault_erase(vault, &password, &err), 0);
	assert_int_equal(vault_erase(vault, &client_at_host, &err), 0);
	assert_kept(vault, &password, NULL, NULL);
	vault_close(vault);
}

static void
believes_no_other_programs_tokens(void **state)
{
	struct vault *vault = open_keyring();
	struct error err;

	(void)state;
	run("printf 'password=foreign\n\n' | "
	    "secret-tool store --label=foreign " TOKENS);
	assert_kept(vault, &tokens, NULL, NULL);
	store(vault, &tokens, "access", "refresh");
	assert_kept(vault, &tokens, "access", "refresh");
	assert_int_equal(vault_erase(vault, &tokens, &err), 0);
	run("test -n \"$(secret-tool lookup " TOKENS ")\"");
	run("secret-tool clear " TOKENS);
	vault_close(vault);
}

static void
recognises_an_item_that_is_damaged(void **state)
{
	struct vault *vault = open_keyring();

	(void)state;
	run("printf access | secret-tool store --label=damaged "
	    "xdg:schema org.postrider.Credential " TOKENS);
	assert_no_load(vault, &tokens, ERROR_DATA,
	    "the keyring's item for alice@example.test at smtp.example.test");
	run("secret-tool clear " TOKENS);
	vault_close(vault);
}

/* Even with a display. Leaves the keyring locked for the test after it. */
static void
leaves_a_locked_keyring_locked_without_prompts(void **state)
{
	struct vault *vault =
	    open_vault((struct vault_place){.on_prompt = NULL});
	struct error err;

	(void)state;
	store(vault, &tokens, "access", "refresh");
	run(lock_keyring);
	setenv("DISPLAY", ":99", 1);
	assert_no_load(vault, &tokens, ERROR_KEYRING, "the keyring is locked");
	assert_int_equal(try_store(vault, &tokens, "a", "r", &err), -1);
	assert_int_equal(err.code, ERROR_KEYRING);
	assert_int_equal(vault_erase(vault, &tokens, &err), -1);
	assert_int_equal(err.code, ERROR_KEYRING);
	vault_close(vault);
}

/* The keyring may be locked between the search and the reading. */
static void
reports_an_item_that_is_locked_after_the_search(void **state)
{
	GHashTable *attributes = g_hash_table_new(g_str_hash, g_str_equal);
	struct service service;
	struct error err;
	GPtrArray *items;

	(void)state;
	g_hash_table_insert(attributes, "user", (char *)tokens.user);
	assert_int_equal(service_open(&service, NULL, &err), 0);
	items = item_search(&service, attributes, &err);
	assert_non_null(items);
	assert_int_equal(items->len, 1);
	assert_null(item_read(&service, g_ptr_array_index(items, 0), &err));
	assert_int_equal(err.code, ERROR_KEYRING);
	assert_string_equal(err.message, "the keyring is locked");
	g_ptr_array_unref(items);
	g_hash_table_unref(attributes);
	service_close(&service);
}

static int
test_inside(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(keeps_what_belongs_together_in_one_item),
	    cmocka_unit_test(tells_passwords_tokens_and_clients_apart),
	    cmocka_unit_test(believes_no_other_programs_tokens),
	    cmocka_unit_test(recognises_an_item_that_is_damaged),
	    cmocka_unit_test(leaves_a_locked_keyring_locked_without_prompts),
	    cmocka_unit_test(reports_an_item_that_is_locked_after_the_search),
	};

	if (system(start_keyring) != 0) {
		fputs("gnome-keyring did not start\n", stderr);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int
main(int argc, char **argv)
{
	char program[PATH_MAX];
	char command[PATH_MAX + 128];
	int status;

	if (argc > 1)
		return test_inside();
	if (realpath(argv[0], program) == NULL || make_home(NULL) == -1)
		return 1;
	write_file("bus.conf", bus_config, 0600);
	setenv("XDG_RUNTIME_DIR", directory, 1);
	unsetenv("XDG_DATA_HOME");
	unsetenv("DISPLAY");
	unsetenv("WAYLAND_DISPLAY");
	snprintf(command, sizeof command,
	    "exec dbus-run-session --config-file=bus.conf -- '%s' inside",
	    program);
	status = system(command);
	remove_home(NULL);
	return status == 0 ? 0 : 1;
}

#else

static void
says_that_there_is_no_keyring(void **state)
{
	struct vault *vault = open_vault((struct vault_place){.helper = NULL});
	struct error err;

	(void)state;
	assert_no_load(vault, &tokens, ERROR_KEYRING,
	    "without support for the system");
	assert_int_equal(try_store(vault, &tokens, "a", "r", &err), -1);
	assert_int_equal(vault_erase(vault, &tokens, &err), -1);
	vault_close(vault);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(says_that_there_is_no_keyring),
	};

	return cmocka_run_group_tests(tests, make_home, remove_home);
}

#endif
