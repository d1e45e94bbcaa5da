// SPDX-License-Identifier: BSD-2-Clause
/* budget/budget.h, question by question. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "budget/budget.h"

/* A target that uses one CPU, a part of it for traps while attached; answers are obeyed at once. */
struct run {
	struct budget *b;
	struct budget_reading now;
	bool attached;
	double taken;
};

static struct run begin(double share, double taken)
{
	struct run run = {.b = budget_new(share, 0, 1), .attached = true, .taken = taken};

	run.now.now_s = 1000;
	assert_non_null(run.b);
	return run;
}

static enum budget_step ask(struct run *run)
{
	struct budget_answer a = budget_ask(run->b, &run->now, run->attached);
	double wait = a.next_s - run->now.now_s;

	if (a.step != BUDGET_STAY) {
		run->attached = a.step == BUDGET_RESUME;
		return a.step;
	}
	assert_true(wait > 0 && wait <= 0.11);
	run->now.now_s += wait;
	run->now.cpu_s += wait;
	run->now.trap_s += run->attached ? wait * run->taken : 0;
	return a.step;
}

/* Until a step; the time of it since the begin. */
static double until(struct run *run, enum budget_step step, double limit_s)
{
	while (run->now.now_s < 1000 + limit_s)
		if (ask(run) == step)
			return run->now.now_s - 1000;
	return -1;
}

static void test_quiet_is_never_cut(void **state)
{
	struct run run = begin(0.05, 0.049);

	(void)state;
	assert_true(until(&run, BUDGET_PAUSE, 100) < 0);
	budget_free(run.b);
}

static void test_idle_is_never_cut(void **state)
{
	struct budget *b = budget_new(0.05, 0, 1);
	struct budget_reading r = {.now_s = 5};

	(void)state;
	assert_non_null(b);
	for (int i = 0; i < 1000; i++) {
		struct budget_answer a = budget_ask(b, &r, true);

		assert_int_equal(a.step, BUDGET_STAY);
		assert_true(a.next_s > r.now_s);
		r.now_s = a.next_s;
	}
	budget_free(b);
}

static void test_first_cut_within_a_second(void **state)
{
	static const double shares[] = {0.01, 0.05, 0.2, 0.5}, times[] = {1.1, 1.5, 5};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		for (size_t j = 0; j < 3; j++) {
			double taken = shares[i] * times[j] < 0.95 ? shares[i] * times[j] : 0.95;
			struct run run = begin(shares[i], taken);
			double at = until(&run, BUDGET_PAUSE, 10);

			assert_true(at >= 0.05 && at <= 1);
			assert_true(until(&run, BUDGET_RESUME, 10) > at);
			budget_free(run.b);
		}
	}
}

/* The change comes at the begin of a window: half of 0.2 s is taken 0.2 s later. */
static void test_change_is_cut_at_half(void **state)
{
	struct run run = begin(0.05, 0);
	double at;

	(void)state;
	assert_true(until(&run, BUDGET_PAUSE, 8) < 0);
	run.taken = 0.5;
	at = until(&run, BUDGET_PAUSE, 12);
	assert_true(at > 8.2 && at < 8.27);
	budget_free(run.b);
}

/* Half of the budget's time is not used up by this, so nothing is cut. */
static void test_bursts_within_the_budget(void **state)
{
	struct run run = begin(0.05, 0);

	(void)state;
	assert_true(until(&run, BUDGET_PAUSE, 1) < 0);
	for (int i = 0; i < 20; i++) {
		run.taken = 0.5;
		assert_true(until(&run, BUDGET_PAUSE, 1.18 + i * 4) < 0);
		run.taken = 0;
		assert_true(until(&run, BUDGET_PAUSE, 5 + i * 4) < 0);
	}
	budget_free(run.b);
}

/* 0.6 s of traps where a window has 0.2: the next two windows are owed. */
static void test_debt_is_repaid(void **state)
{
	struct run run = begin(0.05, 0.5);

	(void)state;
	assert_true(until(&run, BUDGET_PAUSE, 1) > 0);
	run.now.trap_s += 0.6 - run.now.trap_s;
	assert_true(until(&run, BUDGET_RESUME, 12) < 0);
	assert_true(until(&run, BUDGET_RESUME, 17) > 12);
	budget_free(run.b);
}

static void test_same_seed_same_answers(void **state)
{
	struct run a = begin(0.05, 0.5), b = begin(0.05, 0.5), c = begin(0.05, 0.5);
	unsigned same = 0;

	(void)state;
	budget_free(c.b);
	c.b = budget_new(0.05, 0, 2);
	assert_non_null(c.b);
	for (int i = 0; i < 20; i++) {
		double at = until(&a, BUDGET_RESUME, 100);

		assert_true(at > 0 && at == until(&b, BUDGET_RESUME, 100));
		same += at == until(&c, BUDGET_RESUME, 100);
	}
	assert_true(same < 2);
	budget_free(a.b);
	budget_free(b.b);
	budget_free(c.b);
}

/* The loop may be stopped for long; what it missed is one long window. */
static void test_late_question(void **state)
{
	struct run run = begin(0.05, 0.5);

	(void)state;
	assert_true(until(&run, BUDGET_PAUSE, 1) > 0);
	run.now.now_s += 3600;
	run.now.cpu_s += 3600;
	assert_true(until(&run, BUDGET_RESUME, 3610) > 3600);
	budget_free(run.b);
	budget_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quiet_is_never_cut),
		cmocka_unit_test(test_idle_is_never_cut),
		cmocka_unit_test(test_first_cut_within_a_second),
		cmocka_unit_test(test_change_is_cut_at_half),
		cmocka_unit_test(test_bursts_within_the_budget),
		cmocka_unit_test(test_debt_is_repaid),
		cmocka_unit_test(test_same_seed_same_answers),
		cmocka_unit_test(test_late_question),
	};

	return cmocka_run_group_tests_name("budget", tests, NULL, NULL);
}
