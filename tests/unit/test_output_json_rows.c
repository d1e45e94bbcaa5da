// SPDX-License-Identifier: BSD-2-Clause
/* The rows of JSON reports, byte by byte, by each view. */
#include "output_json.h"

#define SITE                                                                                       \
	"{\"pc\":\"0x4a5f31\",\"func\":\"main.add\",\"file\":\"/home/u/src/main.go\",\"line\":31," \
	"\"inlined_in\":[{\"func\":\"main.load\",\"file\":\"/home/u/src/load.go\",\"line\":52},"   \
	"{\"func\":\"main.main\",\"file\":null,\"line\":null}]}"
#define BASE_FIGURES                                                                               \
	"\"events\":2,\"len_sum\":9,\"cap_sum\":16,\"len\":5,\"cap\":8,\"bytes_allocated\":128,"   \
	"\"bytes_slack\":56,\"reused\":1,\"d_events\":1,\"d_len_sum\":5,\"d_cap_sum\":8,"
#define SUMS  "\"events\":10,\"len_sum\":40,\"cap_sum\":1400,"
#define BYTES "\"bytes_allocated\":11200,\"bytes_copied\":1536,\"bytes_slack\":10880,"
#define LENS                                                                                       \
	"\"lens\":[[0,1],[1,2],[4,3],[1073741824,4]],\"d_events\":1,\"d_len_sum\":5,"              \
	"\"d_cap_sum\":8"
#define POINT "\"op\":\"grow\",\"elem\":\"main.point\",\"elem_size\":8,"

/* The rows between "rows":[ and ]. */
static void assert_rows(const struct output_options *opts, const struct output_report *r,
			const char *expected)
{
	static const char begin[] = "\"rows\":[", end[] = "],\"other\":";
	char *text = written("json", opts, r);
	char *rows = strstr(text, begin), *behind = strstr(text, end);

	assert_non_null(rows);
	assert_non_null(behind);
	*behind = '\0';
	assert_string_equal(rows + strlen(begin), expected);
	free(text);
}

static void test_whole_report(void **state)
{
	struct output_report r = sample_report();

	(void)state;
	assert_written(
		"json", &named, &r,
		"{\"schema\":\"slicestat.report/1\",\"time\":\"2026-01-02T03:04:05.678Z\","
		"\"elapsed_s\":12.5,\"final\":false,\"by\":\"base\","
		"\"targets\":[{\"pid\":7,\"exe\":\"/srv/app\",\"go\":\"go1.24.4\","
		"\"arch\":\"amd64\",\"stripped\":true}],"
		"\"counts\":{\"seen\":9,\"folded\":8,\"lost_bases_full\":0,\"zero_size\":1,"
		"\"panicked\":0},\"cost\":{\"traps\":12,\"cpu_s\":0.125},"
		"\"rows\":[{\"pid\":7,\"base\":\"0xc000012000\"," POINT BASE_FIGURES
		"\"site\":" SITE "}],"
		"\"other\":{\"rows\":3,\"events\":6,\"len_sum\":60,\"cap_sum\":64,\"evicted\":0}}"
		"\n");
}

static void test_by_site(void **state)
{
	struct output_report r = sample_report_by(OUTPUT_BY_SITE);

	(void)state;
	assert_rows(&named, &r, "{" POINT SUMS BYTES LENS ",\"site\":" SITE "}");
}

static void test_by_type(void **state)
{
	struct output_report r = sample_report_by(OUTPUT_BY_TYPE);

	(void)state;
	assert_rows(&named, &r, "{" POINT SUMS BYTES LENS "}");
}

static void test_by_process(void **state)
{
	struct output_report r = sample_report_by(OUTPUT_BY_PROCESS);

	(void)state;
	assert_rows(&named, &r,
		    "{\"pid\":7,\"exe\":\"/srv/app\"," SUMS BYTES "\"events_unsized\":0," LENS "}");
}

/* The row's executable is told where there are several. */
static void test_several_executables(void **state)
{
	static const char *const exes[] = {"/srv/app", "/srv/other"};
	struct report_row row = sample_site;
	const struct report_row *const rows[] = {&row};
	struct output_report r = sample_report_by(OUTPUT_BY_TYPE);

	(void)state;
	row.key.group = 1;
	r.exes = exes;
	r.nexes = 2;
	r.rows = rows;
	assert_rows(&named, &r, "{" POINT SUMS BYTES LENS ",\"exe\":\"/srv/other\"}");
	row.key.group = 2;
	row.key.type = 0;
	assert_rows(&named, &r,
		    "{\"op\":\"grow\",\"elem\":\"?\",\"elem_size\":null," SUMS BYTES LENS
		    ",\"exe\":null}");
	/* With stacks, rows are of targets, whose executables are known. */
	row = sample_site;
	r.view = OUTPUT_BY_SITE;
	r.by_target = true;
	assert_rows(&named, &r,
		    "{" POINT SUMS BYTES LENS ",\"site\":" SITE ",\"exe\":\"/srv/app\"}");
}

/* All frames of the stack, one behind the other. */
static void test_stack(void **state)
{
	struct report_row row = sample_site;
	const struct report_row *const rows[] = {&row};
	struct output_report r = sample_report_by(OUTPUT_BY_SITE);

	(void)state;
	r.by_target = true;
	r.stacks = true;
	r.rows = rows;
	assert_rows(&named, &r,
		    "{" POINT SUMS BYTES LENS ",\"site\":" SITE ",\"stack\":["
		    "{\"func\":\"main.add\",\"file\":\"/home/u/src/main.go\",\"line\":31},"
		    "{\"func\":\"main.load\",\"file\":\"/home/u/src/load.go\",\"line\":52},"
		    "{\"func\":\"main.main\",\"file\":null,\"line\":null},"
		    "{\"func\":\"runtime.goexit\",\"file\":null,\"line\":null}]}");
	row.key.stack = 0;
	assert_rows(&named, &r, "{" POINT SUMS BYTES LENS ",\"site\":" SITE ",\"stack\":null}");
	row.key.stack = 6;
	assert_rows(&named, &r, "{" POINT SUMS BYTES LENS ",\"site\":" SITE ",\"stack\":[]}");
}

/* A report without names, as of an address that no function covers. */
static void test_no_names(void **state)
{
	struct output_report r = sample_report();

	(void)state;
	assert_rows(&plain, &r,
		    "{\"pid\":7,\"base\":\"0xc000012000\",\"op\":\"grow\",\"elem\":\"?\","
		    "\"elem_size\":null," BASE_FIGURES "\"site\":{\"pc\":\"0x4a5f31\"}}");
	r = sample_report_by(OUTPUT_BY_SITE);
	r.stacks = true;
	assert_rows(&plain, &r,
		    "{\"op\":\"grow\",\"elem\":\"?\",\"elem_size\":null," SUMS BYTES LENS
		    ",\"site\":{\"pc\":\"0x4a5f31\"},\"stack\":null}");
}

static void test_nothing_known(void **state)
{
	static const struct report_row nothing;
	const struct report_row *const rows[] = {&nothing};
	struct output_report r = sample_report();

	(void)state;
	r.rows = rows;
	assert_rows(&named, &r,
		    "{\"pid\":7,\"base\":\"0x0\",\"op\":\"?\",\"elem\":\"?\",\"elem_size\":null,"
		    "\"events\":0,\"len_sum\":0,\"cap_sum\":0,\"len\":0,\"cap\":0,"
		    "\"bytes_allocated\":0,\"bytes_slack\":0,\"reused\":0,\"d_events\":0,"
		    "\"d_len_sum\":0,\"d_cap_sum\":0,\"site\":{\"pc\":null}}");
	r.view = OUTPUT_BY_TYPE;
	assert_rows(&named, &r,
		    "{\"op\":\"?\",\"elem\":\"?\",\"elem_size\":null,\"events\":0,\"len_sum\":0,"
		    "\"cap_sum\":0,\"bytes_allocated\":0,\"bytes_copied\":0,\"bytes_slack\":0,"
		    "\"lens\":[],\"d_events\":0,\"d_len_sum\":0,\"d_cap_sum\":0}");
}

/* One event whose size is not known makes the row's bytes unknown. */
static void test_bytes_are_null_where_not_known(void **state)
{
	struct report_row row = sample_site;
	const struct report_row *const rows[] = {&row};
	struct output_report r = sample_report_by(OUTPUT_BY_TYPE);

	(void)state;
	row.sums.unsized = 1;
	r.rows = rows;
	assert_rows(&named, &r,
		    "{" POINT SUMS
		    "\"bytes_allocated\":null,\"bytes_copied\":null,\"bytes_slack\":null," LENS
		    "}");
	r = sample_report();
	r.rows = rows;
	row = sample_base;
	row.sums.unsized = 2;
	assert_rows(&named, &r,
		    "{\"pid\":7,\"base\":\"0xc000012000\"," POINT
		    "\"events\":2,\"len_sum\":9,\"cap_sum\":16,\"len\":5,\"cap\":8,"
		    "\"bytes_allocated\":null,\"bytes_slack\":null,\"reused\":1,"
		    "\"d_events\":1,\"d_len_sum\":5,\"d_cap_sum\":8,\"site\":" SITE "}");
}

/* A process sums over types: what is known stays, beside the number of what is not. */
static void test_process_keeps_its_bytes(void **state)
{
	struct report_row row = sample_site;
	const struct report_row *const rows[] = {&row};
	struct output_report r = sample_report_by(OUTPUT_BY_PROCESS);

	(void)state;
	row.sums.unsized = 3;
	r.rows = rows;
	assert_rows(&named, &r,
		    "{\"pid\":7,\"exe\":\"/srv/app\"," SUMS BYTES "\"events_unsized\":3," LENS "}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_report),
		cmocka_unit_test(test_by_site),
		cmocka_unit_test(test_by_type),
		cmocka_unit_test(test_by_process),
		cmocka_unit_test(test_several_executables),
		cmocka_unit_test(test_stack),
		cmocka_unit_test(test_no_names),
		cmocka_unit_test(test_nothing_known),
		cmocka_unit_test(test_bytes_are_null_where_not_known),
		cmocka_unit_test(test_process_keeps_its_bytes),
	};

	return cmocka_run_group_tests_name("output json rows", tests, NULL, NULL);
}
