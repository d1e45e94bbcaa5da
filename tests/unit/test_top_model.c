// SPDX-License-Identifier: BSD-2-Clause
/* top/model.h */
#include "top_filled.h"

static void test_views_fold(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_SITE, TOP_EVENTS);

	(void)state;
	assert_int_equal(top_model_finest(m), OUTPUT_BY_SITE);
	assert_int_equal(count(m), 5);
	expect_row(m, 0, 0x100, 100, 1);
	expect_row(m, 1, 0x100, 30, 6);
	expect_row(m, 2, 0x400, 7, 0);
	assert_true(row_at(m, 1)->history[TOP_INTERVALS - 1] == 3);
	top_model_set_view(m, OUTPUT_BY_TYPE);
	show(m);
	assert_int_equal(count(m), 4);
	expect_row(m, 1, 0, 35, 11);
	top_model_set_view(m, OUTPUT_BY_PROCESS);
	show(m);
	assert_int_equal(count(m), 4);
	assert_int_equal(row_at(m, 0)->row.key.group, 2);
	expect_row(m, 2, 0, 20, 4);
	assert_int_equal(all_events(m), 145);
	top_model_set_view(m, OUTPUT_BY_BASE);
	assert_int_equal(top_model_finest(m), OUTPUT_BY_BASE);
	top_model_free(m);
}

static void test_sort(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_SITE, TOP_EVENT_RATE);

	(void)state;
	expect_row(m, 0, 0x100, 30, 6);
	expect_row(m, 1, 0x300, 5, 5);
	/* Those without an event in the interval, by events. */
	expect_row(m, 3, 0x400, 7, 0);
	expect_row(m, 4, 0x200, 3, 0);
	top_model_reverse(m);
	show(m);
	expect_row(m, 0, 0x400, 7, 0);
	expect_row(m, 4, 0x100, 30, 6);
	/* What a view cannot be sorted by. */
	top_model_set_sort(m, TOP_COPIED);
	top_model_set_view(m, OUTPUT_BY_BASE);
	assert_int_equal(top_model_sort(m), TOP_EVENT_RATE);
	top_model_free(m);
}

static void test_filter(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_SITE, TOP_EVENTS);
	struct top_run run;

	(void)state;
	top_model_set_filter(m, "mAIn.sTORE");
	show(m);
	assert_int_equal(count(m), 3);
	assert_int_equal(top_model_all_rows(m), 5);
	expect_row(m, 2, 0x400, 7, 0);
	top_model_set_filter(m, "STRING");
	show(m);
	assert_int_equal(count(m), 1);
	expect_row(m, 0, 0x400, 7, 0);
	top_model_set_filter(m, "/srv/two");
	show(m);
	assert_int_equal(count(m), 1);
	expect_row(m, 0, 0x100, 100, 1);
	/* Where all are of one executable, it is not shown. */
	run = run_of(100, 101, 200);
	other_report.nexes = 1;
	assert_int_equal(top_model_show(m, &run), 0);
	assert_int_equal(count(m), 0);
	top_model_set_filter(m, "nowhere");
	show(m);
	assert_int_equal(count(m), 0);
	assert_false(top_model_enter(m, &sample_run));
	top_model_move(m, 1);
	assert_int_equal(top_model_cursor(m), 0);
	top_model_set_filter(m, "");
	top_model_set_view(m, OUTPUT_BY_PROCESS);
	top_model_set_filter(m, "101");
	show(m);
	assert_int_equal(count(m), 1);
	expect_row(m, 0, 0, 20, 4);
	top_model_free(m);
}

#define LONG_PATH                                                                                  \
	"x.org/0123456789012345678901234567890123456789012345678901234567890123456789/"            \
	"01234567890123456789012345678901234567890123456789012345678901234567890123456789/"

static size_t long_site(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames,
			size_t max)
{
	sample_site(ctx, group, pc, frames, max);
	frames[0].func = pc == 0x400 ? LONG_PATH "v1.Fold" : LONG_PATH "v1.Load";
	return 1;
}

static struct output_type long_type(void *ctx, uint32_t group, uint32_t type)
{
	(void)ctx;
	(void)group;
	return (struct output_type){.name = type == 2 ? LONG_PATH "v1.Row" : LONG_PATH "v1.Column",
				    .size = 8};
}

/* Names are found by what no cell has room for, and what is gone into is named whole. */
static void test_filter_of_long_names(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_SITE, TOP_EVENTS);
	struct top_run run = sample_run;
	char path[512];

	(void)state;
	run.by_exe.site = long_site;
	run.by_exe.type = long_type;
	top_model_set_filter(m, "9/v1.fold");
	assert_int_equal(top_model_show(m, &run), 0);
	assert_int_equal(count(m), 1);
	expect_row(m, 0, 0x400, 7, 0);
	top_model_set_filter(m, "v1.fold app/main.go:4");
	assert_int_equal(top_model_show(m, &run), 0);
	assert_int_equal(count(m), 1);
	top_model_set_filter(m, "9/v1.row");
	assert_int_equal(top_model_show(m, &run), 0);
	assert_int_equal(count(m), 1);
	expect_row(m, 0, 0x400, 7, 0);
	assert_true(top_model_enter(m, &run));
	top_model_path(m, path, sizeof(path));
	assert_string_equal(path, "site " LONG_PATH "v1.Fold app/main.go:4");
	top_model_free(m);
}

static void test_cursor_stays_on_its_row(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_SITE, TOP_EVENTS);

	(void)state;
	/* At the top until it is moved. */
	top_model_reverse(m);
	show(m);
	assert_int_equal(top_model_cursor(m), 0);
	top_model_reverse(m);
	show(m);
	top_model_move(m, 1);
	expect_row(m, 1, 0x100, 30, 6);
	sample_add(&sample, (struct report_key){0x900, 0, 1, 0, SS_OP_GROW}, 1000, 1);
	sample_take(m, &sample);
	assert_int_equal(top_model_cursor(m), 2);
	top_model_move(m, 100);
	assert_int_equal(top_model_cursor(m), 5);
	assert_int_equal(top_model_first(m, 2), 4);
	assert_int_equal(top_model_first(m, 100), 0);
	top_model_set_filter(m, "string");
	show(m);
	assert_int_equal(top_model_cursor(m), 0);
	top_model_move(m, -100);
	assert_int_equal(top_model_cursor(m), 0);
	top_model_free(m);
}

/* Where a view has not the column, another takes its place for as long. */
static void test_sort_comes_back(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_SITE, TOP_ALLOC_RATE);

	(void)state;
	assert_true(top_model_enter(m, &sample_run));
	assert_int_equal(top_model_sort(m), TOP_EVENT_RATE);
	assert_true(top_model_back(m));
	assert_int_equal(top_model_sort(m), TOP_ALLOC_RATE);
	top_model_set_view(m, OUTPUT_BY_BASE);
	top_model_set_sort(m, TOP_LEN);
	top_model_set_sort(m, TOP_CAP);
	top_model_set_view(m, OUTPUT_BY_SITE);
	assert_int_equal(top_model_sort(m), TOP_ALLOC_RATE);
	top_model_set_sort(m, TOP_COPIED);
	top_model_set_view(m, OUTPUT_BY_BASE);
	assert_int_equal(top_model_sort(m), TOP_CAP);
	top_model_free(m);
}

/* Without rows, as where there was no memory for them, there is nothing to move on. */
static void test_move_without_rows(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_SITE, TOP_EVENTS);

	(void)state;
	top_model_move(m, 3);
	top_model_begin(m);
	top_model_move(m, 1);
	top_model_move(m, -1);
	assert_int_equal(top_model_first(m, 10), 0);
	assert_false(top_model_enter(m, &sample_run));
	sample_take(m, &sample);
	top_model_move(m, -TOP_ROWS_MAX);
	assert_int_equal(top_model_cursor(m), 0);
	top_model_free(m);
}

static void test_many_rows(void **state)
{
	struct top_model *m = top_model_new(OUTPUT_BY_SITE, TOP_EVENTS);

	(void)state;
	sample.n = 0;
	for (uint64_t i = 0; i < SAMPLE_ROWS_MAX; i++)
		sample_add(&sample, (struct report_key){0x100 * i, 0, 1, 0, SS_OP_GROW}, i + 1, 1);
	sample_take(m, &sample);
	assert_int_equal(count(m), SAMPLE_ROWS_MAX);
	expect_row(m, 0, UINT64_C(0x100) * (SAMPLE_ROWS_MAX - 1), SAMPLE_ROWS_MAX, 1);
	assert_true(top_model_history_lost(m) > 0);
	top_model_move(m, TOP_ROWS_MAX);
	assert_int_equal(top_model_cursor(m), SAMPLE_ROWS_MAX - 1);
	assert_int_equal(top_model_first(m, 10), SAMPLE_ROWS_MAX - 10);
	top_model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_views_fold),
		cmocka_unit_test(test_sort),
		cmocka_unit_test(test_filter),
		cmocka_unit_test(test_filter_of_long_names),
		cmocka_unit_test(test_cursor_stays_on_its_row),
		cmocka_unit_test(test_sort_comes_back),
		cmocka_unit_test(test_move_without_rows),
		cmocka_unit_test(test_many_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
