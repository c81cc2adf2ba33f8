/* SPDX-License-Identifier: MIT */
/*
 * Enters the sandbox and describes it.
 */
#include "base/sandbox.h"

#include <stddef.h>
#include <stdio.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

/* Sanitizers trace the process at its end. */
#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
#define SANDBOX_IS_INSTRUMENTED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_IS_INSTRUMENTED 1
#endif

#ifdef SANDBOX_IS_INSTRUMENTED
static const char *const build_obstacle = "this is an instrumented build";
#else
static const char *const build_obstacle = NULL;
#endif

static const char *find_obstacle(const struct sandbox *sandbox);

void
sandbox_probe(struct sandbox *ret_sandbox)
{
	struct sandbox sandbox = {.obstacle = build_obstacle};

	if (sandbox.obstacle == NULL) {
		sandbox.landlock = sandbox_landlock_version();
		sandbox.has_filter = sandbox_filter_is_supported();
		sandbox.obstacle = find_obstacle(&sandbox);
	}
	*ret_sandbox = sandbox;
}

void
sandbox_enter(const struct sandbox_policy *policy, struct sandbox *ret_sandbox)
{
	struct sandbox sandbox = {.obstacle = build_obstacle};

#ifdef __linux__
	/* Both need it. */
	if (sandbox.obstacle == NULL &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
		sandbox.landlock = sandbox_landlock_enter(policy);
		sandbox.has_filter = sandbox_filter_enter(policy);
	}
#else
	(void)policy;
#endif
	sandbox.obstacle = find_obstacle(&sandbox);
	*ret_sandbox = sandbox;
}

void
sandbox_narrow(uint16_t port)
{
	sandbox_landlock_narrow(port);
	sandbox_filter_narrow();
}

void
sandbox_describe(const struct sandbox *sandbox, char out[SANDBOX_TEXT_SIZE])
{
	if (sandbox->obstacle != NULL)
		snprintf(out, SANDBOX_TEXT_SIZE, "none: %s", sandbox->obstacle);
	else
		snprintf(out, SANDBOX_TEXT_SIZE, "%s%s%s",
		    sandbox->landlock > 0 ? "Landlock" : "",
		    sandbox->landlock > 0 && sandbox->has_filter ? ", " : "",
		    sandbox->has_filter ? "seccomp" : "");
}

static const char *
find_obstacle(const struct sandbox *sandbox)
{
	if (sandbox->obstacle != NULL || sandbox->landlock > 0 ||
	    sandbox->has_filter)
		return sandbox->obstacle;
	return "this system supports neither Landlock nor seccomp";
}
