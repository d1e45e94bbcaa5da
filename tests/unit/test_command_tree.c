// SPDX-License-Identifier: BSD-2-Clause
/*
 * target/command.h: following a tree of processes and letting it go. Some of the commands are this
 * program, run with the name of a helper (see helpers[]).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "held_command.h"
#include "target/command.h"

#define HELPER(name)                                                                               \
	{                                                                                          \
		"/proc/self/exe", name, NULL                                                       \
	}

static void test_wrapper_released_in_the_middle(void **state)
{
	struct ends *e = *state;
	char *argv[] = SHELL("x=1; /bin/cat <&7 >&8; exit 3");
	struct command *c = start(argv);
	pid_t sh = expect_exec(c, "/bin/sh"), cat = expect_exec(c, "/bin/cat");

	assert_int_not_equal(sh, cat);
	assert_int_equal(status_number(cat, "Threads:"), 1);
	assert_int_equal(status_number(cat, "TracerPid:"), getpid());
	await_state(cat, 't');
	assert_int_equal(command_release(c), 0);
	assert_int_equal(status_number(cat, "TracerPid:"), 0);
	assert_int_equal(status_number(sh, "TracerPid:"), 0);
	assert_int_equal(write(e->hold, "alive\n", 6), 6);
	expect_line(e, "alive");
	let_go(e);
	assert_int_equal(command_wait(c), 3);
	finish(c);
}

/* The same process execs on; nice and env do so, sh does for its last command or with exec. */
static void test_exec_chain(void **state)
{
	char *argv[] = {"env", "nice", "-n", "0", "/bin/sh", "-c", "exec /bin/true", NULL};
	struct command *c = start(argv);
	pid_t pid = expect_exec(c, "/usr/bin/env");

	(void)state;
	assert_int_equal(expect_exec(c, "/usr/bin/nice"), pid);
	assert_int_equal(expect_exec(c, "/bin/sh"), pid);
	assert_int_equal(expect_exec(c, "/bin/true"), pid);
	assert_int_equal(next_exec(c), 0);
	assert_int_equal(next_exec(c), 0);
	assert_int_equal(command_wait(c), 0);
	finish(c);
}

static void test_background_process_outlives(void **state)
{
	struct ends *e = *state;
	char *argv[] = SHELL("(exec /bin/cat <&7 >&8) & exit 4");
	struct command *c = start(argv);
	pid_t cat = find_exec(c, "/bin/cat");
	char rest;

	assert_int_equal(command_release(c), 0);
	assert_int_equal(command_wait(c), 4);
	finish(c);
	assert_int_equal(status_number(cat, "TracerPid:"), 0);
	assert_int_equal(write(e->hold, "alive\n", 6), 6);
	expect_line(e, "alive");
	let_go(e);
	close(TELL);
	assert_int_equal(read(e->tell, &rest, 1), 0);
}

static void test_many_children(void **state)
{
	char *argv[] = SHELL("i=0; while [ $i -lt 200 ]; do /bin/true; i=$((i+1)); done; exit 9");
	struct command *c = start(argv);

	(void)state;
	expect_exec(c, "/bin/sh");
	for (int i = 0; i < 50; i++)
		expect_exec(c, "/bin/true");
	assert_int_equal(command_release(c), 0);
	assert_int_equal(command_wait(c), 9);
	finish(c);
	c = start(argv);
	assert_int_equal(count_execs(c), 201);
	assert_int_equal(command_wait(c), 9);
	finish(c);
}

/* Forks, execs and ends are under way in every mixture at the release. */
static void test_release_in_a_crowd(void **state)
{
	char *argv[] = SHELL("for i in 1 2 3 4 5 6 7 8; do"
			     " (/bin/true; /bin/true & (/bin/true); wait) & done; wait; exit 5");

	(void)state;
	for (int n = 0; n < 33; n++) {
		struct command *c = start(argv);

		for (int i = 0; i < n; i++)
			next_exec(c);
		assert_int_equal(command_release(c), 0);
		assert_int_equal(command_wait(c), 5);
		finish(c);
	}
}

/* The process ends by itself only when it has been continued. */
static void test_stopped_while_followed(void **state)
{
	char *argv[] =
		SHELL("/bin/cat <&7 & p=$!; kill -STOP $p; /bin/true; kill -CONT $p;"
		      "kill -STOP $p; kill -CONT $p; kill -TERM $p; wait $p 2>/dev/null; exit $?");

	(void)state;
	for (int i = 0; i < 10; i++) {
		struct command *c = start(argv);

		count_execs(c);
		assert_int_equal(command_wait(c), 128 + SIGTERM);
		finish(c);
	}
}

static void test_stopped_at_release(void **state)
{
	struct ends *e = *state;
	char *argv[] = SHELL("/bin/cat <&7 >&8 & p=$!; echo $p >&8; kill -STOP $p; /bin/true;"
			     "wait $p; exit 6");
	struct command *c = start(argv);
	pid_t cat;

	find_exec(c, "/bin/true");
	cat = read_pid(e);
	assert_int_equal(command_release(c), 0);
	await_state(cat, 'T');
	assert_int_equal(status_number(cat, "TracerPid:"), 0);
	assert_int_equal(kill(cat, SIGCONT), 0);
	assert_int_equal(write(e->hold, "alive\n", 6), 6);
	expect_line(e, "alive");
	let_go(e);
	assert_int_equal(command_wait(c), 6);
	finish(c);
}

/* In a group-stop for sure: its parent has seen it so before the release. */
static void test_listening_at_release(void **state)
{
	struct ends *e = *state;
	char *argv[] = HELPER("stop-child");
	struct command *c = start(argv);
	pid_t child;

	find_exec(c, "/bin/true");
	find_exec(c, "/bin/true");
	child = read_pid(e);
	assert_int_equal(command_release(c), 0);
	await_state(child, 'T');
	assert_int_equal(kill(child, SIGCONT), 0);
	let_go(e);
	assert_int_equal(command_wait(c), 8);
	finish(c);
}

static void test_exec_from_thread(void **state)
{
	char *argv[] = HELPER("exec-from-thread");

	(void)state;
	for (int i = 0; i < 10; i++) {
		struct command *c = start(argv);
		pid_t pid = expect_exec(c, "/proc/self/exe");

		assert_int_equal(expect_exec(c, "/bin/true"), pid);
		assert_int_equal(status_number(pid, "Threads:"), 1);
		assert_int_equal(next_exec(c), 0);
		assert_int_equal(command_wait(c), 0);
		finish(c);
	}
}

static void test_threads_at_release(void **state)
{
	struct ends *e = *state;
	char *argv[] = HELPER("threads");
	struct command *c = start(argv);

	find_exec(c, "/bin/true");
	assert_int_equal(command_release(c), 0);
	let_go(e);
	assert_int_equal(command_wait(c), 8);
	finish(c);
}

/* Parents that are killed while they fork leave children that nobody reports. */
static void test_parent_killed_in_fork(void **state)
{
	char *argv[] = HELPER("kill-forking");

	(void)state;
	expect_status(argv, 1, 0);
}

/* The tracer is killed with one process at its exec stop and others running. */
static void test_tracer_dies(void **state)
{
	struct ends *e = *state;
	char *argv[] = SHELL("/bin/cat <&7 >&8; echo end >&8");
	pid_t tracer = fork();

	assert_true(tracer >= 0);
	if (tracer == 0) {
		struct command *c = start(argv);

		find_exec(c, "/bin/cat");
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(tracer, NULL, 0), tracer);
	assert_int_equal(write(e->hold, "alive\n", 6), 6);
	expect_line(e, "alive");
	let_go(e);
	expect_line(e, "end");
}

static void *exec_true(void *arg)
{
	char *argv[] = {"/bin/true", NULL};

	execv(argv[0], argv);
	return arg;
}

static void *hold_thread(void *arg)
{
	char none;

	return read(HOLD, &none, 1) == 0 ? NULL : arg;
}

/* Exits 1 unless the exec of the thread does away with this one. */
static int help_exec_from_thread(void)
{
	pthread_t held, execing;
	char fail[] = "";

	if (pthread_create(&held, NULL, hold_thread, fail) ||
	    pthread_create(&execing, NULL, exec_true, fail))
		return 1;
	pthread_join(held, NULL);
	return 1;
}

static int run_true(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		exec_true(NULL);
	return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : 1;
}

static int help_threads(void)
{
	pthread_t threads[8];

	for (int i = 0; i < 8; i++)
		if (pthread_create(&threads[i], NULL, hold_thread, threads))
			return 1;
	if (run_true())
		return 1;
	for (int i = 0; i < 8; i++) {
		void *result;

		if (pthread_join(threads[i], &result) || result)
			return 1;
	}
	return 8;
}

/* The child must not get on before it is continued, which is behind the second run of true. */
static int help_stop_child(void)
{
	int on[2], status;
	struct pollfd p = {.events = POLLIN};
	pid_t pid;

	if (pipe(on))
		return 1;
	pid = fork();
	if (pid == 0) {
		kill(getpid(), SIGSTOP);
		_exit(write(on[1], "", 1) != 1 || hold_thread(&status));
	}
	if (waitpid(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		return 2;
	p.fd = on[0];
	if (run_true() || poll(&p, 1, 0) != 0)
		return 3;
	dprintf(TELL, "%d\n", pid);
	if (run_true())
		return 4;
	return waitpid(pid, &status, 0) == pid && status == 0 ? 8 : 5;
}

static _Noreturn void fork_on(int begun)
{
	for (;;) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		if (write(begun, "", 1) != 1 || waitpid(pid, NULL, 0) != pid)
			_exit(1);
	}
}

static int help_kill_forking(void)
{
	for (int i = 0; i < 20; i++) {
		char one;
		int begun[2], status;
		pid_t pid;

		if (pipe(begun))
			return 1;
		pid = fork();
		if (pid == 0)
			fork_on(begun[1]);
		for (int n = 0; n <= i; n++)
			if (read(begun[0], &one, 1) != 1)
				return 2;
		if (kill(pid, SIGKILL) || waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
			return 3;
		close(begun[0]);
		close(begun[1]);
	}
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} helpers[] = {
	{"exec-from-thread", help_exec_from_thread},
	{"threads", help_threads},
	{"stop-child", help_stop_child},
	{"kill-forking", help_kill_forking},
};

static int run_helper(const char *name)
{
	for (size_t i = 0; i < sizeof(helpers) / sizeof(helpers[0]); i++)
		if (strcmp(name, helpers[i].name) == 0)
			return helpers[i].run();
	return 99;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		with_ends(test_wrapper_released_in_the_middle),
		with_ends(test_exec_chain),
		with_ends(test_background_process_outlives),
		with_ends(test_many_children),
		with_ends(test_release_in_a_crowd),
		with_ends(test_stopped_while_followed),
		with_ends(test_stopped_at_release),
		with_ends(test_listening_at_release),
		with_ends(test_exec_from_thread),
		with_ends(test_threads_at_release),
		with_ends(test_parent_killed_in_fork),
		with_ends(test_tracer_dies),
	};

	if (argc > 1)
		_exit(run_helper(argv[1]));
	alarm(120);
	block_signals();
	return cmocka_run_group_tests_name("command_tree", tests, NULL, NULL);
}
