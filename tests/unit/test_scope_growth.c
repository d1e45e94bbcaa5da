// SPDX-License-Identifier: BSD-2-Clause
/*
 * Capacities that are computed before a slice grows (bpf/growth.bpf.h), on the host: against those
 * that Go gave, and against report/growth.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "slicestat.h"
#include "bpf_host.h"
#include "maps.bpf.h"
#include "growth.bpf.h"
#include "growth_table.h"
#include "report/growth.h"

static void capacities_of_go(void **state)
{
	(void)state;
	for (size_t i = 0; i < GROWTH_ROWS; i++) {
		const struct growth_row *row = &growth_table[i];

		header_size = row->header_size;
		for (int at = 0; at < TABLE_OLD_CAPS * TABLE_ADDS; at++) {
			const uint64_t old_cap = table_old_caps[at / TABLE_ADDS];
			const uint64_t new_len = old_cap + table_add(old_cap, at % TABLE_ADDS);

			assert_int_equal(grown_cap(new_len, old_cap, row->size, row->pointers),
					 row->caps[at]);
		}
	}
}

/* src/runtime/slice.go: nextslicecap, in its own words. */
static uint64_t next_by_go(uint64_t new_len, uint64_t old_cap)
{
	uint64_t cap = old_cap;

	if (new_len > old_cap + old_cap)
		return new_len;
	if (old_cap < 256)
		return old_cap + old_cap;
	do
		cap += (cap + 3UL * 256) / 4;
	while (cap < new_len);
	return cap;
}

static uint64_t cap_by_report(uint64_t new_len, uint64_t old_cap, uint64_t size, uint32_t pointers)
{
	const uint64_t cap = next_by_go(new_len, old_cap);

	if (new_len > SS_CAP_MAX || (unsigned __int128)cap * size > SS_CAP_MAX)
		return SS_CAP_UNKNOWN;
	return growth_room(cap * size, pointers && header_size) / size;
}

static void check(uint64_t new_len, uint64_t old_cap, uint64_t size, uint32_t pointers)
{
	const uint64_t got = grown_cap(new_len, old_cap, size, pointers);
	const uint64_t expected = cap_by_report(new_len, old_cap, size, pointers);

	if (got != expected)
		fail_msg("len %lu, old cap %lu, size %lu, pointers %u: expected %ld got %ld",
			 (unsigned long)new_len, (unsigned long)old_cap, (unsigned long)size,
			 pointers, (long)expected, (long)got);
}

static void every_room(void **state)
{
	(void)state;
	for (uint64_t bytes = 1; bytes < 10UL * HEAP_PAGE_SIZE; bytes++) {
		header_size = HEADER_SIZE;
		assert_int_equal(heap_room(bytes, 0), growth_room(bytes, false));
		assert_int_equal(heap_room(bytes, 1), growth_room(bytes, true));
		header_size = 0;
		assert_int_equal(heap_room(bytes, 1), growth_room(bytes, false));
	}
}

/* All lengths up to beyond the double of all capacities around the steps of growth. */
static void every_small_growth(void **state)
{
	static const uint64_t sizes[] = {1, 2, 3, 8, 16, 24, 40, 100, 513, 4096, 32768};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		header_size = i % 2 ? HEADER_SIZE : 0;
		for (uint64_t old_cap = 0; old_cap < 600; old_cap++)
			for (uint64_t len = old_cap + 1; len < 2 * old_cap + 3; len++) {
				check(len, old_cap, sizes[i], 0);
				check(len, old_cap, sizes[i], 1);
			}
	}
}

static void one_by_one(void **state)
{
	(void)state;
	for (uint64_t size = 1; size < 200; size++) {
		header_size = size % 2 ? HEADER_SIZE : 0;
		for (uint64_t cap = 0; cap < 1UL << 24;) {
			const uint64_t next = growth_next(cap, size, header_size);

			assert_int_equal(grown_cap(cap + 1, cap, size, 1), next);
			cap = next;
		}
	}
}

/* xorshift64* */
static uint64_t next_random(uint64_t *random)
{
	*random ^= *random >> 12;
	*random ^= *random << 25;
	*random ^= *random >> 27;
	return *random * 0x2545f4914f6cdd1dull;
}

/* Of any number of bits, at most max. */
static uint64_t random_bits(uint64_t *random, uint32_t max)
{
	return next_random(random) >> (64 - max + next_random(random) % max);
}

static void large_growths(void **state)
{
	uint64_t random = 0x9e3779b97f4a7c15ull;
	unsigned int panics = 0, rounds = 1000000;

	(void)state;
	for (unsigned int i = 0; i < rounds; i++) {
		const uint64_t old_cap = random_bits(&random, 48),
			       size = 1 + random_bits(&random, 32);
		const uint64_t new_len =
			old_cap + 1 + next_random(&random) % (old_cap + old_cap / 8 + 1);

		header_size = i % 2 ? HEADER_SIZE : 0;
		check(new_len, old_cap, size, i / 2 % 2);
		panics += grown_cap(new_len, old_cap, size, i / 2 % 2) == SS_CAP_UNKNOWN;
	}
	assert_in_range(panics, rounds / 10, rounds - rounds / 10);
}

/* The most that Go's heap can be asked for, and one byte more. */
static void what_growslice_does_not_survive(void **state)
{
	(void)state;
	header_size = HEADER_SIZE;
	assert_int_equal(grown_cap(SS_CAP_MAX, 0, 1, 0), SS_CAP_MAX);
	assert_int_equal(grown_cap(SS_CAP_MAX + 1, 0, 1, 0), SS_CAP_UNKNOWN);
	assert_int_equal(grown_cap(SS_CAP_MAX / 8, 0, 8, 1), SS_CAP_MAX / 8);
	assert_int_equal(grown_cap(SS_CAP_MAX / 8 + 1, 0, 8, 1), SS_CAP_UNKNOWN);
	assert_int_equal(grown_cap(1, 0, SS_CAP_MAX, 0), 1);
	assert_int_equal(grown_cap(1, 0, SS_CAP_MAX + 1, 0), SS_CAP_UNKNOWN);
	assert_int_equal(grown_cap((uint64_t)-1, 5, 8, 0), SS_CAP_UNKNOWN);
	assert_int_equal(grown_cap(1ULL << 63, 5, 1, 0), SS_CAP_UNKNOWN);
	/* A capacity that no slice of elements with a size has. */
	assert_int_equal(grown_cap(5, SS_CAP_MAX + 1, 8, 0), SS_CAP_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(capacities_of_go),
		cmocka_unit_test(every_room),
		cmocka_unit_test(every_small_growth),
		cmocka_unit_test(one_by_one),
		cmocka_unit_test(large_growths),
		cmocka_unit_test(what_growslice_does_not_survive),
	};

	return cmocka_run_group_tests_name("scope growth", tests, NULL, NULL);
}
