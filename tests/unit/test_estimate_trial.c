// SPDX-License-Identifier: BSD-2-Clause
/*
 * Whether estimates keep their word: for each kind of target 100 simulated runs (budget_trial.h),
 * of which the truth lies within the stated error in 95 at least.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "budget_trial.h"

#define RUNS   100
#define WITHIN 95
/* Of a counter with some dozen events a run; and where the error is that for chance only. */
#define WITHIN_RARE   92
#define WITHIN_CHANCE 92

static const struct trial full_load = {.share = 0.05,
				       .seconds = 30,
				       .cpus = 1,
				       .rate = 5e5,
				       .trap_s = 1e-6,
				       .doubt = 0.15,
				       .duty = 1};

/* How often the truth was within the errors, and these as parts of the truth. */
struct tally {
	unsigned within[TRIAL_COUNTERS];
	double errors[RUNS];
};

static void count(struct tally *tally, const struct estimate_total *total, const double *truth,
		  size_t run)
{
	for (int i = 0; i < TRIAL_COUNTERS; i++)
		tally->within[i] += fabs(total[i].total - truth[i]) <= total[i].error;
	tally->errors[run] = total[0].error / truth[0];
}

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static double median(struct tally *tally)
{
	qsort(tally->errors, RUNS, sizeof(double), ascending);
	return tally->errors[RUNS / 2];
}

/*
 * The median error as a part of the truth. sure: traps cost what they are thought to, so that the
 * error for chance must do without that for the price.
 */
static double check(const char *name, const struct trial *trial, bool sure)
{
	struct tally all = {.within = {0}}, chance = {.within = {0}};
	struct trial t = *trial;

	for (t.seed = 1; t.seed <= RUNS; t.seed++) {
		struct trial_end end = trial_run(&t);

		count(&all, end.total, end.truth, t.seed - 1);
		count(&chance, end.chance, end.truth, t.seed - 1);
	}
	print_message("%-24s %3u %3u %3u of %d, median error %5.1f %%; by chance %3u %3u %3u, "
		      "%5.1f %%\n",
		      name, all.within[0], all.within[1], all.within[2], RUNS, 100 * median(&all),
		      chance.within[0], chance.within[1], chance.within[2], 100 * median(&chance));
	assert_true(all.within[TRIAL_EVENTS] >= WITHIN);
	assert_true(all.within[TRIAL_LENS] >= WITHIN);
	assert_true(all.within[TRIAL_RARES] >= WITHIN_RARE);
	assert_true(!sure || chance.within[TRIAL_EVENTS] >= WITHIN_CHANCE);
	return median(&all);
}

static void test_steady(void **state)
{
	struct trial t = full_load;

	(void)state;
	assert_true(check("steady", &t, true) < 0.11);
	t.seconds = 20;
	check("steady, 20 s", &t, true);
	t.seconds = 60;
	check("steady, 60 s", &t, true);
	t = full_load;
	t.rate = 1e5;
	assert_true(check("steady, 0.1 M/s", &t, true) < 0.02);
	t.rate = 1e6;
	check("steady, 1 M/s", &t, true);
	t.rate = 1e5;
	t.trap_s = 13e-6;
	check("steady, stepped", &t, true);
	t = full_load;
	t.cpus = 8;
	check("steady, 8 CPUs", &t, true);
	t = full_load;
	t.share = 0.01;
	check("steady, budget 1", &t, true);
}

static void test_periods(void **state)
{
	static const double periods[] = {0.05, 0.1, 0.3, 1, 4, 10};
	static const double duties[] = {0.1, 0.5};
	struct trial t = full_load;
	char name[64];

	(void)state;
	t.rate = 1e6;
	t.seconds = 40;
	for (size_t i = 0; i < 6; i++) {
		for (size_t j = 0; j < 2; j++) {
			t.period_s = periods[i];
			t.duty = duties[j];
			snprintf(name, sizeof(name), "on %g of %g s", t.duty * t.period_s,
				 t.period_s);
			check(name, &t, true);
		}
	}
}

static void test_changes(void **state)
{
	struct trial t = full_load;

	(void)state;
	t.change_s = 15;
	t.low = 0.02;
	check("quiet, then busy", &t, true);
	t.rate = 1e6;
	t.low = 0.3;
	check("busy, then busier", &t, true);
	t = full_load;
	t.rate = 2e5;
	t.drift_to = 5;
	check("five times the rate", &t, true);
	t.rate = 1e6;
	t.drift_to = 0.1;
	check("a tenth of the rate", &t, true);
}

/* The true cost of a trap is 15 % above or below what is thought. */
static void test_wrong_price(void **state)
{
	struct trial t = full_load;

	(void)state;
	t.error = 1 / 1.15 - 1;
	check("dearer than thought", &t, false);
	t.period_s = 0.3;
	t.duty = 0.5;
	check("dearer, on 0.15 of 0.3 s", &t, false);
	t = full_load;
	t.error = 1 / 0.85 - 1;
	check("cheaper than thought", &t, false);
}

static void test_sleeping(void **state)
{
	struct trial t = full_load;

	(void)state;
	t.idle = 0.8;
	t.idle_s = 0.1;
	check("sleeps 0.08 of 0.1 s", &t, false);
	t.idle = 0.5;
	t.idle_s = 3;
	check("sleeps 1.5 of 3 s", &t, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steady),	 cmocka_unit_test(test_periods),
		cmocka_unit_test(test_changes),	 cmocka_unit_test(test_wrong_price),
		cmocka_unit_test(test_sleeping),
	};

	return cmocka_run_group_tests_name("estimate_trial", tests, NULL, NULL);
}
