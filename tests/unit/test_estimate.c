// SPDX-License-Identifier: BSD-2-Clause
/* budget/estimate.h: values that can be reckoned by hand. */
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "budget/estimate.h"
#include "budget/student.h"

/* Readings since the begin, moved on by so much. */
struct run {
	struct estimate *e;
	struct estimate_reading now;
};

static struct run begin(double doubt)
{
	struct run run = {.now = {.cpu_s = 100, .trap_s = 7, .counts = {1000, 50}}};

	run.e = estimate_new(doubt, &run.now);
	assert_non_null(run.e);
	return run;
}

static void attached(struct run *run, double useful_s, double trap_s, uint64_t n0, uint64_t n1)
{
	run->now.cpu_s += useful_s + trap_s;
	run->now.trap_s += trap_s;
	run->now.counts[0] += n0;
	run->now.counts[1] += n1;
	estimate_add(run->e, &run->now, true);
}

static void detached(struct run *run, double useful_s)
{
	run->now.cpu_s += useful_s;
	estimate_add(run->e, &run->now, false);
}

static double total(const struct run *run, size_t i)
{
	return estimate_total(run->e, i).total;
}

static double error(const struct run *run, size_t i)
{
	return estimate_total(run->e, i).error;
}

static void near(double a, double b)
{
	assert_true(fabs(a - b) <= 1e-9 * (fabs(a) + fabs(b)));
}

static void test_never_paused_is_exact(void **state)
{
	struct run run = begin(0.15);

	(void)state;
	near(estimate_exposure(run.e), 1);
	assert_true(total(&run, 0) == 0 && error(&run, 0) == 0);
	attached(&run, 10, 1, 12345, 678);
	detached(&run, 0);
	assert_true(total(&run, 0) == 12345 && error(&run, 0) == 0);
	assert_true(total(&run, 1) == 678 && error(&run, 1) == 0);
	near(estimate_exposure(run.e), 1);
	estimate_free(run.e);
	estimate_free(NULL);
}

/* 100 and 300 events in 0.1 s each, a gap of 1 s between them: 200 in 0.1 s are thought. */
static void test_gap_between_two(void **state)
{
	struct run run = begin(0);

	(void)state;
	attached(&run, 0.1, 0.05, 100, 0);
	detached(&run, 1);
	attached(&run, 0.1, 0.05, 300, 0);
	near(total(&run, 0), 100 + 300 + 2000);
	near(estimate_exposure(run.e), 0.2 / 1.2);
	/* One difference of 2000 a second: D^2/2 U (U + u) with one degree of freedom. */
	near(error(&run, 0), 1.15 * student_half_width(2000. * 2000 / 2 * 1 * 1.1, 1));
	estimate_free(run.e);
}

static void test_gap_at_the_end(void **state)
{
	struct run run = begin(0);

	(void)state;
	attached(&run, 0.1, 0, 100, 0);
	detached(&run, 1);
	attached(&run, 0.1, 0, 300, 0);
	detached(&run, 2);
	near(total(&run, 0), 400 + 2000 + 6000);
	assert_true(error(&run, 0) > 12.7 * 2000);
	estimate_free(run.e);
}

/* A quiet second is no measure for what came after it: only its end counts. */
static void test_long_stretch_stands_by_its_ends(void **state)
{
	struct run run = begin(0);

	(void)state;
	for (int i = 0; i < 100; i++)
		attached(&run, 0.01, 0, 1, 0);
	for (int i = 0; i < 20; i++)
		attached(&run, 0.01, 0, 100, 0);
	detached(&run, 1);
	attached(&run, 0.1, 0, 1000, 0);
	near(total(&run, 0), 100 + 2000 + 1000 + 10000);
	estimate_free(run.e);
}

/* Stretches below what the clock can tell are one piece, and so are their gaps. */
static void test_short_stretches_are_gathered(void **state)
{
	struct run run = begin(0);

	(void)state;
	attached(&run, 0.1, 0, 100, 0);
	detached(&run, 1);
	attached(&run, 0.001, 0, 50, 0);
	detached(&run, 1);
	attached(&run, 0.049, 0, 0, 0);
	near(total(&run, 0), 150 + (1000 + 1000) / 2. + 1000);
	assert_true(isfinite(error(&run, 0)));
	estimate_free(run.e);
}

/* Nothing seen in 2 s of 12: up to 3.7 in as long a time, so 18.4 in the 10 s of the gap. */
static void test_nothing_seen(void **state)
{
	struct run run = begin(0.15);

	(void)state;
	attached(&run, 1, 0, 0, 0);
	detached(&run, 10);
	attached(&run, 1, 0, 0, 0);
	assert_true(total(&run, 0) == 0);
	assert_true(error(&run, 0) > 18.4);
	estimate_free(run.e);
}

/* Trap time as long as useful time: if traps cost 10 % more, there were a tenth fewer seconds. */
static void test_doubt_of_the_price(void **state)
{
	struct run sure = begin(0), run = begin(0.1), lost = begin(0.95);

	(void)state;
	for (int i = 0; i < 20; i++) {
		attached(&sure, 0.1, 0.1, 1000, 0);
		attached(&run, 0.1, 0.1, 1000, 0);
		attached(&lost, 0.1, 0.1, 1000, 0);
		detached(&sure, 1);
		detached(&run, 1);
		detached(&lost, 1);
	}
	near(total(&run, 0), 220000);
	near(error(&run, 0) - error(&sure, 0), 200000 * 0.1 / 0.9);
	assert_true(isinf(error(&lost, 0)));
	estimate_free(sure.e);
	estimate_free(run.e);
	estimate_free(lost.e);
}

static void test_too_little_to_say(void **state)
{
	struct run run = begin(0);

	(void)state;
	detached(&run, 1);
	assert_true(total(&run, 0) == 0 && isinf(error(&run, 0)));
	near(1 + estimate_exposure(run.e), 1);
	estimate_free(run.e);
	run = begin(0);
	attached(&run, 0.05, 0, 10, 0);
	detached(&run, 1);
	near(total(&run, 0), 210);
	assert_true(isinf(error(&run, 0)));
	estimate_free(run.e);
}

static void test_student(void **state)
{
	(void)state;
	near(student_half_width(4, 1), 2 * 12.7062);
	near(student_half_width(1e-12, 3), 1e-6 * 3.1824);
	near(student_half_width(1e30, 60), 1e15 * 2.0003);
	near(student_half_width(1, 1e12) / 1.95996, 1);
	assert_true(student_half_width(1, 12) > 2.178 && student_half_width(1, 12) < 2.181);
	assert_true(student_half_width(1, 1.7) > 4.3027 && student_half_width(1, 1.7) < 6.0167);
	near(normal_half_width(25), 5 * 1.95996);
	assert_true(normal_half_width(0) == 0);
	near(pythagoras(3, 4), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_paused_is_exact),
		cmocka_unit_test(test_gap_between_two),
		cmocka_unit_test(test_gap_at_the_end),
		cmocka_unit_test(test_long_stretch_stands_by_its_ends),
		cmocka_unit_test(test_short_stretches_are_gathered),
		cmocka_unit_test(test_nothing_seen),
		cmocka_unit_test(test_doubt_of_the_price),
		cmocka_unit_test(test_too_little_to_say),
		cmocka_unit_test(test_student),
	};

	return cmocka_run_group_tests_name("estimate", tests, NULL, NULL);
}
