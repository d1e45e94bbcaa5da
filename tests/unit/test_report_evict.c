// SPDX-License-Identifier: BSD-2-Clause
/* report/report.h when there is no room for more rows. */
#include "report_events.h"

static const struct report_query by_events = {.sort = REPORT_SORT_EVENTS};

/* Six of eight rows go: fewest events, of equals the fewest cap_sum. */
static void test_eviction_takes_the_lightest(void **state)
{
	static const uint64_t kept[] = {0x10, 0x20, 0x50};
	struct report *r = new_report(8);
	struct answer a;

	(void)state;
	for (uint64_t base = 0x60; base <= 0x90; base += 0x10)
		add(r, (struct event){1, base, 1, 1, 1});
	add(r, (struct event){1, 0x10, 3, 1, 1});
	add(r, (struct event){1, 0x20, 2, 1, 9});
	add(r, (struct event){1, 0x30, 2, 5, 8});
	add(r, (struct event){1, 0x40, 1, 6, 7});
	add(r, (struct event){1, 0x50, 1, 1, 1});
	assert_addrs(r, by_events, kept, 3);
	a = ask_all(r);
	assert_int_equal(a.other.rows, 6);
	assert_int_equal(a.other.evicted, 6);
	assert_int_equal(a.other.events, 7);
	assert_int_equal(a.other.len_sum, 15);
	assert_int_equal(a.other.cap_sum, 19);
	assert_int_equal(report_totals(r).rows, 3);
	report_free(r);
}

/* Of rows of one weight the oldest go. */
static void test_eviction_of_equals(void **state)
{
	static const uint64_t kept[] = {0x40, 0x50};
	struct report *r = new_report(4);

	(void)state;
	for (uint64_t base = 0x10; base <= 0x50; base += 0x10)
		add(r, (struct event){1, base, 1, 1, 1});
	assert_addrs(r, by_events, kept, 2);
	report_free(r);
}

static bool is_the_second(void *ctx, uint32_t group)
{
	++*(size_t *)ctx;
	return group == 2;
}

/* What a group's rows held stays in the sums; when it comes again it begins anew. */
static void test_forgets_a_group(void **state)
{
	static const uint64_t kept[] = {0x30, 0x10}, anew[] = {0x30, 0x10, 0x20};
	struct report *r = new_report(8);
	struct answer a;
	size_t asked = 0;

	(void)state;
	add(r, (struct event){1, 0x10, 2, 1, 1});
	add(r, (struct event){2, 0x10, 5, 3, 4});
	add(r, (struct event){2, 0x20, 6, 5, 6});
	add(r, (struct event){1, 0x30, 3, 1, 1});
	report_forget(r, is_the_second, &asked);
	assert_int_equal(asked, 4);
	assert_addrs(r, by_events, kept, 2);
	a = ask_all(r);
	assert_int_equal(a.other.rows, 2);
	assert_int_equal(a.other.evicted, 2);
	assert_int_equal(a.other.events, 11);
	assert_int_equal(a.other.cap_sum, 4 + 6);
	add(r, (struct event){1, 0x30, 1, 1, 1});
	add(r, (struct event){2, 0x20, 1, 7, 8});
	assert_addrs(r, by_events, anew, 3);
	assert_int_equal(ask_all(r).rows[2]->sums.len_sum, 7);
	assert_int_equal(report_totals(r).sums.events, 18);
	report_free(r);
}

static void test_one_row(void **state)
{
	struct report *r = new_report(1);
	struct answer a;

	(void)state;
	for (uint64_t i = 1; i <= 1000; i++)
		add(r, (struct event){1, i << 3, 1, 1, 2});
	a = ask_all(r);
	assert_int_equal(a.n, 1);
	assert_int_equal(a.rows[0]->key.addr, 1000 << 3);
	assert_int_equal(a.other.rows, 999);
	assert_int_equal(a.other.cap_sum, 1998);
	report_free(r);
}

/* One event of the length of that bucket, its number being the row's. */
static void add_length(struct report *r, uint64_t addr, uint64_t events)
{
	const struct report_key key = {.addr = addr};
	__u32 lens[SS_LEN_BUCKETS] = {0};
	struct report_delta delta = {.sums = {.events = events, .allocated = 8 * events}};

	lens[addr] = (__u32)events;
	delta.lens = lens;
	report_add(r, &key, &delta);
}

/* What moves up into a place takes its own lengths along; a new row begins without any. */
static void test_lengths_move_with_their_rows(void **state)
{
	struct report *r = report_new(4, true);
	struct answer a;

	(void)state;
	assert_non_null(r);
	add_length(r, 0, 1);
	add_length(r, 1, 50);
	add_length(r, 2, 2);
	add_length(r, 3, 40);
	for (uint64_t i = 4; i < 6; i++)
		add_length(r, i, 30 - i);
	add_length(r, 3, 5);
	a = ask_all(r);
	assert_int_equal(a.n, 4);
	assert_int_equal(a.other.evicted, 3);
	for (size_t i = 0; i < a.n; i++) {
		static const uint64_t addrs[] = {1, 4, 5, 3}, events[] = {50, 26, 25, 5};

		assert_int_equal(a.rows[i]->key.addr, addrs[i]);
		for (uint64_t b = 0; b < SS_LEN_BUCKETS; b++)
			assert_int_equal(a.rows[i]->lens[b], b == addrs[i] ? events[i] : 0);
	}
	report_free(r);
}

/* Totals hold the bytes of what is gone too; a key that comes again begins anew. */
static void test_bytes_of_evicted_rows_stay_in_totals(void **state)
{
	struct report *r = report_new(2, true);
	struct answer a;

	(void)state;
	assert_non_null(r);
	add_length(r, 1, 1);
	add_length(r, 2, 9);
	add_length(r, 3, 2);
	add_length(r, 1, 3);
	a = ask_all(r);
	assert_int_equal(a.n, 2);
	assert_int_equal(a.rows[1]->key.addr, 1);
	assert_int_equal(a.rows[1]->sums.allocated, 24);
	assert_int_equal(a.rows[1]->lens[1], 3);
	assert_int_equal(a.other.events, 3);
	assert_int_equal(report_totals(r).sums.events, 15);
	assert_int_equal(report_totals(r).sums.allocated, 120);
	report_free(r);
}

static void assert_whole(struct report *r, size_t top, const struct event *sum)
{
	struct answer a = ask(r, (struct report_query){.sort = REPORT_SORT_CAP, .top = top});

	for (size_t i = 0; i < a.n; i++) {
		a.other.events += a.rows[i]->sums.events;
		a.other.len_sum += a.rows[i]->sums.len_sum;
		a.other.cap_sum += a.rows[i]->sums.cap_sum;
	}
	assert_int_equal(a.other.events, sum->events);
	assert_int_equal(a.other.len_sum, sum->len_sum);
	assert_int_equal(a.other.cap_sum, sum->cap_sum);
	assert_int_equal(report_totals(r).sums.events, sum->events);
}

/* Rows and `other` stay the whole through thousands of evictions; a heavy base is never evicted. */
static void test_eviction_keeps_totals_exact(void **state)
{
	enum { ADDS = 3000000, HEAVY_EVERY = 10 };
	struct report *r = new_report(1000);
	struct event sum = {0}, heavy = {.addr = 8};
	uint64_t seed = 42;
	struct answer a;

	(void)state;
	for (size_t i = 0; i < ADDS; i++) {
		uint64_t v = draw(&seed), len = v % 4096, events = 1 + v % 3;
		uint64_t base = i % HEAVY_EVERY ? 64 + (v >> 16) % 500000 * 64 : heavy.addr;

		add(r, (struct event){1, base, events, len, len + 7});
		sum.events += events;
		sum.len_sum += len;
		sum.cap_sum += len + 7;
		if (base == heavy.addr) {
			heavy.events += events;
			heavy.len_sum += len;
		}
		if (i % 300007 == 0)
			assert_whole(r, i % 2 ? 20 : 0, &sum);
	}
	assert_whole(r, 0, &sum);
	a = ask(r, (struct report_query){.top = 1});
	assert_int_equal(a.n, 1);
	assert_int_equal(a.rows[0]->key.addr, heavy.addr);
	assert_int_equal(a.rows[0]->sums.events, heavy.events);
	assert_int_equal(a.rows[0]->sums.len_sum, heavy.len_sum);
	report_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_eviction_takes_the_lightest),
		cmocka_unit_test(test_eviction_of_equals),
		cmocka_unit_test(test_forgets_a_group),
		cmocka_unit_test(test_one_row),
		cmocka_unit_test(test_lengths_move_with_their_rows),
		cmocka_unit_test(test_bytes_of_evicted_rows_stay_in_totals),
		cmocka_unit_test(test_eviction_keeps_totals_exact),
	};

	return cmocka_run_group_tests_name("report eviction", tests, NULL, NULL);
}
