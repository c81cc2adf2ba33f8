/* SPDX-License-Identifier: MIT */
/*
 * The seccomp filter. It names the system calls that are denied: the C library,
 * its resolver modules, GnuTLS and Kerberos use too many to name the others.
 */
#include "base/sandbox.h"

#if defined(__linux__) && __has_include(<linux/seccomp.h>) && \
    ((defined(__x86_64__) && !defined(__ILP32__)) || defined(__aarch64__))

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __x86_64__
#define OUR_ARCH AUDIT_ARCH_X86_64
#else
#define OUR_ARCH AUDIT_ARCH_AARCH64
#endif

enum {
	PROGRAM_MAX = 256,
	X32_BIT = 0x40000000,
	SOCK_TYPE_MASK = 0xF
};

#ifdef __NR_clone3
#define CLONE3 __NR_clone3
#else
#define CLONE3 435
#endif

/* Denied with EPERM. */
static const uint32_t denied[] = {
    /* Programs and processes */
    __NR_execve,
    __NR_execveat,
#ifdef __NR_fork
    __NR_fork,
    __NR_vfork,
#endif
    /* Other processes */
    __NR_ptrace,
    __NR_process_vm_readv,
    __NR_process_vm_writev,
    __NR_kcmp,
    438, /* pidfd_getfd */
    /* Connections from others */
    __NR_listen,
    __NR_accept,
    __NR_accept4,
/* Modes, owners and attributes, which Landlock does not protect */
#ifdef __NR_chmod
    __NR_chmod,
    __NR_chown,
    __NR_lchown,
    __NR_mknod,
#endif
    __NR_fchmod,
    __NR_fchmodat,
    __NR_fchown,
    __NR_fchownat,
    452, /* fchmodat2 */
    __NR_mknodat,
    __NR_setxattr,
    __NR_lsetxattr,
    __NR_fsetxattr,
    __NR_removexattr,
    __NR_lremovexattr,
    __NR_fremovexattr,
    463, /* setxattrat */
    466, /* removexattrat */
    /* Identity and name spaces */
    __NR_setuid,
    __NR_setgid,
    __NR_setreuid,
    __NR_setregid,
    __NR_setresuid,
    __NR_setresgid,
    __NR_setfsuid,
    __NR_setfsgid,
    __NR_setgroups,
    __NR_capset,
    __NR_personality,
    __NR_chroot,
    __NR_unshare,
    __NR_setns,
    __NR_pivot_root,
    __NR_mount,
    __NR_umount2,
    428, /* open_tree */
    429, /* move_mount */
    430, /* fsopen */
    431, /* fsconfig */
    432, /* fsmount */
    433, /* fspick */
    442, /* mount_setattr */
    __NR_open_by_handle_at,
    /* The kernel */
    __NR_bpf,
    __NR_perf_event_open,
    __NR_init_module,
    __NR_finit_module,
    __NR_delete_module,
    __NR_kexec_load,
    __NR_reboot,
    __NR_swapon,
    __NR_swapoff,
    __NR_acct,
    __NR_quotactl,
    __NR_syslog,
    __NR_settimeofday,
    __NR_clock_settime,
    __NR_adjtimex,
    __NR_clock_adjtime,
    __NR_sethostname,
    __NR_setdomainname,
#ifdef __NR_userfaultfd
    __NR_userfaultfd,
#endif
    425, /* io_uring_setup: it would evade this filter */
    426, /* io_uring_enter */
    427, /* io_uring_register */
#ifdef __NR_modify_ldt
    __NR_modify_ldt,
    __NR_iopl,
    __NR_ioperm,
#endif
};

enum {
	DENIED_COUNT = sizeof denied / sizeof *denied
};

struct filter {
	struct sock_filter code[PROGRAM_MAX];
	unsigned short len;
};

static bool filter_apply(struct filter *filter);
static void filter_add(struct filter *filter, uint16_t code, uint32_t operand,
    uint8_t if_true, uint8_t if_false);
static void filter_add_socket(struct filter *filter,
    const struct sandbox_policy *policy);
static void filter_add_clone(struct filter *filter);
static void filter_add_ioctl(struct filter *filter);

#define LOAD (BPF_LD | BPF_W | BPF_ABS)
#define JUMP_EQUAL (BPF_JMP | BPF_JEQ | BPF_K)
#define JUMP_SET (BPF_JMP | BPF_JSET | BPF_K)
#define RETURN (BPF_RET | BPF_K)
#define NUMBER offsetof(struct seccomp_data, nr)
#define ARCH offsetof(struct seccomp_data, arch)
/* The low half of an argument; both machines are little-endian. */
#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + 8 * (n))
#define DENY (SECCOMP_RET_ERRNO | EPERM)

bool
sandbox_filter_is_supported(void)
{
	uint32_t action = SECCOMP_RET_ERRNO;

	return syscall(__NR_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

bool
sandbox_filter_enter(const struct sandbox_policy *policy)
{
	struct filter filter = {.len = 0};

	/* System calls of another architecture have other numbers, and nothing
	   here uses them. */
	filter_add(&filter, LOAD, ARCH, 0, 0);
	filter_add(&filter, JUMP_EQUAL, OUR_ARCH, 1, 0);
	filter_add(&filter, RETURN, SECCOMP_RET_KILL_PROCESS, 0, 0);
	filter_add(&filter, LOAD, NUMBER, 0, 0);
	filter_add(&filter, BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1);
	filter_add(&filter, RETURN, DENY, 0, 0);
	filter_add_socket(&filter, policy);
	filter_add_clone(&filter);
	filter_add_ioctl(&filter);
	for (size_t i = 0; i < DENIED_COUNT; i++)
		filter_add(&filter, JUMP_EQUAL, denied[i],
		    (uint8_t)(DENIED_COUNT - i), 0);
	filter_add(&filter, RETURN, SECCOMP_RET_ALLOW, 0, 0);
	filter_add(&filter, RETURN, DENY, 0, 0);
	return filter_apply(&filter);
}

/* This filter is added to the first one; the stricter of the two decides. */
void
sandbox_filter_narrow(void)
{
	struct filter filter = {.len = 0};

	filter_add(&filter, LOAD, NUMBER, 0, 0);
	filter_add(&filter, JUMP_EQUAL, __NR_socket, 0, 7);
	filter_add(&filter, LOAD, ARGUMENT(0), 0, 0);
	filter_add(&filter, JUMP_EQUAL, AF_INET, 1, 0);
	filter_add(&filter, JUMP_EQUAL, AF_INET6, 0, 3);
	filter_add(&filter, LOAD, ARGUMENT(1), 0, 0);
	filter_add(&filter, BPF_ALU | BPF_AND | BPF_K, SOCK_TYPE_MASK, 0, 0);
	filter_add(&filter, JUMP_EQUAL, SOCK_STREAM, 1, 0);
	filter_add(&filter, RETURN, DENY, 0, 0);
	filter_add(&filter, RETURN, SECCOMP_RET_ALLOW, 0, 0);
	filter_apply(&filter);
}

static bool
filter_apply(struct filter *filter)
{
	const struct sock_fprog program = {.len = filter->len,
	    .filter = filter->code};

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* Jumps are relative to the next instruction. */
static void
filter_add(struct filter *filter, uint16_t code, uint32_t operand,
    uint8_t if_true, uint8_t if_false)
{
	filter->code[filter->len++] = (struct sock_filter){.code = code,
	    .jt = if_true,
	    .jf = if_false,
	    .k = operand};
}

/* getaddrinfo asks NETLINK_ROUTE for the addresses of this host. */
static void
filter_add_socket(struct filter *filter, const struct sandbox_policy *policy)
{
	filter_add(filter, JUMP_EQUAL, __NR_socket, 0, 15);
	filter_add(filter, LOAD, ARGUMENT(0), 0, 0);
	filter_add(filter, JUMP_EQUAL, AF_UNIX, policy->denies_unix ? 11 : 7,
	    0);
	filter_add(filter, BPF_JMP | BPF_JA, policy->denies_internet ? 10 : 0,
	    0, 0);
	filter_add(filter, JUMP_EQUAL, AF_INET, 5, 0);
	filter_add(filter, JUMP_EQUAL, AF_INET6, 4, 0);
	filter_add(filter, JUMP_EQUAL, AF_NETLINK, 0, 7);
	filter_add(filter, LOAD, ARGUMENT(2), 0, 0);
	filter_add(filter, JUMP_EQUAL, NETLINK_ROUTE, 0, 5);
	filter_add(filter, RETURN, SECCOMP_RET_ALLOW, 0, 0);
	filter_add(filter, LOAD, ARGUMENT(1), 0, 0);
	filter_add(filter, BPF_ALU | BPF_AND | BPF_K, SOCK_TYPE_MASK, 0, 0);
	filter_add(filter, JUMP_EQUAL, SOCK_STREAM, 2, 0);
	filter_add(filter, JUMP_EQUAL, SOCK_DGRAM, 1, 0);
	filter_add(filter, RETURN, DENY, 0, 0);
	filter_add(filter, RETURN, SECCOMP_RET_ALLOW, 0, 0);
}

/* Threads only. The flags of clone3 cannot be examined; the C library falls
 * back to clone. */
static void
filter_add_clone(struct filter *filter)
{
	filter_add(filter, JUMP_EQUAL, CLONE3, 0, 1);
	filter_add(filter, RETURN, SECCOMP_RET_ERRNO | ENOSYS, 0, 0);
	filter_add(filter, JUMP_EQUAL, __NR_clone, 0, 4);
	filter_add(filter, LOAD, ARGUMENT(0), 0, 0);
	filter_add(filter, JUMP_SET, CLONE_THREAD, 1, 0);
	filter_add(filter, RETURN, DENY, 0, 0);
	filter_add(filter, RETURN, SECCOMP_RET_ALLOW, 0, 0);
}

/* What is pushed into the input of the terminal would be run by the shell. */
static void
filter_add_ioctl(struct filter *filter)
{
	enum {
		OUR_TIOCLINUX = 0x541C /* pastes the selection */
	};

	filter_add(filter, JUMP_EQUAL, __NR_ioctl, 0, 5);
	filter_add(filter, LOAD, ARGUMENT(1), 0, 0);
	filter_add(filter, JUMP_EQUAL, TIOCSTI, 1, 0);
	filter_add(filter, JUMP_EQUAL, OUR_TIOCLINUX, 0, 1);
	filter_add(filter, RETURN, DENY, 0, 0);
	filter_add(filter, RETURN, SECCOMP_RET_ALLOW, 0, 0);
}

#else

bool
sandbox_filter_is_supported(void)
{
	return false;
}

bool
sandbox_filter_enter(const struct sandbox_policy *policy)
{
	(void)policy;
	return false;
}

void
sandbox_filter_narrow(void)
{
}

#endif
