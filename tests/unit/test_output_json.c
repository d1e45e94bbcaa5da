// SPDX-License-Identifier: BSD-2-Clause
/* The JSON report: what is around the rows, unknowns, figures and text at their ends. */
#include "output_json.h"

#include <math.h>

static void test_head(void **state)
{
	struct output_report r = sample_report();
	json_t *json, *target;

	(void)state;
	r.final = true;
	r.nrows = 0;
	r.cost_s = 0.00001;
	json = parsed(&plain, &r);
	assert_string_equal(string(json, "schema"), "slicestat.report/1");
	assert_string_equal(string(json, "time"), "2026-01-02T03:04:05.678Z");
	assert_true(json_is_true(json_object_get(json, "final")));
	assert_int_equal(json_array_size(json_object_get(json, "rows")), 0);
	assert_true(json_real_value(json_object_get(json_object_get(json, "cost"), "cpu_s")) ==
		    0.00001);
	target = json_array_get(json_object_get(json, "targets"), 0);
	assert_int_equal(integer(target, "pid"), 7);
	assert_string_equal(string(target, "exe"), "/srv/app");
	assert_string_equal(string(target, "go"), "go1.24.4");
	assert_string_equal(string(target, "arch"), "amd64");
	assert_true(json_is_true(json_object_get(target, "stripped")));
	assert_int_equal(integer(json_object_get(json, "counts"), "zero_size"), 1);
	assert_int_equal(integer(json_object_get(json, "other"), "cap_sum"), 64);
	json_decref(json);
}

/* Of a target that is forgotten only the number of such is told. */
static void test_targets(void **state)
{
	struct output_target targets[] = {sample_target, {.forgotten = true}, sample_target};
	struct output_report r = sample_report();
	json_t *json = parsed(&plain, &r), *list;

	(void)state;
	assert_null(json_object_get(json, "targets_forgotten"));
	assert_null(json_object_get(json_array_get(json_object_get(json, "targets"), 0), "cgroup"));
	json_decref(json);
	targets[2].cgroup = "/system.slice/docker-0123.scope";
	r.targets = targets;
	r.ntargets = 3;
	r.forgotten = 12;
	json = parsed(&plain, &r);
	assert_int_equal(integer(json, "targets_forgotten"), 12);
	list = json_object_get(json, "targets");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(string(json_array_get(list, 1), "cgroup"), targets[2].cgroup);
	json_decref(json);
}

/* Whole numbers; what is not known is null; without a budget there are none. */
static void test_estimates(void **state)
{
	static const struct output_est ests[] = {{"events", 1234.6, 56.2},
						 {"len_sum", 7, INFINITY}};
	struct output_report r = sample_report();
	json_t *json = parsed(&plain, &r), *est;

	(void)state;
	assert_null(json_object_get(json, "exposure"));
	assert_null(json_object_get(json, "est"));
	json_decref(json);
	r.exposure = 0.125;
	r.ests = ests;
	r.nests = 2;
	json = parsed(&plain, &r);
	assert_true(json_real_value(json_object_get(json, "exposure")) == 0.125);
	est = json_object_get(json_object_get(json, "est"), "events");
	assert_int_equal(integer(est, "total"), 1235);
	assert_int_equal(integer(est, "error"), 57);
	est = json_object_get(json_object_get(json, "est"), "len_sum");
	assert_int_equal(integer(est, "total"), 7);
	assert_true(json_is_null(json_object_get(est, "error")));
	json_decref(json);
}

static void test_nothing_to_report(void **state)
{
	struct output_report r = {0};
	json_t *json;

	(void)state;
	json = parsed(&plain, &r);
	assert_int_equal(json_array_size(json_object_get(json, "rows")), 0);
	assert_int_equal(json_array_size(json_object_get(json, "targets")), 0);
	assert_int_equal(json_object_size(json_object_get(json, "counts")), 0);
	json_decref(json);
}

/* Where rows are of targets: one that is not listed. */
static void test_unlisted_target(void **state)
{
	struct report_row row = sample_base;
	const struct report_row *rows[] = {&row};
	struct output_report r = sample_report();
	json_t *json, *out;

	(void)state;
	row.key.group = 1;
	r.rows = rows;
	json = parsed(&plain, &r);
	out = first_row(json);
	assert_true(json_is_null(json_object_get(out, "pid")));
	assert_int_equal(integer(out, "events"), 2);
	json_decref(json);
	r.view = OUTPUT_BY_PROCESS;
	json = parsed(&plain, &r);
	out = first_row(json);
	assert_true(json_is_null(json_object_get(out, "pid")));
	assert_true(json_is_null(json_object_get(out, "exe")));
	json_decref(json);
}

static void test_every_view_is_named(void **state)
{
	(void)state;
	for (enum output_view view = OUTPUT_BY_BASE; view < OUTPUT_VIEWS; view++) {
		struct output_report r = sample_report_by(view);
		json_t *json = parsed(&named, &r);

		assert_string_equal(string(json, "by"), output_view_name(view));
		json_decref(json);
	}
}

static void test_large_figures_are_never_negative(void **state)
{
	struct report_row row = sample_base;
	const struct report_row *rows[] = {&row};
	struct output_report r = sample_report();
	json_t *json, *out;

	(void)state;
	row.sums.events = INT64_MAX;
	row.sums.len_sum = (uint64_t)INT64_MAX + 1;
	row.sums.cap_sum = UINT64_MAX;
	r.rows = rows;
	r.traps = UINT64_MAX;
	json = parsed(&plain, &r);
	out = first_row(json);
	assert_int_equal(integer(out, "events"), INT64_MAX);
	assert_true(json_real_value(json_object_get(out, "len_sum")) == 0x1p63);
	assert_true(json_real_value(json_object_get(out, "cap_sum")) == 0x1p64);
	assert_true(json_real_value(json_object_get(json_object_get(json, "cost"), "traps")) >
		    1e19);
	json_decref(json);
}

static void test_figures_that_are_no_number(void **state)
{
	struct output_report r = sample_report();
	json_t *json;

	(void)state;
	r.elapsed_s = NAN;
	r.cost_s = INFINITY;
	json = parsed(&plain, &r);
	assert_true(json_is_null(json_object_get(json, "elapsed_s")));
	assert_true(json_is_null(json_object_get(json_object_get(json, "cost"), "cpu_s")));
	json_decref(json);
}

static void test_text_of_the_target(void **state)
{
	struct output_target targets[] = {sample_target, sample_target, sample_target};
	struct output_report r = sample_report();
	json_t *json, *list;

	(void)state;
	targets[0].exe = "/srv/a\xff\xc3(\"\\\n)";
	targets[1].exe = NULL;
	targets[2].exe = "/srv/caf\xc3\xa9";
	r.targets = targets;
	r.ntargets = 3;
	json = parsed(&plain, &r);
	list = json_object_get(json, "targets");
	assert_string_equal(string(json_array_get(list, 0), "exe"),
			    "/srv/a\xef\xbf\xbd\xef\xbf\xbd(\"\\\n)");
	assert_true(json_is_null(json_object_get(json_array_get(list, 1), "exe")));
	assert_string_equal(string(json_array_get(list, 2), "exe"), "/srv/caf\xc3\xa9");
	json_decref(json);
}

/* More than is written at once. */
static void test_long_path(void **state)
{
	char path[4096];
	struct output_target target = sample_target;
	struct output_report r = sample_report();
	json_t *json;

	(void)state;
	memset(path, 'p', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	target.exe = path;
	r.targets = &target;
	json = parsed(&plain, &r);
	assert_string_equal(string(json_array_get(json_object_get(json, "targets"), 0), "exe"),
			    path);
	assert_int_equal(integer(first_row(json), "pid"), 7);
	json_decref(json);
}

/* Names of types, functions and files are the target's text too. */
static struct output_type broken_type(void *ctx, uint32_t group, uint32_t type)
{
	(void)ctx;
	(void)group;
	(void)type;
	return (struct output_type){.name = "main.\xff", .size = 1};
}

static size_t broken_line(void *ctx, uint32_t group, uint64_t pc, struct output_frame *frames,
			  size_t max)
{
	(void)ctx;
	(void)group;
	(void)pc;
	(void)max;
	frames[0] = (struct output_frame){.func = "main.\xc3(", .file = "/\xfe/\"\n", .line = 1};
	return 1;
}

static void test_names_of_the_target(void **state)
{
	static const struct output_options broken = {
		.names = {.type = broken_type, .site = broken_line}};
	struct output_report r = sample_report();
	json_t *json = parsed(&broken, &r), *row = first_row(json), *site;

	(void)state;
	site = json_object_get(row, "site");
	assert_string_equal(string(row, "elem"), "main.\xef\xbf\xbd");
	assert_string_equal(string(site, "func"), "main.\xef\xbf\xbd(");
	assert_string_equal(string(site, "file"), "/\xef\xbf\xbd/\"\n");
	json_decref(json);
}

static void test_several_targets(void **state)
{
	struct output_target targets[] = {sample_target, {.pid = 8}};
	struct report_row second = sample_base;
	const struct report_row *const rows[] = {&sample_base, &second, &sample_base};
	struct output_report r = sample_report();
	json_t *json, *list;

	(void)state;
	second.key.group = 1;
	second.last.site = 0x234;
	r.targets = targets;
	r.ntargets = 2;
	r.rows = rows;
	r.nrows = 3;
	json = parsed(&plain, &r);
	list = json_object_get(json, "rows");
	assert_int_equal(json_array_size(list), 3);
	assert_int_equal(integer(json_array_get(list, 0), "pid"), 7);
	assert_int_equal(integer(json_array_get(list, 1), "pid"), 8);
	assert_int_equal(integer(json_array_get(list, 2), "pid"), 7);
	assert_string_equal(string(json_object_get(json_array_get(list, 1), "site"), "pc"),
			    "0x234");
	assert_string_equal(string(json_object_get(json_array_get(list, 2), "site"), "pc"),
			    "0x4a5f31");
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_targets),
		cmocka_unit_test(test_estimates),
		cmocka_unit_test(test_nothing_to_report),
		cmocka_unit_test(test_unlisted_target),
		cmocka_unit_test(test_every_view_is_named),
		cmocka_unit_test(test_large_figures_are_never_negative),
		cmocka_unit_test(test_figures_that_are_no_number),
		cmocka_unit_test(test_text_of_the_target),
		cmocka_unit_test(test_long_path),
		cmocka_unit_test(test_names_of_the_target),
		cmocka_unit_test(test_several_targets),
	};

	return cmocka_run_group_tests_name("output json", tests, NULL, NULL);
}
