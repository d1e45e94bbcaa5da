// SPDX-License-Identifier: BSD-2-Clause
/* top/model.h */
#include "top_sample.h"

static struct sample sample;

static const struct top_row *row_at(const struct top_model *m, size_t i)
{
	size_t n;
	const struct top_row *rows = top_model_rows(m, &n);

	assert_true(i < n);
	return &rows[i];
}

static size_t count(const struct top_model *m)
{
	size_t n;

	top_model_rows(m, &n);
	return n;
}

static struct top_model *filled(enum output_view view, enum top_field sort)
{
	struct top_model *m = top_model_new(view, sort);

	assert_non_null(m);
	sample_fill(&sample);
	sample_take(m, &sample);
	return m;
}

static void show(struct top_model *m)
{
	assert_int_equal(top_model_show(m, &sample_run), 0);
}

static void expect_row(const struct top_model *m, size_t i, uint64_t addr, uint64_t events,
		       uint64_t d)
{
	const struct top_row *row = row_at(m, i);

	assert_int_equal(row->row.key.addr, addr);
	assert_int_equal(row->row.sums.events, events);
	assert_int_equal(row->row.sums.allocated, 8 * events);
	assert_int_equal(row->row.d.events, d);
}

static uint64_t all_events(const struct top_model *m)
{
	uint64_t events = 0;

	for (size_t i = 0; i < count(m); i++)
		events += row_at(m, i)->row.sums.events;
	return events;
}

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

static void expect_path(const struct top_model *m, const char *path)
{
	char text[256];

	top_model_path(m, text, sizeof(text));
	assert_string_equal(text, path);
}

/* From process 100 to its ints, to their sites; each row's parts add up to it. */
static void test_drill(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_PROCESS, TOP_EVENTS);

	(void)state;
	expect_path(m, "");
	top_model_move(m, 1);
	expect_row(m, 1, 0, 22, 7);
	assert_true(top_model_enter(m, &sample_run));
	show(m);
	assert_int_equal(top_model_view(m), OUTPUT_BY_TYPE);
	assert_int_equal(all_events(m), 22);
	expect_row(m, 0, 0, 15, 7);
	top_model_set_filter(m, "int");
	show(m);
	assert_true(top_model_enter(m, &sample_run));
	assert_string_equal(top_model_filter(m), "");
	show(m);
	assert_int_equal(count(m), 2);
	expect_row(m, 0, 0x100, 10, 2);
	expect_row(m, 1, 0x300, 5, 5);
	expect_path(m, "process 100 > type int (grow)");
	assert_true(top_model_back(m));
	show(m);
	assert_string_equal(top_model_filter(m), "int");
	assert_int_equal(count(m), 1);
	assert_true(top_model_back(m));
	show(m);
	assert_int_equal(count(m), 4);
	assert_int_equal(top_model_cursor(m), 1);
	assert_false(top_model_back(m));
	top_model_free(m);
}

static void add_base(struct report_row row)
{
	sample.rows[sample.n] = row;
	sample.list[sample.n] = &sample.rows[sample.n];
	sample.n++;
}

/* In a session of bases numbers of types are others: there the names count. */
static void test_drill_to_bases(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_TYPE, TOP_EVENTS);
	const struct report_sums one = {.events = 1};

	(void)state;
	/* Of /srv/one: ints that grow. */
	top_model_move(m, 1);
	assert_true(top_model_enter(m, &sample_run));
	show(m);
	expect_row(m, 0, 0x100, 30, 6);
	assert_true(top_model_enter(m, &sample_run));
	assert_int_equal(top_model_finest(m), OUTPUT_BY_BASE);
	expect_path(m, "type int (grow) > site main.Store app/main.go:1");
	top_model_begin(m);
	show(m);
	assert_int_equal(count(m), 0);
	sample.n = 0;
	add_base((struct report_row){
		{.addr = 0xc000}, one, one, {1, 2, 0x100, SS_OP_GROW, 1}, 0, NULL});
	add_base((struct report_row){
		{.addr = 0xc010}, one, one, {1, 2, 0x300, SS_OP_GROW, 1}, 0, NULL});
	add_base((struct report_row){
		{.addr = 0xc020}, one, one, {1, 2, 0x100, SS_OP_MAKE, 1}, 0, NULL});
	add_base((struct report_row){
		{.addr = 0xc030}, one, one, {1, 2, 0x100, SS_OP_GROW, 2}, 0, NULL});
	add_base((struct report_row){
		{.addr = 0xc040, .group = 2}, one, one, {1, 2, 0x100, SS_OP_GROW, 1}, 0, NULL});
	add_base((struct report_row){
		{.addr = 0xc050, .group = 1}, one, one, {1, 2, 0x100, SS_OP_GROW, 1}, 0, NULL});
	sample_take(m, &sample);
	assert_int_equal(count(m), 2);
	expect_path(m, "type int (grow) > site main.Store app/main.go:1");
	assert_int_equal(row_at(m, 0)->row.key.addr, 0xc000);
	assert_int_equal(row_at(m, 1)->row.key.addr, 0xc050);
	assert_false(top_model_enter(m, &sample_run));
	assert_true(top_model_back(m));
	assert_int_equal(top_model_finest(m), OUTPUT_BY_SITE);
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

/* No interval that has been taken is one more when it is seen again. */
static void test_rows_seen_again_are_no_interval(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_PROCESS, TOP_EVENTS);

	(void)state;
	assert_true(row_at(m, 0)->history[TOP_INTERVALS - 1] == 0.5);
	assert_int_equal(top_model_take(m, sample.list, sample.n, 2, false), 0);
	show(m);
	assert_true(row_at(m, 0)->history[TOP_INTERVALS - 1] == 0.5);
	assert_true(row_at(m, 0)->history[TOP_INTERVALS - 2] == 0);
	sample_take(m, &sample);
	assert_true(row_at(m, 0)->history[TOP_INTERVALS - 2] == 0.5);
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
		cmocka_unit_test(test_drill),
		cmocka_unit_test(test_drill_to_bases),
		cmocka_unit_test(test_cursor_stays_on_its_row),
		cmocka_unit_test(test_rows_seen_again_are_no_interval),
		cmocka_unit_test(test_many_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
