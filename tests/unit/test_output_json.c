// SPDX-License-Identifier: BSD-2-Clause
/* The JSON report, byte by byte once, else as a reader gets it. */
#include "output_sample.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static const struct output_options plain;
static const struct output_options sized = {.elem_size = eight_bytes};

/* One line, parsed strictly: to be freed by json_decref. */
static json_t *parsed(const struct output_options *opts, const struct output_report *r)
{
	char *text = written("json", opts, r);
	json_error_t error;
	json_t *json;

	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	json = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (!json)
		fail_msg("%s: %s", error.text, text);
	free(text);
	return json;
}

static json_t *first_row(json_t *report)
{
	json_t *row = json_array_get(json_object_get(report, "rows"), 0);

	assert_non_null(row);
	return row;
}

static json_int_t integer(const json_t *object, const char *key)
{
	assert_true(json_is_integer(json_object_get(object, key)));
	return json_integer_value(json_object_get(object, key));
}

static const char *string(const json_t *object, const char *key)
{
	assert_true(json_is_string(json_object_get(object, key)));
	return json_string_value(json_object_get(object, key));
}

static void test_bytes(void **state)
{
	static const char expected[] =
		"{\"schema\":\"slicestat.report/1\",\"time\":\"2026-01-02T03:04:05.678Z\","
		"\"elapsed_s\":12.5,\"final\":false,"
		"\"targets\":[{\"pid\":7,\"exe\":\"/srv/app\",\"go\":\"go1.24.4\","
		"\"arch\":\"amd64\",\"stripped\":true}],"
		"\"counts\":{\"seen\":9,\"folded\":8,\"lost_bases_full\":0,\"zero_size\":1,"
		"\"panicked\":0},\"cost\":{\"traps\":12,\"cpu_s\":0.125},"
		"\"rows\":[{\"pid\":7,\"base\":\"0xc000012000\",\"op\":\"grow\","
		"\"elem\":\"?0x4b1f20\",\"elem_size\":8,\"events\":2,\"len_sum\":9,\"cap_sum\":16,"
		"\"len\":5,\"cap\":8,\"bytes_allocated\":128,\"bytes_slack\":56,\"reused\":0,"
		"\"d_events\":1,\"d_len_sum\":5,\"d_cap_sum\":8,\"site\":{\"pc\":\"0x4a5f31\"}}],"
		"\"other\":{\"rows\":3,\"events\":6,\"len_sum\":60,\"cap_sum\":64,\"evicted\":0}}"
		"\n";
	struct output_report r = sample_report();
	char *text = written("json", &sized, &r);

	(void)state;
	assert_string_equal(text, expected);
	free(text);
}

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

static void test_unknowns(void **state)
{
	struct report_row row = {.target = 1, .base = 0x10};
	struct output_report r = sample_report();
	json_t *json, *out;

	(void)state;
	r.rows = &row;
	json = parsed(&sized, &r);
	out = first_row(json);
	assert_string_equal(string(out, "elem"), "?");
	assert_string_equal(string(out, "op"), "?");
	assert_true(json_is_null(json_object_get(out, "elem_size")));
	assert_true(json_is_null(json_object_get(out, "bytes_allocated")));
	assert_true(json_is_null(json_object_get(json_object_get(out, "site"), "pc")));
	json_decref(json);
}

/* A row of a target that is not listed: its addresses cannot be turned into link-time ones. */
static void test_unlisted_target(void **state)
{
	struct report_row row = sample_row;
	struct output_report r = sample_report();
	json_t *json, *out;

	(void)state;
	row.target = 99;
	r.rows = &row;
	json = parsed(&sized, &r);
	out = first_row(json);
	assert_true(json_is_null(json_object_get(out, "pid")));
	assert_string_equal(string(out, "elem"), "?");
	assert_true(json_is_null(json_object_get(json_object_get(out, "site"), "pc")));
	assert_int_equal(integer(out, "events"), 2);
	json_decref(json);
}

static void assert_no_bytes(const struct output_options *opts, const struct report_row *row)
{
	struct output_report r = sample_report();
	json_t *json, *out;

	r.rows = row;
	json = parsed(opts, &r);
	out = first_row(json);
	assert_true(json_is_null(json_object_get(out, "bytes_allocated")));
	assert_true(json_is_null(json_object_get(out, "bytes_slack")));
	json_decref(json);
}

static void test_bytes_are_null_where_not_known(void **state)
{
	struct report_row reused = sample_row, other_type = sample_row, huge = sample_row;

	(void)state;
	reused.reused = 1;
	other_type.type += 8;
	huge.cap_sum = UINT64_MAX / 4;
	huge.len_sum = 0;
	assert_no_bytes(&plain, &sample_row);
	assert_no_bytes(&sized, &reused);
	assert_no_bytes(&sized, &other_type);
	assert_no_bytes(&sized, &huge);
}

static void test_slack_is_null_where_len_exceeds_cap(void **state)
{
	struct report_row row = sample_row;
	struct output_report r = sample_report();
	json_t *json;

	(void)state;
	row.len_sum = row.cap_sum + 1;
	r.rows = &row;
	json = parsed(&sized, &r);
	assert_true(json_is_null(json_object_get(first_row(json), "bytes_slack")));
	assert_int_equal(integer(first_row(json), "bytes_allocated"), 128);
	json_decref(json);
}

static void test_large_figures_are_never_negative(void **state)
{
	struct report_row row = sample_row;
	struct output_report r = sample_report();
	json_t *json, *out;

	(void)state;
	row.events = INT64_MAX;
	row.len_sum = (uint64_t)INT64_MAX + 1;
	row.cap_sum = UINT64_MAX;
	r.rows = &row;
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

/* Each row's addresses are counted from its own target's bias. */
static void test_several_targets(void **state)
{
	struct output_target targets[] = {sample_target, {.id = 2, .pid = 8, .bias = 0x1000}};
	struct report_row rows[] = {sample_row, sample_row, sample_row};
	struct output_report r = sample_report();
	json_t *json, *list;

	(void)state;
	rows[1].target = 2;
	rows[1].site = 0x1234;
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
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_nothing_to_report),
		cmocka_unit_test(test_unknowns),
		cmocka_unit_test(test_unlisted_target),
		cmocka_unit_test(test_bytes_are_null_where_not_known),
		cmocka_unit_test(test_slack_is_null_where_len_exceeds_cap),
		cmocka_unit_test(test_large_figures_are_never_negative),
		cmocka_unit_test(test_figures_that_are_no_number),
		cmocka_unit_test(test_text_of_the_target),
		cmocka_unit_test(test_long_path),
		cmocka_unit_test(test_several_targets),
	};

	return cmocka_run_group_tests_name("output json", tests, NULL, NULL);
}
