// SPDX-License-Identifier: BSD-2-Clause
/* The table by site, type and process as people see it. */
#include "output_sample.h"

#define FIGURE_HEADER "   EVENTS      ALLOC     COPIED      SLACK    LEN50     LEN99"
#define INTERVAL      "        1       64 B       32 B       24 B      4-7       1G-"
#define SUMS	      "       10   10.9 KiB    1.5 KiB   10.6 KiB      4-7       1G-"
#define STATUS(rows)                                                                               \
	"03:04:05 1.000 s: seen 1, folded 1, lost 0; since attach zero_size 1; " rows              \
	"; cost about 0.9 % of a CPU\n"
#define STATUS_TOTAL(rows)                                                                         \
	"03:04:05 12.500 s since attach: seen 9, folded 8 (len_sum 29, cap_sum 1,048), lost 0, "   \
	"zero_size 1; " rows "; cost 12 traps, about 1.0 % of a CPU\n"

static void assert_table(const struct output_report *r, const char *expected)
{
	assert_written("table", &named, r, expected);
}

static void test_by_site(void **state)
{
	struct output_report r = sample_report_by(OUTPUT_BY_SITE);

	(void)state;
	assert_table(&r, "\n" FIGURE_HEADER "  OP    ELEM        SITE\n" INTERVAL
			 "  grow  main.point  main.add src/main.go:31\n" STATUS("1 site"));
	r.total = true;
	assert_table(&r, "\n" FIGURE_HEADER "  OP    ELEM        SITE\n" SUMS
			 "  grow  main.point  main.add src/main.go:31\n" STATUS_TOTAL(
				 "4 sites, 1 shown, other 3 rows 6 events"));
}

static void test_by_type(void **state)
{
	struct output_report r = sample_report_by(OUTPUT_BY_TYPE);

	(void)state;
	assert_table(&r, "\n" FIGURE_HEADER "  OP    ELEM\n" INTERVAL
			 "  grow  main.point\n" STATUS("1 type"));
	r.total = true;
	r.other.rows = 0;
	assert_table(&r, "\n" FIGURE_HEADER "  OP    ELEM\n" SUMS
			 "  grow  main.point\n" STATUS_TOTAL("1 type"));
}

static void test_by_process(void **state)
{
	struct output_report r = sample_report_by(OUTPUT_BY_PROCESS);

	(void)state;
	assert_table(&r, "\n"
			 "    PID     EVENTS     LEN_SUM     CAP_SUM      ALLOC     COPIED      "
			 "SLACK    LEN50     LEN99  EXE\n"
			 "      7          1           5           8       64 B       32 B       "
			 "24 B      4-7       1G-  /srv/app\n" STATUS("1 process"));
	r.final = true;
	r.other = (struct report_other){.rows = 1, .events = 4};
	assert_table(&r, "\n"
			 "Total since attach:\n"
			 "    PID     EVENTS     LEN_SUM     CAP_SUM      ALLOC     COPIED      "
			 "SLACK    LEN50     LEN99  EXE\n"
			 "      7         10          40       1,400   10.9 KiB    1.5 KiB   "
			 "10.6 KiB      4-7       1G-  /srv/app\n" STATUS_TOTAL(
				 "2 processes, 1 shown, other 1 rows 4 events"));
}

/* The last part of their paths, where they differ; those of forgotten targets are none. */
static void test_cgroups(void **state)
{
	struct output_report r = sample_report_by(OUTPUT_BY_PROCESS);
	struct output_target targets[3] = {sample_target, {.forgotten = true}, sample_target};

	(void)state;
	targets[0].cgroup = "/system.slice/docker-0123456789abcdef0123456789.scope";
	targets[2].cgroup = targets[0].cgroup;
	r.targets = targets;
	r.ntargets = 3;
	r.total = true;
	r.other.rows = 0;
	assert_table(&r, "\n"
			 "    PID     EVENTS     LEN_SUM     CAP_SUM      ALLOC     COPIED      "
			 "SLACK    LEN50     LEN99  EXE\n"
			 "      7         10          40       1,400   10.9 KiB    1.5 KiB   "
			 "10.6 KiB      4-7       1G-  /srv/app\n" STATUS_TOTAL("1 process"));
	targets[2].cgroup = "/";
	assert_table(&r, "\n"
			 "    PID     EVENTS     LEN_SUM     CAP_SUM      ALLOC     COPIED      "
			 "SLACK    LEN50     LEN99  CGROUP                               EXE\n"
			 "      7         10          40       1,400   10.9 KiB    1.5 KiB   "
			 "10.6 KiB      4-7       1G-  docker-0123456789abcdef012345678...  "
			 "/srv/app\n" STATUS_TOTAL("1 process"));
	targets[0].cgroup = NULL;
	assert_table(&r,
		     "\n"
		     "    PID     EVENTS     LEN_SUM     CAP_SUM      ALLOC     COPIED      "
		     "SLACK    LEN50     LEN99  CGROUP    EXE\n"
		     "      7         10          40       1,400   10.9 KiB    1.5 KiB   "
		     "10.6 KiB      4-7       1G-  ?         /srv/app\n" STATUS_TOTAL("1 process"));
}

/* "?" where the size of no event is known, "+" behind what misses some. */
static void test_unsized(void **state)
{
	struct report_row some = sample_site, none = sample_site;
	const struct report_row *const rows[] = {&some, &none};
	struct output_report r = sample_report_by(OUTPUT_BY_TYPE);

	(void)state;
	some.sums.unsized = 9;
	none.sums.unsized = 10;
	none.key.type = 4;
	none.lens = NULL;
	r.total = true;
	r.rows = rows;
	r.nrows = 2;
	r.other.rows = 0;
	assert_table(&r, "\n" FIGURE_HEADER "  OP    ELEM\n"
			 "       10  10.9 KiB+   1.5 KiB+  10.6 KiB+      4-7       1G-  "
			 "grow  main.point\n"
			 "       10          ?          ?          ?        ?         ?  "
			 "grow  ?0x77\n" STATUS_TOTAL("2 types"));
}

/* The column EXE is there where executables differ, and widens ELEM, which is no longer last. */
static void test_several_executables(void **state)
{
	static const char *const exes[] = {"/srv/app", "/srv/other"};
	struct report_row other = sample_site;
	const struct report_row *const rows[] = {&sample_site, &other};
	struct output_report r = sample_report_by(OUTPUT_BY_SITE);

	(void)state;
	other.key.group = 1;
	other.key.addr = 0x234;
	r.exes = exes;
	r.nexes = 2;
	r.rows = rows;
	r.nrows = 2;
	r.totals.d_rows = 2;
	r.totals.d.events = 2;
	assert_table(
		&r,
		"\n" FIGURE_HEADER "  OP    ELEM        SITE                     EXE\n" INTERVAL
		"  grow  main.point  main.add src/main.go:31  /srv/app\n" INTERVAL
		"  grow  main.point  0x234                    /srv/other\n"
		"03:04:05 1.000 s: seen 1, folded 2, lost 0; since attach zero_size 1; 2 sites; "
		"cost about 0.9 % of a CPU\n");
}

/* 49 bytes: one more than is shown. */
static struct output_type long_type(void *ctx, uint32_t group, uint32_t type)
{
	(void)ctx;
	(void)group;
	(void)type;
	return (struct output_type){.name = "map[string]main.AVeryLongNameOfATypeThatNobodyRea",
				    .size = 8};
}

static size_t short_line(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames,
			 size_t max)
{
	static const char *const files[] = {NULL, "main.go", "/main.go", "a/main.go", "/a/b/c.go"};

	(void)ctx;
	(void)group;
	(void)max;
	frames[0] = (struct output_frame){.func = "main.f", .file = files[pc - 1], .line = 7};
	return 1;
}

static void test_long_names_and_paths_are_cut(void **state)
{
	static const char *const sites[] = {"main.f", "main.f main.go:7", "main.f /main.go:7",
					    "main.f a/main.go:7", "main.f b/c.go:7"};
	static const struct output_options opts = {
		.names = {.type = long_type, .site = short_line}};
	struct report_row row = sample_site;
	const struct report_row *const rows[] = {&row};
	struct output_report r = sample_report_by(OUTPUT_BY_SITE);

	(void)state;
	r.rows = rows;
	for (size_t i = 0; i < sizeof(sites) / sizeof(sites[0]); i++) {
		char expected[1024];

		row.key.addr = i + 1;
		snprintf(expected, sizeof(expected),
			 "\n" FIGURE_HEADER "  OP    %-51s  SITE\n" INTERVAL
			 "  grow  map[string]main.AVeryLongNameOfATypeThatNobodyRe...  %s\n%s",
			 "ELEM", sites[i], STATUS("1 site"));
		assert_written("table", &opts, &r, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_site),
		cmocka_unit_test(test_by_type),
		cmocka_unit_test(test_by_process),
		cmocka_unit_test(test_cgroups),
		cmocka_unit_test(test_unsized),
		cmocka_unit_test(test_several_executables),
		cmocka_unit_test(test_long_names_and_paths_are_cut),
	};

	return cmocka_run_group_tests_name("output views", tests, set_time_zone, NULL);
}
