/* SPDX-License-Identifier: MIT */
/*
 * Tells machines apart by the identifier that Linux makes when it starts, which
 * containers share, and by their names.
 */
#include "spool/machine.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/vfs.h>
#endif

enum {
	BOOT_SIZE = 37
};

static void find_boot(char boot[BOOT_SIZE]);
static void find_name(char name[MACHINE_NAME_SIZE]);
static bool is_of_network(int fd);

size_t
machine_format(char *out, size_t size)
{
	char boot[BOOT_SIZE];
	char name[MACHINE_NAME_SIZE];
	int len;

	find_boot(boot);
	find_name(name);
	len = snprintf(out, size, "%s %s\n", boot, name);
	return len > 0 && (size_t)len < size ? (size_t)len : 0;
}

bool
machine_is_other(int fd, const char *line, char name[MACHINE_NAME_SIZE])
{
	size_t boot_len = strcspn(line, " \n");
	size_t name_len =
	    strcspn(line + boot_len + (line[boot_len] == ' '), "\n");
	char boot[BOOT_SIZE];
	char own[MACHINE_NAME_SIZE];

	if (line[boot_len] != ' ' || name_len == 0 ||
	    name_len >= MACHINE_NAME_SIZE || !is_of_network(fd))
		return false;
	memcpy(name, line + boot_len + 1, name_len);
	name[name_len] = '\0';
	find_boot(boot);
	find_name(own);
	return (strlen(boot) != boot_len ||
		   strncmp(line, boot, boot_len) != 0) &&
	    strcmp(name, own) != 0;
}

static void
find_boot(char boot[BOOT_SIZE])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd != -1 ? read(fd, boot, BOOT_SIZE - 1) : 0;

	if (fd != -1)
		close(fd);
	boot[len > 0 ? len : 0] = '\0';
	boot[strcspn(boot, " \n")] = '\0';
	if (boot[0] == '\0')
		snprintf(boot, BOOT_SIZE, "-");
}

static void
find_name(char name[MACHINE_NAME_SIZE])
{
	if (gethostname(name, MACHINE_NAME_SIZE) == -1)
		name[0] = '\0';
	name[MACHINE_NAME_SIZE - 1] = '\0';
}

static bool
is_of_network(int fd)
{
#ifdef __linux__
	/* NFS, SMB, CIFS, SMB 2, FUSE, AFS, 9P, Ceph, Coda, Lustre: statfs(2).
	 */
	static const uint32_t types[] = {0x6969, 0x517b, 0xff534d42, 0xfe534d42,
	    0x65735546, 0x5346414f, 0x01021997, 0x00c36400, 0x73757245,
	    0x0bd00bd0};
	struct statfs status;

	if (fstatfs(fd, &status) == -1)
		return false;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if ((uint32_t)status.f_type == types[i])
			return true;
	}
#else
	(void)fd;
#endif
	return false;
}
