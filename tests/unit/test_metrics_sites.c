// SPDX-License-Identifier: BSD-2-Clause
/* metrics/sites.h: series that never fall, and add up to all there is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "site_rows.h"

#define SERIES 10

static void test_promotion(void **state)
{
	struct report *r = report_new(1000, false);
	struct sites *s = sites_new(SERIES);

	(void)state;
	assert_true(r && s);
	add(r, 100, 1000);
	add(r, 101, 1000);
	add(r, 200, 10);
	update(s, r);
	assert_int_equal(sites_count(s), 1);
	assert_int_equal(events_of(s, "f1"), 2000);
	assert_int_equal(sites_other(s)->events, 10);
	assert_adds_up(s, r);

	/* It has grown to one part in 100: what it did before stays where it was. */
	add(r, 200, 40);
	add(r, 100, 5);
	update(s, r);
	assert_int_equal(events_of(s, "f2"), 40);
	assert_int_equal(events_of(s, "f1"), 2005);
	assert_int_equal(sites_other(s)->events, 10);
	assert_adds_up(s, r);

	/* It stays, however small it has become. */
	add(r, 100, 1000000);
	add(r, 200, 1);
	update(s, r);
	assert_int_equal(events_of(s, "f2"), 41);
	assert_adds_up(s, r);
	sites_free(s);
	report_free(r);
}

/* Nine of ten that are alike: the last place is for what makes up a tenth of all. */
static void test_room(void **state)
{
	struct report *r = report_new(1000, false);
	struct sites *s = sites_new(SERIES);

	(void)state;
	for (uint64_t i = 0; i < UINT64_C(2) * SERIES; i++)
		add(r, 100 * i, 100 - i);
	update(s, r);
	assert_int_equal(sites_count(s), 9);
	add(r, 5000, 100000);
	add(r, 0, 1);
	update(s, r);
	assert_int_equal(sites_count(s), SERIES);
	assert_int_equal(events_of(s, "f50"), 100000);
	assert_int_equal(events_of(s, "f0"), 101);
	add(r, 6000, 1000000);
	update(s, r);
	assert_int_equal(sites_count(s), SERIES);
	assert_adds_up(s, r);
	sites_free(s);
	report_free(r);
}

/* After much work for long, the share of the interval counts: of one in which there is work. */
static void test_newcomer(void **state)
{
	struct report *r = report_new(1000, false);
	struct sites *s = sites_new(SERIES);

	(void)state;
	for (int i = 0; i < 100; i++) {
		add(r, 100, 100000);
		update(s, r);
	}
	add(r, 200, 1000);
	update(s, r);
	assert_int_equal(sites_count(s), 1);
	add(r, 100, 100000);
	add(r, 200, 1000);
	update(s, r);
	assert_int_equal(sites_count(s), 1);
	add(r, 100, 100000);
	add(r, 200, 2000);
	update(s, r);
	assert_int_equal(events_of(s, "f2"), 2000);
	assert_adds_up(s, r);
	sites_free(s);
	report_free(r);
}

/* What has nothing of what is sorted by takes no place. */
static void test_nothing(void **state)
{
	struct report *r = report_new(1000, false);
	struct sites *s = sites_new(SERIES);

	(void)state;
	for (uint64_t i = 0; i < SERIES; i++)
		add(r, 100 * i, 0);
	update(s, r);
	assert_int_equal(sites_count(s), 0);
	sites_free(s);
	report_free(r);
}

/* A line of many small rows, as of many versions of a program: they are its series' all the same.
 */
static void test_versions(void **state)
{
	struct report *r = report_new(10000, false);
	struct sites *s = sites_new(SERIES);

	(void)state;
	add(r, 100, 1000);
	update(s, r);
	for (uint64_t i = 0; i < 3000; i++) {
		const struct report_key key = {
			.addr = 100 + i % 100, .group = (uint32_t)(i / 100), .op = SS_OP_MAKE};
		const struct report_delta delta = {.sums = {.events = 1}};

		report_add(r, &key, &delta);
		if (i % 50 == 0)
			update(s, r);
	}
	update(s, r);
	assert_int_equal(sites_count(s), 1);
	assert_int_equal(events_of(s, "f1"), 4000);
	assert_adds_up(s, r);
	sites_free(s);
	report_free(r);
}

/* Rows that were there before the series are its own from then on. */
static void test_new_series(void **state)
{
	struct report *r = report_new(1000, false);
	struct sites *s = sites_new(SERIES);

	(void)state;
	add(r, 100, 100000);
	add(r, 201, 1);
	update(s, r);
	add(r, 100, 1000);
	add(r, 200, 5000);
	update(s, r);
	assert_int_equal(events_of(s, "f2"), 5000);
	/* Not only of those that have events in the next interval. */
	add(r, 100, 1);
	update(s, r);
	add(r, 201, 1);
	update(s, r);
	assert_int_equal(events_of(s, "f2"), 5001);
	assert_adds_up(s, r);
	sites_free(s);
	report_free(r);
}

/* Rows are given up and come again, under their old keys and others: nothing falls or comes twice.
 */
static void test_evictions(void **state)
{
	struct report *r = report_new(8, false);
	struct sites *s = sites_new(SERIES);
	uint64_t before[SERIES] = {0}, other = 0;
	unsigned int seed = 1;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		for (int k = 0; k < 5; k++) {
			const uint64_t row = (uint64_t)rand_r(&seed) % 40;

			add(r, 50 * row, 1 + (uint64_t)rand_r(&seed) % (row < 4 ? 1000 : 10));
		}
		update(s, r);
		assert_adds_up(s, r);
		assert_true(sites_other(s)->events >= other);
		other = sites_other(s)->events;
		for (size_t k = 0; k < sites_count(s); k++) {
			assert_true(sites_series(s, k)->sums.events >= before[k]);
			before[k] = sites_series(s, k)->sums.events;
		}
	}
	assert_true(sites_count(s) > 2);
	sites_free(s);
	report_free(r);
}

static bool is_group_0(void *ctx, uint32_t group)
{
	(void)ctx;
	return group == 0;
}

static bool name_by(void *ctx, const struct report_row *row, const char *labels[SITE_LABELS])
{
	(void)row;
	for (size_t i = 0; i < SITE_LABELS; i++)
		labels[i] = "";
	labels[SITE_FUNC] = *(const char **)ctx;
	return true;
}

/* So many are named, and then no more. */
static bool name_some(void *ctx, const struct report_row *row, const char *labels[SITE_LABELS])
{
	unsigned int *left = ctx;

	return *left && (*left)-- && name_hundreds(NULL, row, labels);
}

/* What is not named has no series, and is asked for again. */
static void test_unnamed(void **state)
{
	struct report *r = report_new(1000, false);
	struct sites *s = sites_new(SERIES);
	unsigned int left = 1;

	(void)state;
	add(r, 100, 1000);
	add(r, 200, 900);
	add(r, 101, 800);
	update_at(s, r, 1, name_some, &left);
	assert_int_equal(sites_count(s), 1);
	assert_int_equal(events_of(s, "f1"), 1000);
	assert_int_equal(sites_other(s)->events, 1700);
	assert_adds_up(s, r);

	/* Neither a row of a series that there is, nor one that is new. */
	add(r, 200, 9);
	add(r, 101, 8);
	update_at(s, r, 2, name_some, &left);
	assert_int_equal(sites_count(s), 1);
	assert_int_equal(sites_other(s)->events, 1717);

	left = 100;
	add(r, 200, 9);
	add(r, 101, 8);
	update_at(s, r, 3, name_some, &left);
	assert_int_equal(events_of(s, "f1"), 1008);
	assert_int_equal(events_of(s, "f2"), 9);
	assert_int_equal(sites_other(s)->events, 1717);
	assert_adds_up(s, r);
	sites_free(s);
	report_free(r);
}

/* A file is forgotten, and its number is another's: the row has another name. */
static void test_number_again(void **state)
{
	struct report *r = report_new(1000, false);
	struct sites *s = sites_new(SERIES);
	const char *names[] = {"old", "new"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		add(r, 100, 7 + (uint64_t)i);
		update_at(s, r, 1, name_by, &names[i]);
		report_forget(r, is_group_0, NULL);
	}
	assert_int_equal(events_of(s, "old"), 7);
	assert_int_equal(events_of(s, "new"), 8);
	sites_free(s);
	report_free(r);
}

/* Lengths are of all events, those of rows that are gone too. */
static void test_lengths(void **state)
{
	struct report *r = report_new(4, true);
	const uint32_t lens[SS_LEN_BUCKETS] = {[1] = 1, [3] = 2};
	const struct report_lengths *l;

	(void)state;
	for (uint64_t i = 0; i < 100; i++) {
		const struct report_key key = {.addr = i, .op = i % 2 ? SS_OP_MAKE : SS_OP_GROW};
		const struct report_delta delta = {.sums = {.events = 3, .len_sum = 11},
						   .lens = lens};

		report_add(r, &key, &delta);
	}
	l = report_lengths(r);
	assert_int_equal(l[SS_OP_GROW].events, 150);
	assert_int_equal(l[SS_OP_MAKE].len_sum, 550);
	assert_int_equal(l[SS_OP_GROW].lens[3], 100);
	assert_int_equal(l[SS_OP_MAKE].lens[1], 50);
	report_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_promotion), cmocka_unit_test(test_room),
		cmocka_unit_test(test_newcomer),  cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_versions),  cmocka_unit_test(test_new_series),
		cmocka_unit_test(test_evictions), cmocka_unit_test(test_number_again),
		cmocka_unit_test(test_unnamed),	  cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests_name("metrics_sites", tests, NULL, NULL);
}
