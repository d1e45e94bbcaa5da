// SPDX-License-Identifier: BSD-2-Clause
/* report/report.h: which rows are shown, and in which order. */
#include <string.h>

#include "report_events.h"

/* Sums for which each sort key gives another order, with one tie in each but the first. */
static const struct {
	uint64_t addr;
	struct report_sums sums;
} sample[] = {
	{0x10, {.events = 2, .len_sum = 70, .cap_sum = 60, .allocated = 9, .copied = 1}},
	{0x20, {.events = 2, .len_sum = 80, .cap_sum = 99, .allocated = 5, .copied = 4}},
	{0x30, {.events = 5, .len_sum = 10, .cap_sum = 80, .allocated = 5, .copied = 4}},
	{0x40, {.events = 2, .len_sum = 90, .cap_sum = 70, .allocated = 7, .copied = 9}},
};
static const uint64_t sample_slack[] = {2, 0, 8, 2};

#define SAMPLES (sizeof(sample) / sizeof(sample[0]))

static struct report *sample_report(void)
{
	struct report *r = new_report(SAMPLES);

	for (size_t i = SAMPLES; i-- > 0;) {
		const struct report_key key = {.addr = sample[i].addr};
		struct report_delta delta = {.sums = sample[i].sums};

		delta.sums.slack = sample_slack[i];
		report_add(r, &key, &delta);
	}
	return r;
}

static void test_sort_keys_and_ties(void **state)
{
	static const uint64_t expected[REPORT_SORTS][SAMPLES] = {
		[REPORT_SORT_EVENTS] = {0x30, 0x20, 0x40, 0x10},
		[REPORT_SORT_LEN] = {0x40, 0x20, 0x10, 0x30},
		[REPORT_SORT_CAP] = {0x20, 0x30, 0x40, 0x10},
		[REPORT_SORT_ALLOCATED] = {0x10, 0x40, 0x20, 0x30},
		[REPORT_SORT_COPIED] = {0x40, 0x20, 0x30, 0x10},
		[REPORT_SORT_SLACK] = {0x30, 0x40, 0x10, 0x20},
	};
	struct report *r = sample_report();

	(void)state;
	for (enum report_sort sort = 0; sort < REPORT_SORTS; sort++) {
		struct report_query query = {.sort = sort};

		assert_addrs(r, query, expected[sort], SAMPLES);
		query.top = 2;
		assert_addrs(r, query, expected[sort], 2);
		query.interval = true;
		assert_addrs(r, query, expected[sort], 2);
	}
	report_free(r);
}

/* The interval is sorted by its own figures, not by those since attach. */
static void test_interval_has_its_own_order(void **state)
{
	static const uint64_t since_attach[] = {0x20, 0x10}, in_interval[] = {0x10, 0x20};
	const struct report_key a = {.addr = 0x10}, b = {.addr = 0x20};
	struct report *r = new_report(2);

	(void)state;
	report_add(r, &b, &(struct report_delta){.sums = {.events = 9, .slack = 100}});
	report_interval_end(r);
	report_add(r, &a, &(struct report_delta){.sums = {.events = 1, .slack = 20}});
	report_add(r, &b, &(struct report_delta){.sums = {.events = 2, .slack = 10}});
	assert_addrs(r, (struct report_query){.sort = REPORT_SORT_SLACK}, since_attach, 2);
	assert_addrs(r, (struct report_query){.sort = REPORT_SORT_SLACK, .interval = true},
		     in_interval, 2);
	report_free(r);
}

static void test_top(void **state)
{
	struct report *r = new_report(100);
	struct answer a;

	(void)state;
	for (uint64_t i = 1; i <= 10; i++)
		add(r, (struct event){1, i << 4, i, 2 * i, 3 * i});
	a = ask(r, (struct report_query){.top = 1});
	assert_int_equal(a.n, 1);
	assert_int_equal(a.rows[0]->key.addr, 10 << 4);
	assert_int_equal(a.other.rows, 9);
	assert_int_equal(a.other.events, 45);
	assert_int_equal(a.other.len_sum, 90);
	assert_int_equal(a.other.cap_sum, 135);
	assert_int_equal(ask(r, (struct report_query){.top = 11}).n, 10);
	a = ask_all(r);
	assert_int_equal(a.n, 10);
	assert_int_equal(a.rows[9]->key.addr, 1 << 4);
	assert_nothing_else(&a.other);
	report_free(r);
}

/* What allocated too little is in `other`, whose sums are since attach in any case. */
static void test_min_bytes(void **state)
{
	static const uint64_t all[] = {0x10, 0x40, 0x20, 0x30};
	struct report_query query = {.sort = REPORT_SORT_ALLOCATED};
	struct report *r = sample_report();
	struct answer a;

	(void)state;
	query.min_bytes = 5;
	assert_addrs(r, query, all, 4);
	query.min_bytes = 6;
	assert_addrs(r, query, all, 2);
	a = ask(r, query);
	assert_int_equal(a.other.rows, 2);
	assert_int_equal(a.other.events, 7);
	assert_int_equal(a.other.len_sum, 90);
	assert_int_equal(a.other.cap_sum, 179);
	assert_int_equal(a.other.evicted, 0);
	query.top = 1;
	assert_addrs(r, query, all, 1);
	query.min_bytes = 10;
	assert_addrs(r, query, all, 0);
	report_free(r);
}

static bool is_beyond(const void *ctx, const struct report_row *row)
{
	return row->key.addr > *(const uint64_t *)ctx;
}

/* Before the top is taken, so that there are as many rows as there can be. */
static void test_rows_that_are_left_out(void **state)
{
	static const uint64_t beyond[] = {0x30, 0x20, 0x40}, from = 0x10, last = 0x40;
	struct report_query query = {.has = is_beyond, .ctx = &from};
	struct report *r = sample_report();
	struct answer a;

	(void)state;
	assert_addrs(r, query, beyond, 3);
	a = ask(r, query);
	assert_int_equal(a.other.beyond_top, 0);
	assert_int_equal(a.other.rows, 1);
	query.top = 2;
	assert_addrs(r, query, beyond, 2);
	assert_int_equal(ask(r, query).other.beyond_top, 1);
	query.ctx = &last;
	assert_addrs(r, query, beyond, 0);
	report_free(r);
}

/* Those without an event in the interval are behind all others, the larger ones first. */
static void test_idle_rows_come_last(void **state)
{
	static const uint64_t all[] = {0x10, 0x20, 0x30, 0x40};
	const struct report_delta small = {.sums = {.events = 1, .cap_sum = 1}};
	const struct report_key key = {.addr = 0x10};
	struct report_query query = {.interval = true};
	struct report *r = sample_report();

	(void)state;
	report_interval_end(r);
	report_add(r, &key, &small);
	assert_addrs(r, query, all, 1);
	query.idle = true;
	assert_addrs(r, query, all, 4);
	query.top = 3;
	assert_addrs(r, query, all, 3);
	assert_int_equal(ask(r, query).other.beyond_top, 1);
	report_free(r);
}

/* Less was allocated in the interval than since attach: what counts is what is shown. */
static void test_min_bytes_of_the_interval(void **state)
{
	struct report_query query = {.sort = REPORT_SORT_ALLOCATED, .min_bytes = 10};
	const struct report_key key = {.addr = 0x10};
	struct report *r = new_report(1);

	(void)state;
	report_add(r, &key, &(struct report_delta){.sums = {.events = 1, .allocated = 9}});
	assert_int_equal(ask(r, query).n, 0);
	report_interval_end(r);
	report_add(r, &key, &(struct report_delta){.sums = {.events = 1, .allocated = 9}});
	assert_int_equal(ask(r, query).n, 1);
	query.interval = true;
	assert_int_equal(ask(r, query).n, 0);
	query.min_bytes = 9;
	assert_int_equal(ask(r, query).n, 1);
	report_free(r);
}

/* Of equals the key decides: group, address, type, operation, stack. */
static void test_ties_are_broken_by_the_key(void **state)
{
	static const struct report_key ordered[] = {
		{.addr = 6, .group = 1, .type = 1, .op = 2},
		{.addr = 7, .group = 1, .type = 2, .op = 1},
		{.addr = 9, .group = 1, .type = 1, .op = 1},
		{.addr = 8, .group = 2, .type = 1, .op = 1, .stack = 1},
		{.addr = 8, .group = 2, .type = 1, .op = 1, .stack = 2},
		{.addr = 8, .group = 2, .type = 1, .op = 2},
		{.addr = 8, .group = 2, .type = 2, .op = 1},
	};
	enum { KEYS = sizeof(ordered) / sizeof(ordered[0]) };

	(void)state;
	for (size_t first = 0; first < KEYS; first++) {
		struct report *r = new_report(KEYS);
		struct answer a;

		for (size_t i = 0; i < KEYS; i++)
			report_add(r, &ordered[(first + i) % KEYS],
				   &(struct report_delta){.sums = {.events = 1}});
		a = ask_all(r);
		assert_int_equal(a.n, KEYS);
		for (size_t i = 0; i < KEYS; i++)
			assert_memory_equal(&a.rows[i]->key, &ordered[i], sizeof(ordered[i]));
		report_free(r);
	}
}

/* The first rows of a whole sort are the top, whatever the number asked for and order of arrival.
 */
static void test_order_is_the_same_everywhere(void **state)
{
	enum { N = 3000 };
	static struct report_row all[N];
	struct report *up = new_report(N), *down = new_report(N);
	struct answer a;

	(void)state;
	for (uint64_t i = 0; i < N; i++) {
		uint64_t j = N - 1 - i;

		add(up, (struct event){(uint32_t)(i % 3), i << 4, 1 + i % 7, 0, 0});
		add(down, (struct event){(uint32_t)(j % 3), j << 4, 1 + j % 7, 0, 0});
	}
	a = ask_all(up);
	assert_int_equal(a.n, N);
	for (size_t i = 0; i < N; i++)
		all[i] = *a.rows[i];
	for (size_t i = 1; i < N; i++) {
		const struct report_row *p = &all[i - 1], *q = &all[i];

		assert_true(p->sums.events >= q->sums.events);
		if (p->sums.events == q->sums.events)
			assert_true(p->key.group < q->key.group ||
				    (p->key.group == q->key.group && p->key.addr < q->key.addr));
	}
	for (size_t top = 1; top <= N; top += 97) {
		a = ask(down, (struct report_query){.top = top});
		assert_int_equal(a.n, top);
		for (size_t i = 0; i < top; i++)
			assert_memory_equal(a.rows[i], &all[i], sizeof(all[i]));
	}
	report_free(up);
	report_free(down);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sort_keys_and_ties),
		cmocka_unit_test(test_interval_has_its_own_order),
		cmocka_unit_test(test_top),
		cmocka_unit_test(test_min_bytes),
		cmocka_unit_test(test_min_bytes_of_the_interval),
		cmocka_unit_test(test_rows_that_are_left_out),
		cmocka_unit_test(test_idle_rows_come_last),
		cmocka_unit_test(test_ties_are_broken_by_the_key),
		cmocka_unit_test(test_order_is_the_same_everywhere),
	};

	return cmocka_run_group_tests_name("report order", tests, NULL, NULL);
}
