/* SPDX-License-Identifier: MIT */
/*
 * Lets a process of a build with --coverage write its counts: also one that
 * ends by _exit, and one that would have entered the sandbox. What it would
 * have been denied is built, but not applied. Linked by "make coverage", with
 * ld's --wrap.
 */
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/seccomp.h>

enum {
	LANDLOCK_RESTRICT_SELF = 446
};

void __gcov_dump(void);
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);
int __real_execvpe(const char *file, char *const argv[], char *const envp[]);
int __wrap_execvpe(const char *file, char *const argv[], char *const envp[]);
int __real_prctl(int option, ...);
int __wrap_prctl(int option, ...);
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

_Noreturn void
__wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}

/* The compiler does this for the standard functions of the family. */
int
__wrap_execvpe(const char *file, char *const argv[], char *const envp[])
{
	__gcov_dump();
	return __real_execvpe(file, argv, envp);
}

int
__wrap_prctl(int option, ...)
{
	unsigned long argument[4];
	va_list list;

	va_start(list, option);
	for (int i = 0; i < 4; i++)
		argument[i] = va_arg(list, unsigned long);
	va_end(list);
	if (option == PR_SET_SECCOMP)
		return 0;
	return __real_prctl(option, argument[0], argument[1], argument[2],
	    argument[3]);
}

long
__wrap_syscall(long number, ...)
{
	long argument[6];
	va_list list;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		argument[i] = va_arg(list, long);
	va_end(list);
	if (number == LANDLOCK_RESTRICT_SELF)
		return 0;
	return __real_syscall(number, argument[0], argument[1], argument[2],
	    argument[3], argument[4], argument[5]);
}
