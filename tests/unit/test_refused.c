// SPDX-License-Identifier: BSD-2-Clause
/* Files that could not be traced: told of once, tried again in time, bounded in number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "trace/refused.h"

static struct stat file(ino_t inode)
{
	return (struct stat){.st_ino = inode, .st_size = 7, .st_mtim = {1, 2}, .st_ctim = {3, 4}};
}

static void told_of_once(void **state)
{
	struct refused r = {.next = 0};
	const struct stat a = file(1), b = file(2);

	(void)state;
	assert_false(refused_is(&r, &a, 0));
	assert_true(refused_add(&r, &a, INFINITY));
	assert_true(refused_is(&r, &a, 1e9));
	assert_false(refused_is(&r, &b, 0));
	assert_false(refused_add(&r, &a, INFINITY));
	assert_true(refused_add(&r, &b, INFINITY));
}

static void tried_again(void **state)
{
	struct refused r = {.next = 0};
	const struct stat a = file(1);

	(void)state;
	assert_true(refused_add(&r, &a, 10));
	assert_true(refused_is(&r, &a, 9.9));
	assert_false(refused_is(&r, &a, 10));
	assert_false(refused_add(&r, &a, 20));
	assert_true(refused_is(&r, &a, 19.9));
	assert_false(refused_is(&r, &a, 20));
}

/* A number comes again with another file, which another filesystem may have as well. */
static void told_apart(void **state)
{
	struct refused r = {.next = 0};
	const struct stat a = file(1);
	struct stat others[] = {a, a, a, a};
	struct stat overlaid = a;

	(void)state;
	assert_true(refused_add(&r, &a, INFINITY));
	overlaid.st_dev = 77;
	assert_true(refused_is(&r, &overlaid, 0));
	others[0].st_size++;
	others[1].st_mtim.tv_nsec++;
	others[2].st_ctim.tv_sec++;
	others[3].st_ctim.tv_nsec++;
	for (size_t i = 0; i < 4; i++)
		assert_false(refused_is(&r, &others[i], 0));
}

static void oldest_is_forgotten(void **state)
{
	struct refused r = {.next = 0};

	(void)state;
	for (ino_t i = 0; i <= REFUSED_MAX; i++) {
		const struct stat st = file(i);

		assert_true(refused_add(&r, &st, INFINITY));
	}
	for (ino_t i = 0; i <= REFUSED_MAX; i++) {
		const struct stat st = file(i);

		assert_int_equal(refused_is(&r, &st, 0), i > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_of_once),
		cmocka_unit_test(tried_again),
		cmocka_unit_test(told_apart),
		cmocka_unit_test(oldest_is_forgotten),
	};

	return cmocka_run_group_tests_name("refused", tests, NULL, NULL);
}
