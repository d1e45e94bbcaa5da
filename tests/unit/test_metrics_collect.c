// SPDX-License-Identifier: BSD-2-Clause
/* metrics/collect.h: what reports become, one after the other. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "metrics/collect.h"

#define BEGIN_S 1767323045

static const struct output_count counts[] = {{"seen", 9}};
static const struct report_lengths lengths[SS_OPS];

/* Of an interval that is over so long after the beginning, with events at one address. */
static struct metrics *take_named(struct collector *c, struct report *r, double elapsed_s,
				  uint64_t addr, const struct output_names *names)
{
	const struct report_key key = {.addr = addr, .op = SS_OP_GROW};
	const struct report_delta delta = {.sums = {.events = 10, .len_sum = 30}};
	const struct report_query query = {.sort = REPORT_SORT_EVENTS, .interval = true};
	const struct output_options opts = {.names = *names};
	struct output_report report = {
		.time = {.tv_sec = BEGIN_S + (time_t)elapsed_s, .tv_nsec = 7},
		.elapsed_s = elapsed_s,
		.interval_s = 5,
		.view = OUTPUT_BY_SITE,
		.counts = counts,
		.ncounts = 1,
	};
	const struct collect_input in = {
		.report = &report, .opts = &opts, .lengths = lengths, .interval_s = 600};
	struct report_other other;
	struct metrics *m;

	report_add(r, &key, &delta);
	report.nrows = report_rows(r, &query, &report.rows, &other);
	report.totals = report_totals(r);
	m = collector_take(c, &in);
	assert_non_null(m);
	report_interval_end(r);
	return m;
}

static struct metrics *take(struct collector *c, struct report *r, double elapsed_s, uint64_t addr)
{
	return take_named(c, r, elapsed_s, addr, &(struct output_names){.ctx = NULL});
}

static const struct metrics_family *family(const struct metrics *m, const char *name)
{
	const struct metrics_family *f = metrics_families(m);

	while (f && strcmp(f->name, name) != 0)
		f = f->next;
	assert_non_null(f);
	return f;
}

/* The only series of a site, and when it began. */
static void assert_series(const struct metrics *m, const char *func, uint64_t events,
			  time_t begin_s)
{
	const struct metrics_sample *s = family(m, "slicestat_slice_events")->samples;

	assert_string_equal(s->labels[2].name, "func");
	assert_string_equal(s->labels[2].value, func);
	assert_int_equal(s->whole, events);
	assert_int_equal(s->begin.tv_sec, begin_s);
	/* All others have been there from the beginning. */
	assert_string_equal(s->next->labels[0].value, "other");
	assert_int_equal(s->next->begin.tv_sec, 0);
	assert_int_equal(family(m, "slicestat_slice_len")->samples->begin.tv_sec, begin_s);
	assert_int_equal(family(m, "slicestat_slice_retired_events")->samples->begin.tv_sec, 0);
	assert_int_equal(metrics_begin(m).tv_sec, BEGIN_S);
}

/* A series that comes again begins at 0, when its interval began: at the time of the last figures.
 */
static void test_begin(void **state)
{
	struct report *r = report_new(1000, false);
	struct collector *c = collector_new(1, 60);
	struct metrics *m;

	(void)state;
	m = take(c, r, 5, 0x100);
	assert_series(m, "0x100", 10, BEGIN_S);
	assert_true(family(m, "slicestat_interval_seconds")->samples->real == 600);
	metrics_free(m);
	m = take(c, r, 10, 0x100);
	assert_series(m, "0x100", 20, BEGIN_S);
	metrics_free(m);
	m = take(c, r, 5000, 0x200);
	assert_series(m, "0x200", 10, BEGIN_S + 10);
	assert_int_equal(family(m, "slicestat_slice_retired_events")->samples->whole, 20);
	metrics_free(m);
	m = take(c, r, 10000, 0x100);
	assert_series(m, "0x100", 10, BEGIN_S + 5000);
	assert_int_equal(family(m, "slicestat_slice_retired_events")->samples->whole, 30);
	metrics_free(m);
	collector_free(c);
	report_free(r);
}

/* What a file's process does that takes its time, once. */
static size_t site_late(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames,
			size_t max)
{
	unsigned int *asked = ctx;

	(void)group;
	(void)pc;
	(void)max;
	if (!(*asked)++)
		assert_int_equal(nanosleep(&(struct timespec){2, 200000000}, NULL), 0);
	frames[0] = (struct output_frame){.func = "main.f", .line = 7};
	return 1;
}

/* Of a second an interval: names that took more are paid for by intervals in which none is asked.
 */
static void test_naming(void **state)
{
	struct report *r = report_new(1000, false);
	struct collector *c = collector_new(10, 1);
	unsigned int asked = 0;
	const struct output_names names = {.site = site_late, .ctx = &asked};
	static const unsigned int expected[] = {1, 1, 2};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct metrics *m = take_named(c, r, 5 * (double)(i + 1), 0x100 + i, &names);
		const struct metrics_sample *s = family(m, "slicestat_slice_events")->samples;

		assert_int_equal(asked, expected[i]);
		assert_string_equal(s->labels[2].value, "main.f");
		assert_int_equal(s->whole, i < 2 ? 10 : 20);
		assert_string_equal(s->next->labels[0].value, "other");
		assert_int_equal(s->next->whole, i < 1 ? 0 : 10);
		metrics_free(m);
	}
	collector_free(c);
	report_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_begin),
		cmocka_unit_test(test_naming),
	};

	return cmocka_run_group_tests_name("metrics_collect", tests, NULL, NULL);
}
