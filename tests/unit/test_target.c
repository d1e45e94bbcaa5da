// SPDX-License-Identifier: BSD-2-Clause
/* target/target.h: pinning processes, and what becomes of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "held_child.h"
#include "target/proc.h"
#include "target/target.h"

#include "same_exe.h"

static void expect_refused(pid_t pid, int err, const char *text)
{
	struct target *t = NULL;
	struct reason why = {""};

	assert_int_equal(target_open(pid, &t, &why), err);
	assert_string_equal(why.text, text);
	assert_null(t);
}

static bool is_readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static void test_own_child(void **state)
{
	struct stat a, b;
	char self[PATH_MAX] = "";
	struct target *t, *me;
	siginfo_t info;
	int hold[2];
	uint64_t start_at, offset;
	struct reason why;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(hold), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		char none;

		close(hold[1]);
		_exit(read(hold[0], &none, 1) == 0 ? 0 : 1);
	}
	t = open_target(pid);
	me = open_target(getpid());
	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	assert_int_equal(target_pid(t), pid);
	assert_string_equal(target_exe(t), self);
	assert_int_equal(fstat(target_exe_fd(t), &a), 0);
	assert_int_equal(stat(self, &b), 0);
	assert_true(a.st_dev == b.st_dev && a.st_ino == b.st_ino);
	assert_true(same_exe(t, me));
	assert_int_equal(target_state(t), TARGET_RUNNING);
	assert_false(is_readable(target_pidfd(t)));

	close(hold[1]);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(target_state(t), TARGET_GONE);
	assert_true(is_readable(target_pidfd(t)));
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(target_state(t), TARGET_GONE);
	assert_int_equal(target_text(t, &start_at, &offset, &why), -ESRCH);
	close(hold[0]);
	target_free(t);
	target_free(me);
	target_free(NULL);
}

static void test_exec_of_another_program(void **state)
{
	char *argv[] = {"/bin/sh", "-c", "read x; exec /bin/cat", NULL};
	struct child c = start(argv);
	struct target *t = open_target(c.pid), *after;
	uint64_t start_at, offset;
	char text[64];
	struct reason why;

	(void)state;
	assert_int_equal(target_state(t), TARGET_RUNNING);
	tell(&c, "\nback\n");
	expect_line(&c, "back\n");
	assert_int_equal(target_state(t), TARGET_EXECED);
	assert_false(is_readable(target_pidfd(t)));
	assert_int_equal(target_text(t, &start_at, &offset, &why), -ESRCH);
	snprintf(text, sizeof(text), "process %d runs another program now", c.pid);
	assert_string_equal(why.text, text);
	after = open_target(c.pid);
	assert_int_equal(target_state(after), TARGET_RUNNING);
	assert_false(same_exe(t, after));
	finish(&c);
	assert_int_equal(target_state(t), TARGET_GONE);
	target_free(after);
	target_free(t);
}

static void test_exec_of_the_same_file(void **state)
{
	char *argv[] = {"/bin/sh", "-c", "read x; exec /bin/sh -c 'echo ready; read y'", NULL};
	FILE *f = fopen("/proc/sys/kernel/randomize_va_space", "re");
	int random = f ? fgetc(f) : '2';
	struct target *t, *after;
	struct child c;

	(void)state;
	if (f)
		fclose(f);
	if (random == '0')
		fail_msg("set kernel.randomize_va_space: two execs look the same without");
	c = start(argv);
	t = open_target(c.pid);
	assert_int_equal(target_state(t), TARGET_RUNNING);
	tell(&c, "\n");
	expect_line(&c, "ready\n");
	assert_int_equal(target_state(t), TARGET_EXECED);
	after = open_target(c.pid);
	assert_true(same_exe(t, after));
	assert_int_equal(target_state(after), TARGET_RUNNING);
	finish(&c);
	target_free(after);
	target_free(t);
}

static void test_no_such_process(void **state)
{
	char text[64];
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	snprintf(text, sizeof(text), "no process %d", pid);
	expect_refused(pid, -ESRCH, text);
	expect_refused(0, -ESRCH, "no process 0");
	expect_refused(-1, -ESRCH, "no process -1");
}

static void test_zombie(void **state)
{
	siginfo_t info;
	char text[64];
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	snprintf(text, sizeof(text), "process %d has ended", pid);
	expect_refused(pid, -ESRCH, text);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

struct held_thread {
	int tell_tid, hold;
};

static void *hold_thread(void *arg)
{
	struct held_thread *h = arg;
	pid_t tid = (pid_t)syscall(SYS_gettid);
	char none;

	if (write(h->tell_tid, &tid, sizeof(tid)) != sizeof(tid) || read(h->hold, &none, 1) < 0)
		return h;
	return NULL;
}

static void test_thread_id(void **state)
{
	int ids[2], hold[2];
	struct held_thread h;
	pthread_t thread;
	char text[96];
	pid_t tid;

	(void)state;
	assert_int_equal(pipe(ids), 0);
	assert_int_equal(pipe(hold), 0);
	h = (struct held_thread){ids[1], hold[0]};
	assert_int_equal(pthread_create(&thread, NULL, hold_thread, &h), 0);
	assert_int_equal(read(ids[0], &tid, sizeof(tid)), sizeof(tid));
	snprintf(text, sizeof(text), "pid %d is a thread of process %d: use -p %d", tid, getpid(),
		 getpid());
	expect_refused(tid, -EINVAL, text);
	close(hold[1]);
	assert_int_equal(pthread_join(thread, NULL), 0);
	close(hold[0]);
	close(ids[0]);
	close(ids[1]);
}

static _Noreturn void end_main_thread_only(int tell_tid, int hold)
{
	static struct held_thread h;
	pthread_t thread;

	h = (struct held_thread){tell_tid, hold};
	if (pthread_create(&thread, NULL, hold_thread, &h))
		_exit(1);
	syscall(SYS_exit, 0);
	_exit(1);
}

/* State Z shows in stat, but the process goes on. */
static void test_main_thread_has_ended(void **state)
{
	int ids[2], hold[2], proc_fd;
	struct proc_stat stat = {0};
	struct target *t;
	char path[64], text[128];
	uint64_t start, offset;
	struct reason why;
	pid_t pid, tid;

	(void)state;
	assert_int_equal(pipe(ids), 0);
	assert_int_equal(pipe(hold), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		char go;

		if (read(hold[0], &go, 1) != 1)
			_exit(1);
		close(hold[1]);
		end_main_thread_only(ids[1], hold[0]);
	}
	t = open_target(pid);
	assert_int_equal(write(hold[1], "", 1), 1);
	assert_int_equal(read(ids[0], &tid, sizeof(tid)), sizeof(tid));
	snprintf(path, sizeof(path), "/proc/%d", pid);
	proc_fd = open(path, O_PATH | O_CLOEXEC);
	while (stat.state != 'Z') {
		assert_int_equal(proc_read_stat(proc_fd, &stat), 0);
		sched_yield();
	}
	assert_int_equal(target_state(t), TARGET_RUNNING);
	snprintf(text, sizeof(text),
		 "process %d has no executable any more: its main thread has ended", pid);
	expect_refused(pid, -ESRCH, text);
	/* As while a process exits: its memory is gone, it is not. */
	assert_int_equal(target_text(t, &start, &offset, &why), -ESRCH);
	assert_string_equal(why.text, text);
	close(hold[1]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(target_state(t), TARGET_GONE);
	close(hold[0]);
	close(ids[0]);
	close(ids[1]);
	close(proc_fd);
	target_free(t);
}

static void test_kernel_thread(void **state)
{
	char name[32] = "";
	FILE *f = fopen("/proc/2/comm", "re");

	(void)state;
	if (f && !fgets(name, sizeof(name), f))
		name[0] = '\0';
	if (f)
		fclose(f);
	if (strcmp(name, "kthreadd\n") != 0)
		fail_msg("pid 2 is no kernel thread: run this in the first pid namespace");
	expect_refused(2, -ENOEXEC, "process 2 is a kernel thread: it runs no program");
}

static int open_as_nobody(pid_t pid, const char *text)
{
	struct target *t;
	struct reason why = {""};

	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		return 1;
	if (target_open(pid, &t, &why) != -EACCES)
		return 2;
	return strcmp(why.text, text) == 0 ? 0 : 3;
}

static void test_not_permitted(void **state)
{
	char text[128];
	int status;
	pid_t parent = getpid(), pid;

	(void)state;
	if (geteuid() != 0)
		fail_msg("run this as root");
	snprintf(text, sizeof(text),
		 "not permitted to look into process %d (user root): run as root or with "
		 "CAP_SYS_PTRACE",
		 parent);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(open_as_nobody(parent, text));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_child),
		cmocka_unit_test(test_exec_of_another_program),
		cmocka_unit_test(test_exec_of_the_same_file),
		cmocka_unit_test(test_no_such_process),
		cmocka_unit_test(test_zombie),
		cmocka_unit_test(test_thread_id),
		cmocka_unit_test(test_main_thread_has_ended),
		cmocka_unit_test(test_kernel_thread),
		cmocka_unit_test(test_not_permitted),
	};

	alarm(60);
	return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
