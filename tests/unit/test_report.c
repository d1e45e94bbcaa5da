// SPDX-License-Identifier: BSD-2-Clause
/* report/report.h: sums, intervals, order. */
#include <stdlib.h>
#include <string.h>

#include "report_events.h"

static void test_empty(void **state)
{
	struct report *r = new_report(10);
	const struct report_row *rows;
	struct report_other other;
	struct report_totals t;

	(void)state;
	assert_int_equal(report_rows(r, REPORT_SORT_EVENTS, false, 0, &rows, &other), 0);
	assert_int_equal(other.rows + other.events + other.len_sum + other.cap_sum, 0);
	t = report_totals(r);
	assert_int_equal(t.rows + t.events + t.d_rows + t.d_events, 0);
	report_free(r);
	report_free(NULL);
}

static void test_memory_is_bounded(void **state)
{
	struct report *small = new_report(1), *large = new_report(1000);

	(void)state;
	assert_true(report_memory(small) < 1024);
	assert_true(report_memory(large) >= 2000 * sizeof(struct report_row));
	assert_true(report_memory(large) < 2000 * sizeof(struct report_row) + 100000);
	assert_null(report_new(SIZE_MAX));
	report_free(small);
	report_free(large);
}

static void test_sums_add_and_last_fields_are_overwritten(void **state)
{
	struct ss_base_key key = {.base = 0xc000012000, .target = 3};
	struct ss_base first = {2, 10, 16, 1, 6, 8, 0x10, 0x20, 0x10, SS_OP_MAKE, SS_OP_MAKE, {0}};
	struct ss_base second = {5,    20,   32,   0,	       9,	   12,
				 0x11, 0x21, 0x10, SS_OP_GROW, SS_OP_MAKE, {0}};
	struct report *r = new_report(10);
	const struct report_row *rows;
	struct report_other other;

	(void)state;
	report_add(r, &key, &first);
	report_add(r, &key, &second);
	assert_int_equal(report_rows(r, REPORT_SORT_EVENTS, false, 0, &rows, &other), 1);
	assert_int_equal(rows->target, 3);
	assert_int_equal(rows->base, 0xc000012000);
	assert_int_equal(rows->events, 7);
	assert_int_equal(rows->len_sum, 30);
	assert_int_equal(rows->cap_sum, 48);
	assert_int_equal(rows->len, 9);
	assert_int_equal(rows->cap, 12);
	assert_int_equal(rows->site, 0x11);
	assert_int_equal(rows->type, 0x21);
	assert_int_equal(rows->op, SS_OP_GROW);
	assert_int_equal(rows->reused, 1);
	assert_int_equal(other.rows + other.events, 0);
	report_free(r);
}

static void test_target_is_part_of_the_key(void **state)
{
	struct report *r = new_report(10);
	const struct report_row *rows;
	struct report_other other;

	(void)state;
	add(r, (struct event){2, 0xc000, 1, 1, 1});
	add(r, (struct event){1, 0xc000, 1, 2, 2});
	assert_int_equal(report_rows(r, REPORT_SORT_EVENTS, false, 0, &rows, &other), 2);
	assert_int_equal(rows[0].target, 1);
	assert_int_equal(rows[0].len_sum, 2);
	assert_int_equal(rows[1].target, 2);
	assert_int_equal(rows[1].len_sum, 1);
	report_free(r);
}

/* A window joins the one before where its first event has another op or site than the last. */
static void test_reused_across_windows(void **state)
{
	static const struct {
		struct ss_base val;
		uint64_t reused;
	} windows[] = {
		{{.site = 1, .first_site = 1, .op = 1, .first_op = 1}, 0},
		{{.site = 1, .first_site = 1, .op = 1, .first_op = 1}, 0},
		{{.site = 2, .first_site = 1, .op = 1, .first_op = 1, .reused = 1}, 1},
		{{.site = 2, .first_site = 2, .op = 1, .first_op = 1}, 1},
		{{.site = 2, .first_site = 1, .op = 1, .first_op = 1, .reused = 3}, 5},
		{{.site = 2, .first_site = 2, .op = 2, .first_op = 2}, 6},
		{{.site = 3, .first_site = 3, .op = 1, .first_op = 1}, 7},
	};
	struct ss_base_key key = {.base = 0x1000};
	struct report *r = new_report(4);

	(void)state;
	for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
		const struct report_row *rows;
		struct report_other other;

		report_add(r, &key, &windows[i].val);
		report_rows(r, REPORT_SORT_EVENTS, false, 0, &rows, &other);
		assert_int_equal(rows->reused, windows[i].reused);
		assert_int_equal(report_totals(r).reused, windows[i].reused);
	}
	report_free(r);
}

static void test_sort_keys_and_ties(void **state)
{
	static const uint64_t by_events[] = {0x30, 0x20, 0x40, 0x10};
	static const uint64_t by_len[] = {0x40, 0x20, 0x10, 0x30};
	static const uint64_t by_cap[] = {0x20, 0x30, 0x40, 0x10};
	struct report *r = new_report(4);

	(void)state;
	add(r, (struct event){1, 0x40, 2, 90, 70});
	add(r, (struct event){1, 0x30, 5, 10, 80});
	add(r, (struct event){1, 0x20, 2, 80, 99});
	add(r, (struct event){1, 0x10, 2, 80 - 10, 60});
	assert_bases(r, REPORT_SORT_EVENTS, false, 0, by_events, 4);
	assert_bases(r, REPORT_SORT_LEN, false, 0, by_len, 4);
	assert_bases(r, REPORT_SORT_CAP, false, 0, by_cap, 4);
	assert_bases(r, REPORT_SORT_CAP, true, 3, by_cap, 3);
	assert_bases(r, REPORT_SORT_EVENTS, false, 2, by_events, 2);
	report_free(r);
}

static void test_top(void **state)
{
	struct report *r = new_report(100);
	const struct report_row *rows;
	struct report_other other;

	(void)state;
	for (uint64_t i = 1; i <= 10; i++)
		add(r, (struct event){1, i << 4, i, 2 * i, 3 * i});
	assert_int_equal(report_rows(r, REPORT_SORT_EVENTS, false, 1, &rows, &other), 1);
	assert_int_equal(rows[0].base, 10 << 4);
	assert_int_equal(other.rows, 9);
	assert_int_equal(other.events, 45);
	assert_int_equal(other.len_sum, 90);
	assert_int_equal(other.cap_sum, 135);
	assert_int_equal(report_rows(r, REPORT_SORT_EVENTS, false, 11, &rows, &other), 10);
	assert_int_equal(report_rows(r, REPORT_SORT_EVENTS, false, 0, &rows, &other), 10);
	assert_int_equal(rows[9].base, 1 << 4);
	assert_int_equal(other.rows + other.events + other.len_sum + other.cap_sum, 0);
	report_free(r);
}

static void test_interval(void **state)
{
	struct report *r = new_report(10);
	const struct report_row *rows;
	struct report_other other;
	struct report_totals t;

	(void)state;
	add(r, (struct event){1, 0x10, 100, 500, 800});
	add(r, (struct event){1, 0x20, 50, 100, 100});
	report_interval_end(r);
	add(r, (struct event){1, 0x20, 1, 3, 4});
	add(r, (struct event){1, 0x20, 1, 4, 4});
	add(r, (struct event){1, 0x30, 1, 7, 8});
	assert_int_equal(report_rows(r, REPORT_SORT_EVENTS, true, 0, &rows, &other), 2);
	assert_int_equal(rows[0].base, 0x20);
	assert_int_equal(rows[0].events, 52);
	assert_int_equal(rows[0].d_events, 2);
	assert_int_equal(rows[0].d_len_sum, 7);
	assert_int_equal(rows[0].d_cap_sum, 8);
	assert_int_equal(rows[1].base, 0x30);
	assert_int_equal(other.rows, 1);
	assert_int_equal(other.events, 100);
	assert_int_equal(other.len_sum, 500);
	assert_int_equal(other.cap_sum, 800);
	t = report_totals(r);
	assert_int_equal(t.rows, 3);
	assert_int_equal(t.events, 153);
	assert_int_equal(t.d_rows, 2);
	assert_int_equal(t.d_events, 3);
	assert_int_equal(t.d_len_sum, 14);
	assert_int_equal(t.d_cap_sum, 16);
	report_free(r);
}

/* A row without an event in the interval is shown among the sums with zeros. */
static void test_stale_row_has_no_interval_figures(void **state)
{
	struct report *r = new_report(10);
	const struct report_row *rows;
	struct report_other other;

	(void)state;
	add(r, (struct event){1, 0x10, 3, 4, 5});
	report_interval_end(r);
	assert_int_equal(report_rows(r, REPORT_SORT_EVENTS, true, 0, &rows, &other), 0);
	assert_int_equal(other.rows, 1);
	assert_int_equal(other.events, 3);
	assert_int_equal(report_rows(r, REPORT_SORT_EVENTS, false, 0, &rows, &other), 1);
	assert_int_equal(rows->events, 3);
	assert_int_equal(rows->d_events + rows->d_len_sum + rows->d_cap_sum, 0);
	assert_int_equal(report_totals(r).d_rows, 0);
	add(r, (struct event){1, 0x10, 1, 1, 1});
	report_rows(r, REPORT_SORT_EVENTS, true, 0, &rows, &other);
	assert_int_equal(rows->d_events, 1);
	assert_int_equal(rows->events, 4);
	report_free(r);
}

/* Every row against an array that is indexed by the base itself. */
static void test_rows_against_model(void **state)
{
	enum { BASES = 5000, ADDS = 200000 };
	struct event *model = calloc(BASES, sizeof(*model));
	struct report *r = new_report(BASES);
	const struct report_row *rows;
	struct report_other other;
	uint64_t seed = 88172645463325252ULL;

	(void)state;
	assert_non_null(model);
	for (size_t i = 0; i < BASES + ADDS; i++) {
		uint64_t base = i < BASES ? i : draw(&seed) % BASES, len = draw(&seed) % 1000;

		add(r, (struct event){1, base << 4, 1, len, len + 5});
		model[base].events++;
		model[base].len_sum += len;
		model[base].cap_sum += len + 5;
	}
	assert_int_equal(report_rows(r, REPORT_SORT_LEN, false, 0, &rows, &other), BASES);
	for (size_t i = 0; i < BASES; i++) {
		const struct event *m = &model[rows[i].base >> 4];

		assert_int_equal(rows[i].events, m->events);
		assert_int_equal(rows[i].len_sum, m->len_sum);
		assert_int_equal(rows[i].cap_sum, m->cap_sum);
		assert_true(i == 0 || rows[i - 1].len_sum >= rows[i].len_sum);
	}
	assert_int_equal(other.rows + other.events, 0);
	free(model);
	report_free(r);
}

/* The first rows of a whole sort are the top, whatever the number asked for and order of arrival.
 */
static void test_order_is_the_same_everywhere(void **state)
{
	enum { N = 3000 };
	static struct report_row all[N];
	struct report *up = new_report(N), *down = new_report(N);
	const struct report_row *rows;
	struct report_other other;

	(void)state;
	for (uint64_t i = 0; i < N; i++) {
		uint64_t j = N - 1 - i;

		add(up, (struct event){(uint32_t)(i % 3), i << 4, 1 + i % 7, 0, 0});
		add(down, (struct event){(uint32_t)(j % 3), j << 4, 1 + j % 7, 0, 0});
	}
	assert_int_equal(report_rows(up, REPORT_SORT_EVENTS, false, 0, &rows, &other), N);
	memcpy(all, rows, sizeof(all));
	for (size_t i = 1; i < N; i++) {
		assert_true(all[i - 1].events >= all[i].events);
		if (all[i - 1].events == all[i].events)
			assert_true(all[i - 1].target < all[i].target ||
				    (all[i - 1].target == all[i].target &&
				     all[i - 1].base < all[i].base));
	}
	for (size_t top = 1; top <= N; top += 97) {
		assert_int_equal(report_rows(down, REPORT_SORT_EVENTS, false, top, &rows, &other),
				 top);
		assert_memory_equal(rows, all, top * sizeof(*rows));
	}
	report_free(up);
	report_free(down);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_memory_is_bounded),
		cmocka_unit_test(test_sums_add_and_last_fields_are_overwritten),
		cmocka_unit_test(test_target_is_part_of_the_key),
		cmocka_unit_test(test_reused_across_windows),
		cmocka_unit_test(test_sort_keys_and_ties),
		cmocka_unit_test(test_top),
		cmocka_unit_test(test_interval),
		cmocka_unit_test(test_stale_row_has_no_interval_figures),
		cmocka_unit_test(test_rows_against_model),
		cmocka_unit_test(test_order_is_the_same_everywhere),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
