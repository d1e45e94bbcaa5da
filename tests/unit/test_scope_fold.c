// SPDX-License-Identifier: BSD-2-Clause
/* Events at calls in scope (bpf/scope.bpf.h), on the host: what the arguments tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "scope_calls.h"

static const struct ss_scoped buffered = {.type = TYPE, .size = 8, .form = SS_FORM_GROW_BUF};
static const struct ss_scoped copy_any = {.form = SS_FORM_COPY};

static size_t sites_held(void)
{
	size_t n = 0;

	for (size_t i = 0; i < ROOM; i++)
		n += site_slots[i].slot_key != 0;
	return n;
}

/* The only one. */
static const struct ss_site *site_held(void)
{
	assert_int_equal(sites_held(), 1);
	for (size_t i = 0; i < ROOM - 1; i++)
		if (site_slots[i].slot_key)
			return &site_slots[i];
	return &site_slots[ROOM - 1];
}

/* The process's memory is one type's descriptor. */
static void put_type(const struct type_head *type)
{
	memory = type;
	memory_start = TYPE;
	memory_size = sizeof(*type);
}

static void growth_is_computed(void **state)
{
	struct pt_regs ctx = growing_by(20, 1);
	const struct ss_site *s;

	(void)state;
	begin(&ctx, &grow_24);
	assert_fate(SS_FOLDED);
	s = site_held();
	assert_int_equal(s->key.pc, RET);
	assert_int_equal(s->key.type, TYPE);
	assert_int_equal(s->key.target, TARGET);
	assert_int_equal(s->key.op, SS_OP_GROW);
	assert_int_equal(s->events, 1);
	assert_int_equal(s->len_sum, 21);
	/* 40 of them take 960 bytes; 1024 less the header have room for 42. */
	assert_int_equal(s->cap_sum, 42);
	assert_int_equal(s->copied_bytes, 20 * 24);
	assert_int_equal(s->copied_elems, 0);
}

/* Before Go 1.22: 128 elements fill the size class of 3072 bytes. */
static void heap_without_headers(void **state)
{
	struct pt_regs ctx = growing_by(64, 1);

	(void)state;
	begin(&ctx, &grow_24);
	assert_int_equal(site_held()->cap_sum, 133);
	reset_calls(state);
	header_size = 0;
	begin(&ctx, &grow_24);
	assert_int_equal(site_held()->cap_sum, 128);
}

/* What is not full may grow too: by as much as does not fit. */
static void growth_copies_the_old_length(void **state)
{
	struct pt_regs ctx = {.bx = 25, .cx = 20, .di = 10, .si = TYPE, .ip = CALL};

	(void)state;
	begin(&ctx, &grow_24);
	assert_int_equal(site_held()->len_sum, 25);
	assert_int_equal(site_held()->copied_bytes, 15 * 24);
}

static void types_may_be_known_to_the_run_alone(void **state)
{
	const struct type_head plain = {.size = 16}, pointers = {.size = 16, .pointer_bytes = 8};
	struct pt_regs ctx = growing_by(32, 1);

	(void)state;
	put_type(&plain);
	begin(&ctx, &grow_unknown);
	assert_int_equal(site_held()->cap_sum, 64);
	assert_int_equal(site_held()->key.type, TYPE);
	reset_calls(state);
	put_type(&pointers);
	begin(&ctx, &grow_unknown);
	assert_fate(SS_FOLDED);
	assert_int_equal(site_held()->cap_sum, 71);
	assert_int_equal(site_held()->copied_bytes, 32 * 16);
}

static void types_may_be_unreadable(void **state)
{
	struct pt_regs ctx = growing_by(32, 1);

	(void)state;
	begin(&ctx, &grow_unknown);
	assert_fate(SS_LOST_FAULT);
	assert_int_equal(sites_held(), 0);
}

static void elements_may_have_no_size(void **state)
{
	const struct ss_scoped nothing = {.type = TYPE, .form = SS_FORM_GROW};
	const struct type_head head = {.size = 0};
	struct pt_regs ctx = growing_by(32, 1);

	(void)state;
	begin(&ctx, &nothing);
	assert_fate(SS_ZERO_SIZE);
	reset_calls(state);
	put_type(&head);
	begin(&ctx, &grow_unknown);
	assert_fate(SS_ZERO_SIZE);
	assert_int_equal(sites_held(), 0);
}

static void growth_may_panic(void **state)
{
	struct pt_regs longest = growing_by(SS_CAP_MAX / 24, 1), negative = growing_by(5, 0);

	(void)state;
	begin(&longest, &grow_24);
	assert_fate(SS_PANICKED);
	reset_calls(state);
	negative.bx = 1ULL << 63;
	begin(&negative, &grow_24);
	assert_fate(SS_PANICKED);
	assert_int_equal(sites_held(), 0);
}

/* growsliceBuf(oldPtr, newLen, oldCap, num, et, bufPtr, bufLen). */
static void buffers_last_up_to_their_length(void **state)
{
	struct pt_regs ctx = growing_by(3, 1);

	(void)state;
	ctx.r9 = 4;
	assert_int_equal(scope_stays_in_buffer(&ctx, &buffered), 1);
	assert_int_equal(scope_stays_in_buffer(&ctx, &grow_24), 0);
	assert_int_equal(scope_stays_in_buffer(&ctx, &make_any), 0);
	ctx.r9 = 3;
	assert_int_equal(scope_stays_in_buffer(&ctx, &buffered), 0);
	begin(&ctx, &buffered);
	assert_fate(SS_FOLDED);
	assert_int_equal(site_held()->len_sum, 4);
	assert_int_equal(site_held()->cap_sum, 6);
	assert_int_equal(site_held()->copied_bytes, 24);
	/* Lengths are signed: what panics does not get there. */
	ctx.bx = (uint64_t)-1;
	assert_int_equal(scope_stays_in_buffer(&ctx, &buffered), 1);
}

static void make_tells_all(void **state)
{
	struct pt_regs ctx = make_of(3, 10);

	(void)state;
	begin(&ctx, &make_any);
	assert_fate(SS_FOLDED);
	assert_int_equal(site_held()->key.pc, RET);
	assert_int_equal(site_held()->key.type, TYPE);
	assert_int_equal(site_held()->key.op, SS_OP_MAKE);
	assert_int_equal(site_held()->len_sum, 3);
	assert_int_equal(site_held()->cap_sum, 10);
	assert_int_equal(site_held()->copied_elems, 0);
}

static void make_of_nothing(void **state)
{
	struct pt_regs ctx = make_of(0, 0);

	(void)state;
	begin(&ctx, &make_any);
	assert_fate(SS_ZERO_SIZE);
}

static void make_may_panic(void **state)
{
	const struct type_head head = {.size = 1 << 16};
	struct pt_regs longer = make_of(4, 3), negative = make_of(0, (uint64_t)-1);
	struct pt_regs bytes = make_of(0, (SS_CAP_MAX >> 16) + 1);

	(void)state;
	begin(&longer, &make_any);
	assert_fate(SS_PANICKED);
	reset_calls(state);
	begin(&negative, &make_any);
	assert_fate(SS_PANICKED);
	reset_calls(state);
	put_type(&head);
	begin(&bytes, &make_any);
	assert_fate(SS_PANICKED);
	assert_int_equal(sites_held(), 0);
}

/* makeslicecopy(et, tolen, fromlen, from): the shorter of both is copied. */
static void copies_tell_the_elements(void **state)
{
	struct pt_regs all = make_of(5, 5), less = make_of(5, 3), more = make_of(5, 9);

	(void)state;
	begin(&all, &copy_any);
	assert_int_equal(site_held()->copied_elems, 5);
	begin(&less, &copy_any);
	assert_int_equal(site_held()->copied_elems, 8);
	begin(&more, &copy_any);
	assert_int_equal(site_held()->copied_elems, 13);
	assert_int_equal(site_held()->len_sum, 15);
	assert_int_equal(site_held()->cap_sum, 15);
	assert_int_equal(count_values[SS_FOLDED], 3);
}

static void stacks_are_kept(void **state)
{
	struct pt_regs ctx = make_of(3, 3);

	(void)state;
	with_stacks = 1;
	stack_ids[0] = 6;
	begin(&ctx, &make_any);
	assert_int_equal(site_held()->key.stack, 7);
}

/* Its caller is shown, with the type of the call itself. */
static void wrappers_are_stepped_over(void **state)
{
	struct pt_regs ctx = growing_by(20, 1);

	(void)state;
	put_wrapper(&ctx);
	begin(&ctx, &grow_24);
	assert_fate(SS_FOLDED);
	assert_int_equal(site_held()->key.pc, WRAPPED);
	assert_int_equal(site_held()->key.type, TYPE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(growth_is_computed, reset_calls),
		cmocka_unit_test_setup(heap_without_headers, reset_calls),
		cmocka_unit_test_setup(growth_copies_the_old_length, reset_calls),
		cmocka_unit_test_setup(types_may_be_known_to_the_run_alone, reset_calls),
		cmocka_unit_test_setup(types_may_be_unreadable, reset_calls),
		cmocka_unit_test_setup(elements_may_have_no_size, reset_calls),
		cmocka_unit_test_setup(growth_may_panic, reset_calls),
		cmocka_unit_test_setup(buffers_last_up_to_their_length, reset_calls),
		cmocka_unit_test_setup(make_tells_all, reset_calls),
		cmocka_unit_test_setup(make_of_nothing, reset_calls),
		cmocka_unit_test_setup(make_may_panic, reset_calls),
		cmocka_unit_test_setup(copies_tell_the_elements, reset_calls),
		cmocka_unit_test_setup(stacks_are_kept, reset_calls),
		cmocka_unit_test_setup(wrappers_are_stepped_over, reset_calls),
	};

	return cmocka_run_group_tests_name("scope fold", tests, NULL, NULL);
}
