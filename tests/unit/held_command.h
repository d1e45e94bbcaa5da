/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of target/command.h share: commands find one end of a pipe at their fd HOLD and
 * write to fd TELL.
 */
#ifndef SS_TESTS_HELD_COMMAND_H
#define SS_TESTS_HELD_COMMAND_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/command.h"
#include "target/proc.h"

/* Single digits: shells need no more. */
#define HOLD 7
#define TELL 8

#define SHELL(script)                                                                              \
	{                                                                                          \
		"/bin/sh", "-c", script, NULL                                                      \
	}

/* What the commands of one test are joined to. */
struct ends {
	int hold; /* closing it ends what waits at HOLD */
	int tell; /* what was written to TELL */
};

static sigset_t outer_mask; /* as before block_signals */

/* Out of the way of HOLD and TELL. */
static inline int move_up(int fd)
{
	int moved = fcntl(fd, F_DUPFD_CLOEXEC, 20);

	assert_true(moved >= 20);
	close(fd);
	return moved;
}

static inline int make_ends(void **state)
{
	struct ends *e = calloc(1, sizeof(*e));
	int hold[2], tell[2];

	assert_non_null(e);
	assert_int_equal(pipe(hold), 0);
	assert_int_equal(pipe(tell), 0);
	for (int i = 0; i < 2; i++) {
		hold[i] = move_up(hold[i]);
		tell[i] = move_up(tell[i]);
	}
	assert_int_equal(dup2(hold[0], HOLD), HOLD);
	assert_int_equal(dup2(tell[1], TELL), TELL);
	close(hold[0]);
	close(tell[1]);
	e->hold = hold[1];
	e->tell = tell[0];
	*state = e;
	return 0;
}

static inline void let_go(struct ends *e)
{
	if (e->hold >= 0)
		close(e->hold);
	e->hold = -1;
}

static inline int drop_ends(void **state)
{
	struct ends *e = *state;

	let_go(e);
	close(e->tell);
	close(HOLD);
	close(TELL);
	free(e);
	return 0;
}

static inline struct command *start(char *const argv[])
{
	struct command *c = NULL;
	struct reason why = {""};
	int err = command_start(argv, &outer_mask, &c, &why);

	if (err)
		print_error("%s\n", why.text);
	assert_int_equal(err, 0);
	return c;
}

/* Free it; no child of any kind may be left to this process. */
static inline void finish(struct command *c)
{
	command_free(c);
	assert_int_equal(waitpid(-1, NULL, __WALL | WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static inline pid_t next_exec(struct command *c)
{
	struct reason why = {""};
	pid_t pid = command_next_exec(c, -1, &why);

	if (pid < 0)
		print_error("%s\n", why.text);
	assert_true(pid >= 0);
	return pid;
}

/* What a process runs, with symbolic links followed. */
static inline void expect_runs(pid_t pid, const char *program)
{
	char link[64], got[PATH_MAX] = "";
	char *want = realpath(program, NULL);

	assert_non_null(want);
	snprintf(link, sizeof(link), "/proc/%d/exe", pid);
	assert_true(readlink(link, got, sizeof(got) - 1) > 0);
	assert_string_equal(got, want);
	free(want);
}

static inline pid_t expect_exec(struct command *c, const char *program)
{
	pid_t pid = next_exec(c);

	assert_true(pid > 0);
	expect_runs(pid, program);
	return pid;
}

static inline bool runs(pid_t pid, const char *program)
{
	char link[64];
	struct stat a, b;

	snprintf(link, sizeof(link), "/proc/%d/exe", pid);
	return stat(link, &a) == 0 && stat(program, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/* Go over execs until this program is met. */
static inline pid_t find_exec(struct command *c, const char *program)
{
	pid_t pid;

	while ((pid = next_exec(c)) > 0 && !runs(pid, program))
		;
	assert_true(pid > 0);
	return pid;
}

static inline int count_execs(struct command *c)
{
	int n = 0;

	while (next_exec(c) > 0)
		n++;
	return n;
}

static inline uint64_t status_number(pid_t pid, const char *key)
{
	char path[64];
	uint64_t value = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d", pid);
	fd = open(path, O_PATH | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(proc_read_status(fd, key, &value), 0);
	close(fd);
	return value;
}

/* Until the process is in this state, as it is about to be. */
static inline void await_state(pid_t pid, char state)
{
	struct proc_stat stat = {0};
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d", pid);
	fd = open(path, O_PATH | O_CLOEXEC);
	assert_true(fd >= 0);
	while (stat.state != state) {
		assert_int_equal(proc_read_stat(fd, &stat), 0);
		sched_yield();
	}
	close(fd);
}

static inline void read_line(const struct ends *e, char *line, size_t size)
{
	size_t n = 0;

	while (n < size - 1) {
		assert_int_equal(read(e->tell, line + n, 1), 1);
		if (line[n] == '\n')
			break;
		n++;
	}
	line[n] = '\0';
}

static inline pid_t read_pid(const struct ends *e)
{
	char line[32];

	read_line(e, line, sizeof(line));
	return (pid_t)strtol(line, NULL, 10);
}

static inline void expect_line(const struct ends *e, const char *want)
{
	char line[128];

	read_line(e, line, sizeof(line));
	assert_string_equal(line, want);
}

static inline void expect_status(char *const argv[], int execs, int status)
{
	struct command *c = start(argv);

	assert_int_equal(count_execs(c), execs);
	assert_int_equal(command_wait(c), status);
	assert_int_equal(command_wait(c), status);
	finish(c);

	c = start(argv);
	assert_int_equal(command_release(c), 0);
	assert_int_equal(command_release(c), 0);
	assert_int_equal(command_wait(c), status);
	finish(c);

	c = start(argv);
	assert_int_equal(command_wait(c), status);
	finish(c);
}

/* As the caller does it: what it handles by a signalfd of its own is blocked. */
static inline void block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &outer_mask);
}

#define with_ends(f) cmocka_unit_test_setup_teardown(f, make_ends, drop_ends)

#endif
