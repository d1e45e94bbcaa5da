// SPDX-License-Identifier: BSD-2-Clause
/* Calls in scope by base (bpf/scope.bpf.h), on the host: what waits for the instruction behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "scope_calls.h"

static int reset(void **state)
{
	int err = reset_calls(state);

	by_site = 0;
	return err;
}

#define G_BYTES 0x200UL

static const struct ss_pending_key key = {.g = G, .target = TARGET};

/* Its base is had right behind the call, in rax, the capacity in rcx. */
static const struct ss_scoped ended_at_once = {
	.type = TYPE, .size = 24, .pointers = 1, .form = SS_FORM_GROW};

static const struct ss_base *base_held(uint64_t addr)
{
	const struct ss_base *only = only_base();

	assert_int_equal(only->slot_key, SS_SLOT_KEY(addr, TARGET));
	return only;
}

/* By base an event waits for an instruction behind its call. */
static void base_is_awaited(void **state)
{
	struct pt_regs ctx = growing_by(20, 1);
	const struct ss_pending *p;
	struct pt_regs behind = {.ax = 0xc000, .cx = 43, .ip = RET, .r14 = G};

	(void)state;
	begin(&ctx, &grow_24);
	assert_fate(SS_SEEN);
	p = bpf_map_lookup_elem(&pending, &key);
	assert_non_null(p);
	assert_int_equal(p->ret, RET);
	assert_int_equal(p->site, RET);
	assert_int_equal(p->len, 21);
	assert_int_equal(p->cap, 42);
	assert_int_equal(p->type, TYPE);
	scope_ends(&behind, &ended_at_once, TARGET);
	assert_fate(SS_FOLDED);
	assert_int_equal(base_held(0xc000)->len, 21);
	assert_int_equal(base_held(0xc000)->cap, 43);
	assert_int_equal(SS_BASE_TYPE(base_held(0xc000)), TYPE);
	assert_null(bpf_map_lookup_elem(&pending, &key));
	scope_ends(&behind, &ended_at_once, TARGET);
	assert_fate(SS_FOLDED);
}

/* Seven bytes later, in a register of its own; rcx is another value's there. */
static void base_may_be_had_later(void **state)
{
	const struct ss_scoped later = {.form = SS_FORM_GROW, .behind = 7, .home = 3};
	struct pt_regs ctx = growing_by(20, 1);
	struct pt_regs behind = {.bx = 0xd000, .ax = 1, .cx = 2, .ip = RET + 7, .r14 = G};

	(void)state;
	begin(&ctx, &ended_at_once);
	scope_ends(&behind, &later, TARGET);
	assert_fate(SS_FOLDED);
	assert_int_equal(base_held(0xd000)->cap, 42);
}

static void base_may_lie_in_the_frame(void **state)
{
	const struct ss_scoped slot = {
		.form = SS_FORM_MAKE, .behind = 7, .home = SS_HOME_SLOT, .slot = 0x10};
	const uint64_t frame[] = {1, 2, 0xe000};
	struct pt_regs ctx = make_of(3, 5), behind = {.ip = RET + 7, .r14 = G, .sp = STACK};

	(void)state;
	begin(&ctx, &slot);
	memory = frame;
	memory_start = STACK;
	memory_size = sizeof(frame);
	scope_ends(&behind, &slot, TARGET);
	assert_fate(SS_FOLDED);
	assert_int_equal(base_held(0xe000)->len, 3);
	assert_int_equal(base_held(0xe000)->cap, 5);
	assert_int_equal(base_held(0xe000)->op, SS_OP_MAKE);
	begin(&ctx, &slot);
	memory = NULL;
	scope_ends(&behind, &slot, TARGET);
	assert_int_equal(count_values[SS_LOST_FAULT], 1);
	assert_null(bpf_map_lookup_elem(&pending, &key));
}

/* What comes from elsewhere is not taken for what is under way. */
static void only_the_call_before_ends(void **state)
{
	struct pt_regs ctx = make_of(3, 3), behind = {.ax = 0xc000, .ip = RET + 8, .r14 = G};

	(void)state;
	begin(&ctx, &make_any);
	scope_ends(&behind, &make_any, TARGET);
	behind.ip = RET;
	behind.r14 = G + G_BYTES;
	scope_ends(&behind, &make_any, TARGET);
	assert_fate(SS_SEEN);
	assert_non_null(bpf_map_lookup_elem(&pending, &key));
	behind.r14 = G;
	scope_ends(&behind, &make_any, TARGET);
	assert_fate(SS_FOLDED);
}

/*
 * A call that is no event comes back to where bases are had: what is said to be under way from
 * there has panicked. What is under way from elsewhere is not.
 */
static void calls_that_are_no_events_end_what_has_panicked(void **state)
{
	struct pt_regs ctx = make_of(3, 3), elsewhere = make_of(3, 3);

	(void)state;
	begin(&ctx, &make_any);
	elsewhere.ip = CALL + 0x40;
	scope_passes(&elsewhere, TARGET);
	assert_fate(SS_SEEN);
	scope_passes(&ctx, TARGET);
	assert_fate(SS_PANICKED);
	assert_null(bpf_map_lookup_elem(&pending, &key));
}

/* The address that is awaited stays the call's own where another site is shown. */
static void base_is_awaited_in_wrappers(void **state)
{
	struct pt_regs ctx = growing_by(20, 1);
	const struct ss_pending *p;

	(void)state;
	put_wrapper(&ctx);
	begin(&ctx, &grow_24);
	p = bpf_map_lookup_elem(&pending, &key);
	assert_non_null(p);
	assert_int_equal(p->ret, RET);
	assert_int_equal(p->site, WRAPPED);
}

static void what_has_no_base_is_not_awaited(void **state)
{
	struct pt_regs negative = make_of(0, (uint64_t)-1), grow = growing_by(3, 1);

	(void)state;
	begin(&negative, &make_any);
	assert_fate(SS_PANICKED);
	assert_null(bpf_map_lookup_elem(&pending, &key));
	reset(state);
	begin(&grow, &grow_unknown);
	assert_fate(SS_LOST_FAULT);
	assert_null(bpf_map_lookup_elem(&pending, &key));
}

static void what_did_not_return_has_panicked(void **state)
{
	struct pt_regs first = make_of(3, 3), second = make_of(4, 4);
	const struct ss_pending *p;

	(void)state;
	begin(&first, &make_any);
	second.ip = CALL + 0x40;
	begin(&second, &make_any);
	assert_fate(SS_PANICKED);
	p = bpf_map_lookup_elem(&pending, &key);
	assert_int_equal(p->len, 4);
	assert_int_equal(p->ret, RET + 0x40);
}

static void only_so_many_are_awaited(void **state)
{
	struct pt_regs ctx = make_of(3, 3);

	(void)state;
	for (uint64_t i = 0; i < ROOM; i++) {
		ctx.r14 = G + i * G_BYTES;
		begin(&ctx, &make_any);
	}
	assert_fate(SS_SEEN);
	ctx.r14 = G + ROOM * G_BYTES;
	begin(&ctx, &make_any);
	assert_fate(SS_LOST_PENDING_FULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(base_is_awaited, reset),
		cmocka_unit_test_setup(base_may_be_had_later, reset),
		cmocka_unit_test_setup(base_may_lie_in_the_frame, reset),
		cmocka_unit_test_setup(only_the_call_before_ends, reset),
		cmocka_unit_test_setup(calls_that_are_no_events_end_what_has_panicked, reset),
		cmocka_unit_test_setup(base_is_awaited_in_wrappers, reset),
		cmocka_unit_test_setup(what_has_no_base_is_not_awaited, reset),
		cmocka_unit_test_setup(what_did_not_return_has_panicked, reset),
		cmocka_unit_test_setup(only_so_many_are_awaited, reset),
	};

	return cmocka_run_group_tests_name("scope base", tests, NULL, NULL);
}
