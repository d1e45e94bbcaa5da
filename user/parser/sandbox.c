// SPDX-License-Identifier: BSD-2-Clause
#include "parser/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <seccomp.h>

#define STANDARD_FDS 3

static int drop_capabilities(void)
{
	cap_t none = cap_init();
	int err = none && !cap_set_proc(none) ? 0 : -errno;

	cap_free(none);
	return err;
}

int sandbox_leave_world(int keep, int *fd)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; i < STANDARD_FDS; i++)
		if (nowhere < 0 || dup2(nowhere, i) < 0)
			return -errno;
	if (keep != STANDARD_FDS && dup2(keep, STANDARD_FDS) < 0)
		return -errno;
	if (close_range(STANDARD_FDS + 1, UINT_MAX, 0))
		return -errno;
	*fd = STANDARD_FDS;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return drop_capabilities();
}

/*
 * Memory that is not to be run, files that are open, the socket, and what malloc and qsort of glibc
 * take.
 */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(lseek),
	SCMP_SYS(fstat),
	SCMP_SYS(close),
	SCMP_SYS(recvfrom),
	SCMP_SYS(sendto),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(brk),
	SCMP_SYS(futex),
	SCMP_SYS(getrandom),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(sysinfo),
};

static const int with_prot[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};

static int allow(scmp_filter_ctx filter)
{
	int err = 0;

	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]) && !err; i++)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; i < sizeof(with_prot) / sizeof(with_prot[0]) && !err; i++)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, with_prot[i], 1,
				       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	/* libelf asks whether the file is open. */
	if (!err)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
				       SCMP_A1(SCMP_CMP_EQ, F_GETFD));
	/* glibc's fstat; no filter sees whether the path is empty, and all that it tells is stat's.
	 */
	if (!err)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
				       SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
	return err;
}

int sandbox_enter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int err = filter ? allow(filter) : -ENOMEM;

	/* The kernel's own errors, not the library's word for all of them. */
	if (!err)
		err = seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
	if (!err)
		err = seccomp_load(filter);
	seccomp_release(filter);
	return err == -EINVAL ? -ENOSYS : err;
}
