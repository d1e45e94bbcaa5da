// SPDX-License-Identifier: BSD-2-Clause
/* target/command.h: starting a command, its end, and the caller's signals. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "held_command.h"
#include "target/command.h"

static void test_exit_statuses(void **state)
{
	char *yes[] = {"true", NULL}, *no[] = {"false", NULL};
	char *seven[] = SHELL("exit 7"), *killed[] = SHELL("kill -TERM $$");

	(void)state;
	expect_status(yes, 1, 0);
	expect_status(no, 1, 1);
	expect_status(seven, 1, 7);
	expect_status(killed, 1, 128 + SIGTERM);
}

static void test_kill_at_exec(void **state)
{
	char *argv[] = SHELL("read x <&7");
	struct command *c = start(argv);

	(void)state;
	expect_exec(c, "/bin/sh");
	assert_int_equal(command_kill(c, SIGKILL), 0);
	assert_int_equal(next_exec(c), 0);
	assert_int_equal(command_wait(c), 128 + SIGKILL);
	assert_int_equal(command_kill(c, 0), -ESRCH);
	finish(c);
}

static void test_pidfd(void **state)
{
	struct ends *e = *state;
	char *argv[] = SHELL("read x <&7; exit 2");
	struct command *c = start(argv);
	struct pollfd p = {.fd = command_pidfd(c), .events = POLLIN};

	expect_exec(c, "/bin/sh");
	assert_int_equal(command_release(c), 0);
	assert_int_equal(poll(&p, 1, 0), 0);
	let_go(e);
	assert_int_equal(poll(&p, 1, -1), 1);
	assert_int_equal(command_wait(c), 2);
	finish(c);
}

static void expect_not_started(char *program, int err, const char *text)
{
	char *argv[] = {program, NULL};
	struct command *c = NULL;
	struct reason why = {""};

	assert_int_equal(command_start(argv, &outer_mask, &c, &why), err);
	assert_string_equal(why.text, text);
	assert_null(c);
	assert_int_equal(waitpid(-1, NULL, __WALL | WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void test_cannot_run(void **state)
{
	char path[] = "/tmp/test_command.XXXXXX", text[128];
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	/* A folder in PATH that may not be searched would make it "Permission denied". */
	assert_int_equal(setenv("PATH", "/usr/bin:/bin", 1), 0);
	expect_not_started("slicestat-no-such-program", -ENOENT,
			   "cannot run slicestat-no-such-program: No such file or directory");
	snprintf(text, sizeof(text), "cannot run %s: Permission denied", path);
	expect_not_started(path, -EACCES, text);
	assert_int_equal(unlink(path), 0);
	expect_not_started("/", -EACCES, "cannot run /: Permission denied");
}

static void test_stop_fd(void **state)
{
	struct ends *e = *state;
	char *argv[] = SHELL("echo stop >&8; read x <&7; exit 6");
	struct command *c = start(argv);
	struct reason why;

	expect_exec(c, "/bin/sh");
	assert_int_equal(command_next_exec(c, e->tell, &why), -EINTR);
	assert_int_equal(command_next_exec(c, e->tell, &why), -EINTR);
	expect_line(e, "stop");
	let_go(e);
	assert_int_equal(command_next_exec(c, e->tell, &why), 0);
	assert_int_equal(command_wait(c), 6);
	finish(c);
}

static void test_stop_fd_before_first_exec(void **state)
{
	struct ends *e = *state;
	char *argv[] = {"/bin/true", NULL};
	struct command *c;
	struct reason why;

	assert_int_equal(write(TELL, "\n", 1), 1);
	c = start(argv);
	assert_int_equal(command_next_exec(c, e->tell, &why), -EINTR);
	expect_exec(c, "/bin/true");
	assert_int_equal(command_wait(c), 0);
	finish(c);
}

/* As /proc/PID/status shows the ignored signals, but those that commands get back. */
/* Of this process, from the kernel: sigaction(3) does not tell of those that libc keeps to itself.
 */
static unsigned long long ignored_signals(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	unsigned long long bits = 0;
	bool found = false;
	char line[256];

	assert_non_null(f);
	while (!found && fgets(line, sizeof(line), f))
		found = sscanf(line, "SigIgn: %llx", &bits) == 1;
	fclose(f);
	assert_true(found);
	return bits & ~(1ULL << (SIGPIPE - 1) | 1ULL << (SIGCHLD - 1));
}

static void test_mask_and_actions(void **state)
{
	struct ends *e = *state;
	char *argv[] = SHELL("while read k v; do case $k in SigBlk:|SigIgn:) echo $k $v;; esac;"
			     "done </proc/self/status >&8");
	sigset_t mask;
	struct command *c = NULL;
	struct reason why;
	char want[64];

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	snprintf(want, sizeof(want), "SigIgn: %016llx", ignored_signals());
	assert_int_equal(command_start(argv, &mask, &c, &why), 0);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	assert_int_equal(count_execs(c), 1);
	expect_line(e, "SigBlk: 0000000000000200");
	expect_line(e, want);
	assert_int_equal(command_wait(c), 0);
	finish(c);
	assert_true(signal(SIGCHLD, SIG_DFL) == SIG_IGN);
}

static void on_signal(int sig)
{
	(void)sig;
}

/* The calls work and put things back when the caller has not blocked SIGCHLD. */
static void test_caller_without_mask(void **state)
{
	char *argv[] = SHELL("/bin/true; exit 7");
	sigset_t chld, before, after;
	struct sigaction act = {.sa_handler = on_signal};

	(void)state;
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_UNBLOCK, &chld, &before);
	sigaction(SIGCHLD, &act, NULL);
	expect_status(argv, 2, 7);
	sigprocmask(SIG_SETMASK, &before, &after);
	assert_false(sigismember(&after, SIGCHLD));
	assert_true(signal(SIGCHLD, SIG_DFL) == on_signal);
}

/* Another child of the caller is left to the caller, running or ended. */
static void test_other_children_are_left_alone(void **state)
{
	struct ends *e = *state;
	char *argv[] = SHELL("/bin/true; exit 7");
	pid_t ended = fork(), held;
	struct command *c;
	siginfo_t info;
	int status;

	assert_true(ended >= 0);
	if (ended == 0)
		_exit(11);
	assert_int_equal(waitid(P_PID, (id_t)ended, &info, WEXITED | WNOWAIT), 0);
	held = fork();
	assert_true(held >= 0);
	if (held == 0) {
		char none;

		let_go(e);
		_exit(read(HOLD, &none, 1) == 0 ? 12 : 1);
	}
	c = start(argv);
	assert_int_equal(count_execs(c), 2);
	assert_int_equal(command_wait(c), 7);
	command_free(c);
	assert_int_equal(waitpid(ended, &status, 0), ended);
	assert_int_equal(WEXITSTATUS(status), 11);
	assert_int_equal(waitpid(held, &status, WNOHANG), 0);
	let_go(e);
	assert_int_equal(waitpid(held, &status, 0), held);
	assert_int_equal(WEXITSTATUS(status), 12);
}

static void test_free_without_wait(void **state)
{
	struct ends *e = *state;
	char *argv[] = SHELL("/bin/cat <&7; exit 7");
	struct command *c = start(argv);
	pid_t sh = expect_exec(c, "/bin/sh");
	int status;

	find_exec(c, "/bin/cat");
	command_free(c);
	command_free(NULL);
	assert_int_equal(status_number(sh, "TracerPid:"), 0);
	let_go(e);
	assert_int_equal(waitpid(sh, &status, 0), sh);
	assert_int_equal(WEXITSTATUS(status), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_ends(test_exit_statuses),
		with_ends(test_kill_at_exec),
		with_ends(test_pidfd),
		with_ends(test_cannot_run),
		with_ends(test_stop_fd),
		with_ends(test_stop_fd_before_first_exec),
		with_ends(test_mask_and_actions),
		with_ends(test_caller_without_mask),
		with_ends(test_other_children_are_left_alone),
		with_ends(test_free_without_wait),
	};

	alarm(120);
	block_signals();
	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
