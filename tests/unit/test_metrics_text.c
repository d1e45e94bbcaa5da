// SPDX-License-Identifier: BSD-2-Clause
/* metrics/metrics.h: the two text formats byte for byte, and OTLP unpacked again. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metrics/metrics.h"
#include "metrics/otlp.pb-c.h"

static const struct timespec begin = {1767323045, 5}, now = {1767323050, 7};
static const uint64_t lens[SS_LEN_BUCKETS] = {[0] = 1, [2] = 3, [SS_LEN_BUCKETS - 1] = 2};

static struct metrics *sample(void)
{
	const struct metrics_label labels[] = {
		{"exe", "a\"b\\c\nd"}, {"func", ""}, {"elem", "m\xc3\xa4p\xff"}};
	struct metrics *m = metrics_new(&begin, &now);
	struct metrics_family *f;
	struct metrics_sample *s;

	assert_non_null(m);
	f = metrics_add(m, METRICS_COUNTER, "t_moved_bytes", "bytes", "Moved\n\"all\" \\.");
	s = metrics_sample(m, f, labels, 3);
	s->whole = UINT64_MAX;
	s->begin = (struct timespec){1767323048, 6};
	metrics_count(m, f, "site", "other", 7);
	f = metrics_add(m, METRICS_GAUGE, "t_fill_ratio", "ratio", "Fill.");
	metrics_real(m, f, "", "", 0.1);
	f = metrics_add(m, METRICS_GAUGE, "t_error", "", "Error.");
	metrics_real(m, f, "of", "a", INFINITY);
	metrics_real(m, f, "of", "b", 1.0 / 3);
	f = metrics_add(m, METRICS_INFO, "t_build", "", "Build.");
	metrics_sample(m, f, &(struct metrics_label){"version", "1"}, 1);
	f = metrics_add(m, METRICS_HISTOGRAM, "t_length", "", "Lengths.");
	s = metrics_sample(m, f, &(struct metrics_label){"op", "grow"}, 1);
	s->whole = 6;
	s->sum = 4294967306;
	s->buckets = metrics_keep(m, lens, sizeof(lens));
	metrics_add(m, METRICS_GAUGE, "t_empty", "", "Without samples.");
	assert_true(metrics_is_whole(m));
	return m;
}

static char *written(enum metrics_text format)
{
	struct metrics *m = sample();
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	assert_int_equal(metrics_write_text(f, format, m), 0);
	assert_int_equal(fclose(f), 0);
	metrics_free(m);
	return text;
}

static void assert_begins(const char *text, const char *expected)
{
	char *beginning = strndup(text, strlen(expected));

	assert_string_equal(beginning, expected);
	free(beginning);
}

static void assert_ends(const char *text, const char *expected)
{
	assert_true(strlen(text) > strlen(expected));
	assert_string_equal(text + strlen(text) - strlen(expected), expected);
}

static void test_prometheus(void **state)
{
	char *text = written(METRICS_PROMETHEUS);

	(void)state;
	assert_begins(
		text,
		"# HELP t_moved_bytes_total Moved\\n\"all\" \\\\.\n"
		"# TYPE t_moved_bytes_total counter\n"
		"t_moved_bytes_total{exe=\"a\\\"b\\\\c\\nd\",elem=\"m\xc3\xa4p\xef\xbf\xbd\"} "
		"18446744073709551615\n"
		"t_moved_bytes_total{site=\"other\"} 7\n"
		"# HELP t_fill_ratio Fill.\n"
		"# TYPE t_fill_ratio gauge\n"
		"t_fill_ratio 0.1\n"
		"# HELP t_error Error.\n"
		"# TYPE t_error gauge\n"
		"t_error{of=\"a\"} +Inf\n"
		"t_error{of=\"b\"} 0.3333333333333333\n"
		"# HELP t_build_info Build.\n"
		"# TYPE t_build_info gauge\n"
		"t_build_info{version=\"1\"} 1\n"
		"# HELP t_length Lengths.\n"
		"# TYPE t_length histogram\n"
		"t_length_bucket{op=\"grow\",le=\"0\"} 1\n"
		"t_length_bucket{op=\"grow\",le=\"1\"} 1\n"
		"t_length_bucket{op=\"grow\",le=\"3\"} 4\n");
	assert_ends(text, "t_length_bucket{op=\"grow\",le=\"1073741823\"} 4\n"
			  "t_length_bucket{op=\"grow\",le=\"+Inf\"} 6\n"
			  "t_length_sum{op=\"grow\"} 4294967306\n"
			  "t_length_count{op=\"grow\"} 6\n");
	free(text);
}

static void test_openmetrics(void **state)
{
	char *text = written(METRICS_OPENMETRICS);

	(void)state;
	assert_begins(
		text,
		"# HELP t_moved_bytes Moved\\n\\\"all\\\" \\\\.\n"
		"# TYPE t_moved_bytes counter\n"
		"# UNIT t_moved_bytes bytes\n"
		"t_moved_bytes_total{exe=\"a\\\"b\\\\c\\nd\",elem=\"m\xc3\xa4p\xef\xbf\xbd\"} "
		"18446744073709551615\n"
		"t_moved_bytes_total{site=\"other\"} 7\n"
		"# HELP t_fill_ratio Fill.\n"
		"# TYPE t_fill_ratio gauge\n"
		"# UNIT t_fill_ratio ratio\n"
		"t_fill_ratio 0.1\n");
	assert_non_null(strstr(text, "# TYPE t_build info\nt_build_info{version=\"1\"} 1\n"));
	assert_non_null(strstr(text, "t_length_bucket{op=\"grow\",le=\"3.0\"} 4\n"));
	assert_null(strstr(text, "t_empty"));
	assert_ends(text, "t_length_count{op=\"grow\"} 6\n# EOF\n");
	free(text);
}

static void check_sum(const Otlp__Metric *metric)
{
	assert_string_equal(metric->name, "t.moved");
	assert_string_equal(metric->unit, "By");
	assert_int_equal(metric->data_case, OTLP__METRIC__DATA_SUM);
	assert_true(metric->sum->monotonic);
	assert_int_equal(metric->sum->temporality, OTLP__TEMPORALITY__CUMULATIVE);
	assert_int_equal(metric->sum->n_points, 2);
	assert_int_equal(metric->sum->points[0]->value_case, OTLP__POINT__VALUE_REAL);
	assert_int_equal(metric->sum->points[0]->begin_unix_ns, 1767323048000000006);
	assert_int_equal(metric->sum->points[0]->n_attributes, 2);
	assert_string_equal(metric->sum->points[0]->attributes[0]->value->text, "a\"b\\c\nd");
	assert_int_equal(metric->sum->points[1]->whole, 7);
	assert_int_equal(metric->sum->points[1]->begin_unix_ns, 1767323045000000005);
	assert_int_equal(metric->sum->points[1]->time_unix_ns, 1767323050000000007);
	assert_string_equal(metric->sum->points[1]->attributes[0]->key, "site");
}

static void check_histogram(const Otlp__Metric *metric)
{
	const Otlp__HistogramPoint *point;

	assert_int_equal(metric->data_case, OTLP__METRIC__DATA_HISTOGRAM);
	assert_int_equal(metric->histogram->n_points, 1);
	point = metric->histogram->points[0];
	assert_int_equal(point->begin_unix_ns, 1767323045000000005);
	assert_int_equal(point->count, 6);
	assert_true(point->sum == 4294967306.0);
	assert_int_equal(point->n_counts, SS_LEN_BUCKETS);
	assert_int_equal(point->n_bounds, SS_LEN_BUCKETS - 1);
	assert_int_equal(point->counts[2], 3);
	assert_true(point->bounds[2] == 3.0);
}

static void test_otlp(void **state)
{
	struct metrics *m = sample();
	const Otlp__ScopeMetrics *scope;
	Otlp__Request *request;
	size_t size = 0;
	uint8_t *bytes = metrics_pack_otlp(m, "host:7", &size);

	(void)state;
	assert_non_null(bytes);
	request = otlp__request__unpack(NULL, size, bytes);
	assert_non_null(request);
	assert_int_equal(request->n_resource_metrics, 1);
	assert_int_equal(request->resource_metrics[0]->resource->n_attributes, 3);
	assert_int_equal(request->resource_metrics[0]->n_scope_metrics, 1);
	scope = request->resource_metrics[0]->scope_metrics[0];
	assert_string_equal(scope->scope->name, "slicestat");
	assert_int_equal(scope->n_metrics, 5);
	check_sum(scope->metrics[0]);
	assert_string_equal(scope->metrics[1]->name, "t.fill");
	assert_string_equal(scope->metrics[1]->unit, "1");
	assert_true(scope->metrics[1]->gauge->points[0]->real == 0.1);
	assert_int_equal(scope->metrics[1]->gauge->points[0]->begin_unix_ns, 0);
	assert_string_equal(scope->metrics[3]->name, "t.build.info");
	assert_int_equal(scope->metrics[3]->gauge->points[0]->whole, 1);
	check_histogram(scope->metrics[4]);
	otlp__request__free_unpacked(request, NULL);
	free(bytes);
	metrics_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prometheus),
		cmocka_unit_test(test_openmetrics),
		cmocka_unit_test(test_otlp),
	};

	return cmocka_run_group_tests_name("metrics_text", tests, NULL, NULL);
}
