// SPDX-License-Identifier: BSD-2-Clause
/* report/advise.h: what is proposed, in which order, and where there is silence. */
#include "advise_trial.h"

/* One growth to the size that was asked for: append(nil, all...). */
static void test_single_growths_get_nothing(void **state)
{
	struct trial t = {.size = 8, .batch = UINT64_MAX};

	(void)state;
	draw_uniform(&t, 4000);
	assert_false(is_advised(&t));
	assert_int_equal(t.total.steps, LOOPS);
	assert_int_equal(t.total.dead, 0);
	chains_free(t.chains);
}

/* The sums over chains that are all alike. */
static struct chain_end each(uint64_t chains, struct chain_end one)
{
	return (struct chain_end){
		.cap = one.cap,
		.chains = chains,
		.len_sum = chains * one.len_sum,
		.steps = chains * one.steps,
		.copied = chains * one.copied,
		.dead = chains * one.dead,
	};
}

static struct chain_row row_of(const struct chain_end *end, uint32_t op)
{
	struct chain_row row = {.key = {.op = op}, .elem_size = 8, .ends = end, .nends = 1};

	row.total = *end;
	row.total.cap *= end->chains;
	return row;
}

static size_t advise_row(const struct chain_row *row, struct advice *a)
{
	return advise(row, 1, &row->total, &advise_default_limits, a, 1);
}

/* append(base, x) again and again: what is copied is base, and no make saves that. */
static void test_forks_get_nothing(void **state)
{
	const struct chain_end end = each(500, (struct chain_end){64, 1, 33, 1, 256, 0});
	struct chain_row row = row_of(&end, SS_OP_GROW);
	struct advice a;

	(void)state;
	assert_int_equal(advise_row(&row, &a), 0);
}

/* Behind a first array on the stack, of 4 elements: its copying is saved as well. */
static void test_a_stack_buffer_is_no_fork(void **state)
{
	const struct chain_end end = each(500, (struct chain_end){16, 1, 9, 2, 96, 64});
	struct chain_row row = row_of(&end, SS_OP_GROW);
	struct advice a;

	(void)state;
	assert_int_equal(advise_row(&row, &a), 1);
	assert_int_equal(a.cap, 16);
	assert_int_equal(a.copied_saved, (4 + 8) * 8 * 500);
	assert_int_equal(a.dead_saved, 8 * 8 * 500);
}

/* s = append(s[1:], x): more capacity only makes it grow less often. */
static void test_queues_get_nothing(void **state)
{
	struct workload w = {.size = 16, .op = SS_OP_GROW, .chains = chains_new(140)};
	const struct chain_row *rows;
	struct chain_end total;
	struct advice a;

	(void)state;
	for (size_t i = 0; i < 100; i++)
		run(&w, (struct loop){.len = 20, .turns = 2000});
	assert_int_equal(chains_rows(w.chains, CHAINS_SORT_COPIED, &rows, &total), 1);
	assert_true(total.steps > 5000);
	assert_int_equal(advise(rows, 1, &total, &advise_default_limits, &a, 1), 0);
	/* Nor when some have only begun. */
	for (size_t i = 0; i < 40; i++)
		run(&w, (struct loop){.len = 15});
	assert_int_equal(chains_rows(w.chains, CHAINS_SORT_COPIED, &rows, &total), 1);
	assert_true(rows[0].nends > 1);
	assert_int_equal(advise(rows, 1, &total, &advise_default_limits, &a, 1), 0);
	chains_free(w.chains);
}

static void test_reuse_of_large_arrays(void **state)
{
	struct trial t = {.size = 8};
	uint64_t seed = 9;

	(void)state;
	for (size_t i = 0; i < LOOPS; i++)
		t.lens[i] = 900 + draw(&seed) % 300;
	assert_true(is_advised(&t));
	assert_int_equal(t.advice.kind, ADVICE_REUSE);
	assert_int_equal(t.advice.cap, 1280);
	assert_int_equal(t.advice.steps_saved, 12 * LOOPS);
	assert_int_equal(t.advice.copied_saved, (1023 + 848) * 8 * LOOPS);
	assert_int_equal(t.advice.dead_saved, (1023 + 848) * 8 * LOOPS);
	assert_int_equal(t.advice.held_saved, 1280 * 8 * (LOOPS - 1));
	assert_int_equal(t.advice.extra, 1280 * 8);
	chains_free(t.chains);
}

/* Forks of an array of 1000: grown once, and half of each is slack. */
static void test_clip_of_single_growths(void **state)
{
	const struct chain_end end = each(500, (struct chain_end){1536, 1, 1001, 1, 8000, 0});
	struct chain_row row = row_of(&end, SS_OP_GROW);
	struct advice a;

	(void)state;
	assert_int_equal(advise_row(&row, &a), 1);
	assert_int_equal(a.kind, ADVICE_CLIP);
	assert_int_equal(a.cap, 1536);
	assert_int_equal(a.held_saved, 535 * 8 * 500);
	assert_int_equal(a.steps_saved + a.copied_saved + a.dead_saved + a.extra, 0);
}

static void test_what_may_still_grow_is_not_clipped(void **state)
{
	/* Grown twice; made with room to spare; too little slack; small arrays. */
	const struct chain_end ends[] = {
		each(500, (struct chain_end){1536, 1, 1001, 2, 16000, 0}),
		each(500, (struct chain_end){1536, 1, 0, 0, 0, 0}),
		each(500, (struct chain_end){1024, 1, 1001, 1, 8000, 0}),
		each(50000, (struct chain_end){64, 1, 33, 1, 256, 0}),
	};
	struct advice a;

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct chain_row row = row_of(&ends[i], i == 1 ? SS_OP_MAKE : SS_OP_GROW);

		assert_int_equal(advise_row(&row, &a), 0);
	}
}

/* Rows of the same loops, so many at each site; sites[i] is the address of the i-th proposal. */
static size_t advise_sites(const uint64_t *loops, size_t nsites, const struct advise_limits *limits,
			   uint64_t *sites, size_t max)
{
	struct chains *c = chains_new(nsites);
	const struct workload w = {.size = 8};
	struct chain_end end = run_loop(&w, &(struct loop){.len = 100}), total;
	const struct chain_row *rows;
	struct advice advice[8];
	size_t n;

	for (size_t i = 0; i < nsites; i++) {
		struct report_key key = {.addr = i, .op = SS_OP_GROW};
		struct chain_end sum = each(loops[i], end);

		chains_add(c, &key, 8, &sum);
	}
	n = chains_rows(c, CHAINS_SORT_CHAINS, &rows, &total);
	n = advise(rows, n, &total, limits, advice, max);
	for (size_t i = 0; i < n; i++)
		sites[i] = advice[i].row->key.addr;
	chains_free(c);
	return n;
}

static void test_order_and_silence(void **state)
{
	const uint64_t loops[] = {100, 9, 500, 10, 3000, 36};
	const struct advise_limits all = {0};
	uint64_t sites[8];

	(void)state;
	/* Site 1 has too few chains, sites 3 and 5 too small a share. */
	assert_int_equal(advise_sites(loops, 6, &advise_default_limits, sites, 8), 3);
	assert_int_equal(sites[0], 4);
	assert_int_equal(sites[1], 2);
	assert_int_equal(sites[2], 0);
	assert_int_equal(advise_sites(loops, 6, &all, sites, 8), 6);
	assert_int_equal(sites[5], 1);
	assert_int_equal(advise_sites(loops, 6, &all, sites, 2), 2);
	assert_int_equal(sites[0], 4);
	assert_int_equal(sites[1], 2);
	assert_int_equal(advise_sites(loops, 6, &all, sites, 0), 0);
}

/* Sums that are no sums of anything must end in figures, or in silence. */
static void test_corrupt_rows(void **state)
{
	static const struct chain_end ends[] = {
		{UINT64_MAX, 20, 1, 1, UINT64_MAX, UINT64_MAX},
		{1, UINT64_MAX, UINT64_MAX, UINT64_MAX, 0, UINT64_MAX},
		{SS_CAP_MAX, 20, 20, 400, UINT64_MAX, UINT64_MAX},
		{0, 20, 20, 20, 20, 20},
		{8, 0, 20, 20, 20, 20},
	};
	static const uint64_t sizes[] = {0, 1, 8, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < 16; i++) {
		struct chain_row row = row_of(&ends[i / 4 % 5], SS_OP_GROW);
		struct advice a;

		row.elem_size = sizes[i % 4];
		assert_true(advise_row(&row, &a) <= 1);
		row.ends = ends;
		row.nends = 5;
		assert_true(advise_row(&row, &a) <= 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_single_growths_get_nothing),
		cmocka_unit_test(test_forks_get_nothing),
		cmocka_unit_test(test_a_stack_buffer_is_no_fork),
		cmocka_unit_test(test_queues_get_nothing),
		cmocka_unit_test(test_reuse_of_large_arrays),
		cmocka_unit_test(test_clip_of_single_growths),
		cmocka_unit_test(test_what_may_still_grow_is_not_clipped),
		cmocka_unit_test(test_order_and_silence),
		cmocka_unit_test(test_corrupt_rows),
	};

	return cmocka_run_group_tests_name("advise", tests, NULL, NULL);
}
