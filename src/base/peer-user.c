/* SPDX-License-Identifier: MIT */
/*
 * Asks the kernel, which a client cannot deceive.
 */
#include "base/peer-user.h"

#include <sys/socket.h>
#include <unistd.h>

static bool peer_find(int fd, uid_t *ret_uid);

bool
peer_user(int fd, uid_t *ret_uid)
{
	struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
	socklen_t len = sizeof address;

	return getsockname(fd, (struct sockaddr *)&address, &len) == 0 &&
	    address.ss_family == AF_UNIX && peer_find(fd, ret_uid);
}

#ifdef __linux__

static bool
peer_find(int fd, uid_t *ret_uid)
{
	struct ucred peer;
	socklen_t len = sizeof peer;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == -1 ||
	    peer.pid == 0)
		return false;
	*ret_uid = peer.uid;
	return true;
}

#else

static bool
peer_find(int fd, uid_t *ret_uid)
{
	gid_t group;

	return getpeereid(fd, ret_uid, &group) == 0;
}

#endif
