// SPDX-License-Identifier: BSD-2-Clause
/* report/report.h: rows that become rows of another group, and what comes from elsewhere. */
#include <stdlib.h>

#include "report_events.h"

/* Groups 1 and 2 become 9, without their stacks. */
static uint32_t regroup(void *ctx, uint32_t group, uint32_t *stack)
{
	size_t *calls = ctx;

	(*calls)++;
	if (group != 1 && group != 2)
		return group;
	*stack = 0;
	return 9;
}

static void add_lens(struct report *r, struct report_key key, uint64_t events, uint32_t bucket)
{
	__u32 lens[SS_LEN_BUCKETS] = {0};
	const struct report_delta delta = {.sums = {.events = events, .allocated = 8 * events},
					   .lens = lens};

	lens[bucket] = (uint32_t)events;
	report_add(r, &key, &delta);
}

static void test_rows_of_one_key_become_one(void **state)
{
	const struct report_key one = {.addr = 0x10, .group = 1, .stack = 4};
	const struct report_key other = {.addr = 0x10, .group = 2, .stack = 7};
	const struct report_key third = {.addr = 0x10, .group = 3, .stack = 7};
	const struct report_key elsewhere = {.addr = 0x20, .group = 2};
	struct report *r = report_new(10, true);
	size_t calls = 0;
	struct answer a;

	(void)state;
	assert_non_null(r);
	add_lens(r, one, 3, 1);
	add_lens(r, third, 50, 2);
	report_interval_end(r);
	add_lens(r, other, 5, 1);
	add_lens(r, elsewhere, 1, 3);
	report_regroup(r, regroup, &calls);
	assert_int_equal(calls, 4);
	/* What comes later finds them. */
	add_lens(r, (struct report_key){.addr = 0x10, .group = 9}, 2, 4);
	a = ask_all(r);
	assert_int_equal(a.n, 3);
	assert_nothing_else(&a.other);
	assert_true(a.rows[0]->key.group == 3 && a.rows[0]->key.stack == 7);
	assert_true(a.rows[1]->key.group == 9 && a.rows[1]->key.stack == 0);
	assert_int_equal(a.rows[1]->sums.events, 10);
	assert_int_equal(a.rows[1]->sums.allocated, 80);
	assert_int_equal(a.rows[1]->d.events, 7);
	assert_int_equal(a.rows[1]->lens[1], 8);
	assert_int_equal(a.rows[1]->lens[4], 2);
	assert_int_equal(a.rows[0]->lens[2], 50);
	assert_true(a.rows[2]->key.group == 9 && a.rows[2]->key.addr == 0x20);
	assert_int_equal(a.rows[2]->lens[3], 1);
	assert_int_equal(report_totals(r).sums.events, 61);
	report_free(r);
}

/* Against the same sums, added up by their new groups at once. */
static void test_many(void **state)
{
	struct report *r = new_report(4096), *expected = new_report(4096);
	uint64_t seed = 7;
	size_t calls = 0;
	struct answer a, b;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		struct event e = {.group = (uint32_t)(draw(&seed) % 5),
				  .addr = draw(&seed) % 300,
				  .events = 1 + draw(&seed) % 9,
				  .cap_sum = draw(&seed) % 99};

		add(r, e);
		e.group = e.group == 1 || e.group == 2 ? 9 : e.group;
		add(expected, e);
	}
	report_regroup(r, regroup, &calls);
	a = ask_all(r);
	b = ask_all(expected);
	assert_int_equal(a.n, b.n);
	for (size_t i = 0; i < a.n; i++) {
		assert_memory_equal(&a.rows[i]->key, &b.rows[i]->key, sizeof(a.rows[i]->key));
		assert_memory_equal(&a.rows[i]->sums, &b.rows[i]->sums, sizeof(a.rows[i]->sums));
	}
	report_free(r);
	report_free(expected);
}

static void test_what_was_evicted_before(void **state)
{
	static const struct report_sums sums = {7, 8, 9, 10, 11, 12, 1};
	struct report *r = new_report(4);
	struct answer a;

	(void)state;
	add(r, (struct event){.group = 1, .addr = 1, .events = 3, .len_sum = 1, .cap_sum = 2});
	report_add_evicted(r, &sums, 5);
	a = ask_all(r);
	assert_int_equal(a.n, 1);
	assert_true(a.other.rows == 5 && a.other.evicted == 5);
	assert_true(a.other.events == 7 && a.other.len_sum == 8 && a.other.cap_sum == 9);
	assert_int_equal(report_totals(r).sums.copied, 11);
	report_free(r);
}

static void test_lengths_that_are_added_up(void **state)
{
	const uint64_t lens[SS_LEN_BUCKETS] = {[5] = 1ULL << 40};
	const struct report_delta delta = {.sums = {.events = 1ULL << 40}, .lens_before = lens};
	const struct report_key key = {.addr = 1};
	struct report *r = report_new(4, true);
	struct answer a;

	(void)state;
	assert_non_null(r);
	report_add(r, &key, &delta);
	add_lens(r, key, 1, 5);
	a = ask_all(r);
	assert_int_equal(a.n, 1);
	assert_true(a.rows[0]->lens[5] == (1ULL << 40) + 1);
	report_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_of_one_key_become_one),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_what_was_evicted_before),
		cmocka_unit_test(test_lengths_that_are_added_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
