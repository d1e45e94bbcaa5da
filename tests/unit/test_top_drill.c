// SPDX-License-Identifier: BSD-2-Clause
/* top/model.h: rows gone into, and processes that go while they are shown. */
#include "top_filled.h"

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

/* What it did goes to its executable, and the interval stays as it was. */
static void test_processes_are_forgotten(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_PROCESS, TOP_EVENTS);
	struct top_run run = run_of(100, 101, 0);

	(void)state;
	top_model_move(m, 1);
	assert_int_equal(row_at(m, 1)->pid, 100);
	top_model_forget(m, &run);
	assert_int_equal(top_model_show(m, &run), 0);
	assert_int_equal(count(m), 4);
	assert_int_equal(all_events(m), 145);
	assert_int_equal(row_at(m, 0)->row.key.group, SAMPLE_ENDED + 1);
	assert_int_equal(row_at(m, 0)->pid, 0);
	expect_row(m, 0, 0, 100, 1);
	assert_int_equal(top_model_cursor(m), 1);
	/* Its number, and that of the row at the cursor, are those of others now. */
	run = run_of(300, 101, 400);
	top_model_forget(m, &run);
	assert_int_equal(top_model_take(m, &run, sample.list, sample.n), 0);
	top_model_reverse(m);
	assert_int_equal(top_model_show(m, &run), 0);
	assert_int_equal(top_model_cursor(m), 1);
	assert_int_equal(row_at(m, 1)->pid, 101);
	assert_true(row_at(m, 3)->pid == 400 && row_at(m, 3)->history[TOP_INTERVALS - 2] == 0);
	assert_true(row_at(m, 1)->history[TOP_INTERVALS - 2] == 2);
	top_model_free(m);
}

static void expect_bars(const struct top_model *m, uint64_t addr, double before, double last)
{
	for (size_t i = 0; i < count(m); i++) {
		const struct top_row *row = row_at(m, i);

		if (row->row.key.addr != addr || row->row.key.group != 0)
			continue;
		assert_true(row->history[TOP_INTERVALS - 2] == before);
		assert_true(row->history[TOP_INTERVALS - 1] == last);
		return;
	}
	fail();
}

/* What rows did in the intervals before stays theirs, once, whoever did it. */
static void test_histories_of_the_forgotten(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_SITE, TOP_EVENTS);
	const struct report_key ended = {0x100, SAMPLE_ENDED, 1, 0, SS_OP_GROW};
	struct top_run run = run_of(0, 0, 200);

	(void)state;
	/* Some of the same site had been forgotten before. */
	sample_add(&sample, ended, 40, 8);
	sample_take(m, &sample);
	expect_bars(m, 0x100, 3, 7);
	assert_int_equal(top_model_forget(m, &run), 0);
	assert_int_equal(top_model_show(m, &run), 0);
	expect_bars(m, 0x100, 3, 7);
	assert_int_equal(all_events(m), 185);
	/* Again, before there are others. */
	assert_int_equal(top_model_forget(m, &run), 0);
	assert_int_equal(top_model_show(m, &run), 0);
	expect_bars(m, 0x100, 3, 7);
	sample.n = 0;
	sample_add(&sample, ended, 90, 20);
	assert_int_equal(top_model_take(m, &run, sample.list, sample.n), 0);
	assert_int_equal(top_model_show(m, &run), 0);
	expect_bars(m, 0x100, 7, 10);
	top_model_free(m);
}

/* Nobody looked between the forgetting and the end of the interval. */
static void test_histories_as_an_interval_ends(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_SITE, TOP_EVENTS);
	struct top_run run = run_of(0, 101, 200);

	(void)state;
	sample.n = 0;
	sample_add(&sample, (struct report_key){0x100, SAMPLE_ENDED, 1, 0, SS_OP_GROW}, 12, 2);
	sample_add(&sample, (struct report_key){0x100, 1, 1, 0, SS_OP_GROW}, 20, 0);
	assert_int_equal(top_model_take(m, &run, sample.list, sample.n), 0);
	assert_int_equal(top_model_show(m, &run), 0);
	expect_bars(m, 0x100, 3, 1);
	top_model_free(m);
}

/* Nothing of another process is shown as of the one gone into. */
static void test_drill_into_a_number_used_again(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_PROCESS, TOP_EVENTS);
	struct top_run run = run_of(300, 101, 200);

	(void)state;
	top_model_move(m, 1);
	assert_true(top_model_enter(m, &sample_run));
	show(m);
	assert_int_equal(all_events(m), 22);
	assert_int_equal(top_model_show(m, &run), 0);
	assert_int_equal(count(m), 0);
	run = run_of(0, 101, 200);
	assert_int_equal(top_model_show(m, &run), 0);
	assert_int_equal(count(m), 0);
	expect_path(m, "process 100");
	/* Of the next session, too. */
	top_model_begin(m);
	run = run_of(0, 100, 200);
	assert_int_equal(top_model_take(m, &run, sample.list, sample.n), 0);
	assert_int_equal(top_model_show(m, &run), 0);
	assert_int_equal(all_events(m), 20);
	top_model_free(m);
}

/* What is gone into of a view takes the place of what was of the same, and of what came after. */
static void test_drill_again_in_a_view(void **state)
{
	struct top_model *m = filled(OUTPUT_BY_TYPE, TOP_EVENTS);

	(void)state;
	for (int i = 0; i < 5; i++) {
		assert_true(top_model_enter(m, &sample_run));
		show(m);
		expect_path(m, "type int (grow)");
		top_model_set_view(m, OUTPUT_BY_TYPE);
		show(m);
	}
	top_model_set_view(m, OUTPUT_BY_SITE);
	show(m);
	assert_true(top_model_enter(m, &sample_run));
	expect_path(m, "type int (grow) > site main.Store app/main.go:1");
	top_model_set_view(m, OUTPUT_BY_TYPE);
	show(m);
	assert_true(top_model_enter(m, &sample_run));
	expect_path(m, "type int (grow)");
	assert_true(top_model_back(m));
	assert_false(top_model_back(m));
	top_model_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drill),
		cmocka_unit_test(test_drill_to_bases),
		cmocka_unit_test(test_processes_are_forgotten),
		cmocka_unit_test(test_histories_of_the_forgotten),
		cmocka_unit_test(test_histories_as_an_interval_ends),
		cmocka_unit_test(test_drill_into_a_number_used_again),
		cmocka_unit_test(test_drill_again_in_a_view),
	};

	return cmocka_run_group_tests_name("top_drill", tests, NULL, NULL);
}
