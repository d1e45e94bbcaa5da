// SPDX-License-Identifier: BSD-2-Clause
/* The fold of events into bases, and of makes into events (bpf/fold.bpf.h), on the host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "bpf_tables.h"

static int reset(void **state)
{
	by_site = 0;
	return reset_tables(state);
}

static size_t bases_held(void)
{
	size_t n = 0;

	for (size_t i = 0; i < ROOM; i++)
		n += base_slots[i].slot_key != 0;
	return n;
}

static struct event grown(uint64_t base, uint64_t len, uint64_t cap)
{
	return (struct event){
		.base = base, .len = len, .cap = cap, .site = 0x400, .op = SS_OP_GROW};
}

/* NULL where target 0 has no such base. */
static const struct ss_base *held(uint64_t base)
{
	for (size_t i = 0; i < ROOM; i++)
		if (base_slots[i].slot_key == SS_SLOT_KEY(base, 0))
			return &base_slots[i];
	return NULL;
}

static void first_event_makes_a_base(void **state)
{
	struct event e = grown(0xc000, 5, 8);
	const struct ss_base *b;

	(void)state;
	e.type = 0x77;
	assert_int_equal(event_fate(&e), SS_FOLDED);
	b = held(0xc000);
	assert_non_null(b);
	assert_int_equal(b->events, 1);
	assert_int_equal(b->len_sum, 5);
	assert_int_equal(b->cap_sum, 8);
	assert_int_equal(b->len, 5);
	assert_int_equal(b->cap, 8);
	assert_int_equal(b->site, 0x400);
	assert_int_equal(b->first_site, 0x400);
	assert_int_equal(SS_BASE_TYPE(b), 0x77);
	assert_int_equal(b->op, SS_OP_GROW);
	assert_int_equal(b->first_op, SS_OP_GROW);
	assert_int_equal(b->reused, 0);
}

static void later_events_add_up(void **state)
{
	struct event a = grown(0xc000, 5, 8), b = grown(0xc000, 9, 16);
	const struct ss_base *v;

	(void)state;
	event_fate(&a);
	assert_int_equal(event_fate(&b), SS_FOLDED);
	v = held(0xc000);
	assert_int_equal(v->events, 2);
	assert_int_equal(v->len_sum, 14);
	assert_int_equal(v->cap_sum, 24);
	assert_int_equal(v->len, 9);
	assert_int_equal(v->cap, 16);
	assert_int_equal(v->reused, 0);
	assert_int_equal(bases_held(), 1);
}

static void change_of_site_or_op_is_reuse(void **state)
{
	struct event a = grown(0xc000, 1, 1), b = a, c = a;
	const struct ss_base *v;

	(void)state;
	b.site = 0x500;
	c.site = 0x500;
	c.op = SS_OP_MAKE;
	event_fate(&a);
	event_fate(&b);
	event_fate(&b);
	event_fate(&c);
	v = held(0xc000);
	assert_int_equal(v->reused, 2);
	assert_int_equal(v->first_site, 0x400);
	assert_int_equal(v->first_op, SS_OP_GROW);
	assert_int_equal(v->site, 0x500);
	assert_int_equal(v->op, SS_OP_MAKE);
}

static void targets_do_not_share_bases(void **state)
{
	struct event a = grown(0xc000, 1, 1), b = a;

	(void)state;
	b.target = 1;
	event_fate(&a);
	event_fate(&b);
	assert_int_equal(bases_held(), 2);
}

static void impossible_headers_are_named(void **state)
{
	struct event longer = grown(0xc000, 9, 8), huge = grown(0xc000, 1, SS_CAP_MAX + 1);
	struct event nil = grown(0, 1, 1), high = grown(1ULL << SS_ADDR_BITS, 1, 1),
		     largest = grown(0xc000, SS_CAP_MAX, SS_CAP_MAX);

	(void)state;
	assert_int_equal(event_fate(&longer), SS_BAD_HEADER);
	assert_int_equal(event_fate(&huge), SS_BAD_HEADER);
	assert_int_equal(event_fate(&nil), SS_BAD_HEADER);
	assert_int_equal(event_fate(&high), SS_BAD_HEADER);
	assert_int_equal(event_fate(&largest), SS_FOLDED);
}

static void zerobase_is_no_base(void **state)
{
	struct event e = grown(0x5000, 3, 3);

	(void)state;
	target_values[1].zerobase = 0x5000;
	assert_int_equal(event_fate(&e), SS_FOLDED);
	e.target = 1;
	assert_int_equal(event_fate(&e), SS_ZERO_SIZE);
	assert_int_equal(bases_held(), 1);
}

/* make([]struct{}, 1<<50) is a slice like any other. */
static void zero_size_has_no_largest_cap(void **state)
{
	struct event e = grown(0x5000, SS_CAP_MAX + 1, SS_CAP_MAX + 1);

	(void)state;
	target_values[0].zerobase = 0x5000;
	assert_int_equal(event_fate(&e), SS_ZERO_SIZE);
}

static void full_window_loses_the_newest_only(void **state)
{
	struct event e = grown(0xc000, 1, 1);

	(void)state;
	for (uint64_t i = 0; i < ROOM; i++) {
		e.base = 0xc000 + i;
		assert_int_equal(event_fate(&e), SS_FOLDED);
	}
	e.base = 0xd000;
	assert_int_equal(event_fate(&e), SS_LOST_BASES_FULL);
	e.base = 0xc000;
	assert_int_equal(event_fate(&e), SS_FOLDED);
	assert_int_equal(held(0xc000)->events, 2);
}

static void no_window_is_busy(void **state)
{
	struct event e = grown(0xc000, 1, 1);

	(void)state;
	no_window = 1;
	assert_int_equal(event_fate(&e), SS_LOST_BUSY);
	base_touch(e.base, e.target);
	no_window = 0;
	slot_mask = 2 * ROOM - 1;
	for (size_t i = 0; i < ROOM; i++)
		base_slots[i].slot_key = 1;
	assert_int_equal(event_fate(&e), SS_LOST_BUSY);
}

/* The search goes on behind the last slot with the first, and touching claims nothing. */
static void any_slot_will_do(void **state)
{
	const uint64_t key = SS_SLOT_KEY(0xc000, 0);
	struct event e = grown(0xc000, 3, 8);
	const uint32_t start = slot_hash(key) & slot_mask;

	(void)state;
	for (uint32_t i = 0; i < ROOM; i++)
		base_slots[i].slot_key = 1;
	base_slots[(start + ROOM - 1) % ROOM].slot_key = 0;
	base_touch(e.base, e.target);
	assert_null(held(0xc000));
	assert_int_equal(event_fate(&e), SS_FOLDED);
	assert_int_equal(event_fate(&e), SS_FOLDED);
	assert_ptr_equal(held(0xc000), &base_slots[(start + ROOM - 1) % ROOM]);
	assert_int_equal(held(0xc000)->events, 2);
}

/* The largest target, the highest address: both come back out of the key. */
static void keys_hold_base_and_target(void **state)
{
	const uint64_t base = (1ULL << SS_ADDR_BITS) - 16, target = SS_TARGETS_MAX - 1;
	const uint64_t key = SS_SLOT_KEY(base, target);

	(void)state;
	assert_int_equal(SS_SLOT_BASE(key), base);
	assert_int_equal(SS_SLOT_TARGET(key), target);
}

/* A site is told by its distance from the target's text; what lies elsewhere is unknown. */
static void sites_are_distances(void **state)
{
	struct event e = grown(0xc000, 1, 1);

	(void)state;
	target_values[0].text = 0x555500000000;
	e.site = 0x555500000000 + 0x123456;
	event_fate(&e);
	assert_int_equal(held(0xc000)->site, 0x123456);
	e.site = 0x7f0000000000;
	event_fate(&e);
	assert_int_equal(held(0xc000)->site, 0);
	e.site = 0;
	event_fate(&e);
	assert_int_equal(held(0xc000)->site, 0);
	assert_int_equal(held(0xc000)->reused, 1);
}

/* Of many entries only some are counted, each for all the others. */
static void fill_may_be_counted_in_steps(void **state)
{
	(void)state;
	fill_mask = 3;
	control_value.wake_at = 8;
	for (uint32_t slot = 0; slot < 16; slot++)
		window_grown(slot);
	assert_int_equal(control_value.fill, 16);
	assert_int_equal(wakes, 1);
}

static void half_full_window_wakes_once(void **state)
{
	struct event e = grown(0xc000, 1, 1);

	(void)state;
	for (uint64_t i = 0; i < ROOM; i++) {
		e.base = 0xc000 + i;
		event_fate(&e);
	}
	assert_int_equal(wakes, 1);
	assert_int_equal(control_value.fill, ROOM);
}

static const struct ss_pending_key goroutine = {.g = 0xc0001000, .target = 1};

static void make_is_joined_and_forgotten(void **state)
{
	const struct ss_pending make = {.len = 3, .cap = 4, .type = 0x77, .site = 0x400};
	struct event e = {.op = SS_OP_MAKE};

	(void)state;
	make_begin(&goroutine, &make);
	assert_int_equal(make_end(&goroutine, &e), 0);
	assert_int_equal(e.len, 3);
	assert_int_equal(e.cap, 4);
	assert_int_equal(e.type, 0x77);
	assert_int_equal(e.site, 0x400);
	assert_int_equal(table_of(&pending)->used, 0);
	assert_int_equal(make_end(&goroutine, &e), -1);
}

static void unfinished_make_is_a_panic(void **state)
{
	const struct ss_pending first = {.len = 1, .cap = 1}, second = {.len = 2, .cap = 2};
	struct event e = {.op = SS_OP_MAKE};

	(void)state;
	make_begin(&goroutine, &first);
	make_begin(&goroutine, &second);
	assert_int_equal(count_values[SS_PANICKED], 1);
	assert_int_equal(make_end(&goroutine, &e), 0);
	assert_int_equal(e.len, 2);
}

/* An entry that stays is one event under way, not one more that is folded. */
static void make_that_cannot_be_deleted_has_one_fate(void **state)
{
	const struct ss_pending make = {.len = 1, .cap = 1};
	struct event e = {.op = SS_OP_MAKE};

	(void)state;
	make_begin(&goroutine, &make);
	delete_error = -16;
	assert_int_equal(make_end(&goroutine, &e), -1);
	assert_int_equal(table_of(&pending)->used, 1);
}

static void pending_losses_are_named(void **state)
{
	const struct ss_pending make = {.len = 1, .cap = 1};
	struct ss_pending_key key = goroutine;

	(void)state;
	for (uint64_t i = 0; i <= ROOM; i++) {
		key.g = i;
		make_begin(&key, &make);
	}
	assert_int_equal(count_values[SS_LOST_PENDING_FULL], 1);
	table_of(&pending)->used = 0;
	table_of(&pending)->update_error = -16;
	make_begin(&key, &make);
	assert_int_equal(count_values[SS_LOST_BUSY], 1);
	assert_int_equal(count_values[SS_PANICKED], 0);
}

/* The memory of the traced process: a type's descriptor, which begins with its size. */
static void see_type(uint64_t size)
{
	static uint64_t descriptor;

	descriptor = size;
	memory = &descriptor;
	memory_start = 0x77000;
	memory_size = sizeof(descriptor);
}

static int panics(uint64_t len, uint64_t cap)
{
	const struct event e = {.type = 0x77000, .len = len, .cap = cap, .op = SS_OP_MAKE};

	return make_panics(&e);
}

static void impossible_makes_panic(void **state)
{
	(void)state;
	assert_int_equal(panics(0, 0), 0);
	assert_int_equal(panics(4, 4), 0);
	assert_int_equal(panics(5, 4), 1);
	assert_int_equal(panics((uint64_t)-1, 4), 1);
	assert_int_equal(panics(0, (uint64_t)-1), 1);
	assert_int_equal(panics(0, SS_CAP_MAX + 1), 1);
}

static void makes_beyond_memory_panic(void **state)
{
	const uint64_t limit = SS_CAP_MAX / SS_TYPE_SIZE_MAX;

	(void)state;
	see_type(SS_TYPE_SIZE_MAX);
	assert_int_equal(panics(0, limit), 0);
	assert_int_equal(panics(0, limit + 1), 1);
	see_type(8);
	assert_int_equal(panics(0, SS_CAP_MAX / 8), 0);
	assert_int_equal(panics(0, SS_CAP_MAX / 8 + 1), 1);
	see_type(0);
	assert_int_equal(panics(SS_CAP_MAX, SS_CAP_MAX), 0);
	/* A type that cannot be read is no reason to call a make impossible. */
	memory = NULL;
	assert_int_equal(panics(0, SS_CAP_MAX), 0);
}

/* Types this large come with caps for which their size is not looked at. */
static void small_caps_read_no_type(void **state)
{
	(void)state;
	see_type(UINT64_MAX);
	assert_int_equal(panics(0, SS_CAP_MAX / SS_TYPE_SIZE_MAX - 1), 0);
	assert_int_equal(panics(0, SS_CAP_MAX / SS_TYPE_SIZE_MAX), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(first_event_makes_a_base, reset),
		cmocka_unit_test_setup(later_events_add_up, reset),
		cmocka_unit_test_setup(change_of_site_or_op_is_reuse, reset),
		cmocka_unit_test_setup(targets_do_not_share_bases, reset),
		cmocka_unit_test_setup(impossible_headers_are_named, reset),
		cmocka_unit_test_setup(zerobase_is_no_base, reset),
		cmocka_unit_test_setup(zero_size_has_no_largest_cap, reset),
		cmocka_unit_test_setup(full_window_loses_the_newest_only, reset),
		cmocka_unit_test_setup(no_window_is_busy, reset),
		cmocka_unit_test_setup(any_slot_will_do, reset),
		cmocka_unit_test_setup(keys_hold_base_and_target, reset),
		cmocka_unit_test_setup(sites_are_distances, reset),
		cmocka_unit_test_setup(fill_may_be_counted_in_steps, reset),
		cmocka_unit_test_setup(half_full_window_wakes_once, reset),
		cmocka_unit_test_setup(make_is_joined_and_forgotten, reset),
		cmocka_unit_test_setup(unfinished_make_is_a_panic, reset),
		cmocka_unit_test_setup(make_that_cannot_be_deleted_has_one_fate, reset),
		cmocka_unit_test_setup(pending_losses_are_named, reset),
		cmocka_unit_test_setup(impossible_makes_panic, reset),
		cmocka_unit_test_setup(makes_beyond_memory_panic, reset),
		cmocka_unit_test_setup(small_caps_read_no_type, reset),
	};

	return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
