/* SPDX-License-Identifier: MIT */
/*
 * The process that starts programs for its parent. It has the privileges that
 * the parent gives up, so it executes nothing but what was registered.
 */
#include "base/launcher-process.h"

#ifdef LAUNCHER_IS_SUPPORTED

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/process.h"

enum {
	CALL_CLOSE_RANGE = 436 /* the C library may be older than the kernel */
};

extern char **environ;

static void launcher_claim_descriptors(int socket);
static int launcher_receive(int socket, struct launcher_request *request,
    int fd[SPAWN_FD_COUNT]);
static struct launcher_answer
launcher_start(const struct launcher_command *command,
    const int fd[SPAWN_FD_COUNT]);
static void launcher_become(const struct launcher_command *command,
    const int fd[SPAWN_FD_COUNT]);

void
launcher_serve(const struct launcher_command *command, size_t count, int socket)
{
	struct launcher_request request;
	int fd[SPAWN_FD_COUNT];

	process_end_with_parent();
	launcher_claim_descriptors(socket);
	socket = SPAWN_FD_COUNT;
	while (launcher_receive(socket, &request, fd) == 0 &&
	    request.command < count) {
		struct launcher_answer answer =
		    launcher_start(&command[request.command], fd);

		for (size_t i = 0; i < SPAWN_FD_COUNT; i++) {
			if (fd[i] != -1)
				close(fd[i]);
		}
		send(socket, &answer, sizeof answer, MSG_NOSIGNAL);
	}
}

/*
 * Keeps only the socket, as SPAWN_FD_COUNT. The descriptors below it are
 * /dev/null, so that those that are received have other numbers.
 */
static void
launcher_claim_descriptors(int socket)
{
	int null;

	if (dup2(socket, SPAWN_FD_COUNT) == -1)
		_exit(1);
	fcntl(SPAWN_FD_COUNT, F_SETFD, FD_CLOEXEC);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int i = 0; i < SPAWN_FD_COUNT; i++) {
		if (null == -1 || dup2(null, i) == -1)
			_exit(1);
		if (i > STDERR_FILENO)
			fcntl(i, F_SETFD, FD_CLOEXEC);
	}
	syscall(CALL_CLOSE_RANGE, SPAWN_FD_COUNT + 1, ~0U, 0);
}

static int
launcher_receive(int socket, struct launcher_request *request,
    int fd[SPAWN_FD_COUNT])
{
	union launcher_control control;
	struct iovec bytes = {request, sizeof *request};
	struct msghdr message = {.msg_iov = &bytes,
	    .msg_iovlen = 1,
	    .msg_control = &control,
	    .msg_controllen = sizeof control};
	struct cmsghdr *header;
	size_t count = 0;
	ssize_t got;

	do
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (got == -1 && errno == EINTR);
	if (got != (ssize_t)sizeof *request)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	for (size_t i = 0; i < SPAWN_FD_COUNT; i++) {
		fd[i] = -1;
		if (request->has_fd[i] && header != NULL)
			memcpy(&fd[i],
			    CMSG_DATA(header) + count++ * sizeof(int),
			    sizeof(int));
	}
	return 0;
}

/* The new process is a child of our parent, which waits for it. */
static struct launcher_answer
launcher_start(const struct launcher_command *command,
    const int fd[SPAWN_FD_COUNT])
{
	struct launcher_answer answer = {.failure = 0};
	int report[2]; /* errno, unless exec closes it */

	if (pipe2(report, O_CLOEXEC) == -1) {
		answer.failure = errno;
		return answer;
	}
	answer.pid = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL,
	    NULL, NULL, NULL);
	if (answer.pid == 0) {
		launcher_become(command, fd);
		if (write(report[1], &errno, sizeof errno) == -1)
			_exit(126);
		_exit(127);
	}
	if (answer.pid == -1)
		answer.failure = errno;
	close(report[1]);
	if (read(report[0], &answer.failure, sizeof answer.failure) == -1)
		answer.failure = errno;
	close(report[0]);
	return answer;
}

/* Returns only on failure. */
static void
launcher_become(const struct launcher_command *command,
    const int fd[SPAWN_FD_COUNT])
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	for (int i = 0; i < SPAWN_FD_COUNT; i++) {
		if (fd[i] != -1 && dup2(fd[i], i) == -1)
			return;
	}
	execvpe(command->argv[0], command->argv,
	    command->environment != NULL ? command->environment : environ);
}

#else

void
launcher_serve(const struct launcher_command *command, size_t count, int socket)
{
	(void)command;
	(void)count;
	(void)socket;
}

#endif
