/* SPDX-License-Identifier: MIT */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

/*
 * Gives up privileges that a process no longer needs, so that an attacker who
 * takes it over gains little: it cannot execute programs, change files or use
 * unusual system calls. Linux only, by Landlock and seccomp, as far as the
 * kernel supports them.
 */

#include <stdbool.h>
#include <stdint.h>

/* What the process keeps. Each list ends with NULL; paths that do not exist are
 * ignored. */
struct sandbox_policy {
	const char *const *writable; /* files and directories; or NULL */

	/* Directories in which no file can be read, except those in readable;
	   or NULL. */
	const char *const *hidden;
	const char *const *readable;
	bool has_no_child; /* none runs or is started: others get no signals */
	bool denies_unix;  /* new sockets of AF_UNIX */
	bool denies_internet; /* new sockets of all other families */
};

/* What is active, or could be. */
struct sandbox {
	int landlock;         /* version of its ABI, or 0 */
	bool has_filter;      /* of system calls, by seccomp */
	const char *obstacle; /* why there is neither; static; or NULL */
};

enum {
	SANDBOX_TEXT_SIZE = 128
};

/* Finds out what the system supports. */
void sandbox_probe(struct sandbox *ret_sandbox);

/*
 * Applies the policy to this process, its future threads and its future
 * children. Cannot fail: what the system does not support is left out of
 * ret_sandbox. Call it before the first thread is started. Afterwards these
 * fail with EPERM or EACCES: executing a program or creating a process;
 * changing files that are not writable; changing modes and owners; sockets
 * other than AF_UNIX, AF_INET and AF_INET6 streams and datagrams and
 * NETLINK_ROUTE; listening; tracing, mounting and the like.
 */
void sandbox_enter(const struct sandbox_policy *policy,
    struct sandbox *ret_sandbox);

/*
 * Gives up more in a process that has entered a sandbox: the only new sockets
 * are TCP connections, where Landlock can tell (version 4) to this port only.
 * There are no new connections to local services then, and no name resolution.
 */
void sandbox_narrow(uint16_t port);

/* Formats "Landlock, seccomp", or "none" with the obstacle. */
void sandbox_describe(const struct sandbox *sandbox,
    char out[SANDBOX_TEXT_SIZE]);

/* For sandbox.c: restrict access to files, and system calls. They return what
 * is active: the version of the ABI or 0; whether the filter is. */
int sandbox_landlock_version(void);
int sandbox_landlock_enter(const struct sandbox_policy *policy);
bool sandbox_filter_is_supported(void);
bool sandbox_filter_enter(const struct sandbox_policy *policy);
void sandbox_landlock_narrow(uint16_t port);
void sandbox_filter_narrow(void);

#endif
