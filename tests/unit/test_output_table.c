// SPDX-License-Identifier: BSD-2-Clause
/* The table by base as people see it, and the line under it. */
#include "output_sample.h"

#include <math.h>

static const struct output_options colored = {.color = true};

static void assert_table(const struct output_options *opts, const struct output_report *r,
			 const char *expected)
{
	assert_written("table", opts, r, expected);
}

#define HEADER                                                                                     \
	"        BASE    OP     EVENTS     LEN_SUM     CAP_SUM  SLACK      LEN      CAP  "         \
	"ELEM        SITE\n"
#define SUMS_ROW                                                                                   \
	"0xc000012000  grow          2           9          16    44%        5        8  "         \
	"?           0x4a5f31\n"
#define SINCE_ATTACH                                                                               \
	"03:04:05 12.500 s since attach: seen 9, folded 8 (len_sum 29, cap_sum 1,048), lost 0"

/* The interval's figures, and counts that are of the whole time marked as such. */
static void test_interval(void **state)
{
	struct output_report r = sample_report();

	(void)state;
	assert_table(
		&named, &r,
		"\n" HEADER
		"0xc000012000  grow          1           5           8    38%        5        8  "
		"main.point  main.add src/main.go:31\n"
		"03:04:05 1.000 s: seen 1, folded 1, lost 0; since attach zero_size 1; 1 "
		"base; cost about 0.9 % of a CPU\n");
}

static void test_final_shows_the_sums(void **state)
{
	struct output_report r = sample_report();

	(void)state;
	r.final = true;
	assert_table(&plain, &r,
		     "\nTotal since attach:\n" HEADER SUMS_ROW SINCE_ATTACH
		     ", zero_size 1; 4 bases, 1 shown, other 3 rows 6 events; cost 12 traps, "
		     "about 1.0 % of a CPU\n");
}

static void test_total(void **state)
{
	struct output_report r = sample_report();

	(void)state;
	r.total = true;
	r.ncounts = 2;
	r.other = (struct report_other){0};
	assert_table(&plain, &r,
		     "\n" HEADER SUMS_ROW SINCE_ATTACH
		     "; 1 base; cost 12 traps, about 1.0 % of a CPU\n");
}

/* With a budget: what was traced, and what all of it would have been. */
static void test_estimates(void **state)
{
	static const struct {
		struct output_est est;
		double exposure;
		const char *words;
	} cases[] = {
		{{"events", 8, 0}, 1, "; 100.0 % traced\n"},
		{{"events", 12345.4, 67.1}, 0.0625, "; 6.2 % traced, est 12,345 events +- 68\n"},
		{{"events", 16, INFINITY}, 0.5, "; 50.0 % traced, est 16 events, error unknown\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct output_report r = sample_report();
		char expected[1024];

		r.total = true;
		r.ncounts = 2;
		r.other = (struct report_other){0};
		r.exposure = cases[i].exposure;
		r.ests = &cases[i].est;
		r.nests = 1;
		snprintf(expected, sizeof(expected), "%s%s",
			 "\n" HEADER SUMS_ROW SINCE_ATTACH
			 "; 1 base; cost 12 traps, about 1.0 % of a CPU",
			 cases[i].words);
		assert_table(&plain, &r, expected);
	}
}

/* Rows that were given up, and stacks that were not kept, are told of. */
static void test_what_was_given_up(void **state)
{
	struct output_report r = sample_report();

	(void)state;
	r.total = true;
	r.ncounts = 2;
	r.other.evicted = 2;
	r.stackless = 1234;
	assert_table(&plain, &r,
		     "\n" HEADER SUMS_ROW SINCE_ATTACH
		     "; 4 bases, 1 shown, other 3 rows 6 events; rows evicted 2; events without "
		     "stack 1,234; cost 12 traps, about 1.0 % of a CPU\n");
}

static void test_quiet_interval(void **state)
{
	struct output_report r = sample_report();

	(void)state;
	r.nrows = 0;
	r.ncounts = 2;
	r.d_seen = 0;
	r.d_cost_s = 0;
	r.totals.d_rows = r.totals.d.events = 0;
	assert_table(&plain, &r, "03:04:05 1.000 s: seen 0, folded 0, lost 0; cost 0 % of a CPU\n");
}

static void test_losses_are_red(void **state)
{
	static const struct output_count counts[] = {
		{"seen", 1003}, {"folded", 1}, {"lost_fault", 1000}, {"bad_header", 2}};
	struct output_report r = sample_report();

	(void)state;
	r.nrows = 0;
	r.counts = counts;
	r.ncounts = 4;
	r.final = true;
	r.other = (struct report_other){0};
	assert_table(&colored, &r,
		     "\n"
		     "Total since attach:\n"
		     "03:04:05 12.500 s since attach: seen 1,003, folded 1 (len_sum 29, cap_sum "
		     "1,048), \033[31mlost_fault "
		     "1,000\033[0m, bad_header 2; cost 12 traps, about 1.0 % of a CPU\n");
	assert_table(&plain, &r,
		     "\n"
		     "Total since attach:\n"
		     "03:04:05 12.500 s since attach: seen 1,003, folded 1 (len_sum 29, cap_sum "
		     "1,048), lost_fault 1,000, "
		     "bad_header 2; cost 12 traps, about 1.0 % of a CPU\n");
}

/* Wide figures and addresses widen their column. */
static void test_columns_never_run_together(void **state)
{
	struct output_target targets[] = {sample_target, {.pid = 4194304}};
	struct report_row wide = {.key = {.addr = UINT64_MAX, .group = 1}}, unlisted = sample_base;
	const struct report_row *const rows[] = {&sample_base, &wide, &unlisted};
	struct output_report r = sample_report();

	(void)state;
	wide.last.op = SS_OP_MAKE;
	wide.d.events = 8000;
	wide.d.len_sum = wide.d.cap_sum = UINT64_MAX;
	wide.last.len = wide.last.cap = UINT64_MAX;
	wide.last.site = UINT64_MAX;
	unlisted.key.group = 2;
	unlisted.last.site = 0;
	r.targets = targets;
	r.ntargets = 2;
	r.rows = rows;
	r.nrows = 3;
	r.totals.d_rows = 1204;
	r.totals.d.events = 8211;
	assert_table(
		&plain, &r,
		"\n"
		"    PID                BASE    OP     EVENTS                     LEN_SUM          "
		"           CAP_SUM  SLACK                         LEN                         CAP "
		" "
		"ELEM        SITE\n"
		"      7        0xc000012000  grow          1                           5          "
		"                 8    38%                           5                           8 "
		" "
		"?           0x4a5f31\n"
		"4194304  0xffffffffffffffff  make      8,000  18,446,744,073,709,551,615  "
		"18,446,744,073,709,551,615     0%  18,446,744,073,709,551,615  "
		"18,446,744,073,709,551,615  ?           0xffffffffffffffff\n"
		"      ?        0xc000012000  grow          1                           5          "
		"                 8    38%                           5                           8 "
		" "
		"?           ?\n"
		"03:04:05 1.000 s: seen 1, folded 8,211, lost 0; since attach zero_size 1; 1,204 "
		"bases, 3 shown, other 1,201 rows 209 events; cost about 0.9 % of a CPU\n");
}

static struct output_type long_type(void *ctx, uint32_t group, uint32_t type)
{
	(void)ctx, (void)group, (void)type;
	return (struct output_type){
		.name = "main.Größen[main.Längen1,main.Breiten,main.Höhe,main.ö]", .size = 8};
}

static size_t long_lines(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames,
			 size_t max)
{
	(void)ctx, (void)group, (void)max;
	frames[0] = (struct output_frame){
		.func = "main.fügeaneinanderfügeaneinanderfügeaneinanderfügeaneinanderfüge"
			"aneinanderfügeaneinanderfügean",
		.file = "/src/größe/größengrößengrößengrößengrößengröße.go",
		.line = 7,
	};
	return pc == SAMPLE_PC ? 1 : 0;
}

/* What is cut, and lined up, are characters. */
static void test_characters_are_whole(void **state)
{
	const struct output_options opts = {.names = {.type = long_type, .site = long_lines}};
	struct report_row other = sample_base;
	const struct report_row *const rows[] = {&sample_base, &other};
	struct output_report r = sample_report();

	(void)state;
	other.last.site = 0x10;
	r.rows = rows;
	r.nrows = 2;
	assert_table(
		&opts, &r,
		"\n"
		"        BASE    OP     EVENTS     LEN_SUM     CAP_SUM  SLACK      LEN      CAP  "
		"ELEM                                             SITE\n"
		"0xc000012000  grow          1           5           8    38%        5        8  "
		"main.Größen[main.Längen1,main.Breiten,main.H...  "
		"main.fügeaneinanderfügeaneinanderfügeaneinanderfügeaneinanderfügeaneinander"
		"fügeaneinanderf größe/größengrößengrößengrößengrößen:7\n"
		"0xc000012000  grow          1           5           8    38%        5        8  "
		"main.Größen[main.Längen1,main.Breiten,main.H...  0x10\n"
		"03:04:05 1.000 s: seen 1, folded 1, lost 0; since attach zero_size 1; 2 bases; "
		"cost about 0.9 % of a CPU\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_interval),
		cmocka_unit_test(test_final_shows_the_sums),
		cmocka_unit_test(test_total),
		cmocka_unit_test(test_estimates),
		cmocka_unit_test(test_what_was_given_up),
		cmocka_unit_test(test_quiet_interval),
		cmocka_unit_test(test_losses_are_red),
		cmocka_unit_test(test_columns_never_run_together),
		cmocka_unit_test(test_characters_are_whole),
	};

	return cmocka_run_group_tests_name("output table", tests, set_time_zone, NULL);
}
