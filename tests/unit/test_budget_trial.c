// SPDX-License-Identifier: BSD-2-Clause
/* What a budget costs a simulated target: see budget_trial.h. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "budget_trial.h"

#define RUNS 40

static const struct trial full_load = {
	.share = 0.05, .seconds = 40, .cpus = 1, .rate = 5e5, .trap_s = 1e-6, .duty = 1};

static void check(const struct trial *trial, double overall, double window)
{
	for (uint64_t seed = 1; seed <= RUNS; seed++) {
		struct trial t = *trial;
		struct trial_end end;

		t.seed = seed;
		end = trial_run(&t);
		assert_true(end.charged_s <= overall * end.cpu_s);
		assert_true(end.worst_window <= window);
		assert_true(end.pauses > 0);
	}
}

/* Every emulated and stepped price and rate: the run within the share, a window by a tenth beyond.
 */
static void test_steady_targets(void **state)
{
	static const double rates[] = {6e4, 1e5, 3e5, 1e6};
	struct trial t = full_load;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		t.rate = rates[i];
		t.trap_s = 1e-6;
		check(&t, 0.05, 0.055);
		t.trap_s = 13e-6;
		check(&t, 0.05, 0.06);
	}
	t = full_load;
	t.cpus = 8;
	check(&t, 0.05, 0.055);
	t.share = 0.2;
	check(&t, 0.2, 0.21);
	t.share = 0.01;
	check(&t, 0.01, 0.0125);
}

/* A phase that comes when much of a window is spent can go beyond it by an eighth. */
static void test_targets_with_phases(void **state)
{
	static const double periods[] = {0.05, 0.25, 1, 4, 10};
	struct trial t = full_load;

	(void)state;
	t.rate = 1e6;
	for (size_t i = 0; i < 5; i++) {
		t.period_s = periods[i];
		t.duty = 0.5;
		check(&t, 0.05, 0.0575);
		t.duty = 0.1;
		check(&t, 0.05, 0.0575);
	}
	t = full_load;
	t.change_s = 20;
	t.low = 0.02;
	check(&t, 0.05, 0.055);
}

static void test_targets_that_sleep(void **state)
{
	struct trial t = full_load;

	(void)state;
	t.idle = 0.8;
	t.idle_s = 0.1;
	check(&t, 0.052, 0.06);
	t.idle = 0.5;
	t.idle_s = 3;
	check(&t, 0.05, 0.08);
}

/* Budget 5 on a full load, a trap costing 15 % more than thought: at most 6 % of throughput. */
static void test_throughput(void **state)
{
	struct trial t = full_load;

	(void)state;
	t.error = 1 / 1.15 - 1;
	for (t.seed = 1; t.seed <= RUNS; t.seed++) {
		struct trial_end end = trial_run(&t);

		assert_true(end.trapped_s <= 0.06 * end.cpu_s);
		assert_true(end.trapped_s >= 0.03 * end.cpu_s);
	}
}

static void test_first_cut(void **state)
{
	static const double rates[] = {6e4, 1e5, 3e5, 1e6};
	struct trial t = full_load;

	(void)state;
	t.seconds = 2;
	for (size_t i = 0; i < 4; i++) {
		t.rate = rates[i];
		for (t.seed = 1; t.seed <= RUNS; t.seed++) {
			struct trial_end end = trial_run(&t);

			assert_true(end.first_pause_s > 0 && end.first_pause_s <= 1);
		}
	}
}

static void check_slow(const struct trial *t)
{
	const struct trial_end end = trial_run(t);
	const struct estimate_total *events = &end.total[TRIAL_EVENTS];

	assert_true(end.charged_s <= t->share * end.cpu_s);
	assert_true(end.charged_s >= t->share / 2 * end.cpu_s);
	assert_true(end.pauses >= 10);
	assert_true(fabs(events->total - end.truth[TRIAL_EVENTS]) <= 2 * events->error);
}

/* Perf events: a window is far beyond the share now and then, a run of some cycles is not. */
static void test_slow_detach(void **state)
{
	static const double rates[] = {6e4, 3e5, 1e6}, detach[] = {0.1, 0.4, 2};
	struct trial t = full_load;

	(void)state;
	t.seconds = 1000;
	for (size_t i = 0; i < 3; i++) {
		for (size_t j = 0; j < 3; j++) {
			t.rate = rates[i];
			t.detach_s = detach[j];
			for (t.seed = 1; t.seed <= 3; t.seed++)
				check_slow(&t);
		}
	}
	t.detach_s = 0.4;
	t.idle = 0.5;
	t.idle_s = 3;
	check_slow(&t);
	t.idle = 0;
	t.period_s = 10;
	t.duty = 0.5;
	check_slow(&t);
}

static void check_untouched(const struct trial *trial)
{
	struct trial t = *trial;

	for (t.seed = 1; t.seed <= RUNS; t.seed++) {
		struct trial_end end = trial_run(&t);

		assert_int_equal(end.pauses, 0);
		assert_true(end.exposure == 1);
		for (int i = 0; i < TRIAL_COUNTERS; i++) {
			assert_true(end.total[i].total == end.truth[i]);
			assert_true(end.total[i].error == 0);
		}
	}
}

static void test_quiet_target_stays_attached(void **state)
{
	struct trial t = full_load;

	(void)state;
	t.rate = 4.5e4;
	check_untouched(&t);
	t.idle = 0.5;
	t.idle_s = 3;
	check_untouched(&t);
	t.idle = 0.98;
	t.idle_s = 0.5;
	check_untouched(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steady_targets),
		cmocka_unit_test(test_targets_with_phases),
		cmocka_unit_test(test_targets_that_sleep),
		cmocka_unit_test(test_throughput),
		cmocka_unit_test(test_first_cut),
		cmocka_unit_test(test_slow_detach),
		cmocka_unit_test(test_quiet_target_stays_attached),
	};

	return cmocka_run_group_tests_name("budget_trial", tests, NULL, NULL);
}
