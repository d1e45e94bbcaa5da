// SPDX-License-Identifier: BSD-2-Clause
/* What a process can do no more behind the fence (parser/sandbox.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parser/sandbox.h"

/* Behind the fence: the number of the first thing that went other than it must, 0 none. */
typedef int (*trial_fn)(int fd);

/* In a process of its own, with one end of a pipe to keep. */
static void assert_fenced(trial_fn trial)
{
	int ends[2], status, fd;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (sandbox_leave_world(ends[0], &fd))
			_exit(100);
		/* _exit of a sanitizer's does more than leave. */
		syscall(SYS_exit_group, trial(fd));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(ends[0]);
	close(ends[1]);
}

/* No fd but the one kept, no capability, none to be had. */
static int leaves_world(int fd)
{
	cap_t caps = cap_get_proc(), none = cap_init();
	char byte;

	if (fcntl(fd, F_GETFD) < 0 || fd != 3)
		return 1;
	for (int i = fd + 1; i < 1024; i++)
		if (fcntl(i, F_GETFD) >= 0)
			return 2;
	if (read(0, &byte, 1) != 0)
		return 3;
	if (cap_compare(caps, none))
		return 4;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 5;
}

static void test_leaves_world(void **state)
{
	(void)state;
	assert_fenced(leaves_world);
}

static int is_fenced(int fd)
{
	const pid_t parent = getppid();
	char *memory;

	if (sandbox_enter())
		return 1;
	if (open("/proc/self/status", O_RDONLY) != -1 || errno != EPERM)
		return 2;
	if (socket(AF_INET, SOCK_STREAM, 0) != -1 || errno != EPERM)
		return 3;
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != -1 || errno != EPERM)
		return 4;
	if (kill(parent, 0) != -1 || errno != EPERM)
		return 5;
	if (fork() != -1 || errno != EPERM)
		return 6;
	if (execl("/bin/true", "true", NULL) != -1 || errno != EPERM)
		return 7;
	if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
	    MAP_FAILED)
		return 8;
	memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED || !mprotect(memory, 4096, PROT_READ | PROT_EXEC))
		return 9;
	if (write(fd, "x", 1) != -1 || errno != EPERM)
		return 10;
	return fcntl(fd, F_SETFL, O_NONBLOCK) == -1 && errno == EPERM ? 0 : 11;
}

static void test_is_fenced(void **state)
{
	(void)state;
	assert_fenced(is_fenced);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_leaves_world),
		cmocka_unit_test(test_is_fenced),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
