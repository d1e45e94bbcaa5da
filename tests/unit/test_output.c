// SPDX-License-Identifier: BSD-2-Clause
/* output/output.h: the list of formats, and streams that fail. */
#include "output_sample.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "output/utf8.h"

static void test_formats_by_name(void **state)
{
	(void)state;
	assert_string_equal(output_formats[0]->name, "table");
	assert_ptr_equal(output_find("table"), output_formats[0]);
	assert_ptr_equal(output_find("json"), output_formats[1]);
	assert_string_equal(output_find("pprof")->name, "pprof");
	assert_true(output_find("pprof")->binary);
	assert_true(output_find("folded")->profile);
	assert_false(output_find("json")->profile);
	assert_null(output_formats[4]);
	assert_null(output_find("jso"));
	assert_null(output_find(""));
}

static void test_full_device(void **state)
{
	struct output_report r = sample_report();

	(void)state;
	for (size_t i = 0; output_formats[i]; i++) {
		FILE *f = fopen("/dev/full", "w");

		assert_non_null(f);
		assert_int_equal(output_formats[i]->write(f, &plain, &r), -ENOSPC);
		fclose(f);
	}
}

/* More rows than a buffer holds: the failure comes amid the rows. */
static void test_full_device_amid_rows(void **state)
{
	enum { N = 2000 };
	const struct report_row **rows = calloc(N, sizeof(const struct report_row *));
	struct output_report r = sample_report();

	(void)state;
	assert_non_null(rows);
	for (size_t i = 0; i < N; i++)
		rows[i] = &sample_base;
	r.rows = rows;
	r.nrows = N;
	for (size_t i = 0; output_formats[i]; i++) {
		FILE *f = fopen("/dev/full", "w");

		assert_non_null(f);
		assert_int_equal(output_formats[i]->write(f, &plain, &r), -ENOSPC);
		fclose(f);
	}
	free(rows);
}

static void test_closed_pipe(void **state)
{
	struct output_report r = sample_report();

	(void)state;
	assert_ptr_not_equal(signal(SIGPIPE, SIG_IGN), SIG_ERR);
	for (size_t i = 0; output_formats[i]; i++) {
		int fds[2];
		FILE *f;

		assert_int_equal(pipe(fds), 0);
		assert_int_equal(close(fds[0]), 0);
		f = fdopen(fds[1], "w");
		assert_non_null(f);
		assert_int_equal(output_formats[i]->write(f, &plain, &r), -EPIPE);
		fclose(f);
	}
}

static void test_unwritable_stream(void **state)
{
	struct output_report r = sample_report();
	FILE *f = fopen("/dev/null", "r");

	(void)state;
	assert_non_null(f);
	assert_int_equal(output_find("json")->write(f, &plain, &r), -EBADF);
	fclose(f);
}

static void test_utf8_repair(void **state)
{
	static const char *const pairs[][2] = {
		{"", ""},
		{"/srv/app", "/srv/app"},
		{"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
		{"a\xff/b", "a\xef\xbf\xbd/b"},
		{"\xc3", "\xef\xbf\xbd"},
		{"\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xe0\x9f\xbf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xed\x9f\xbf", "\xed\x9f\xbf"},
		{"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
		{"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
		{"\xf0\x9f\x98z", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		char *repaired = utf8_repair(pairs[i][0]);

		assert_non_null(repaired);
		assert_string_equal(repaired, pairs[i][1]);
		free(repaired);
	}
}

static void test_utf8_fit(void **state)
{
	static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z";
	static const size_t whole[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};

	(void)state;
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		assert_int_equal(utf8_fit(text, i), whole[i]);
	assert_int_equal(utf8_count(text), 5);
	assert_int_equal(utf8_count(""), 0);
	/* No UTF-8: cut as bytes. */
	assert_int_equal(utf8_fit("\x80\x80\x80\x80\x80\x80", 4), 4);
	assert_int_equal(utf8_fit("a\x80\x80\x80\x80\x80", 5), 5);
	assert_int_equal(utf8_fit("\x80\x80", 1), 1);
}

static void test_views_have_names(void **state)
{
	(void)state;
	assert_string_equal(output_view_name(OUTPUT_BY_BASE), "base");
	assert_string_equal(output_view_name(OUTPUT_BY_SITE), "site");
	assert_string_equal(output_view_name(OUTPUT_BY_TYPE), "type");
	assert_string_equal(output_view_name(OUTPUT_BY_PROCESS), "process");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats_by_name),
		cmocka_unit_test(test_full_device),
		cmocka_unit_test(test_full_device_amid_rows),
		cmocka_unit_test(test_closed_pipe),
		cmocka_unit_test(test_unwritable_stream),
		cmocka_unit_test(test_utf8_repair),
		cmocka_unit_test(test_utf8_fit),
		cmocka_unit_test(test_views_have_names),
	};

	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
