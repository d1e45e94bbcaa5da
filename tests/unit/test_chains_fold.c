// SPDX-License-Identifier: BSD-2-Clause
/* The fold of events into chains (bpf/chains.bpf.h), on the host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "chain_events.h"

static void make_begins_a_chain(void **state)
{
	const struct ss_tail *t;

	(void)state;
	control_value.epoch = 7;
	make(SLICE(A, 3, 4));
	expect_made(4, (struct ss_life){.chains = 1, .len_sum = 3});
	t = tail_held(A);
	assert_non_null(t);
	assert_int_equal(t->len, 3);
	assert_int_equal(t->cap, 4);
	assert_int_equal(t->size, SIZE);
	assert_int_equal(t->birth_site, MAKE_SITE);
	assert_int_equal(t->birth_type, TYPE);
	assert_int_equal(t->birth_op, SS_OP_MAKE);
	assert_int_equal(t->steps, 0);
	assert_int_equal(t->copied, 0);
	assert_int_equal(t->dead, 0);
	assert_int_equal(t->state, SS_TAIL_LIVE);
	assert_int_equal(t->epoch, 7);
	assert_int_equal(ends_at(A + 4 * SIZE), A);
	assert_int_equal(base_slots[0].slot_key | base_slots[1].slot_key, 0);
	assert_int_equal(control_value.fill, 1);
}

/* No old array; an old capacity of nothing; of unknown capacity, but empty and grown by one. */
static void growth_of_nothing_begins_a_chain(void **state)
{
	(void)state;
	grow(SLICE(0, 0, UNKNOWN), SLICE(A, 5, 6), SS_CHAIN_FRESH);
	expect_grown(6, (struct ss_life){.chains = 1, .len_sum = 5, .steps = 1});
	assert_int_equal(tail_held(A)->birth_op, SS_OP_GROW);
	assert_int_equal(tail_held(A)->birth_site, GROW_SITE);
	grow(SLICE(A, 0, 0), SLICE(B, 1, 6), SS_CHAIN_FRESH);
	grow(SLICE(A, 0, UNKNOWN), SLICE(C, 1, 6), SS_CHAIN_FRESH);
	expect_grown(6, (struct ss_life){.chains = 3, .len_sum = 7, .steps = 3});
	assert_int_equal(tail_held(A)->state, SS_TAIL_LIVE);
	assert_int_equal(table_of(&lives)->used, 1);
}

/* What its function had in a buffer is copied, but no array is left behind. */
static void growth_out_of_a_buffer_copies(void **state)
{
	(void)state;
	grow(SLICE(0, 4, 4), SLICE(A, 5, 8), SS_CHAIN_FRESH);
	expect_grown(8,
		     (struct ss_life){.chains = 1, .len_sum = 5, .steps = 1, .copied = 4 * SIZE});
}

static void growth_moves_the_sums(void **state)
{
	struct event last = grown(SLICE(B, 7, 8), SLICE(C, 9, 16));

	(void)state;
	last.type = 0;
	make(SLICE(A, 0, 4));
	grow(SLICE(A, 4, 4), SLICE(B, 5, 8), SS_CHAIN_LINKED);
	expect_made(4, (struct ss_life){.chains = 0});
	expect_made(8, (struct ss_life){.chains = 1,
					.len_sum = 5,
					.steps = 1,
					.copied = 4 * SIZE,
					.dead = 4 * SIZE});
	assert_int_equal(tail_held(A)->state, SS_TAIL_GROWN);
	assert_int_equal(tail_held(B)->state, SS_TAIL_LIVE);
	fold(&last, SS_CHAIN_LINKED);
	expect_made(8, (struct ss_life){.chains = 0});
	expect_made(16, (struct ss_life){.chains = 1,
					 .len_sum = 9,
					 .steps = 2,
					 .copied = 11 * SIZE,
					 .dead = 12 * SIZE});
	assert_int_equal(table_of(&lives)->used, 3);
	/* The lines that grew it began nothing, whatever they knew of the type. */
	assert_int_equal(tail_held(C)->birth_site, MAKE_SITE);
	assert_int_equal(tail_held(C)->birth_op, SS_OP_MAKE);
	assert_int_equal(tail_held(C)->birth_type, TYPE);
}

/* Those of other chains stay where they are. */
static void growth_moves_its_own_sums_only(void **state)
{
	(void)state;
	make(SLICE(A, 1, 4));
	make(SLICE(B, 2, 4));
	expect_made(4, (struct ss_life){.chains = 2, .len_sum = 3});
	grow(SLICE(A, 4, 4), SLICE(C, 5, 8), SS_CHAIN_LINKED);
	expect_made(4, (struct ss_life){.chains = 1, .len_sum = 2});
	grow(SLICE(B, 4, 4), SLICE(D, 6, 8), SS_CHAIN_LINKED);
	expect_made(4, (struct ss_life){.chains = 0});
	expect_made(8, (struct ss_life){.chains = 2,
					.len_sum = 11,
					.steps = 2,
					.copied = 8 * SIZE,
					.dead = 8 * SIZE});
}

/* Each part of a beginning by itself: site, type, operation. A process shares with none. */
static void beginnings_are_told_apart(void **state)
{
	struct event births[] = {made(SLICE(A, 1, 1)), made(SLICE(B, 1, 1)), made(SLICE(C, 1, 1)),
				 made(SLICE(A, 1, 1))};

	(void)state;
	births[0].site++;
	births[1].type++;
	births[2].op = SS_OP_COPY;
	births[3].target = 1;
	for (size_t i = 0; i < 4; i++)
		fold(&births[i], SS_FOLDED);
	assert_int_equal(table_of(&lives)->used, 4);
	for (size_t i = 0; i < 4; i++)
		expect_life(&births[i], 1, (struct ss_life){.chains = 1, .len_sum = 1});
}

static void processes_do_not_share_arrays(void **state)
{
	struct event e = grown(SLICE(A, 4, 4), SLICE(B, 5, 8));

	(void)state;
	make(SLICE(A, 4, 4));
	e.target = 1;
	fold(&e, SS_CHAIN_UNSEEN);
	e = grown(SLICE(A + SIZE, 3, 3), SLICE(C, 4, 8));
	e.target = 1;
	fold(&e, SS_CHAIN_UNSEEN);
	assert_int_equal(tail_held(A)->state, SS_TAIL_LIVE);
	e = made(SLICE(D, 4, 4));
	e.target = 1;
	fold(&e, SS_FOLDED);
	e = grown(SLICE(D + SIZE, 3, 3), SLICE(C, 4, 8));
	e.target = 1;
	fold(&e, SS_CHAIN_QUEUE);
}

/* Two processes do the same at the same addresses. */
static void processes_have_their_own_chains(void **state)
{
	struct event birth = made(SLICE(A, 4, 4)), next = grown(SLICE(A, 4, 4), SLICE(B, 5, 8));
	struct event queue = grown(SLICE(B + 5 * SIZE, 3, 3), SLICE(A, 4, 4));
	const struct ss_life sums = {
		.chains = 1, .len_sum = 5, .steps = 1, .copied = 4 * SIZE, .dead = 4 * SIZE};

	(void)state;
	fold(&birth, SS_FOLDED);
	fold(&next, SS_CHAIN_LINKED);
	birth.target = next.target = queue.target = 1;
	fold(&birth, SS_FOLDED);
	fold(&next, SS_CHAIN_LINKED);
	expect_made(8, sums);
	expect_made(4, (struct ss_life){.chains = 0});
	expect_life(&birth, 8, sums);
	expect_life(&birth, 4, (struct ss_life){.chains = 0});
	fold(&queue, SS_CHAIN_QUEUE);
	expect_made(8, sums);
	expect_life(&birth, 8, (struct ss_life){.chains = 0});
	expect_life(&birth, 4,
		    (struct ss_life){.chains = 1,
				     .len_sum = 4,
				     .steps = 2,
				     .copied = 7 * SIZE,
				     .dead = 12 * SIZE});
}

/* Two slices of one array: only the first to grow is the chain's next. */
static void second_growth_of_an_array_is_a_fork(void **state)
{
	(void)state;
	make(SLICE(A, 4, 4));
	grow(SLICE(A, 4, 4), SLICE(B, 5, 8), SS_CHAIN_LINKED);
	grow(SLICE(A, 4, 4), SLICE(C, 6, 8), SS_CHAIN_FORK);
	expect_made(8, (struct ss_life){.chains = 1,
					.len_sum = 5,
					.steps = 1,
					.copied = 4 * SIZE,
					.dead = 4 * SIZE});
	expect_grown(8,
		     (struct ss_life){.chains = 1, .len_sum = 6, .steps = 1, .copied = 4 * SIZE});
	/* So it is from the array's end. */
	grow(SLICE(A + SIZE, 3, 3), SLICE(D, 4, 8), SS_CHAIN_FORK);
	expect_made(4, (struct ss_life){.chains = 0});
}

static void unseen_array_begins_a_chain(void **state)
{
	(void)state;
	grow(SLICE(A, 4, 4), SLICE(B, 5, 8), SS_CHAIN_UNSEEN);
	expect_grown(8,
		     (struct ss_life){.chains = 1, .len_sum = 5, .steps = 1, .copied = 4 * SIZE});
	grow(SLICE(B, 8, 8), SLICE(C, 9, 16), SS_CHAIN_LINKED);
	expect_grown(16, (struct ss_life){.chains = 1,
					  .len_sum = 9,
					  .steps = 2,
					  .copied = 12 * SIZE,
					  .dead = 8 * SIZE});
}

/* Without the element's size nothing can be told to fit: such arrays are in sums alone. */
static void unknown_size_has_no_tail(void **state)
{
	struct event birth = made(SLICE(A, 2, 4)), e = grown(SLICE(A, 4, 4), SLICE(B, 5, 8));

	(void)state;
	birth.size = 0;
	e.size = 0;
	fold(&birth, SS_FOLDED);
	fold(&e, SS_CHAIN_UNSEEN);
	expect_life(&birth, 4, (struct ss_life){.chains = 1, .len_sum = 2});
	expect_life(&e, 8,
		    (struct ss_life){.chains = 1, .len_sum = 5, .steps = 1, .copied = 4 * SIZE});
	/* Nothing was there to grow: that needs no size to be told. */
	e = grown(SLICE(A, 0, 0), SLICE(C, 1, 8));
	e.size = 0;
	fold(&e, SS_CHAIN_FRESH);
	assert_int_equal(table_of(&tails)->used, 0);
	assert_int_equal(table_of(&tail_ends)->used, 0);
	assert_int_equal(control_value.fill, 0);
}

/* What is no event of its own, or of no slice, is in no chain. */
static void other_fates_touch_no_chain(void **state)
{
	struct event zero = made(SLICE(A, 1, 1)), longer = made(SLICE(B, 2, 1));
	struct event nil = made(SLICE(0, 1, 1)), huge = made(SLICE(B, 1, SS_CAP_MAX + 1));

	(void)state;
	target_values[0].zerobase = A;
	assert_int_equal(event_fate(&zero), SS_ZERO_SIZE);
	assert_int_equal(event_fate(&longer), SS_BAD_HEADER);
	assert_int_equal(event_fate(&nil), SS_BAD_HEADER);
	assert_int_equal(event_fate(&huge), SS_BAD_HEADER);
	assert_int_equal(table_of(&lives)->used, 0);
	assert_int_equal(table_of(&tails)->used, 0);
}

/* n chains of other beginnings. */
static void fill_lives(size_t n)
{
	static const struct ss_life other = {.chains = 1};

	for (size_t i = 0; i < n; i++) {
		struct ss_life_key key = {.pc = 1 + i};

		table_put(table_of(&lives), &key, &other);
	}
}

/* Fold a growth that is of this kind and has this loss as well. */
static void grow_and_lose(struct slice old, struct slice s, uint32_t kind, uint32_t loss)
{
	struct event e = grown(old, s);
	const uint64_t kinds = count_values[kind], losses = count_values[loss];

	assert_int_equal(event_fate(&e), SS_FOLDED);
	assert_int_equal(count_values[kind], kinds + 1);
	assert_int_equal(count_values[loss], losses + 1);
}

static void array_without_room_is_in_the_sums(void **state)
{
	struct event e = made(SLICE(E, 1, 1));

	(void)state;
	for (uint64_t i = 0; i < ROOM; i++)
		make(SLICE(A + i * 0x100, 1, 2));
	fold(&e, SS_CHAIN_LOST_TAILS);
	assert_null(tail_held(E));
	expect_made(1, (struct ss_life){.chains = 1, .len_sum = 1});
	/* What grows it was not seen. At an address that had an array there is room. */
	grow(SLICE(E, 1, 1), SLICE(A, 2, 2), SS_CHAIN_UNSEEN);
	/* Those that are there can grow, once: sums move. */
	grow_and_lose(SLICE(A + 0x100, 2, 2), SLICE(D, 3, 4), SS_CHAIN_LINKED, SS_CHAIN_LOST_TAILS);
	expect_made(2, (struct ss_life){.chains = ROOM - 1, .len_sum = ROOM - 1});
	expect_made(4, (struct ss_life){.chains = 1,
					.len_sum = 3,
					.steps = 1,
					.copied = 2 * SIZE,
					.dead = 2 * SIZE});
	assert_int_equal(table_of(&tails)->used, ROOM);
}

/* Its base is known, its end is not. */
static void array_without_room_for_its_end(void **state)
{
	const struct ss_base_key first = {.base = A};
	struct event e = made(SLICE(E, 4, 4));

	(void)state;
	for (uint64_t i = 0; i < ROOM; i++)
		make(SLICE(A + i * 0x100, 1, 8));
	assert_int_equal(bpf_map_delete_elem(&tails, &first), 0);
	fold(&e, SS_CHAIN_LOST_TAILS);
	assert_non_null(tail_held(E));
	assert_int_equal(ends_at(E + 4 * SIZE), 0);
	expect_made(4, (struct ss_life){.chains = 1, .len_sum = 4});
	grow(SLICE(E + SIZE, 3, 3), SLICE(A + 0x100, 4, 8), SS_CHAIN_UNSEEN);
	grow(SLICE(E, 4, 4), SLICE(A + 0x100, 5, 8), SS_CHAIN_LINKED);
}

/* A chain without a sum has no array either: what it does next is a new one. */
static void beginning_without_room_is_lost(void **state)
{
	struct event e = made(SLICE(A, 1, 1));

	(void)state;
	fill_lives(ROOM);
	fold(&e, SS_CHAIN_LOST_LIVES);
	assert_int_equal(table_of(&tails)->used, 0);
	assert_int_equal(table_of(&tail_ends)->used, 0);
	assert_int_equal(table_of(&lives)->used, ROOM);
	grow_and_lose(SLICE(A, 1, 1), SLICE(B, 2, 2), SS_CHAIN_UNSEEN, SS_CHAIN_LOST_LIVES);
	assert_int_equal(count_values[SS_CHAIN_LOST_LIVES], 2);
}

/* The dead array that was there before does not grow in its name. */
static void lost_beginning_ends_the_array_before(void **state)
{
	struct event e = made(SLICE(A, 3, 3));

	(void)state;
	fill_lives(ROOM - 1);
	make(SLICE(A, 4, 4));
	fold(&e, SS_CHAIN_LOST_LIVES);
	grow_and_lose(SLICE(A, 4, 4), SLICE(B, 5, 8), SS_CHAIN_UNSEEN, SS_CHAIN_LOST_LIVES);
}

/* It has left its old sum, and is in none now. */
static void growth_without_room_leaves_the_sums(void **state)
{
	(void)state;
	fill_lives(ROOM - 1);
	make(SLICE(A, 4, 4));
	grow_and_lose(SLICE(A, 4, 4), SLICE(B, 5, 8), SS_CHAIN_LINKED, SS_CHAIN_LOST_LIVES);
	expect_made(4, (struct ss_life){.chains = 0});
	assert_null(tail_held(B));
	assert_int_equal(tail_held(A)->state, SS_TAIL_GROWN);
	/* Where there is room already, others go on. */
	make(SLICE(C, 3, 4));
	expect_made(4, (struct ss_life){.chains = 1, .len_sum = 3});
}

/* The other CPU's chain and this one are both in the sum. */
static void racing_beginning_is_joined(void **state)
{
	const struct ss_life other = {.chains = 1, .len_sum = 2, .size = SIZE};

	(void)state;
	table_of(&lives)->race = &other;
	make(SLICE(A, 3, 4));
	expect_made(4, (struct ss_life){.chains = 2, .len_sum = 5});
	assert_int_equal(table_of(&lives)->used, 1);
}

/* Half of the arrays' room is used: once. */
static void loader_is_woken_for_arrays(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < ROOM; i++)
		make(SLICE(A + i * 0x100, 1, 1));
	assert_int_equal(wakes, 1);
	assert_int_equal(control_value.fill, ROOM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(make_begins_a_chain, reset),
		cmocka_unit_test_setup(growth_of_nothing_begins_a_chain, reset),
		cmocka_unit_test_setup(growth_out_of_a_buffer_copies, reset),
		cmocka_unit_test_setup(growth_moves_the_sums, reset),
		cmocka_unit_test_setup(growth_moves_its_own_sums_only, reset),
		cmocka_unit_test_setup(beginnings_are_told_apart, reset),
		cmocka_unit_test_setup(processes_do_not_share_arrays, reset),
		cmocka_unit_test_setup(processes_have_their_own_chains, reset),
		cmocka_unit_test_setup(second_growth_of_an_array_is_a_fork, reset),
		cmocka_unit_test_setup(unseen_array_begins_a_chain, reset),
		cmocka_unit_test_setup(unknown_size_has_no_tail, reset),
		cmocka_unit_test_setup(other_fates_touch_no_chain, reset),
		cmocka_unit_test_setup(array_without_room_is_in_the_sums, reset),
		cmocka_unit_test_setup(array_without_room_for_its_end, reset),
		cmocka_unit_test_setup(beginning_without_room_is_lost, reset),
		cmocka_unit_test_setup(lost_beginning_ends_the_array_before, reset),
		cmocka_unit_test_setup(growth_without_room_leaves_the_sums, reset),
		cmocka_unit_test_setup(racing_beginning_is_joined, reset),
		cmocka_unit_test_setup(loader_is_woken_for_arrays, reset),
	};

	return cmocka_run_group_tests_name("chains fold", tests, NULL, NULL);
}
