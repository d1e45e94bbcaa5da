// SPDX-License-Identifier: BSD-2-Clause
/* Folded stacks: one line each, as flame graphs are drawn from. */
#include "output_sample.h"

static struct output_report one_row(void)
{
	struct output_report r = sample_report_by(OUTPUT_BY_SITE);

	r.by_target = true;
	r.stacks = true;
	r.sort = REPORT_SORT_ALLOCATED;
	r.other = (struct report_other){0};
	r.totals.sums = sample_site.sums;
	return r;
}

static void test_one_row(void **state)
{
	static const struct {
		enum report_sort sort;
		const char *value;
	} sorts[] = {{REPORT_SORT_ALLOCATED, "11200"}, {REPORT_SORT_EVENTS, "10"},
		     {REPORT_SORT_COPIED, "1536"},     {REPORT_SORT_SLACK, "10880"},
		     {REPORT_SORT_LEN, "40"},	       {REPORT_SORT_CAP, "1400"}};
	struct output_report r = one_row();

	(void)state;
	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
		char line[128];

		r.sort = sorts[i].sort;
		snprintf(line, sizeof(line),
			 "runtime.goexit;main.main;main.load;main.add;[main.point] %s\n",
			 sorts[i].value);
		assert_written("folded", &named, &r, line);
	}
}

static void test_unknown(void **state)
{
	struct report_row rows[] = {sample_site, sample_site, sample_site};
	const struct report_row *list[] = {&rows[0], &rows[1], &rows[2]};
	struct output_report r = one_row();

	(void)state;
	rows[0].key.stack = 0;
	rows[1].key.addr = 0x77;
	rows[1].key.stack = 0;
	rows[1].key.type = 0;
	rows[2].key.addr = 0;
	rows[2].key.stack = 0;
	r.rows = list;
	r.nrows = 3;
	r.totals.sums.allocated *= 3;
	assert_written("folded", &named, &r,
		       "main.main;main.load;main.add;[main.point] 11200\n"
		       "0x76;[?] 11200\n"
		       "?;[main.point] 11200\n");
}

/* Nothing of a value of 0 would be drawn. */
static void test_nothing(void **state)
{
	struct report_row row = sample_site;
	const struct report_row *list[] = {&row};
	struct output_report r = one_row();

	(void)state;
	row.sums.copied = r.totals.sums.copied = 0;
	r.sort = REPORT_SORT_COPIED;
	r.rows = list;
	assert_written("folded", &named, &r, "");
	r.nrows = 0;
	assert_written("folded", &named, &r, "");
}

static void test_rest(void **state)
{
	struct output_report r = one_row();

	(void)state;
	r.other = (struct report_other){.rows = 1, .events = 3};
	r.totals.sums.allocated += 96;
	assert_written("folded", &named, &r,
		       "runtime.goexit;main.main;main.load;main.add;[main.point] 11200\n"
		       "[other] 96\n");
}

static void test_several_processes(void **state)
{
	struct output_target targets[] = {sample_target, sample_target};
	struct report_row second = sample_site;
	const struct report_row *list[] = {&sample_site, &second};
	struct output_report r = one_row();

	(void)state;
	targets[1].pid = 8;
	second.key.group = 1;
	second.key.stack = 0;
	r.targets = targets;
	r.ntargets = 2;
	r.rows = list;
	r.nrows = 2;
	r.totals.sums.allocated *= 2;
	assert_written("folded", &named, &r,
		       "app-7;runtime.goexit;main.main;main.load;main.add;[main.point] 11200\n"
		       "app-8;main.main;main.load;main.add;[main.point] 11200\n");
}

/* Names of types have semicolons, those of hostile executables anything. */
static struct output_type odd_type(void *ctx, uint32_t group, uint32_t type)
{
	(void)ctx;
	(void)group;
	(void)type;
	return (struct output_type){.name = "struct { X int; Y string }", .size = 24};
}

static size_t odd_stack(void *ctx, uint32_t group, uint32_t stack, uint64_t pc,
			struct output_frame *frames, size_t max, bool *cut)
{
	(void)ctx;
	(void)group;
	(void)stack;
	(void)pc;
	(void)max;
	frames[0] = (struct output_frame){.func = "main.a b;c\n\xff 5"};
	*cut = true;
	return 1;
}

static void test_names_of_the_target(void **state)
{
	static const struct output_options odd = {.names = {.type = odd_type, .stack = odd_stack}};
	const struct output_report r = one_row();

	(void)state;
	assert_written(
		"folded", &odd, &r,
		"[truncated];main.a b,c?\xef\xbf\xbd 5;[struct { X int, Y string }] 11200\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_row),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_rest),
		cmocka_unit_test(test_several_processes),
		cmocka_unit_test(test_names_of_the_target),
	};

	return cmocka_run_group_tests_name("folded", tests, NULL, NULL);
}
