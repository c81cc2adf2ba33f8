/* SPDX-License-Identifier: MIT */
/*
 * Starts programs with posix_spawn, which reports a failed exec to the parent
 * and does not copy large page tables.
 */
#include "base/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

extern char **environ;

/* A separate process group does not receive Ctrl-C either. */
#ifdef POSIX_SPAWN_SETSID
#define NEW_SESSION POSIX_SPAWN_SETSID
#else
#define NEW_SESSION POSIX_SPAWN_SETPGROUP
#endif

enum {
	REAP_INTERVAL_MAX_MS = 16 /* starts at 1 and doubles */
};

/* What spawn_execute starts. */
struct spawn_command {
	char *const *argv;
	char *const *environment;
	unsigned flags;
};

static spawn_function spawn_execute;
static int spawn_open_pipe(int *ret_ours, int *ret_theirs, int child_reads,
    struct error *err);
static int raise_fd(int *fd);
static int add_redirections(posix_spawn_file_actions_t *actions, unsigned pipes,
    const int theirs[SPAWN_FD_COUNT]);
static int count_null_descriptors(unsigned pipes,
    const int theirs[SPAWN_FD_COUNT]);
static int set_attributes(posix_spawnattr_t *attributes, unsigned flags);
static void spawn_end(struct spawn_child *child);
static void close_fd(int *fd);

void
spawn_init(struct spawn_child *child)
{
	*child =
	    (struct spawn_child){.in = -1, .out = -1, .err = -1, .more = -1};
}

int
spawn_start(struct spawn_child *child, char *const argv[], unsigned flags,
    struct error *err)
{
	return spawn_start_in(child, argv, environ, flags, err);
}

int
spawn_start_in(struct spawn_child *child, char *const argv[],
    char *const environment[], unsigned flags, struct error *err)
{
	struct spawn_command command = {argv, environment, flags};

	return spawn_start_by(child, flags, spawn_execute, &command, err);
}

int
spawn_start_by(struct spawn_child *child, unsigned flags,
    spawn_function *execute, void *context, struct error *err)
{
	int theirs[SPAWN_FD_COUNT] = {-1, -1, -1, -1, -1};
	int result = -1;

	spawn_init(child);
	child->may_finish = (flags & SPAWN_MAY_FINISH) != 0;
	if ((flags & SPAWN_IN) != 0 &&
	    spawn_open_pipe(&child->in, &theirs[0], 1, err) == -1)
		goto out;
	if ((flags & SPAWN_OUT) != 0 &&
	    spawn_open_pipe(&child->out, &theirs[1], 0, err) == -1)
		goto out;
	if ((flags & SPAWN_ERR) != 0 &&
	    spawn_open_pipe(&child->err, &theirs[2], 0, err) == -1)
		goto out;
	if ((flags & SPAWN_MORE) != 0 &&
	    spawn_open_pipe(&child->more, &theirs[SPAWN_MORE_FD], 1, err) == -1)
		goto out;
	if ((flags & SPAWN_ANSWER) != 0 &&
	    spawn_open_pipe(&child->out, &theirs[SPAWN_ANSWER_FD], 0, err) ==
		-1)
		goto out;
	result = execute(context, theirs, &child->pid, err);
out:
	for (int i = 0; i < SPAWN_FD_COUNT; i++)
		close_fd(&theirs[i]);
	if (result == -1)
		spawn_done(child);
	return result;
}

void
spawn_close_in(struct spawn_child *child)
{
	close_fd(&child->in);
}

void
spawn_close_more(struct spawn_child *child)
{
	close_fd(&child->more);
}

int
spawn_wait(struct spawn_child *child, int64_t deadline_ms, int *ret_status,
    struct error *err)
{
	int interval_ms = 1;

	for (;;) {
		int status;
		pid_t pid = waitpid(child->pid, &status, WNOHANG);

		if (pid == child->pid) {
			child->pid = 0;
			*ret_status = WIFEXITED(status)
			    ? WEXITSTATUS(status)
			    : SPAWN_SIGNAL_BASE + WTERMSIG(status);
			return 0;
		}
		if (pid == -1 && errno != EINTR)
			return error_set_errno(err, ERROR_SYSTEM,
			    "cannot wait for a child process");
		if (clock_left_ms(deadline_ms) == 0)
			return error_set(err, ERROR_TEMPORARY,
			    "a child process did not end in time");
		clock_sleep_until(clock_now_ms() + interval_ms);
		if (interval_ms < REAP_INTERVAL_MAX_MS)
			interval_ms *= 2;
	}
}

void
spawn_leave(struct spawn_child *child)
{
	child->pid = 0;
}

void
spawn_done(struct spawn_child *child)
{
	close_fd(&child->in);
	close_fd(&child->out);
	close_fd(&child->err);
	close_fd(&child->more);
	if (child->pid > 0)
		spawn_end(child);
	child->pid = 0;
}

static int
spawn_open_pipe(int *ret_ours, int *ret_theirs, int child_reads,
    struct error *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1)
		return error_set_errno(err, ERROR_SYSTEM,
		    "cannot create a pipe");
	if (raise_fd(&ends[0]) == -1 || raise_fd(&ends[1]) == -1) {
		error_set_errno(err, ERROR_SYSTEM, "cannot create a pipe");
		close_fd(&ends[0]);
		close_fd(&ends[1]);
		return -1;
	}
	*ret_ours = ends[child_reads ? 1 : 0];
	*ret_theirs = ends[child_reads ? 0 : 1];
	return 0;
}

/*
 * Moves a descriptor above those that the child's redirections overwrite. Low
 * numbers are free if our caller closed them.
 */
static int
raise_fd(int *fd)
{
	int low = *fd;

	if (low >= SPAWN_FD_COUNT)
		return 0;
	*fd = fcntl(low, F_DUPFD_CLOEXEC, SPAWN_FD_COUNT);
	close(low);
	return *fd == -1 ? -1 : 0;
}

static int
spawn_execute(void *context, const int fd[SPAWN_FD_COUNT], pid_t *ret_pid,
    struct error *err)
{
	const struct spawn_command *command = context;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int failure;

	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	failure = add_redirections(&actions, command->flags, fd);
	if (failure == 0)
		failure = set_attributes(&attributes, command->flags);
	if (failure == 0)
		failure = posix_spawnp(ret_pid, command->argv[0], &actions,
		    &attributes, command->argv, command->environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	if (failure == 0)
		return 0;
	*ret_pid = 0;
	errno = failure;
	return error_set_errno(err, ERROR_SYSTEM, "%s", command->argv[0]);
}

static int
add_redirections(posix_spawn_file_actions_t *actions, unsigned pipes,
    const int theirs[SPAWN_FD_COUNT])
{
	int null_count = count_null_descriptors(pipes, theirs);
	int failure = 0;

	for (int fd = 0; fd < null_count && failure == 0; fd++)
		failure = posix_spawn_file_actions_addopen(actions, fd,
		    "/dev/null", fd == 0 ? O_RDONLY : O_WRONLY, 0);
	/* Before standard error becomes a pipe. */
	if (failure == 0 && (pipes & SPAWN_OUT_TO_ERR) != 0)
		failure = posix_spawn_file_actions_adddup2(actions,
		    STDERR_FILENO, STDOUT_FILENO);
	for (int i = 0; i < SPAWN_FD_COUNT && failure == 0; i++) {
		if (theirs[i] != -1)
			failure = posix_spawn_file_actions_adddup2(actions,
			    theirs[i], i);
	}
	return failure;
}

/* Returns how many of the standard descriptors lead to /dev/null. */
static int
count_null_descriptors(unsigned pipes, const int theirs[SPAWN_FD_COUNT])
{
	if ((pipes & SPAWN_DETACHED) != 0)
		return 3;
	return theirs[0] == -1 && (pipes & SPAWN_SAME_IN) == 0 ? 1 : 0;
}

/*
 * Restores the default action of the signals that our programs ignore for
 * themselves. Others stay ignored, as nohup(1) expects.
 */
static int
set_attributes(posix_spawnattr_t *attributes, unsigned flags)
{
	short wanted = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
	sigset_t defaults;
	sigset_t blocked;
	int failure;

	if ((flags & SPAWN_DETACHED) != 0)
		wanted |= NEW_SESSION;
	sigemptyset(&blocked);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGXFSZ);
	failure = posix_spawnattr_setsigdefault(attributes, &defaults);
	if (failure == 0)
		failure = posix_spawnattr_setsigmask(attributes, &blocked);
	if (failure == 0)
		failure = posix_spawnattr_setflags(attributes, wanted);
	return failure;
}

static void
spawn_end(struct spawn_child *child)
{
	pid_t pid = child->pid;
	struct error ignored;
	int status;

	kill(pid, SIGTERM);
	if (spawn_wait(child, clock_now_ms() + SPAWN_GRACE_MS, &status,
		&ignored) == 0 ||
	    child->may_finish)
		return;
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
		continue;
}

static void
close_fd(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}
