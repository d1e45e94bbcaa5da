// SPDX-License-Identifier: BSD-2-Clause
/* output/figure.h: figures as people read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "output/figure.h"
#include "slicestat.h"

static void test_grouped(void **state)
{
	static const struct {
		uint64_t v;
		const char *text;
	} figures[] = {
		{0, "0"},	   {999, "999"},	{1000, "1,000"},
		{12345, "12,345"}, {123456, "123,456"}, {UINT64_MAX, "18,446,744,073,709,551,615"},
	};
	char text[FIGURE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		figure_grouped(text, figures[i].v);
		assert_string_equal(text, figures[i].text);
	}
}

static void test_bytes(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} figures[] = {
		{0, "0 B"},
		{1, "1 B"},
		{1023, "1023 B"},
		{1024, "1.0 KiB"},
		{1075, "1.0 KiB"},
		{1076, "1.1 KiB"},
		{1536, "1.5 KiB"},
		/* 1023.9 and what would be 1024.0 */
		{(1 << 20) - 103, "1023.9 KiB"},
		{(1 << 20) - 51, "1.0 MiB"},
		{1 << 20, "1.0 MiB"},
		{24536678, "23.4 MiB"},
		{1ULL << 30, "1.0 GiB"},
		{1ULL << 40, "1.0 TiB"},
		{1ULL << 50, "1.0 PiB"},
		{1ULL << 60, "1.0 EiB"},
		{UINT64_MAX, "16.0 EiB"},
	};
	char text[FIGURE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		figure_bytes(text, figures[i].bytes);
		assert_string_equal(text, figures[i].text);
	}
}

static void test_percentile(void **state)
{
	static const uint64_t lens[SS_LEN_BUCKETS] = {
		[0] = 10, [1] = 20, [2] = 20, [4] = 49, [17] = 1};
	static const struct {
		double share;
		const char *text;
	} figures[] = {
		{0, "0"},     {0.1, "0"},     {0.11, "1"},    {0.3, "1"},      {0.31, "2-3"},
		{0.5, "2-3"}, {0.51, "8-15"}, {0.99, "8-15"}, {1, "64K-128K"},
	};
	char text[FIGURE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
		figure_percentile(text, lens, figures[i].share);
		assert_string_equal(text, figures[i].text);
	}
}

static void test_percentile_at_the_ends(void **state)
{
	static const uint64_t none[SS_LEN_BUCKETS];
	static const uint64_t longest[SS_LEN_BUCKETS] = {[SS_LEN_BUCKETS - 1] = 3};
	static const uint64_t long_ones[SS_LEN_BUCKETS] = {[SS_LEN_BUCKETS - 2] = UINT32_MAX};
	static const uint64_t empty[SS_LEN_BUCKETS] = {[0] = 1};
	char text[FIGURE_SIZE];

	(void)state;
	figure_percentile(text, none, 0.5);
	assert_string_equal(text, "?");
	figure_percentile(text, longest, 0.5);
	assert_string_equal(text, "1G-");
	figure_percentile(text, long_ones, 0.99);
	assert_string_equal(text, "512M-1G");
	figure_percentile(text, empty, 1);
	assert_string_equal(text, "0");
}

static void test_estimate(void **state)
{
	static const struct {
		double part, whole;
		const char *text;
	} shares[] = {
		{0.009, 1, "about 0.9 %"},
		{0.0005, 1, "about 0.1 %"},
		{0.0001, 1, "under 0.1 %"},
		{3, 2, "about 150.0 %"},
		{0, 1, "0 %"},
		{0, 0, "?"},
		{-1, 1, "?"},
	};
	char text[FIGURE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		figure_estimate(text, shares[i].part, shares[i].whole);
		assert_string_equal(text, shares[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grouped),	   cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_percentile), cmocka_unit_test(test_percentile_at_the_ends),
		cmocka_unit_test(test_estimate),
	};

	return cmocka_run_group_tests_name("output figures", tests, NULL, NULL);
}
