/* SPDX-License-Identifier: MIT */
#ifndef BASE_LAUNCHER_PROCESS_H
#define BASE_LAUNCHER_PROCESS_H

/* The process of a launcher, for launcher.c only. */

#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "base/spawn.h"

/* The first argument of clone is the flags on most machines. */
#if defined(__linux__) && !defined(__s390__)
#define LAUNCHER_IS_SUPPORTED 1
#endif

struct launcher_command {
	char **argv;
	char **environment; /* NULL: that of the process */
};

/* Comes with the descriptors that are given, in order. */
struct launcher_request {
	size_t command; /* index */
	int has_fd[SPAWN_FD_COUNT];
};

/* The descriptors, as ancillary data of a request (cmsg(3)). */
union launcher_control {
	char bytes[CMSG_SPACE(SPAWN_FD_COUNT * sizeof(int))];
	struct cmsghdr align;
};

struct launcher_answer {
	pid_t pid;
	int failure; /* errno, or 0 */
};

/* Answers requests at socket until the other end is closed, and exits. Does
 * nothing on systems that are not supported. */
void launcher_serve(const struct launcher_command *command, size_t count,
    int socket);

#endif
