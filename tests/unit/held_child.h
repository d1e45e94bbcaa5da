/* SPDX-License-Identifier: BSD-2-Clause */
/* A child that runs a program until its test closes the pipe to its stdin. */
#ifndef SS_TESTS_HELD_CHILD_H
#define SS_TESTS_HELD_CHILD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/target.h"

struct child {
	pid_t pid;
	int to, from; /* its stdin and stdout */
};

/* Start a program; its exec has passed the point of no return when this comes back. */
static inline struct child start(char *const argv[])
{
	int in[2], out[2], execed[2];
	struct child c;
	char none;

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	assert_int_equal(pipe2(execed, O_CLOEXEC), 0);
	c.pid = fork();
	assert_true(c.pid >= 0);
	if (c.pid == 0) {
		personality(0);
		dup2(in[0], 0);
		dup2(out[1], 1);
		execv(argv[0], argv);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	close(execed[1]);
	assert_int_equal(read(execed[0], &none, 1), 0);
	close(execed[0]);
	c.to = in[1];
	c.from = out[0];
	return c;
}

static inline void expect_line(const struct child *c, const char *line)
{
	char got[64] = {0};

	assert_true(strlen(line) < sizeof(got));
	for (size_t n = 0; n < strlen(line); n++)
		assert_int_equal(read(c->from, got + n, 1), 1);
	assert_string_equal(got, line);
}

static inline void tell(const struct child *c, const char *line)
{
	assert_int_equal(write(c->to, line, strlen(line)), (ssize_t)strlen(line));
}

static inline void finish(const struct child *c)
{
	close(c->to);
	close(c->from);
	assert_int_equal(waitpid(c->pid, NULL, 0), c->pid);
}

static inline struct target *open_target(pid_t pid)
{
	struct target *t = NULL;
	struct reason why = {""};
	int err = target_open(pid, &t, &why);

	if (err)
		print_error("%s\n", why.text);
	assert_int_equal(err, 0);
	return t;
}

#endif
