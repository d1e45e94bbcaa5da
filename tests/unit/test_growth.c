// SPDX-License-Identifier: BSD-2-Clause
/* report/growth.h against the capacities that Go 1.24 gave to loops that append one element. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/growth.h"

static void test_capacities_of_go(void **state)
{
	static const struct {
		uint64_t size;
		bool header;
		uint64_t caps[24];
	} loops[] = {
		{8, false, {1,	  2,	4,    8,    16,	  32,	64,   128,   256,   512,  848,
			    1280, 1792, 2560, 3408, 5120, 7168, 9216, 12288, 16384, 21504}},
		{8, true, {1,	 2,    4,    8,	   16,	 32,   64,    143,   287,   607,  1023,
			   1535, 2303, 3071, 4095, 6144, 8192, 11264, 14336, 18432, 23552}},
		{1,
		 false,
		 {8, 16, 32, 64, 128, 256, 512, 896, 1408, 2048, 3072, 4096, 5376, 6912, 9472,
		  12288, 16384, 21760}},
		{24, true, {1, 2, 4, 8, 16, 37, 74, 170, 341, 682, 1135, 1706, 2389, 3413}},
		{3, false, {2, 5, 10, 21, 42, 85, 170, 341, 682, 1066, 1621, 2261, 3157}},
		{5000, false, {1, 2, 4, 8, 16, 32, 65}},
		{16, true, {1, 2, 4, 8, 16, 32, 71, 143, 303, 591, 1023, 1535, 2560, 3584}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(loops) / sizeof(loops[0]); i++) {
		uint64_t cap = 0;

		for (size_t at = 0; loops[i].caps[at]; at++) {
			cap = growth_next(cap, loops[i].size, loops[i].header);
			assert_int_equal(cap, loops[i].caps[at]);
		}
	}
}

static void test_room(void **state)
{
	(void)state;
	assert_int_equal(growth_room(1, false), 8);
	assert_int_equal(growth_room(512, true), 512);
	assert_int_equal(growth_room(513, true), 568);
	assert_int_equal(growth_room(32760, false), 32768);
	assert_int_equal(growth_room(32761, false), 40960 - 8192);
	assert_int_equal(growth_room(32769, true), 40960);
	assert_int_equal(growth_room(UINT64_MAX, false), UINT64_MAX);
}

/* Without rounding a loop needs the most growths: 1, 2, 4, ..., 256, 512, 832, 1232. */
static void test_most_growth(void **state)
{
	struct growth_most most;

	(void)state;
	most = growth_most(1);
	assert_true(most.steps == 0 && most.elems == 0);
	most = growth_most(4);
	assert_true(most.steps == 2 && most.elems == 3);
	most = growth_most(512);
	assert_true(most.steps == 9 && most.elems == 511);
	most = growth_most(832);
	assert_true(most.steps == 10 && most.elems == 1023);
	most = growth_most(1232);
	assert_true(most.steps == 11 && most.elems == 1855);
	for (uint64_t size = 1; size < 100; size++) {
		uint64_t cap = growth_next(0, size, false);
		double steps = 0, elems = 0;

		while (cap < 1000000) {
			steps++;
			elems += (double)cap;
			cap = growth_next(cap, size, size % 2);
			most = growth_most(cap);
			assert_true(steps <= most.steps && elems <= most.elems);
		}
	}
}

static void test_corrupt_sizes_end(void **state)
{
	(void)state;
	assert_int_equal(growth_next(1, UINT64_MAX, true), 2);
	assert_int_equal(growth_next(7, 0, false), 14);
	assert_true(growth_most(UINT64_MAX).steps < 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_capacities_of_go),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_most_growth),
		cmocka_unit_test(test_corrupt_sizes_end),
	};

	return cmocka_run_group_tests_name("growth", tests, NULL, NULL);
}
