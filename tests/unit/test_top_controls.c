// SPDX-License-Identifier: BSD-2-Clause
/* top/controls.h: what keys do to what is drawn. */
#include "top_keys.h"

/* All that the view has, however narrow the screen; what it is sorted by is shown. */
static void test_sort_moves_among_columns(void **state)
{
	static const enum top_field order[] = {TOP_EVENTS,     TOP_SLACK_RATE, TOP_COPY_RATE,
					       TOP_ALLOC_RATE, TOP_EVENT_RATE, TOP_EVENT_RATE};
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		assert_int_equal(top_model_sort(c.model), order[i]);
		page(&c, 10);
		assert_non_null(strstr(lines[3].text, top_fields[order[i]].header));
		assert_int_not_equal(lines[3].marked, 0);
		press(&c, i % 2 ? ',' : '<');
	}
	for (int i = 0; i < 20; i++)
		press(&c, '>');
	assert_int_equal(top_model_sort(c.model), TOP_SLACK);
	press(&c, TOP_KEY_SORT);
	assert_int_equal(top_model_sort(c.model), TOP_EVENT_RATE);
	press(&c, '>');
	press(&c, '.');
	press(&c, 'I');
	page(&c, 10);
	assert_string_equal(lines[2].text, "rows 5 by COPIED/S, least first");
	top_model_free(c.model);
}

/* On the narrowest screens, too. */
static void test_the_sort_column_has_room(void **state)
{
	static const size_t widths[] = {12, 20, 40, 80};
	struct top_controls c = controls_of(OUTPUT_BY_BASE, 80);

	(void)state;
	top_model_set_sort(c.model, TOP_CAP_SUM);
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		c.width = widths[i];
		page(&c, 10);
		assert_non_null(strstr(lines[3].text, "CAP_SUM"));
		assert_memory_equal(lines[3].text, "    PID BASE ", 13);
		assert_true(lines[3].mark + lines[3].marked <= c.width || c.width < 40);
		press(&c, 's');
		page(&c, 10);
		assert_memory_equal(lines[3].text + lines[3].mark, "   CAP_SUM", 10);
		assert_true(lines[3].mark + lines[3].marked <= c.width);
		press(&c, 'b');
	}
	top_model_free(c.model);
}

/* As in top(1). */
static void test_sort_by_letters(void **state)
{
	struct top_controls c = controls_of(OUTPUT_BY_PROCESS, 80);
	size_t n;

	(void)state;
	press(&c, 'P');
	assert_int_equal(top_model_sort(c.model), TOP_EVENT_RATE);
	press(&c, 'M');
	assert_int_equal(top_model_sort(c.model), TOP_ALLOC_RATE);
	press(&c, 'T');
	assert_int_equal(top_model_sort(c.model), TOP_EVENTS);
	press(&c, 'N');
	assert_int_equal(top_model_sort(c.model), TOP_PID);
	assert_true(top_model_rows(c.model, &n)[0].pid == 200);
	assert_true(top_model_rows(c.model, &n)[3].pid == 0);
	press(&c, 's');
	press(&c, 'N');
	assert_string_equal(c.note, "there is no PID by site");
	press(&c, 'b');
	press(&c, 'M');
	assert_string_equal(c.note, "there is no ALLOC/S by base");
	press(&c, 'N');
	assert_int_equal(top_model_sort(c.model), TOP_BASE);
	top_model_free(c.model);
}

/* No further than there are columns, and never what tells of losses. */
static void test_shift(void **state)
{
	struct output_report r = sample_report;
	struct top_run run = sample_run;
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 60);
	size_t widest;

	(void)state;
	run.report = &r;
	r.counts = lossy;
	r.ncounts = 3;
	for (int i = 0; i < 2; i++)
		press(&c, TOP_KEY_RIGHT);
	top_page(&c, &run, &told, lines, 10);
	assert_int_equal(c.shift, 16);
	for (int i = 0; i < 20; i++)
		press(&c, TOP_KEY_RIGHT);
	top_page(&c, &run, &told, lines, 10);
	widest = strlen(lines[3].text);
	assert_int_equal(c.shift, widest - 60);
	assert_false(top_line_shifts(&lines[0]) || top_line_shifts(&lines[1]) ||
		     top_line_shifts(&lines[9]));
	assert_true(top_line_shifts(&lines[2]) && top_line_shifts(&lines[4]));
	press(&c, TOP_KEY_LEFT);
	assert_int_equal(c.shift, widest - 68);
	c.width = 200;
	top_page(&c, &run, &told, lines, 10);
	assert_int_equal(c.shift, 0);
	top_model_free(c.model);
}

/* On a low screen it is gone through, on one with room any key leads back. */
static void test_help(void **state)
{
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	press(&c, 'h');
	page(&c, 24);
	assert_string_equal(lines[23].text, "any key: back to the rows");
	assert_memory_equal(lines[22].text, "Figures a second", 16);
	press(&c, TOP_KEY_DOWN);
	assert_false(c.help);
	press(&c, '?');
	page(&c, 10);
	assert_memory_equal(lines[9].text, "arrows: more", 12);
	press(&c, 'j');
	press(&c, TOP_KEY_DOWN);
	press(&c, TOP_KEY_UP);
	page(&c, 10);
	assert_memory_equal(lines[3].text, "h, ?, F1", 8);
	press(&c, TOP_KEY_PAGE_DOWN);
	press(&c, TOP_KEY_END);
	page(&c, 10);
	assert_memory_equal(lines[8].text, "Figures a second", 16);
	press(&c, TOP_KEY_PAGE_UP);
	press(&c, TOP_KEY_HOME);
	page(&c, 10);
	assert_memory_equal(lines[3].text, "q, F10", 6);
	press(&c, 'q');
	assert_false(c.quit || c.help);
	/* One that is narrow alone. */
	c.width = 40;
	press(&c, 'h');
	page(&c, 30);
	press(&c, TOP_KEY_RIGHT);
	page(&c, 30);
	assert_true(c.help && c.shift == 8);
	press(&c, TOP_KEY_HELP);
	assert_false(c.help || c.shift);
	top_model_free(c.model);
}

/* Among the views of one session. */
static void test_tab(void **state)
{
	struct top_controls c = controls_of(OUTPUT_BY_PROCESS, 80);

	(void)state;
	press(&c, '\t');
	assert_int_equal(top_model_view(c.model), OUTPUT_BY_SITE);
	press(&c, '\t');
	assert_int_equal(top_model_view(c.model), OUTPUT_BY_TYPE);
	press(&c, 'b');
	assert_string_equal(c.note, "");
	/* It would end the session. */
	press(&c, '\t');
	assert_int_equal(top_model_view(c.model), OUTPUT_BY_BASE);
	assert_string_equal(c.note, "Tab is for site, type, process: s, t and p end the counts of "
				    "bases");
	top_model_free(c.model);
}

static void test_views_and_modes(void **state)
{
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	press(&c, 't');
	assert_int_equal(top_model_view(c.model), OUTPUT_BY_TYPE);
	press(&c, '\t');
	assert_int_equal(top_model_view(c.model), OUTPUT_BY_PROCESS);
	page(&c, 10);
	assert_non_null(strstr(lines[4].text, " 200 "));
	/* Of a process that has ended nothing but its executable is known. */
	assert_non_null(strstr(lines[7].text, "ended "));
	assert_non_null(strstr(lines[7].text, "/srv/one"));
	press(&c, 'b');
	assert_int_equal(top_model_finest(c.model), OUTPUT_BY_BASE);
	press(&c, 's');
	press(&c, '+');
	assert_true(c.interval_s == 2);
	press(&c, '-');
	press(&c, '-');
	assert_true(c.interval_s == 0.5);
	for (int i = 0; i < 20; i++)
		press(&c, '-');
	assert_true(c.interval_s == 0.1);
	/* What is beyond all steps stays there. */
	c.interval_s = 90;
	press(&c, '+');
	assert_true(c.interval_s == 90);
	press(&c, '-');
	assert_true(c.interval_s == 60);
	c.interval_s = 0.05;
	press(&c, '-');
	assert_true(c.interval_s == 0.05);
	press(&c, '+');
	assert_true(c.interval_s == 0.1);
	c.interval_s = 3;
	press(&c, '-');
	assert_true(c.interval_s == 2);
	press(&c, ' ');
	page(&c, 10);
	assert_non_null(strstr(lines[0].text, ", PAUSED: "));
	press(&c, 'Z');
	assert_false(c.paused);
	press(&c, 'h');
	page(&c, 10);
	assert_string_equal(lines[3].text, "q, F10, ^C          quit");
	press(&c, 'q');
	assert_false(c.quit || c.help);
	press(&c, 'q');
	assert_true(c.quit);
	top_model_free(c.model);
}

/* When the processes have ended, sites do not become bases, nor bases sites. */
static void test_locked(void **state)
{
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	c.locked = true;
	press(&c, 'b');
	assert_int_equal(top_model_view(c.model), OUTPUT_BY_SITE);
	assert_string_equal(c.note, "the processes have ended: nothing else can be traced now");
	press(&c, TOP_KEY_ENTER);
	assert_int_equal(top_model_view(c.model), OUTPUT_BY_SITE);
	assert_true(c.note[0]);
	press(&c, 't');
	assert_false(c.note[0]);
	press(&c, TOP_KEY_ENTER);
	assert_int_equal(top_model_view(c.model), OUTPUT_BY_SITE);
	press(&c, TOP_KEY_ESCAPE);
	assert_int_equal(top_model_view(c.model), OUTPUT_BY_TYPE);
	c.locked = false;
	press(&c, TOP_KEY_ENTER);
	press(&c, TOP_KEY_ENTER);
	assert_int_equal(top_model_view(c.model), OUTPUT_BY_BASE);
	c.locked = true;
	press(&c, TOP_KEY_BACKSPACE);
	press(&c, 's');
	press(&c, '\t');
	assert_int_equal(top_model_view(c.model), OUTPUT_BY_BASE);
	top_model_free(c.model);
}

/* The key alone, without the rows that it brings. */
static void expect_shown(struct top_controls *c, int key, bool shown)
{
	assert_int_equal(top_model_show(c->model, &sample_run), 0);
	top_controls_key(c, key, &sample_run);
	assert_int_equal(top_model_is_shown(c->model), shown);
}

/* Rows are made anew where others are shown then, and for nothing else. */
static void test_keys_that_bring_other_rows(void **state)
{
	static const int same[] = {'j', 'k', TOP_KEY_END, TOP_KEY_HOME, TOP_KEY_RIGHT, ' ',
				   '+', 'h', 'h',	  '/',		TOP_KEY_ENTER, 's'};
	static const int others[] = {'t', 'p', 's',	     '>',	    '<',
				     'R', 'M', TOP_KEY_SORT, TOP_KEY_ENTER, TOP_KEY_BACKSPACE,
				     'b'};
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		expect_shown(&c, same[i], true);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		expect_shown(&c, others[i], false);
	press(&c, '/');
	expect_shown(&c, 'x', false);
	expect_shown(&c, TOP_KEY_BACKSPACE, false);
	expect_shown(&c, TOP_KEY_ESCAPE, false);
	sample_take(c.model, &sample);
	assert_int_equal(top_model_take(c.model, &sample_run, sample.list, sample.n), 0);
	assert_false(top_model_is_shown(c.model));
	top_model_free(c.model);
}

/* Text of a filter is none of them, and in the help they are not for the rows. */
static void test_keys_that_need_rows(void **state)
{
	static const int needing[] = {'j',
				      'k',
				      TOP_KEY_UP,
				      TOP_KEY_DOWN,
				      TOP_KEY_PAGE_UP,
				      TOP_KEY_PAGE_DOWN,
				      TOP_KEY_HOME,
				      TOP_KEY_END,
				      TOP_KEY_ENTER};
	static const int others[] = {'t', 's', '<', 'R', ' ', 'q', TOP_KEY_LEFT, TOP_KEY_ESCAPE};
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	for (size_t i = 0; i < sizeof(needing) / sizeof(needing[0]); i++) {
		c.editing = c.help = false;
		assert_true(top_controls_needs_rows(&c, needing[i]));
		c.editing = true;
		assert_false(top_controls_needs_rows(&c, needing[i]));
		c.editing = false;
		c.help = true;
		assert_false(top_controls_needs_rows(&c, needing[i]));
	}
	c.help = false;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(top_controls_needs_rows(&c, others[i]));
	top_model_free(c.model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sort_moves_among_columns),
		cmocka_unit_test(test_the_sort_column_has_room),
		cmocka_unit_test(test_sort_by_letters),
		cmocka_unit_test(test_shift),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_tab),
		cmocka_unit_test(test_views_and_modes),
		cmocka_unit_test(test_locked),
		cmocka_unit_test(test_keys_that_bring_other_rows),
		cmocka_unit_test(test_keys_that_need_rows),
	};

	return cmocka_run_group_tests_name("top_controls", tests, NULL, NULL);
}
