// SPDX-License-Identifier: BSD-2-Clause
/* The fold of events into call sites (bpf/sites.bpf.h, bpf/fold.bpf.h), on the host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "bpf_tables.h"

static int reset(void **state)
{
	by_site = 1;
	shard_mask = 0;
	return reset_tables(state);
}

static size_t sites_held(void)
{
	size_t n = 0;

	for (size_t i = 0; i < ROOM; i++)
		n += site_slots[i].slot_key != 0;
	return n;
}

static struct event grown(uint64_t len, uint64_t cap)
{
	return (struct event){.base = 0xc000,
			      .len = len,
			      .cap = cap,
			      .site = 0x400,
			      .type = 0x77,
			      .op = SS_OP_GROW};
}

static struct ss_site_key key_of(const struct event *e)
{
	return (struct ss_site_key){.pc = e->site,
				    .type = e->type,
				    .target = e->target,
				    .stack = e->stack,
				    .op = e->op};
}

/* What is held for the event's site in the shard; a failed test where there is nothing. */
static const struct ss_site *held(const struct event *e, uint8_t shard)
{
	struct ss_site_key key = key_of(e);

	key.shard = shard;
	for (size_t i = 0; i < ROOM; i++)
		if (site_slots[i].slot_key && !memcmp(&site_slots[i].key, &key, sizeof(key)))
			return &site_slots[i];
	fail_msg("no such site");
	return NULL;
}

static void first_event_makes_a_site(void **state)
{
	struct event e = grown(5, 8);
	const struct ss_site *s;

	(void)state;
	e.target = 1;
	e.stack = 3;
	e.copied_bytes = 32;
	e.copied_elems = 4;
	assert_int_equal(event_fate(&e), SS_FOLDED);
	assert_int_equal(sites_held(), 1);
	s = held(&e, 0);
	assert_int_equal(s->events, 1);
	assert_int_equal(s->len_sum, 5);
	assert_int_equal(s->cap_sum, 8);
	assert_int_equal(s->copied_bytes, 32);
	assert_int_equal(s->copied_elems, 4);
	for (int bucket = 0; bucket < SS_LEN_BUCKETS; bucket++)
		assert_int_equal(s->lens[bucket], bucket == 3);
	assert_int_equal(control_value.fill, 1);
}

static void later_events_add_up(void **state)
{
	struct event a = grown(5, 8), b = grown(9, 16);
	const struct ss_site *s;

	(void)state;
	a.copied_bytes = 32;
	b.copied_bytes = 64;
	b.copied_elems = 7;
	/* The base is not looked at. */
	b.base = 0xd000;
	assert_int_equal(event_fate(&a), SS_FOLDED);
	assert_int_equal(event_fate(&b), SS_FOLDED);
	assert_int_equal(event_fate(&b), SS_FOLDED);
	assert_int_equal(sites_held(), 1);
	s = held(&a, 0);
	assert_int_equal(s->events, 3);
	assert_int_equal(s->len_sum, 23);
	assert_int_equal(s->cap_sum, 40);
	assert_int_equal(s->copied_bytes, 160);
	assert_int_equal(s->copied_elems, 14);
	assert_int_equal(s->lens[3], 1);
	assert_int_equal(s->lens[4], 2);
	assert_int_equal(control_value.fill, 1);
}

/* Each part of the key by itself: pc, type, target, stack. */
static void every_part_of_the_key_tells_sites_apart(void **state)
{
	struct event events[] = {grown(1, 1), grown(1, 1), grown(1, 1), grown(1, 1)};

	(void)state;
	events[0].site++;
	events[1].type++;
	events[2].target++;
	events[3].stack++;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(event_fate(&events[i]), SS_FOLDED);
	assert_int_equal(sites_held(), 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(held(&events[i], 0)->events, 1);
}

static void operations_do_not_share_sites(void **state)
{
	struct event a = grown(1, 1), b = a;

	(void)state;
	b.op = SS_OP_MAKE;
	event_fate(&a);
	event_fate(&b);
	event_fate(&b);
	assert_int_equal(held(&a, 0)->events, 1);
	assert_int_equal(held(&b, 0)->events, 2);
}

static void lengths_have_buckets(void **state)
{
	static const struct {
		uint64_t len;
		uint32_t bucket;
	} expected[] = {
		{0, 0},		  {1, 1},
		{2, 2},		  {3, 2},
		{4, 3},		  {7, 3},
		{8, 4},		  {255, 8},
		{256, 9},	  {65535, 16},
		{65536, 17},	  {(1ULL << 30) - 1, 30},
		{1ULL << 30, 31}, {(1ULL << 31) - 1, 31},
		{1ULL << 31, 31}, {1ULL << 32, 31},
		{SS_CAP_MAX, 31}, {UINT64_MAX, 31},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_int_equal(len_bucket(expected[i].len), expected[i].bucket);
	for (uint32_t bits = 1; bits < SS_LEN_BUCKETS; bits++) {
		assert_int_equal(len_bucket(1ULL << (bits - 1)), bits);
		assert_int_equal(len_bucket((1ULL << bits) - 1), bits);
	}
}

static void longest_lengths_are_one_bucket(void **state)
{
	struct event e = grown(1ULL << 31, SS_CAP_MAX), longest = grown(SS_CAP_MAX, SS_CAP_MAX);

	(void)state;
	assert_int_equal(event_fate(&e), SS_FOLDED);
	assert_int_equal(event_fate(&longest), SS_FOLDED);
	assert_int_equal(held(&e, 0)->lens[SS_LEN_BUCKETS - 1], 2);
	assert_int_equal(held(&e, 0)->len_sum, (1ULL << 31) + SS_CAP_MAX);
}

/* A shard for each of the mask's values; CPUs beyond it share. */
static void cpus_have_shards(void **state)
{
	struct event e = grown(2, 4);

	(void)state;
	shard_mask = 3;
	for (this_cpu = 0; this_cpu < 10; this_cpu++)
		assert_int_equal(event_fate(&e), SS_FOLDED);
	assert_int_equal(sites_held(), 4);
	assert_int_equal(held(&e, 0)->events, 3);
	assert_int_equal(held(&e, 1)->events, 3);
	assert_int_equal(held(&e, 2)->events, 2);
	assert_int_equal(held(&e, 3)->events, 2);
	assert_int_equal(held(&e, 3)->cap_sum, 8);
}

static void base_need_not_be_known(void **state)
{
	struct event e = grown(3, 4);

	(void)state;
	e.base = 0;
	assert_int_equal(event_fate(&e), SS_FOLDED);
	assert_int_equal(held(&e, 0)->events, 1);
}

static void zerobase_and_empty_slices_are_no_events(void **state)
{
	struct event zero = grown(3, 3), empty = grown(0, 0), unknown = empty;

	(void)state;
	target_values[0].zerobase = 0xc000;
	unknown.base = 0;
	assert_int_equal(event_fate(&zero), SS_ZERO_SIZE);
	zero.cap = zero.len = UINT64_MAX;
	assert_int_equal(event_fate(&zero), SS_ZERO_SIZE);
	assert_int_equal(event_fate(&empty), SS_ZERO_SIZE);
	assert_int_equal(event_fate(&unknown), SS_ZERO_SIZE);
	assert_int_equal(sites_held(), 0);
	/* Of an array of its own, as where s[:0:0] is recorded. */
	target_values[0].zerobase = 0;
	assert_int_equal(event_fate(&empty), SS_FOLDED);
}

static void impossible_headers_are_named(void **state)
{
	struct event longer = grown(9, 8), huge = grown(1, SS_CAP_MAX + 1);

	(void)state;
	assert_int_equal(event_fate(&longer), SS_BAD_HEADER);
	assert_int_equal(event_fate(&huge), SS_BAD_HEADER);
	longer.base = huge.base = 0;
	assert_int_equal(event_fate(&longer), SS_BAD_HEADER);
	assert_int_equal(event_fate(&huge), SS_BAD_HEADER);
	assert_int_equal(sites_held(), 0);
}

static void full_window_loses_the_newest_only(void **state)
{
	struct event e = grown(1, 1);

	(void)state;
	for (e.site = 1; e.site <= ROOM; e.site++)
		assert_int_equal(event_fate(&e), SS_FOLDED);
	assert_int_equal(event_fate(&e), SS_LOST_SITES_FULL);
	e.site = 1;
	assert_int_equal(event_fate(&e), SS_FOLDED);
	assert_int_equal(held(&e, 0)->events, 2);
	assert_int_equal(wakes, 1);
	assert_int_equal(control_value.fill, ROOM);
}

static void no_window_is_busy(void **state)
{
	struct event e = grown(1, 1);

	(void)state;
	no_window = 1;
	assert_int_equal(event_fate(&e), SS_LOST_BUSY);
	assert_int_equal(sites_held(), 0);
	assert_int_equal(control_value.fill, 0);
}

/* Another CPU has claimed the slot and not written its key yet: the event is added all the same. */
static void claimed_slot_is_joined(void **state)
{
	struct event e = grown(3, 8);
	const struct ss_site_key key = key_of(&e);
	struct ss_site *s = &site_slots[slot_hash(site_hash(&key)) & slot_mask];

	(void)state;
	s->slot_key = site_hash(&key);
	assert_int_equal(event_fate(&e), SS_FOLDED);
	assert_int_equal(s->events, 1);
	assert_int_equal(sites_held(), 1);
	assert_int_equal(control_value.fill, 0);
}

/* The same hash, but another site. */
static void equal_hashes_are_told_apart(void **state)
{
	struct event e = grown(3, 8);
	const struct ss_site_key key = key_of(&e);
	struct ss_site *s = &site_slots[slot_hash(site_hash(&key)) & slot_mask];

	(void)state;
	s->slot_key = site_hash(&key);
	s->key.pc = e.site + 1;
	assert_int_equal(event_fate(&e), SS_FOLDED);
	assert_int_equal(s->events, 0);
	assert_int_equal(sites_held(), 2);
	assert_int_equal(held(&e, 0)->events, 1);
}

/* Neighbours in every part of the key: all different. */
static void hashes_differ(void **state)
{
	enum { N = 4096 };
	static uint64_t seen[N];
	size_t n = 0;

	(void)state;
	for (uint32_t i = 0; i < N; i++) {
		const struct ss_site_key key = {.pc = 0x400 + i % 16,
						.type = 0x10 + i / 16 % 4,
						.target = i / 64 % 4,
						.stack = i / 256 % 4,
						.op = i / 1024 % 2,
						.shard = i / 2048 % 2};
		const uint64_t hash = site_hash(&key);

		assert_true(hash != 0);
		for (size_t j = 0; j < n; j++)
			assert_true(seen[j] != hash);
		seen[n++] = hash;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(first_event_makes_a_site, reset),
		cmocka_unit_test_setup(later_events_add_up, reset),
		cmocka_unit_test_setup(every_part_of_the_key_tells_sites_apart, reset),
		cmocka_unit_test_setup(operations_do_not_share_sites, reset),
		cmocka_unit_test_setup(lengths_have_buckets, reset),
		cmocka_unit_test_setup(longest_lengths_are_one_bucket, reset),
		cmocka_unit_test_setup(cpus_have_shards, reset),
		cmocka_unit_test_setup(base_need_not_be_known, reset),
		cmocka_unit_test_setup(zerobase_and_empty_slices_are_no_events, reset),
		cmocka_unit_test_setup(impossible_headers_are_named, reset),
		cmocka_unit_test_setup(full_window_loses_the_newest_only, reset),
		cmocka_unit_test_setup(no_window_is_busy, reset),
		cmocka_unit_test_setup(claimed_slot_is_joined, reset),
		cmocka_unit_test_setup(equal_hashes_are_told_apart, reset),
		cmocka_unit_test_setup(hashes_differ, reset),
	};

	return cmocka_run_group_tests_name("sites fold", tests, NULL, NULL);
}
