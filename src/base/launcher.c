/* SPDX-License-Identifier: MIT */
/*
 * Registers commands, and asks the process that starts them
 * (launcher-process.c).
 */
#include "base/launcher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/launcher-process.h"
#include "base/words.h"

extern char **environ;

enum {
	COMMANDS_MAX = 8
};

struct launcher {
	struct launcher_command command[COMMANDS_MAX];
	size_t count;
	bool has_children; /* some do not detach themselves */
	int socket;        /* to the process; -1 until it runs */
};

/* One that spawn_start_by starts. */
struct launcher_start {
	struct launcher *launcher;
	size_t command;
};

static int launcher_register(struct launcher *launcher, char *const argv[],
    char *const environment[], struct error *err);
static size_t launcher_find(const struct launcher *launcher,
    char *const argv[]);
static spawn_function launcher_execute;
static int launcher_send(int socket, const struct launcher_request *request,
    const int fd[SPAWN_FD_COUNT]);

struct launcher *
launcher_new(struct error *err)
{
	struct launcher *launcher = calloc(1, sizeof *launcher);

	if (launcher == NULL)
		error_no_memory(err);
	else
		launcher->socket = -1;
	return launcher;
}

void
launcher_free(struct launcher *launcher)
{
	if (launcher == NULL)
		return;
	for (size_t i = 0; i < launcher->count; i++) {
		words_free(launcher->command[i].argv);
		words_free(launcher->command[i].environment);
	}
	if (launcher->socket != -1)
		close(launcher->socket);
	free(launcher);
}

bool
launcher_has_children(const struct launcher *launcher)
{
	return launcher != NULL && launcher->has_children;
}

#ifdef LAUNCHER_IS_SUPPORTED
int
launcher_run(struct launcher *launcher, struct error *err)
{
	int ends[2];
	pid_t pid;

	if (launcher->count == 0)
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == -1)
		return error_set_errno(err, ERROR_SYSTEM,
		    "cannot create a socket");
	pid = fork();
	if (pid == 0) {
		launcher_serve(launcher->command, launcher->count, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	if (pid > 0) {
		launcher->socket = ends[0];
		return 0;
	}
	error_set_errno(err, ERROR_SYSTEM, "cannot create a process");
	close(ends[0]);
	return -1;
}
#else
int
launcher_run(struct launcher *launcher, struct error *err)
{
	if (launcher->count == 0)
		return 0;
	return error_set(err, ERROR_SYSTEM,
	    "this system cannot start programs for a sandbox");
}
#endif

int
launcher_spawn(struct launcher *launcher, struct spawn_child *child,
    char *const argv[], char *const environment[], unsigned flags,
    struct error *err)
{
	struct launcher_start start = {.launcher = launcher};

	if (launcher == NULL || launcher->socket == -1) {
		if (launcher != NULL &&
		    launcher_register(launcher, argv, environment, err) == -1)
			return -1;
		if (launcher != NULL && (flags & SPAWN_DETACHED) == 0)
			launcher->has_children = true;
		spawn_init(child);
		if ((flags & SPAWN_NOT_NOW) != 0)
			return 0;
		return spawn_start_in(child, argv,
		    environment != NULL ? environment : environ, flags, err);
	}
	start.command = launcher_find(launcher, argv);
	if (start.command < launcher->count)
		return spawn_start_by(child, flags, launcher_execute, &start,
		    err);
	spawn_init(child);
	return error_set(err, ERROR_BUG, "%s: not registered to be executed",
	    argv[0]);
}

/* Copies both; environment may be NULL. */
static int
launcher_register(struct launcher *launcher, char *const argv[],
    char *const environment[], struct error *err)
{
	struct launcher_command *command = &launcher->command[launcher->count];

	if (launcher_find(launcher, argv) < launcher->count)
		return 0;
	if (launcher->count == COMMANDS_MAX)
		return error_set(err, ERROR_BUG, "too many commands");
	*command = (struct launcher_command){.argv = words_copy(argv, err)};
	if (command->argv != NULL && environment != NULL)
		command->environment = words_copy(environment, err);
	launcher->count++;
	return command->argv == NULL ||
		(environment != NULL && command->environment == NULL)
	    ? -1
	    : 0;
}

/* Returns the index of the command, or the number of commands. */
static size_t
launcher_find(const struct launcher *launcher, char *const argv[])
{
	size_t found = 0;

	for (; found < launcher->count; found++) {
		char *const *words = launcher->command[found].argv;
		size_t i = 0;

		while (words[i] != NULL && argv[i] != NULL &&
		    strcmp(words[i], argv[i]) == 0)
			i++;
		if (words[i] == NULL && argv[i] == NULL)
			break;
	}
	return found;
}

static int
launcher_execute(void *context, const int fd[SPAWN_FD_COUNT], pid_t *ret_pid,
    struct error *err)
{
	const struct launcher_start *start = context;
	const struct launcher *launcher = start->launcher;
	struct launcher_request request = {.command = start->command};
	struct launcher_answer answer = {.failure = EPIPE};
	ssize_t got = -1;

	if (launcher_send(launcher->socket, &request, fd) == 0) {
		do
			got = recv(launcher->socket, &answer, sizeof answer, 0);
		while (got == -1 && errno == EINTR);
	}
	if (got != sizeof answer)
		return error_set(err, ERROR_SYSTEM,
		    "the process that starts programs has ended");
	if (answer.failure == 0) {
		*ret_pid = answer.pid;
		return 0;
	}
	if (answer.pid > 0)
		waitpid(answer.pid, NULL, 0);
	errno = answer.failure;
	return error_set_errno(err, ERROR_SYSTEM, "%s",
	    launcher->command[start->command].argv[0]);
}

static int
launcher_send(int socket, const struct launcher_request *request,
    const int fd[SPAWN_FD_COUNT])
{
	struct launcher_request complete = *request;
	union launcher_control control;
	struct iovec bytes = {&complete, sizeof complete};
	struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};
	struct cmsghdr *header = &control.align;
	size_t count = 0;

	memset(&control, 0, sizeof control);
	for (size_t i = 0; i < SPAWN_FD_COUNT; i++) {
		complete.has_fd[i] = fd[i] != -1;
		if (fd[i] != -1)
			memcpy(CMSG_DATA(header) + count++ * sizeof(int),
			    &fd[i], sizeof(int));
	}
	if (count > 0) {
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(count * sizeof(int));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) == -1 ? -1 : 0;
}
