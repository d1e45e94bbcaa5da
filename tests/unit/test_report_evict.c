// SPDX-License-Identifier: BSD-2-Clause
/* report/report.h when there is no room for more rows. */
#include "report_events.h"

/* Half of four rows go: fewest events, of equals the fewest cap_sum. */
static void test_eviction_takes_the_lightest(void **state)
{
	static const uint64_t kept[] = {0x10, 0x20, 0x50};
	struct report *r = new_report(4);
	const struct report_row *rows;
	struct report_other other;

	(void)state;
	add(r, (struct event){1, 0x10, 3, 1, 1});
	add(r, (struct event){1, 0x20, 2, 1, 9});
	add(r, (struct event){1, 0x30, 2, 5, 8});
	add(r, (struct event){1, 0x40, 1, 6, 7});
	add(r, (struct event){1, 0x50, 1, 1, 1});
	assert_bases(r, REPORT_SORT_EVENTS, false, 0, kept, 3);
	report_rows(r, REPORT_SORT_EVENTS, false, 0, &rows, &other);
	assert_int_equal(other.rows, 2);
	assert_int_equal(other.evicted, 2);
	assert_int_equal(other.events, 3);
	assert_int_equal(other.len_sum, 11);
	assert_int_equal(other.cap_sum, 15);
	assert_int_equal(report_totals(r).rows, 3);
	report_free(r);
}

/* Of rows of one weight the oldest go. */
static void test_eviction_of_equals(void **state)
{
	static const uint64_t kept[] = {0x30, 0x40, 0x50};
	struct report *r = new_report(4);

	(void)state;
	for (uint64_t base = 0x10; base <= 0x50; base += 0x10)
		add(r, (struct event){1, base, 1, 1, 1});
	assert_bases(r, REPORT_SORT_EVENTS, false, 0, kept, 3);
	report_free(r);
}

static void test_one_row(void **state)
{
	struct report *r = new_report(1);
	const struct report_row *rows;
	struct report_other other;

	(void)state;
	for (uint64_t i = 1; i <= 1000; i++)
		add(r, (struct event){1, i << 3, 1, 1, 2});
	assert_int_equal(report_rows(r, REPORT_SORT_EVENTS, false, 0, &rows, &other), 1);
	assert_int_equal(rows->base, 1000 << 3);
	assert_int_equal(other.rows, 999);
	assert_int_equal(other.cap_sum, 1998);
	report_free(r);
}

static void assert_whole(struct report *r, size_t top, const struct event *sum)
{
	const struct report_row *rows;
	struct report_other other;
	size_t n = report_rows(r, REPORT_SORT_CAP, false, top, &rows, &other);

	for (size_t i = 0; i < n; i++) {
		other.events += rows[i].events;
		other.len_sum += rows[i].len_sum;
		other.cap_sum += rows[i].cap_sum;
	}
	assert_int_equal(other.events, sum->events);
	assert_int_equal(other.len_sum, sum->len_sum);
	assert_int_equal(other.cap_sum, sum->cap_sum);
	assert_int_equal(report_totals(r).events, sum->events);
}

/* Rows and `other` stay the whole through thousands of evictions; a heavy base is never evicted. */
static void test_eviction_keeps_totals_exact(void **state)
{
	enum { ADDS = 3000000, HEAVY_EVERY = 10 };
	struct report *r = new_report(1000);
	const struct report_row *rows;
	struct report_other other;
	struct event sum = {0}, heavy = {.base = 8};
	uint64_t seed = 42;

	(void)state;
	for (size_t i = 0; i < ADDS; i++) {
		uint64_t v = draw(&seed), len = v % 4096, events = 1 + v % 3;
		uint64_t base = i % HEAVY_EVERY ? 64 + (v >> 16) % 500000 * 64 : heavy.base;

		add(r, (struct event){1, base, events, len, len + 7});
		sum.events += events;
		sum.len_sum += len;
		sum.cap_sum += len + 7;
		if (base == heavy.base) {
			heavy.events += events;
			heavy.len_sum += len;
		}
		if (i % 300007 == 0)
			assert_whole(r, i % 2 ? 20 : 0, &sum);
	}
	assert_whole(r, 0, &sum);
	assert_int_equal(report_rows(r, REPORT_SORT_EVENTS, false, 1, &rows, &other), 1);
	assert_int_equal(rows->base, heavy.base);
	assert_int_equal(rows->events, heavy.events);
	assert_int_equal(rows->len_sum, heavy.len_sum);
	report_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_eviction_takes_the_lightest),
		cmocka_unit_test(test_eviction_of_equals),
		cmocka_unit_test(test_one_row),
		cmocka_unit_test(test_eviction_keeps_totals_exact),
	};

	return cmocka_run_group_tests_name("report eviction", tests, NULL, NULL);
}
