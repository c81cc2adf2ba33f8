/* SPDX-License-Identifier: MIT */
/*
 * Chooses the argument of EHLO.
 */
#include "smtp/ehlo-name.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"

void
ehlo_name_choose(const char *given, int fd, char name[EHLO_NAME_SIZE])
{
	struct sockaddr_storage local = {.ss_family = AF_UNSPEC};
	struct sockaddr_in *v4 = (struct sockaddr_in *)&local;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&local;
	socklen_t len = sizeof local;
	char address[INET6_ADDRSTRLEN] = "127.0.0.1";

	if (given != NULL) {
		snprintf(name, EHLO_NAME_SIZE, "%s", given);
		return;
	}
	if (gethostname(name, EHLO_NAME_SIZE) == 0 &&
	    memchr(name, '\0', EHLO_NAME_SIZE) != NULL &&
	    strchr(name, '.') != NULL && strpbrk(name, " \t") == NULL &&
	    !text_has_8bit(name, strlen(name)))
		return;
	getsockname(fd, (struct sockaddr *)&local, &len);
	if (local.ss_family == AF_INET6) {
		inet_ntop(AF_INET6, &v6->sin6_addr, address, sizeof address);
		snprintf(name, EHLO_NAME_SIZE, "[IPv6:%s]", address);
		return;
	}
	if (local.ss_family == AF_INET)
		inet_ntop(AF_INET, &v4->sin_addr, address, sizeof address);
	snprintf(name, EHLO_NAME_SIZE, "[%s]", address);
}
