// SPDX-License-Identifier: BSD-2-Clause
/* report/preallocate.h: what is predicted for loops that append, against the same loops after it.
 */
#include "advise_trial.h"

static void assert_near(double predicted, double measured, double within)
{
	double off = predicted > measured ? predicted - measured : measured - predicted;

	if (off > within * measured)
		fail_msg("predicted %.0f, measured %.0f", predicted, measured);
}

/* The proposal, applied, saves what it says; and what it takes more is less than that. */
static void assert_keeps_promise(struct trial *t, double within)
{
	const struct advice *a = &t->advice;
	struct chain_end after = run_all(t, a->cap, NULL);
	double size = (double)t->size;

	assert_near((double)a->steps_saved, (double)(t->total.steps - after.steps), within);
	assert_near((double)a->copied_saved, (double)(t->total.copied - after.copied), within);
	assert_near((double)a->dead_saved, (double)(t->total.dead - after.dead), within);
	assert_true((double)a->extra >= ((double)after.cap - (double)t->total.cap) * size);
	assert_true(a->extra <= a->dead_saved / 2);
	/* All that is ever allocated: the last arrays and those left behind. */
	assert_true((double)after.cap * size + (double)after.dead <
		    (double)t->total.cap * size + (double)t->total.dead);
	chains_free(t->chains);
}

static void test_fixed_size(void **state)
{
	struct trial t = {.size = 8};

	(void)state;
	for (size_t i = 0; i < LOOPS; i++)
		t.lens[i] = 100;
	assert_true(is_advised(&t));
	assert_int_equal(t.advice.kind, ADVICE_PREALLOCATE);
	assert_int_equal(t.advice.cap, 128);
	assert_int_equal(t.advice.percentile, 100);
	assert_true(t.advice.share == 1);
	assert_int_equal(t.advice.steps_saved, 8 * LOOPS);
	assert_int_equal(t.advice.copied_saved, 127 * 8 * LOOPS);
	assert_int_equal(t.advice.dead_saved, 127 * 8 * LOOPS);
	assert_int_equal(t.advice.held_saved, 0);
	assert_int_equal(t.advice.extra, 0);
	assert_keeps_promise(&t, 0);
}

static void test_uniform_sizes(void **state)
{
	struct trial t = {.size = 8};

	(void)state;
	draw_uniform(&t, 400);
	assert_true(is_advised(&t));
	assert_int_equal(t.advice.kind, ADVICE_PREALLOCATE);
	assert_int_equal(t.advice.cap, 256);
	assert_int_equal(t.advice.percentile, 50);
	assert_keeps_promise(&t, 0);
	t = (struct trial){.size = 16, .header = true};
	draw_uniform(&t, 200);
	assert_true(is_advised(&t));
	assert_int_equal(t.advice.cap, 143);
	assert_int_equal(t.advice.percentile, 50);
	assert_keeps_promise(&t, 0.001);
}

/* Many lengths and the ladders of several batches: the capacities are no longer few. */
static void test_batches(void **state)
{
	size_t proposals = 0;

	(void)state;
	for (uint64_t batch = 2; batch < 40; batch += 3) {
		struct trial t = {.size = 24, .batch = batch};

		draw_uniform(&t, 120);
		if (!is_advised(&t)) {
			chains_free(t.chains);
			continue;
		}
		proposals++;
		assert_int_equal(t.advice.kind, ADVICE_PREALLOCATE);
		assert_keeps_promise(&t, 0.02);
	}
	assert_int_equal(proposals, 11);
}

/* Lengths with a Pareto tail: half are below 20, one in a hundred is beyond 1000. */
static void test_heavy_tail(void **state)
{
	static const struct {
		uint64_t size;
		bool header;
	} types[] = {{1, false}, {8, false}, {8, true}, {24, true}, {80, false}};

	(void)state;
	for (size_t type = 0; type < sizeof(types) / sizeof(types[0]); type++) {
		struct trial t = {.size = types[type].size, .header = types[type].header};
		uint64_t seed = 5;

		for (size_t i = 0; i < LOOPS; i++)
			t.lens[i] = 20000 / (1 + draw(&seed) % 2000);
		assert_true(is_advised(&t));
		assert_int_equal(t.advice.kind, ADVICE_PREALLOCATE);
		assert_true(t.advice.percentile < 100);
		assert_keeps_promise(&t, 0.05);
	}
}

/* Every tenth is large: either nothing, or what fits the small ones. */
static void test_bimodal_sizes(void **state)
{
	struct trial t = {.size = 8};

	(void)state;
	for (size_t i = 0; i < LOOPS; i++)
		t.lens[i] = i % 10 ? 4 : 4000;
	assert_true(is_advised(&t));
	assert_int_equal(t.advice.kind, ADVICE_PREALLOCATE);
	assert_int_equal(t.advice.cap, 4);
	assert_int_equal(t.advice.percentile, 90);
	assert_int_equal(t.advice.extra, 0);
	assert_int_equal(t.advice.steps_saved, 3 * LOOPS);
	assert_keeps_promise(&t, 0);
}

/* Capacities that arrays with and without pointers can have: the way to them tells. */
static void test_bimodal_pointers(void **state)
{
	struct trial t = {.size = 16, .header = true};

	(void)state;
	for (size_t i = 0; i < LOOPS; i++)
		t.lens[i] = i % 10 ? 4 : 3000;
	assert_true(is_advised(&t));
	assert_int_equal(t.advice.cap, 4);
	assert_keeps_promise(&t, 0);
}

/* Whatever the mixture, no proposal makes the slices take much more, and each is kept. */
static void test_no_mixture_is_harmed(void **state)
{
	size_t proposals = 0;

	(void)state;
	for (uint64_t large = 16; large < 100000; large *= 5) {
		for (size_t percent = 1; percent < 100; percent += 7) {
			struct trial t = {.size = 8};
			double held;

			for (size_t i = 0; i < LOOPS; i++)
				t.lens[i] = i % 100 < percent ? large : 3;
			if (!is_advised(&t) || t.advice.kind != ADVICE_PREALLOCATE) {
				chains_free(t.chains);
				continue;
			}
			proposals++;
			held = 8 * (double)t.total.cap;
			assert_true((double)t.advice.extra <= held / 2);
			assert_keeps_promise(&t, 0.05);
		}
	}
	assert_true(proposals > 30);
}

/* Half of the slices are small, and the others' garbage would pay for large arrays for all. */
static void test_halves_get_nothing(void **state)
{
	struct trial t = {.size = 8};

	(void)state;
	for (size_t i = 0; i < LOOPS; i++)
		t.lens[i] = i % 2 ? 1 : 50000;
	assert_false(is_advised(&t));
	chains_free(t.chains);
}

static void test_a_make_that_is_too_small(void **state)
{
	struct trial t = {.size = 8, .made = 16};

	(void)state;
	draw_uniform(&t, 400);
	assert_true(is_advised(&t));
	assert_int_equal(t.advice.kind, ADVICE_PREALLOCATE);
	assert_int_equal(t.advice.row->key.op, SS_OP_MAKE);
	assert_int_equal(t.advice.cap, 256);
	assert_keeps_promise(&t, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixed_size),
		cmocka_unit_test(test_uniform_sizes),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_heavy_tail),
		cmocka_unit_test(test_bimodal_sizes),
		cmocka_unit_test(test_bimodal_pointers),
		cmocka_unit_test(test_no_mixture_is_harmed),
		cmocka_unit_test(test_halves_get_nothing),
		cmocka_unit_test(test_a_make_that_is_too_small),
	};

	return cmocka_run_group_tests_name("preallocate", tests, NULL, NULL);
}
