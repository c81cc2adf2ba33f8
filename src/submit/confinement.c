/* SPDX-License-Identifier: MIT */
/*
 * Finds out which files a session for an account may write, and whether it can
 * be confined at all.
 */
#include "submit/confinement.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "smtp/sasl.h"
#include "submit/thread.h"

enum {
	PATHS_MAX = 7
};

static const char *find_obstacle(const struct account *account,
    struct launcher *launcher);
static bool may_use_kerberos(const struct account *account);
static bool is_pkcs11(const struct account *account, enum setting_id id);
static void create_log(const char *path);
static const char *find_ticket_cache(char path[PATH_MAX]);

void
confine(const struct account *account, struct launcher *launcher,
    const char *log_path, const char *state_path, struct sandbox *ret_sandbox)
{
	const char *obstacle = find_obstacle(account, launcher);
	char ticket_cache[PATH_MAX];
	const char *paths[PATHS_MAX] = {"/dev/null", "/dev/tty"};
	const struct sandbox_policy policy = {.writable = paths,
	    .has_no_child = !launcher_has_children(launcher)};
	char *ids_file;
	size_t count = 2;

	if (obstacle != NULL) {
		*ret_sandbox = (struct sandbox){.obstacle = obstacle};
		return;
	}
	if (may_use_kerberos(account)) /* service tickets are added */
		paths[count++] = find_ticket_cache(ticket_cache);
	if (log_path != NULL) {
		create_log(log_path);
		paths[count++] = log_path;
	}
	if (state_path != NULL)
		paths[count++] = state_path;
	ids_file = thread_file(account);
	if (ids_file != NULL)
		paths[count++] = ids_file;
	sandbox_enter(&policy, ret_sandbox);
	free(ids_file);
}

void
confine_to_server(const struct account *account, const struct sandbox *sandbox)
{
	if (sandbox->obstacle == NULL && !may_use_kerberos(account) &&
	    !account_uses_socket(account))
		sandbox_narrow((uint16_t)account_number(account, SETTING_PORT));
}

/*
 * Kerberos asks DNS and KDCs, and local services that keep tickets. Which
 * mechanism is used is known only when the server has offered some, but without
 * a configuration of Kerberos it is another one.
 */
static bool
may_use_kerberos(const struct account *account)
{
	const struct account_list *list = &account->list[SETTING_AUTH];

	for (size_t i = 0; i < list->count; i++) {
		if (sasl_needs_ticket(list->element[i]))
			return true;
	}
	return list->count == 0 &&
	    (getenv("KRB5CCNAME") != NULL || getenv("KRB5_CONFIG") != NULL ||
		access("/etc/krb5.conf", F_OK) == 0);
}

/* PKCS#11 modules may start programs, listen and write files. */
static const char *
find_obstacle(const struct account *account, struct launcher *launcher)
{
	struct sandbox sandbox;
	struct error ignored;

	if (is_pkcs11(account, SETTING_TLS_CERT_FILE) ||
	    is_pkcs11(account, SETTING_TLS_KEY_FILE))
		return "the account uses a PKCS#11 token";
	sandbox_probe(&sandbox);
	if (sandbox.obstacle != NULL)
		return sandbox.obstacle;
	if (launcher != NULL && launcher_run(launcher, &ignored) == -1)
		return "no process can be created to start programs";
	return NULL;
}

static bool
is_pkcs11(const struct account *account, enum setting_id id)
{
	return account->text[id] != NULL &&
	    text_has_prefix(account->text[id], "pkcs11:");
}

/*
 * A rule needs a file that exists. If it cannot be created, the error comes
 * from writing the log. What exists is not opened: the reader of a FIFO would
 * take that for the end.
 */
static void
create_log(const char *path)
{
	int fd = -1;

	if (access(path, F_OK) == -1)
		fd = open(path,
		    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY |
			O_NONBLOCK,
		    0600);
	if (fd != -1)
		close(fd);
}

/* The file or directory in KRB5CCNAME, or MIT's default. */
static const char *
find_ticket_cache(char path[PATH_MAX])
{
	static const char *const prefixes[] = {"FILE:", "DIR::", "DIR:"};
	const char *name = getenv("KRB5CCNAME");

	if (name == NULL || *name == '\0') {
		snprintf(path, PATH_MAX, "/tmp/krb5cc_%lu",
		    (unsigned long)getuid());
		return path;
	}
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		if (text_has_prefix(name, prefixes[i])) {
			name += strlen(prefixes[i]);
			break;
		}
	}
	snprintf(path, PATH_MAX, "%s", name);
	return path;
}
