// SPDX-License-Identifier: BSD-2-Clause
/* top/page.h: what is drawn. */
#include "top_keys.h"

static const struct output_count counts[] = {
	{"seen", 1234567}, {"folded", 1234500}, {"lost_bases_full", 0}, {"zero_size", 67}};

static void test_rows_are_lines(void **state)
{
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	page(&c, 10);
	assert_string_equal(lines[0].text, "slicestat by site, 1:02:05, every 1 s: 3 processes, "
					   "1 ended, /srv/one (go1.24.4 amd64)");
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

static void expect_title(const struct top_run *run, struct top_controls *c, size_t running,
			 size_t targets, const char *title)
{
	const struct top_told some = {.running = running, .targets = targets};

	top_page(c, run, &some, lines, 10);
	assert_string_equal(lines[0].text, title);
}

static void test_title(void **state)
{
	struct output_target targets[] = {sample_targets[0]};
	struct output_report r = sample_report;
	struct top_run run = sample_run;
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	run.report = &r;
	r.targets = targets;
	r.ntargets = 1;
	c.paused = true;
	expect_title(&run, &c, 1, 1,
		     "slicestat by site, 1:02:05, every 1 s, PAUSED: pid 100 /srv/one (go1.24.4 "
		     "amd64)");
	c.paused = false;
	expect_title(&run, &c, 0, 1,
		     "slicestat by site, 1:02:05, every 1 s: pid 100, ended, /srv/one (go1.24.4 "
		     "amd64)");
	/* Of most nothing is told any more. */
	targets[0].forgotten = true;
	expect_title(&run, &c, 0, 4301,
		     "slicestat by site, 1:02:05, every 1 s: 4,301 processes, 4,301 ended");
	expect_title(&run, &c, 0, 0, "slicestat by site, 1:02:05, every 1 s: no process yet");
	top_model_free(c.model);
}

static void expect_foot(struct top_controls *c, const struct top_told *some, const char *foot)
{
	top_page(c, &sample_run, some, lines, 10);
	assert_memory_equal(lines[9].text, foot, strlen(foot));
}

/* What is waited for hides no note, and a pause waits for nothing. */
static void test_foot(void **state)
{
	const struct top_told some = {.running = 1, .targets = 1, .doing = "waiting for it"};
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	expect_foot(&c, &some, "waiting for it");
	press(&c, ' ');
	expect_foot(&c, &some, "q quit  h help");
	press(&c, 'N');
	expect_foot(&c, &some, "there is no PID by site");
	press(&c, ' ');
	expect_foot(&c, &some, "waiting for it");
	press(&c, 'N');
	expect_foot(&c, &some, "there is no PID by site");
	press(&c, '/');
	expect_foot(&c, &some, "filter: _");
	top_model_free(c.model);
}

static void test_missing_histories(void **state)
{
	struct top_controls c = controls_of(OUTPUT_BY_SITE, 80);

	(void)state;
	sample.n = 0;
	for (uint64_t i = 0; i < SAMPLE_ROWS_MAX; i++)
		sample_add(&sample, (struct report_key){0x100 * i, 0, 1, 0, SS_OP_GROW}, i + 1, 1);
	sample_take(c.model, &sample);
	page(&c, 10);
	assert_string_equal(lines[2].text, "rows 20,000 by EVENTS, histories missing 3,616");
	sample.n = 100;
	sample_take(c.model, &sample);
	page(&c, 10);
	assert_string_equal(lines[2].text, "rows 100 by EVENTS");
	top_model_free(c.model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_lines), cmocka_unit_test(test_names_are_harmless),
		cmocka_unit_test(test_status),	       cmocka_unit_test(test_any_size),
		cmocka_unit_test(test_title),	       cmocka_unit_test(test_missing_histories),
		cmocka_unit_test(test_foot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
