// SPDX-License-Identifier: BSD-2-Clause
#include "target/file_watch.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

struct place {
	char dir[64];
	char path[80];
	char other[80];
	struct file_watch *watch;
};

static void write_file(const char *path)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fputs("x", f) < 0, 0);
	assert_int_equal(fclose(f), 0);
}

static int setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	struct reason why;

	assert_non_null(p);
	snprintf(p->dir, sizeof(p->dir), "/tmp/slicestat-watch-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof(p->path), "%s/program", p->dir);
	snprintf(p->other, sizeof(p->other), "%s/other", p->dir);
	write_file(p->path);
	assert_int_equal(file_watch_new(p->path, &p->watch, &why), 0);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	file_watch_free(p->watch);
	unlink(p->path);
	unlink(p->other);
	rmdir(p->dir);
	free(p);
	return 0;
}

static bool is_readable(const struct place *p)
{
	struct pollfd fd = {.fd = file_watch_fd(p->watch), .events = POLLIN};

	return poll(&fd, 1, 0) == 1;
}

static void test_nothing_happens(void **state)
{
	struct place *p = *state;

	assert_false(is_readable(p));
	assert_false(file_watch_changed(p->watch));
}

static void test_another_file_there(void **state)
{
	struct place *p = *state;

	write_file(p->other);
	assert_true(is_readable(p));
	assert_false(file_watch_changed(p->watch));
	assert_false(is_readable(p));
}

static void test_moved_there(void **state)
{
	struct place *p = *state;

	write_file(p->other);
	assert_int_equal(rename(p->other, p->path), 0);
	assert_true(is_readable(p));
	assert_true(file_watch_changed(p->watch));
	assert_false(file_watch_changed(p->watch));
}

static void test_written_again(void **state)
{
	struct place *p = *state;

	write_file(p->path);
	assert_true(file_watch_changed(p->watch));
}

static void test_no_directory(void **state)
{
	struct file_watch *none = NULL;
	struct reason why;

	(void)state;
	assert_int_equal(file_watch_new("/nonexistent/x", &none, &why), -ENOENT);
	assert_string_equal(
		why.text,
		"cannot watch the directory of /nonexistent/x: No such file or directory");
	assert_null(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nothing_happens, setup, teardown),
		cmocka_unit_test_setup_teardown(test_another_file_there, setup, teardown),
		cmocka_unit_test_setup_teardown(test_moved_there, setup, teardown),
		cmocka_unit_test_setup_teardown(test_written_again, setup, teardown),
		cmocka_unit_test(test_no_directory),
	};

	return cmocka_run_group_tests_name("file_watch", tests, NULL, NULL);
}
