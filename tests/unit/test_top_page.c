// SPDX-License-Identifier: BSD-2-Clause
/* top/page.h, top/controls.h: what is drawn, and what keys do to it. */
#include "top_sample.h"

#include "top/page.h"

#define LINES_MAX 40

static struct sample sample;
static struct top_line lines[LINES_MAX];
static struct top_told told = {.running = 2, .targets = 3, .utf8 = true};

static const struct output_count counts[] = {
	{"seen", 1234567}, {"folded", 1234500}, {"lost_bases_full", 0}, {"zero_size", 67}};
static const struct output_count lossy[] = {
	{"seen", 1234567}, {"folded", 1234500}, {"lost_bases_full", 67}};

static struct top_controls controls_of(enum output_view view, size_t width)
{
	struct top_controls c = {.interval_s = 1, .width = width, .room = 10};

	c.model = top_model_new(view, TOP_EVENTS);
	assert_non_null(c.model);
	sample_fill(&sample);
	sample_take(c.model, &sample);
	return c;
}

static void press(struct top_controls *c, int key)
{
	top_controls_key(c, key, &sample_run);
	assert_int_equal(top_model_show(c->model, &sample_run), 0);
}

static void page(struct top_controls *c, size_t height)
{
	top_page(c, &sample_run, &told, lines, height);
}

static void test_rows_are_lines(void **state)
{
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	page(&c, 10);
	assert_string_equal(lines[0].text, "slicestat by site, 1:02:05, every 1 s: 3 processes "
					   "/srv/one (go1.24.4 amd64), 1 ended");
	assert_string_equal(lines[2].text, "rows 5 by EVENTS");
	assert_string_equal(lines[3].text, "EVENTS/S   ALLOC/S HISTORY     EVENTS OP   ELEM     "
					   "SITE                        EXE     ");
	assert_int_equal(lines[3].style, TOP_HEADER);
	assert_memory_equal(lines[3].text + lines[3].mark, "   EVENTS", lines[3].marked);
	assert_string_equal(lines[4].text,
			    "     0.5       4 B        \u2588       100 grow int      "
			    "main.Store app/main.go:1    /srv/two");
	assert_int_equal(lines[4].style, TOP_CURSOR);
	assert_string_equal(lines[5].text,
			    "     3.0      24 B        \u2588        30 grow int      "
			    "main.Store app/main.go:1    /srv/one");
	assert_int_equal(lines[5].style, TOP_PLAIN);
	/* Five rows, and the foot. */
	assert_string_not_equal(lines[8].text, "");
	assert_int_equal(c.room, 5);
	assert_memory_equal(lines[9].text, "q quit", 6);
	top_model_free(c.model);
}

/* A name is no command to the terminal. */
static void test_names_are_harmless(void **state)
{
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 200);
	bool seen = false;

	(void)state;
	sample_add(&sample, (struct report_key){0x200, 0, 1, 0, SS_OP_GROW}, 500, 2);
	sample_take(c.model, &sample);
	press(&c, TOP_KEY_ENTER);
	page(&c, 20);
	for (size_t i = 0; i < 20; i++) {
		seen |= strstr(lines[i].text, "main.?[2Jwild") != NULL;
		assert_null(strchr(lines[i].text, '\033'));
	}
	assert_true(seen);
	top_model_free(c.model);
}

static void test_status(void **state)
{
	struct output_report r = sample_report;
	struct top_run run = sample_run;
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 120);
	const struct output_est est = {"events", 2000000, 1500.5};

	(void)state;
	run.report = &r;
	r.counts = counts;
	r.ncounts = 4;
	r.d_seen = 5000;
	r.traps = 2000;
	r.d_cost_s = 0.02;
	top_page(&c, &run, &told, lines, 10);
	assert_string_equal(lines[1].text,
			    "seen 1,234,567, 2,500/s, lost 0, zero_size 67; cost about "
			    "1.0 % of a CPU, 2,000 traps");
	assert_int_equal(lines[1].style, TOP_PLAIN);
	r.counts = lossy;
	r.ncounts = 3;
	r.ests = &est;
	r.nests = 1;
	r.exposure = 0.25;
	top_page(&c, &run, &told, lines, 10);
	assert_string_equal(lines[1].text,
			    "seen 1,234,567, 2,500/s, lost_bases_full 67; cost about 1.0 % of a "
			    "CPU, 2,000 traps; 25.0 % traced, est 2,000,000 events +- 1,501");
	assert_int_equal(lines[1].style, TOP_LOSS);
	top_model_free(c.model);
}

/* Whatever the size, every line is within the screen and nothing is written behind it. */
static void test_any_size(void **state)
{
	static const size_t widths[] = {1, 2, 10, 40, 80, 200, 1000};
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	for (size_t w = 0; w < sizeof(widths) / sizeof(widths[0]); w++) {
		for (size_t height = 0; height < LINES_MAX - 1; height++) {
			c.width = widths[w];
			memset(&lines[height], 'x', sizeof(lines[height]));
			page(&c, height);
			assert_true(lines[height].text[0] == 'x');
			press(&c, 'h');
			page(&c, height);
			assert_true(lines[height].text[0] == 'x');
			press(&c, 'h');
		}
	}
	/* In one line: the row at the cursor. */
	press(&c, TOP_KEY_DOWN);
	c.width = 80;
	page(&c, 1);
	assert_int_equal(lines[0].style, TOP_CURSOR);
	assert_non_null(strstr(lines[0].text, " 30 "));
	top_model_free(c.model);
}

static void test_filter_is_edited(void **state)
{
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);
	size_t n;

	(void)state;
	press(&c, '/');
	for (const char *p = "storeq"; *p; p++)
		press(&c, *p);
	assert_false(c.quit);
	page(&c, 10);
	assert_string_equal(lines[9].text, "filter: storeq_");
	top_model_rows(c.model, &n);
	assert_int_equal(n, 0);
	press(&c, TOP_KEY_BACKSPACE);
	press(&c, TOP_KEY_ENTER);
	page(&c, 10);
	assert_string_equal(lines[2].text, "rows 3 of 5 by EVENTS, with 'store'");
	press(&c, '/');
	press(&c, 0xc3);
	press(&c, 0xa9);
	assert_string_equal(top_model_filter(c.model), "store\xc3\xa9");
	press(&c, TOP_KEY_BACKSPACE);
	assert_string_equal(top_model_filter(c.model), "store");
	for (int i = 0; i < 200; i++)
		press(&c, 'x');
	assert_int_equal(strlen(top_model_filter(c.model)), TOP_TEXT_SIZE - 1);
	press(&c, TOP_KEY_ESCAPE);
	assert_string_equal(top_model_filter(c.model), "store");
	press(&c, '/');
	press(&c, TOP_KEY_QUIT);
	assert_true(c.quit);
	press(&c, TOP_KEY_ESCAPE);
	/* Nowhere to go back to: no filter. */
	press(&c, TOP_KEY_ESCAPE);
	assert_string_equal(top_model_filter(c.model), "");
	top_model_free(c.model);
}

static void test_sort_moves_among_shown_columns(void **state)
{
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	press(&c, '<');
	assert_int_equal(top_model_sort(c.model), TOP_ALLOC_RATE);
	press(&c, ',');
	press(&c, '<');
	assert_int_equal(top_model_sort(c.model), TOP_EVENT_RATE);
	for (int i = 0; i < 5; i++)
		press(&c, '>');
	assert_int_equal(top_model_sort(c.model), TOP_EVENTS);
	press(&c, TOP_KEY_SORT);
	assert_int_equal(top_model_sort(c.model), TOP_EVENT_RATE);
	c.width = 200;
	press(&c, '>');
	press(&c, '>');
	assert_int_equal(top_model_sort(c.model), TOP_COPY_RATE);
	press(&c, 'R');
	page(&c, 10);
	assert_string_equal(lines[2].text, "rows 5 by COPIED/S, least first");
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
	press(&c, ' ');
	page(&c, 10);
	assert_non_null(strstr(lines[0].text, ", PAUSED: "));
	press(&c, TOP_KEY_RIGHT);
	assert_int_equal(c.shift, 8);
	press(&c, TOP_KEY_LEFT);
	press(&c, TOP_KEY_LEFT);
	assert_int_equal(c.shift, 0);
	press(&c, 'h');
	page(&c, 10);
	assert_string_equal(lines[3].text, "q, F10           quit");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_lines),
		cmocka_unit_test(test_names_are_harmless),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_any_size),
		cmocka_unit_test(test_filter_is_edited),
		cmocka_unit_test(test_sort_moves_among_shown_columns),
		cmocka_unit_test(test_views_and_modes),
		cmocka_unit_test(test_locked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
