// SPDX-License-Identifier: BSD-2-Clause
/* Which array a growth is told to have grown (bpf/chains.bpf.h), on the host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "chain_events.h"

/* append(s, x...) of a slice whose capacity is not known: it is not below len, but below the new.
 */
static void unknown_capacity_has_bounds(void **state)
{
	(void)state;
	make(SLICE(A, 2, 8));
	grow(SLICE(A, 4, UNKNOWN), SLICE(B, 8, 8), SS_CHAIN_MISMATCH);
	grow(SLICE(A, 9, UNKNOWN), SLICE(B, 11, 16), SS_CHAIN_MISMATCH);
	grow(SLICE(A, 1, UNKNOWN), SLICE(B, 9, 16), SS_CHAIN_MISMATCH);
	assert_int_equal(tail_held(A)->state, SS_TAIL_LIVE);
	grow(SLICE(A, 2, UNKNOWN), SLICE(B, 9, 16), SS_CHAIN_LINKED);
	assert_int_equal(tail_held(A)->state, SS_TAIL_GROWN);
}

/* Who grows by one was full: the capacity was the length. */
static void growth_by_one_tells_the_capacity(void **state)
{
	(void)state;
	make(SLICE(A, 0, 8));
	grow(SLICE(A, 4, UNKNOWN), SLICE(B, 5, 8), SS_CHAIN_MISMATCH);
	grow(SLICE(A, 8, UNKNOWN), SLICE(C, 9, 16), SS_CHAIN_LINKED);
	expect_made(16, (struct ss_life){.chains = 1,
					 .len_sum = 9,
					 .steps = 1,
					 .copied = 8 * SIZE,
					 .dead = 8 * SIZE});
}

/* s[:2:4] is not the slice of eight. */
static void known_capacity_must_be_the_arrays(void **state)
{
	(void)state;
	make(SLICE(A, 0, 8));
	grow(SLICE(A, 2, 4), SLICE(B, 9, 16), SS_CHAIN_MISMATCH);
	grow(SLICE(A, 4, 9), SLICE(B, 10, 16), SS_CHAIN_MISMATCH);
	expect_made(8, (struct ss_life){.chains = 1});
	grow(SLICE(A, 2, 8), SLICE(C, 20, 24), SS_CHAIN_LINKED);
	expect_made(8, (struct ss_life){.chains = 0});
}

/* s[:1] of a slice made with length 2 is another one; so are elements of another size. */
static void mismatch_begins_a_chain(void **state)
{
	struct event e = grown(SLICE(A, 4, 4), SLICE(C, 5, 8));

	(void)state;
	make(SLICE(A, 2, 4));
	grow(SLICE(A, 1, 4), SLICE(B, 5, 8), SS_CHAIN_MISMATCH);
	e.type++;
	e.size = SIZE / 2;
	e.copied_bytes = 4 * SIZE / 2;
	fold(&e, SS_CHAIN_MISMATCH);
	expect_life(&e, 8,
		    (struct ss_life){.chains = 1, .len_sum = 5, .steps = 1, .copied = 2 * SIZE});
	expect_made(4, (struct ss_life){.chains = 1, .len_sum = 2});
	expect_grown(8, (struct ss_life){.chains = 1, .len_sum = 5, .steps = 1, .copied = SIZE});
}

/* s[1:] begins elsewhere but ends with its array, which it leaves behind as a whole. */
static void queue_is_known_by_its_end(void **state)
{
	(void)state;
	make(SLICE(A, 4, 4));
	grow(SLICE(A + SIZE, 3, 3), SLICE(B, 4, 6), SS_CHAIN_QUEUE);
	expect_made(4, (struct ss_life){.chains = 0});
	expect_made(6, (struct ss_life){.chains = 1,
					.len_sum = 4,
					.steps = 1,
					.copied = 3 * SIZE,
					.dead = 4 * SIZE});
	/* With room at the end, which is known. */
	grow(SLICE(B + 3 * SIZE, 1, 3), SLICE(C, 5, 8), SS_CHAIN_QUEUE);
	expect_made(8, (struct ss_life){.chains = 1,
					.len_sum = 5,
					.steps = 2,
					.copied = 4 * SIZE,
					.dead = 10 * SIZE});
	assert_int_equal(tail_held(A)->state, SS_TAIL_GROWN);
	assert_int_equal(tail_held(B)->state, SS_TAIL_GROWN);
}

/* It is taken for full: its end is then where its length ends. */
static void queue_of_unknown_capacity(void **state)
{
	(void)state;
	make(SLICE(A, 8, 8));
	grow(SLICE(A + SIZE, 6, UNKNOWN), SLICE(B, 9, 12), SS_CHAIN_UNSEEN);
	grow(SLICE(A + SIZE, 7, UNKNOWN), SLICE(C, 9, 12), SS_CHAIN_QUEUE);
	grow(SLICE(C + SIZE, 11, UNKNOWN), SLICE(D, 12, 20), SS_CHAIN_QUEUE);
	expect_made(20, (struct ss_life){.chains = 1,
					 .len_sum = 12,
					 .steps = 2,
					 .copied = 18 * SIZE,
					 .dead = 20 * SIZE});
}

/* s[4:] of four has the address of what lies behind. Known to be empty, it grows nothing. */
static void empty_queue_has_no_array(void **state)
{
	(void)state;
	make(SLICE(A, 4, 4));
	grow(SLICE(A + 4 * SIZE, 0, UNKNOWN), SLICE(B, 2, 2), SS_CHAIN_UNSEEN);
	grow(SLICE(A + 4 * SIZE, 0, 0), SLICE(C, 1, 1), SS_CHAIN_FRESH);
	assert_int_equal(tail_held(A)->state, SS_TAIL_LIVE);
}

static void end_of_other_elements_is_no_queues(void **state)
{
	struct event e = grown(SLICE(A + SIZE, 6, 6), SLICE(B, 7, 12));

	(void)state;
	make(SLICE(A, 4, 4));
	e.size = SIZE / 2;
	e.copied_bytes = 6 * SIZE / 2;
	fold(&e, SS_CHAIN_UNSEEN);
	assert_int_equal(tail_held(A)->state, SS_TAIL_LIVE);
}

/* The collector hands addresses out again: the new array has the address, the old one's sums stay.
 */
static void new_array_replaces_the_one_at_its_base(void **state)
{
	(void)state;
	make(SLICE(A, 4, 4));
	make(SLICE(A, 2, 2));
	expect_made(4, (struct ss_life){.chains = 1, .len_sum = 4});
	assert_int_equal(table_of(&tails)->used, 1);
	/* The old one's end is known still, but is no one's any more. */
	assert_int_equal(ends_at(A + 4 * SIZE), A);
	grow(SLICE(A + 2 * SIZE, 2, 2), SLICE(B, 3, 6), SS_CHAIN_UNSEEN);
	grow(SLICE(A, 4, 4), SLICE(B, 5, 6), SS_CHAIN_MISMATCH);
	grow(SLICE(A, 2, 2), SLICE(D, 3, 5), SS_CHAIN_LINKED);
	expect_made(5, (struct ss_life){.chains = 1,
					.len_sum = 3,
					.steps = 1,
					.copied = 2 * SIZE,
					.dead = 2 * SIZE});
	expect_made(4, (struct ss_life){.chains = 1, .len_sum = 4});
}

/* A grown array is dead as well: the one that comes to its address can grow. */
static void new_array_at_a_grown_ones_base_is_live(void **state)
{
	(void)state;
	make(SLICE(A, 4, 4));
	grow(SLICE(A, 4, 4), SLICE(B, 5, 8), SS_CHAIN_LINKED);
	grow(SLICE(B, 8, 8), SLICE(A, 9, 16), SS_CHAIN_LINKED);
	assert_int_equal(tail_held(A)->state, SS_TAIL_LIVE);
	grow(SLICE(A, 16, 16), SLICE(C, 17, 32), SS_CHAIN_LINKED);
	expect_made(32, (struct ss_life){.chains = 1,
					 .len_sum = 17,
					 .steps = 3,
					 .copied = 28 * SIZE,
					 .dead = 28 * SIZE});
}

/* An array in the midst of a newer one is dead, even where a queue of that one would fit it. */
static void newest_array_with_the_end_comes_first(void **state)
{
	(void)state;
	make(SLICE(A + 2 * SIZE, 6, 6));
	make(SLICE(A, 8, 8));
	grow(SLICE(A + 2 * SIZE, 6, 6), SLICE(B, 7, 12), SS_CHAIN_QUEUE);
	assert_int_equal(tail_held(A)->state, SS_TAIL_GROWN);
	assert_int_equal(tail_held(A + 2 * SIZE)->state, SS_TAIL_LIVE);
}

static void newer_array_in_the_midst_of_a_dead_one(void **state)
{
	(void)state;
	make(SLICE(A, 8, 8));
	make(SLICE(A + 2 * SIZE, 6, 6));
	grow(SLICE(A + 2 * SIZE, 6, 6), SLICE(B, 7, 12), SS_CHAIN_LINKED);
	assert_int_equal(tail_held(A)->state, SS_TAIL_LIVE);
}

/* Without the old capacity there is no end that is known: what fits at the base does. */
static void base_comes_first_without_a_capacity(void **state)
{
	(void)state;
	make(SLICE(A + 2 * SIZE, 6, 6));
	make(SLICE(A, 8, 8));
	grow(SLICE(A + 2 * SIZE, 6, UNKNOWN), SLICE(B, 8, 12), SS_CHAIN_LINKED);
	assert_int_equal(tail_held(A)->state, SS_TAIL_LIVE);
}

static void queue_over_a_dead_array_that_does_not_fit(void **state)
{
	(void)state;
	make(SLICE(A + 2 * SIZE, 2, 2));
	make(SLICE(A, 8, 8));
	grow(SLICE(A + 2 * SIZE, 6, UNKNOWN), SLICE(B, 8, 12), SS_CHAIN_QUEUE);
	assert_int_equal(tail_held(A)->state, SS_TAIL_GROWN);
}

/* The loader forgets arrays; an end may stay behind for a moment. */
static void forgotten_array_was_not_seen(void **state)
{
	const struct ss_base_key key = {.base = A};

	(void)state;
	make(SLICE(A, 4, 4));
	assert_int_equal(bpf_map_delete_elem(&tails, &key), 0);
	grow(SLICE(A + SIZE, 3, 3), SLICE(B, 4, 6), SS_CHAIN_UNSEEN);
	grow(SLICE(A, 4, 4), SLICE(C, 5, 6), SS_CHAIN_UNSEEN);
	expect_made(4, (struct ss_life){.chains = 1, .len_sum = 4});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(unknown_capacity_has_bounds, reset),
		cmocka_unit_test_setup(growth_by_one_tells_the_capacity, reset),
		cmocka_unit_test_setup(known_capacity_must_be_the_arrays, reset),
		cmocka_unit_test_setup(mismatch_begins_a_chain, reset),
		cmocka_unit_test_setup(queue_is_known_by_its_end, reset),
		cmocka_unit_test_setup(queue_of_unknown_capacity, reset),
		cmocka_unit_test_setup(empty_queue_has_no_array, reset),
		cmocka_unit_test_setup(end_of_other_elements_is_no_queues, reset),
		cmocka_unit_test_setup(new_array_replaces_the_one_at_its_base, reset),
		cmocka_unit_test_setup(new_array_at_a_grown_ones_base_is_live, reset),
		cmocka_unit_test_setup(newest_array_with_the_end_comes_first, reset),
		cmocka_unit_test_setup(newer_array_in_the_midst_of_a_dead_one, reset),
		cmocka_unit_test_setup(base_comes_first_without_a_capacity, reset),
		cmocka_unit_test_setup(queue_over_a_dead_array_that_does_not_fit, reset),
		cmocka_unit_test_setup(forgotten_array_was_not_seen, reset),
	};

	return cmocka_run_group_tests_name("chains match", tests, NULL, NULL);
}
