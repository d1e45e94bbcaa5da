/* SPDX-License-Identifier: BSD-2-Clause */
/* target/target.h: reading a process's memory, its end, and not being allowed to. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "held_child.h"
#include "target/target.h"

static const char here[] = "bytes that are read from outside";

static struct target *open_self(void)
{
	return open_target(getpid());
}

static void test_read(void **state)
{
	struct target *t = open_self();
	char got[sizeof(here)] = "";

	(void)state;
	assert_int_equal(target_read(t, (uint64_t)(uintptr_t)here, got, sizeof(got)), 0);
	assert_string_equal(got, here);
	assert_int_equal(target_read(t, (uint64_t)(uintptr_t)here, got, 0), 0);
	target_free(t);
}

static void test_unmapped(void **state)
{
	static const uint64_t nowhere[] = {0, 8, INT64_MAX, INT64_MAX + 1ull, UINT64_MAX};
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct target *t = open_self();
	uint64_t end;
	char got[16];

	(void)state;
	assert_true(pages != MAP_FAILED);
	assert_int_equal(munmap(pages + page, page), 0);
	end = (uint64_t)(uintptr_t)pages + page;
	memset(pages + page - 8, 'x', 8);
	assert_int_equal(target_read(t, end - 8, got, 8), 0);
	assert_memory_equal(got, "xxxxxxxx", 8);
	assert_int_equal(target_read(t, end - 8, got, 16), -EFAULT);
	assert_int_equal(target_read(t, end, got, 1), -EFAULT);
	for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
		assert_int_equal(target_read(t, nowhere[i], got, sizeof(got)), -EFAULT);
	target_free(t);
	munmap(pages, page);
}

/* The first bytes of an executable mapping of the target. */
static int read_text(const struct target *t, uint64_t start, char magic[4])
{
	return target_read(t, start, magic, 4);
}

static void test_ended(void **state)
{
	char *argv[] = {"/bin/cat", NULL};
	struct child c = start(argv);
	struct target *t = open_target(c.pid);
	uint64_t start_at, offset;
	struct reason why;
	char code[4];

	(void)state;
	assert_int_equal(target_text(t, &start_at, &offset, &why), 0);
	assert_int_equal(read_text(t, start_at, code), 0);
	finish(&c);
	assert_int_equal(read_text(t, start_at, code), -ESRCH);
	target_free(t);
}

/* Another program in the same process is none of this target's. */
static void test_execed(void **state)
{
	char *argv[] = {"/bin/sh", "-c", "read x; echo go; exec cat", NULL};
	struct child c = start(argv);
	struct target *t = open_target(c.pid);
	uint64_t start_at, offset;
	struct reason why;
	char code[4];

	(void)state;
	assert_int_equal(target_text(t, &start_at, &offset, &why), 0);
	assert_int_equal(read_text(t, start_at, code), 0);
	tell(&c, "\nback\n");
	expect_line(&c, "go\nback\n");
	assert_int_equal(target_state(t), TARGET_EXECED);
	assert_int_equal(read_text(t, start_at, code), -ESRCH);
	finish(&c);
	target_free(t);
}

/*
 * Make opening /proc/PID/mem fail with EACCES, as Yama does, for this process alone: a device where
 * devices are not allowed lies over it. Only /proc takes a mount, and is a mount of its own also in
 * a chroot, whose root may be none.
 */
static int forbid_memory(pid_t pid)
{
	char mem[32];

	snprintf(mem, sizeof(mem), "/proc/%d/mem", pid);
	if (unshare(CLONE_NEWNS) || mount(NULL, "/proc", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("/dev/null", mem, NULL, MS_BIND, NULL) ||
	    mount(NULL, mem, NULL, MS_REMOUNT | MS_BIND | MS_NODEV, NULL))
		return -errno;
	return 0;
}

/* For a process of its own: its exit status. */
static int open_without_memory(pid_t pid)
{
	struct target *t;
	struct reason why;
	char got[4];
	int err;

	err = forbid_memory(pid);
	if (err) {
		print_error("mounting over /proc/%d/mem: %s; run this as root\n", pid,
			    strerror(-err));
		return 1;
	}
	if (target_open(pid, &t, &why)) {
		print_error("%s\n", why.text);
		return 2;
	}
	err = target_read(t, (uint64_t)(uintptr_t)here, got, sizeof(got));
	target_free(t);
	return err == -EACCES ? 0 : 3;
}

static void test_not_permitted(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(open_without_memory(getppid()));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),	      cmocka_unit_test(test_unmapped),
		cmocka_unit_test(test_ended),	      cmocka_unit_test(test_execed),
		cmocka_unit_test(test_not_permitted),
	};

	alarm(60);
	return cmocka_run_group_tests_name("target_memory", tests, NULL, NULL);
}
