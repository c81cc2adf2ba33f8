/* SPDX-License-Identifier: MIT */
/*
 * Prepares a process at the beginning of main.
 */
#include "base/process.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/auxv.h>
#include <sys/prctl.h>
#endif

#include "base/file.h"

static void process_forbid_dumps(void);
static void process_reset_signals(void);

int
process_start(struct error *err)
{
	process_forbid_dumps();
	process_reset_signals();
	if (file_open_standard(err) == -1)
		return -1;
	if (!process_is_privileged())
		return 0;
	error_set(err, ERROR_SYSTEM,
	    "refusing to run with more privileges than the caller has (setuid, "
	    "setgid or file capabilities)");
	return error_hint(err,
	    "remove them: chmod u-s,g-s and setcap -r on the program");
}

void
process_end_with_parent(void)
{
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

bool
process_is_privileged(void)
{
#ifdef __linux__
	return getauxval(AT_SECURE) != 0;
#else
	return issetugid() != 0;
#endif
}

bool
process_has_display(void)
{
#ifdef __APPLE__
	/* An SSH session has no desktop. */
	return getenv("SSH_CONNECTION") == NULL;
#else
	const char *x11 = getenv("DISPLAY");
	const char *wayland = getenv("WAYLAND_DISPLAY");

	return (x11 != NULL && *x11 != '\0') ||
	    (wayland != NULL && *wayland != '\0');
#endif
}

static void
process_forbid_dumps(void)
{
	struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

static void
process_reset_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}
