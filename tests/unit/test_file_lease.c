// SPDX-License-Identifier: BSD-2-Clause
/* target/file_lease.h: who writes into a file waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "target/file_lease.h"

#define WAIT_MS 10000

static struct fixture {
	char path[64];
	int fd, signals;
} f;

static int setup(void **state)
{
	int made;

	(void)state;
	snprintf(f.path, sizeof(f.path), "/tmp/slicestat-lease-XXXXXX");
	made = mkstemp(f.path);
	assert_true(made >= 0);
	assert_int_equal(write(made, "old", 3), 3);
	close(made);
	f.fd = open(f.path, O_RDONLY | O_CLOEXEC);
	assert_true(f.fd >= 0);
	f.signals = file_lease_signals();
	assert_true(f.signals >= 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	close(f.fd);
	close(f.signals);
	unlink(f.path);
	return 0;
}

static bool is_heard(int ms)
{
	struct pollfd p = {.fd = f.signals, .events = POLLIN};

	return poll(&p, 1, ms) == 1;
}

/* A child that opens the file with these flags, and says so. */
static pid_t open_in_child(int flags, int *said)
{
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0)
		_exit(open(f.path, flags) >= 0 && write(fds[1], "!", 1) == 1 ? 0 : 1);
	close(fds[1]);
	*said = fds[0];
	return pid;
}

static void expect_opened(pid_t pid, int said)
{
	int status = -1;
	char byte;

	assert_int_equal(read(said, &byte, 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(said);
}

static void test_reader_does_not_wait(void **state)
{
	int said;
	pid_t pid;

	(void)state;
	assert_int_equal(file_lease_take(f.fd), 0);
	pid = open_in_child(O_RDONLY, &said);
	expect_opened(pid, said);
	assert_false(file_lease_is_wanted(f.fd));
	assert_false(is_heard(0));
}

static void test_writer_waits(void **state)
{
	int said;
	char old[4] = {0};
	pid_t pid;

	(void)state;
	assert_int_equal(file_lease_take(f.fd), 0);
	pid = open_in_child(O_WRONLY | O_TRUNC, &said);
	assert_true(is_heard(WAIT_MS));
	file_lease_heard(f.signals);
	assert_false(is_heard(0));
	assert_true(file_lease_is_wanted(f.fd));
	assert_int_equal(pread(f.fd, old, 3, 0), 3);
	assert_string_equal(old, "old");
	file_lease_give_up(f.fd);
	expect_opened(pid, said);
	assert_int_equal(pread(f.fd, old, 3, 0), 0);
	assert_int_equal(file_lease_take(f.fd), 0);
	assert_false(file_lease_is_wanted(f.fd));
}

static void test_open_for_writing(void **state)
{
	int writer = open(f.path, O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(file_lease_take(f.fd), -EAGAIN);
	close(writer);
	assert_int_equal(file_lease_take(f.fd), 0);
}

static void test_no_leases(void **state)
{
	int none = open("/", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(file_lease_take(none), -EINVAL);
	close(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_reader_does_not_wait, setup, teardown),
		cmocka_unit_test_setup_teardown(test_writer_waits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_open_for_writing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_leases, setup, teardown),
	};

	return cmocka_run_group_tests_name("file leases", tests, NULL, NULL);
}
