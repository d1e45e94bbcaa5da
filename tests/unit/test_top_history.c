// SPDX-License-Identifier: BSD-2-Clause
/* top/history.h, top/spark.h */
#include "top_sample.h"

#include "top/spark.h"

static struct report_key key_of(uint64_t addr)
{
	return (struct report_key){.addr = addr, .op = SS_OP_GROW};
}

static double rate_at(const struct top_history *h, uint64_t addr, size_t back)
{
	const struct report_key key = key_of(addr);
	double sums[TOP_INTERVALS] = {0};

	top_history_sum(h, &key, 100, sums);
	return sums[TOP_INTERVALS - 1 - back];
}

static void add(struct top_history *h, uint64_t addr, double rate)
{
	const struct report_key key = key_of(addr);

	top_history_add(h, &key, 100, rate);
}

static void test_rates_move_to_the_left(void **state)
{
	struct top_history *h = top_history_new(8);

	(void)state;
	top_history_next(h);
	add(h, 1, 10);
	assert_true(rate_at(h, 1, 0) == 10);
	top_history_next(h);
	top_history_next(h);
	add(h, 1, 30);
	assert_true(rate_at(h, 1, 0) == 30 && rate_at(h, 1, 1) == 0 && rate_at(h, 1, 2) == 10);
	assert_true(rate_at(h, 2, 0) == 0);
	for (int i = 0; i < TOP_INTERVALS - 3; i++)
		top_history_next(h);
	assert_true(rate_at(h, 1, TOP_INTERVALS - 1) == 10);
	top_history_next(h);
	for (size_t back = 0; back < TOP_INTERVALS; back++)
		assert_true(rate_at(h, 1, back) == (back == TOP_INTERVALS - 2 ? 30 : 0));
	top_history_free(h);
}

/* A ring that has come round holds nothing of the last round. */
static void test_a_long_silence_leaves_nothing(void **state)
{
	struct top_history *h = top_history_new(8);

	(void)state;
	for (int i = 0; i < TOP_INTERVALS; i++) {
		top_history_next(h);
		add(h, 1, 7);
	}
	for (int i = 0; i < 5 * TOP_INTERVALS + 3; i++)
		top_history_next(h);
	assert_true(rate_at(h, 1, 0) == 0);
	add(h, 1, 2);
	for (size_t back = 0; back < TOP_INTERVALS; back++)
		assert_true(rate_at(h, 1, back) == (back ? 0 : 2));
	top_history_free(h);
}

static void test_the_idle_make_room_for_the_new(void **state)
{
	struct top_history *h = top_history_new(4);

	(void)state;
	top_history_next(h);
	for (uint64_t addr = 1; addr <= 4; addr++)
		add(h, addr, 1);
	add(h, 5, 1);
	assert_int_equal(top_history_lost(h), 1);
	assert_true(rate_at(h, 5, 0) == 0 && rate_at(h, 4, 0) == 1);
	for (int i = 0; i < TOP_INTERVALS; i++) {
		top_history_next(h);
		add(h, 3, 9);
	}
	assert_int_equal(top_history_lost(h), 0);
	add(h, 6, 4);
	assert_int_equal(top_history_lost(h), 0);
	assert_true(rate_at(h, 6, 0) == 4 && rate_at(h, 3, 0) == 9);
	top_history_clear(h);
	assert_true(rate_at(h, 3, 0) == 0 && top_history_lost(h) == 0);
	top_history_free(h);
}

/* None idle throughout: the one that is so longest goes, and of these the last. */
static void test_the_idlest_goes(void **state)
{
	struct top_history *h = top_history_new(4);

	(void)state;
	top_history_next(h);
	for (uint64_t addr = 1; addr <= 4; addr++)
		add(h, addr, 1);
	top_history_next(h);
	add(h, 2, 2);
	add(h, 3, 2);
	top_history_next(h);
	add(h, 5, 3);
	assert_true(rate_at(h, 4, 2) == 0 && rate_at(h, 1, 2) == 1);
	add(h, 6, 3);
	assert_true(rate_at(h, 1, 2) == 0);
	add(h, 7, 3);
	assert_true(rate_at(h, 3, 1) == 0 && rate_at(h, 2, 1) == 2);
	add(h, 2, 4);
	assert_int_equal(top_history_lost(h), 0);
	add(h, 8, 3);
	assert_int_equal(top_history_lost(h), 1);
	assert_true(rate_at(h, 2, 0) == 4 && rate_at(h, 2, 2) == 1);
	assert_true(rate_at(h, 5, 0) == 3 && rate_at(h, 6, 0) == 3 && rate_at(h, 7, 0) == 3);
	top_history_free(h);
}

/* Another process with the number of one that ended begins without a past. */
static void test_a_number_used_again(void **state)
{
	struct top_history *h = top_history_new(4);
	const struct report_key key = key_of(1);
	double sums[TOP_INTERVALS] = {0};

	(void)state;
	top_history_next(h);
	add(h, 1, 5);
	top_history_sum(h, &key, 200, sums);
	assert_true(sums[TOP_INTERVALS - 1] == 0);
	top_history_next(h);
	top_history_add(h, &key, 200, 7);
	top_history_sum(h, &key, 200, sums);
	assert_true(sums[TOP_INTERVALS - 1] == 7 && sums[TOP_INTERVALS - 2] == 0);
	assert_true(rate_at(h, 1, 0) == 0 && rate_at(h, 1, 1) == 0);
	top_history_free(h);
}

/* As many rows as there are: each finds its own, whatever goes meanwhile. */
static void test_many_keys(void **state)
{
	struct top_history *h = top_history_new(1000);

	(void)state;
	for (uint64_t interval = 0; interval < 50; interval++) {
		top_history_next(h);
		for (uint64_t i = 0; i < 700; i++)
			add(h, interval * 300 + i, (double)(interval + i + 1));
		assert_int_equal(top_history_lost(h), 0);
		for (uint64_t i = 0; i < 700; i++)
			assert_true(rate_at(h, interval * 300 + i, 0) ==
				    (double)(interval + i + 1));
		for (uint64_t i = 0; interval && i < 400; i++)
			assert_true(rate_at(h, interval * 300 + i, 1) ==
				    (double)(interval + i + 300));
	}
	top_history_free(h);
}

/* Odd keys are given up, others become one half of theirs. */
static bool halve(void *ctx, struct report_key *key, int *owner)
{
	(void)ctx;
	(void)owner;
	if (key->addr % 2)
		return false;
	key->addr /= 2;
	return true;
}

static bool all_one(void *ctx, struct report_key *key, int *owner)
{
	(void)ctx;
	(void)owner;
	key->addr = 1;
	return true;
}

static void test_histories_become_one(void **state)
{
	struct top_history *h = top_history_new(8);

	(void)state;
	top_history_next(h);
	add(h, 2, 10);
	add(h, 3, 20);
	add(h, 4, 30);
	top_history_next(h);
	add(h, 4, 5);
	top_history_regroup(h, halve, NULL);
	assert_true(rate_at(h, 1, 0) == 0 && rate_at(h, 1, 1) == 10);
	assert_true(rate_at(h, 2, 0) == 5 && rate_at(h, 2, 1) == 30);
	assert_true(rate_at(h, 3, 1) == 0 && rate_at(h, 4, 1) == 0);
	for (int i = 0; i < 3; i++)
		top_history_next(h);
	add(h, 2, 7);
	top_history_regroup(h, all_one, NULL);
	assert_true(rate_at(h, 1, 0) == 7 && rate_at(h, 1, 1) == 0);
	assert_true(rate_at(h, 1, 3) == 5 && rate_at(h, 1, 4) == 40);
	/* One that has been idle for as long as is remembered adds nothing. */
	for (int i = 0; i < TOP_INTERVALS; i++)
		top_history_next(h);
	add(h, 9, 1);
	top_history_regroup(h, all_one, NULL);
	for (size_t back = 0; back < TOP_INTERVALS; back++)
		assert_true(rate_at(h, 1, back) == (back == 0 ? 1 : 0));
	top_history_free(h);
}

static void test_bars(void **state)
{
	const double values[] = {0, 0.001, 4, 8};
	char text[TOP_SPARK_SIZE(4)];

	(void)state;
	top_spark(text, values, 4, true);
	assert_string_equal(text, " \u2581\u2585\u2588");
	top_spark(text, values, 4, false);
	assert_string_equal(text, " .+#");
	top_spark(text, values, 1, true);
	assert_string_equal(text, " ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates_move_to_the_left),
		cmocka_unit_test(test_a_long_silence_leaves_nothing),
		cmocka_unit_test(test_the_idle_make_room_for_the_new),
		cmocka_unit_test(test_the_idlest_goes),
		cmocka_unit_test(test_a_number_used_again),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_histories_become_one),
		cmocka_unit_test(test_bars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
