/* SPDX-License-Identifier: MIT */
/*
 * Restricts access to files by Landlock (landlock(7)).
 */
#include "base/sandbox.h"

#ifdef __linux__

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's interface: linux/landlock.h may be older than the kernel. */
enum {
	CALL_CREATE_RULESET = 444,
	CALL_ADD_RULE = 445,
	CALL_RESTRICT_SELF = 446,
	FLAG_VERSION = 1,
	RULE_PATH_BENEATH = 1,
	RULE_NET_PORT = 2
};

/* Older kernels accept members that they do not know, if they are 0. */
struct landlock_ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net; /* version 4 */
	uint64_t scoped;             /* version 6 */
};

struct landlock_net_port {
	uint64_t allowed_access;
	uint64_t port;
};

struct landlock_path_beneath {
	uint64_t allowed_access;
	int32_t parent_fd;
} __attribute__((packed));

#define ACCESS_EXECUTE (UINT64_C(1) << 0)
#define ACCESS_WRITE_FILE (UINT64_C(1) << 1)
#define ACCESS_READ (UINT64_C(3) << 2) /* files and directories */
#define ACCESS_READ_FILE (UINT64_C(1) << 2)
#define ACCESS_MAKE_AND_REMOVE (UINT64_C(0x1FF) << 4)
#define ACCESS_REFER (UINT64_C(1) << 13)    /* version 2: rename */
#define ACCESS_TRUNCATE (UINT64_C(1) << 14) /* version 3 */

#define ACCESS_BIND_TCP (UINT64_C(1) << 0)
#define ACCESS_CONNECT_TCP (UINT64_C(1) << 1)
/* Not to other processes: */
#define SCOPE_ABSTRACT_UNIX_SOCKET (UINT64_C(1) << 0)
#define SCOPE_SIGNAL (UINT64_C(1) << 1)

enum {
	HIDDEN_MAX = 8
};

/* Real paths. */
struct hidden {
	char *directory[HIDDEN_MAX];
	size_t count;
};

static uint64_t landlock_scopes(int version,
    const struct sandbox_policy *policy);
static uint64_t landlock_changes(int version);
static void landlock_allow(int ruleset, const char *path, uint64_t access);
static void landlock_allow_reading(int ruleset,
    const struct sandbox_policy *policy);
static void landlock_allow_around(int ruleset, const char *directory,
    const struct hidden *hidden);
static bool is_hidden(const struct hidden *hidden, const char *path);
static bool contains_hidden(const struct hidden *hidden, const char *path);

int
sandbox_landlock_version(void)
{
	long version =
	    syscall(CALL_CREATE_RULESET, NULL, (size_t)0, FLAG_VERSION);

	return version > 0 ? (int)version : 0;
}

int
sandbox_landlock_enter(const struct sandbox_policy *policy)
{
	int version = sandbox_landlock_version();
	uint64_t changes = landlock_changes(version);
	struct landlock_ruleset attributes = {.handled_access_fs =
						  ACCESS_EXECUTE | changes |
		(policy->hidden != NULL ? ACCESS_READ : 0),
	    .scoped = landlock_scopes(version, policy)};
	int ruleset;
	long result;

	if (version == 0)
		return 0;
	ruleset = (int)syscall(CALL_CREATE_RULESET, &attributes,
	    sizeof attributes, 0);
	if (ruleset == -1)
		return 0;
	for (size_t i = 0;
	     policy->writable != NULL && policy->writable[i] != NULL; i++)
		landlock_allow(ruleset, policy->writable[i], changes);
	if (policy->hidden != NULL)
		landlock_allow_reading(ruleset, policy);
	result = syscall(CALL_RESTRICT_SELF, ruleset, 0);
	close(ruleset);
	return result == 0 ? version : 0;
}

void
sandbox_landlock_narrow(uint16_t port)
{
	const struct landlock_ruleset attributes = {
	    .handled_access_net = ACCESS_BIND_TCP | ACCESS_CONNECT_TCP};
	const struct landlock_net_port rule = {.allowed_access =
						   ACCESS_CONNECT_TCP,
	    .port = port};
	int ruleset;

	if (sandbox_landlock_version() < 4)
		return;
	ruleset = (int)syscall(CALL_CREATE_RULESET, &attributes,
	    sizeof attributes, 0);
	if (ruleset == -1)
		return;
	if (syscall(CALL_ADD_RULE, ruleset, RULE_NET_PORT, &rule, 0) == 0)
		syscall(CALL_RESTRICT_SELF, ruleset, 0);
	close(ruleset);
}

static uint64_t
landlock_scopes(int version, const struct sandbox_policy *policy)
{
	if (version < 6)
		return 0;
	return SCOPE_ABSTRACT_UNIX_SOCKET |
	    (policy->has_no_child ? SCOPE_SIGNAL : 0);
}

static uint64_t
landlock_changes(int version)
{
	uint64_t changes = ACCESS_WRITE_FILE | ACCESS_MAKE_AND_REMOVE;

	if (version >= 2)
		changes |= ACCESS_REFER;
	if (version >= 3)
		changes |= ACCESS_TRUNCATE;
	return changes;
}

/* Some kinds of access exist only for directories. */
static void
landlock_allow(int ruleset, const char *path, uint64_t access)
{
	struct landlock_path_beneath rule = {.allowed_access = access,
	    .parent_fd = open(path, O_PATH | O_CLOEXEC)};
	struct stat status;

	if (rule.parent_fd == -1)
		return;
	if (fstat(rule.parent_fd, &status) == 0 && !S_ISDIR(status.st_mode))
		rule.allowed_access &=
		    ACCESS_WRITE_FILE | ACCESS_READ_FILE | ACCESS_TRUNCATE;
	syscall(CALL_ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
}

/* Landlock can allow a directory but deny nothing in it, so the neighbours of a
 * hidden directory and of its parents are allowed one by one. */
static void
landlock_allow_reading(int ruleset, const struct sandbox_policy *policy)
{
	struct hidden hidden = {.count = 0};

	for (size_t i = 0;
	     policy->hidden[i] != NULL && hidden.count < HIDDEN_MAX; i++) {
		char *real = realpath(policy->hidden[i], NULL);

		if (real != NULL)
			hidden.directory[hidden.count++] = real;
	}
	landlock_allow_around(ruleset, "", &hidden);
	for (size_t i = 0;
	     policy->readable != NULL && policy->readable[i] != NULL; i++)
		landlock_allow(ruleset, policy->readable[i], ACCESS_READ);
	while (hidden.count > 0)
		free(hidden.directory[--hidden.count]);
}

static void
landlock_allow_around(int ruleset, const char *directory,
    const struct hidden *hidden)
{
	DIR *entries = opendir(*directory == '\0' ? "/" : directory);
	struct dirent *entry;

	if (entries == NULL)
		return;
	while ((entry = readdir(entries)) != NULL) {
		char path[PATH_MAX];

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 ||
		    entry->d_type == DT_LNK ||
		    (size_t)snprintf(path, sizeof path, "%s/%s", directory,
			entry->d_name) >= sizeof path ||
		    is_hidden(hidden, path))
			continue;
		if (contains_hidden(hidden, path))
			landlock_allow_around(ruleset, path, hidden);
		else
			landlock_allow(ruleset, path, ACCESS_READ);
	}
	closedir(entries);
}

static bool
is_hidden(const struct hidden *hidden, const char *path)
{
	for (size_t i = 0; i < hidden->count; i++) {
		if (strcmp(hidden->directory[i], path) == 0)
			return true;
	}
	return false;
}

static bool
contains_hidden(const struct hidden *hidden, const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < hidden->count; i++) {
		if (strncmp(hidden->directory[i], path, len) == 0 &&
		    hidden->directory[i][len] == '/')
			return true;
	}
	return false;
}

#else

int
sandbox_landlock_version(void)
{
	return 0;
}

int
sandbox_landlock_enter(const struct sandbox_policy *policy)
{
	(void)policy;
	return 0;
}

void
sandbox_landlock_narrow(uint16_t port)
{
	(void)port;
}

#endif
