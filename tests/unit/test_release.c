// SPDX-License-Identifier: BSD-2-Clause
/* Which row of the table a Go version is read by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gobin/release.h"

static void test_rows(void **state)
{
	static const struct {
		int minor, row;
	} cases[] = {
		{18, 19}, {19, 19}, {20, 20}, {21, 21}, {24, 24}, {27, 27}, {28, 27}, {0, 27},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(release_of(cases[i].minor)->minor, cases[i].row);
}

static void test_each_has_its_row(void **state)
{
	const struct release *last = release_last();

	(void)state;
	assert_int_equal(release_first_traced()->minor, 21);
	assert_int_equal(last->minor, 27);
	for (int minor = 19; minor <= last->minor; minor++) {
		const struct release *row = release_of(minor);

		assert_int_equal(row->minor, minor);
		assert_int_equal(row->traced, minor >= 21);
		/* Fields that lie one behind the other. */
		assert_true(row->types < row->etypes && row->etypes < row->gofunc &&
			    row->gofunc < row->next);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_each_has_its_row),
	};

	return cmocka_run_group_tests_name("release", tests, NULL, NULL);
}
