/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events folded into chains over the tables of bpf_tables.h, and what is then held of those. To be
 * included once, behind cmocka.h, by a program's only file.
 */
#ifndef SS_TESTS_CHAIN_EVENTS_H
#define SS_TESTS_CHAIN_EVENTS_H

#include "bpf_tables.h"

#define SIZE	8ULL
#define UNKNOWN SS_CAP_UNKNOWN

/* Arrays far from each other. */
#define A 0x10000
#define B 0x20000
#define C 0x30000
#define D 0x40000
#define E 0x50000

#define MAKE_SITE 0x400
#define GROW_SITE 0x500
#define TYPE	  0x77

struct slice {
	uint64_t base, len, cap;
};

#define SLICE(base, len, cap)                                                                      \
	(struct slice)                                                                             \
	{                                                                                          \
		base, len, cap                                                                     \
	}

static inline int reset(void **state)
{
	by_site = 0;
	by_chain = 1;
	return reset_tables(state);
}

static inline struct event made(struct slice s)
{
	return (struct event){.op = SS_OP_MAKE,
			      .base = s.base,
			      .len = s.len,
			      .cap = s.cap,
			      .site = MAKE_SITE,
			      .type = TYPE,
			      .size = SIZE};
}

static inline struct event grown(struct slice old, struct slice s)
{
	return (struct event){.op = SS_OP_GROW,
			      .base = s.base,
			      .len = s.len,
			      .cap = s.cap,
			      .site = GROW_SITE,
			      .type = TYPE,
			      .size = SIZE,
			      .copied_bytes = old.len * SIZE,
			      .old_base = old.base,
			      .old_cap = old.cap};
}

/* Fold the event; counts rises by one in the slot, in no other one. Slot SS_FOLDED: in none. */
static inline void fold(const struct event *e, uint32_t slot)
{
	uint64_t expected[SS_COUNTS];

	memcpy(expected, count_values, sizeof(expected));
	if (slot != SS_FOLDED)
		expected[slot]++;
	assert_int_equal(event_fate(e), SS_FOLDED);
	for (uint32_t i = 0; i < SS_COUNTS; i++)
		assert_int_equal(count_values[i], expected[i]);
}

static inline void make(struct slice s)
{
	struct event e = made(s);

	fold(&e, SS_FOLDED);
}

static inline void grow(struct slice old, struct slice s, uint32_t kind)
{
	struct event e = grown(old, s);

	fold(&e, kind);
}

static inline const struct ss_life *life_of(const struct event *birth, uint64_t cap)
{
	struct ss_life_key key = {.pc = birth->site,
				  .type = birth->type,
				  .cap = cap,
				  .target = birth->target,
				  .op = birth->op};

	return table_find(table_of(&lives), &key);
}

static inline void expect_life(const struct event *birth, uint64_t cap, struct ss_life sums)
{
	const struct ss_life *l = life_of(birth, cap);

	assert_non_null(l);
	assert_int_equal(l->chains, sums.chains);
	assert_int_equal(l->len_sum, sums.len_sum);
	assert_int_equal(l->steps, sums.steps);
	assert_int_equal(l->copied, sums.copied);
	assert_int_equal(l->dead, sums.dead);
	assert_int_equal(l->size, birth->size);
}

/* Sums of chains that were made, or that began with a growth, and have this cap now. */
static inline void expect_made(uint64_t cap, struct ss_life sums)
{
	struct event birth = made(SLICE(0, 0, 0));

	expect_life(&birth, cap, sums);
}

static inline void expect_grown(uint64_t cap, struct ss_life sums)
{
	struct event birth = grown(SLICE(0, 0, 0), SLICE(0, 0, 0));

	expect_life(&birth, cap, sums);
}

static inline const struct ss_tail *tail_held(uint64_t base)
{
	struct ss_base_key key = {.base = base};

	return table_find(table_of(&tails), &key);
}

/* The base of the array that is known to end there; 0 none. */
static inline uint64_t ends_at(uint64_t end)
{
	struct ss_base_key key = {.base = end};
	const uint64_t *base = table_find(table_of(&tail_ends), &key);

	return base ? *base : 0;
}

#endif
