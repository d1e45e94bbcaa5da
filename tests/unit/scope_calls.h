/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls in scope, as the programs of bpf/scope.bpf.h see them. To be included behind cmocka.h, in
 * the place of bpf_tables.h.
 */
#ifndef SS_TESTS_SCOPE_CALLS_H
#define SS_TESTS_SCOPE_CALLS_H

#include "bpf_tables.h"
#include "scope.bpf.h"

#define TEXT	0x400000
#define CALL	0x400400
#define RET	(CALL + GO_CALL_BYTES)
#define WRAPPED (TEXT + 0x100)
#define TYPE	0x8000
#define STACK	0xc000100000
#define G	0xc000002000

enum { TARGET = 1 };

/* Elements of 24 bytes with pointers. */
static const struct ss_scoped grow_24 = {
	.type = TYPE, .size = 24, .pointers = 1, .form = SS_FORM_GROW};
static const struct ss_scoped grow_unknown = {.form = SS_FORM_GROW};
static const struct ss_scoped make_any = {.form = SS_FORM_MAKE};

/* A cmocka setup: by site, without wrappers. */
static int reset_calls(void **state)
{
	by_site = 1;
	with_stacks = 0;
	shard_mask = 0;
	marked_size = 0;
	header_size = HEADER_SIZE;
	return reset_tables(state);
}

/* An append of num elements to a full slice. */
static inline struct pt_regs growing_by(uint64_t old_cap, uint64_t num)
{
	return (struct pt_regs){.ax = 0xc000,
				.bx = old_cap + num,
				.cx = old_cap,
				.di = num,
				.si = TYPE,
				.ip = CALL,
				.r14 = G};
}

static struct pt_regs make_of(uint64_t len, uint64_t cap)
{
	return (struct pt_regs){.ax = TYPE, .bx = len, .cx = cap, .ip = CALL, .r14 = G};
}

static struct event begin(struct pt_regs *ctx, const struct ss_scoped *s)
{
	const int grows = s->form == SS_FORM_GROW || s->form == SS_FORM_GROW_BUF;
	struct event e = {.op = grows ? SS_OP_GROW : SS_OP_MAKE, .target = TARGET};

	scope_begins(ctx, s, &e);
	return e;
}

/* Exactly one fate. */
static void assert_fate(enum ss_count fate)
{
	for (uint32_t i = SS_FOLDED; i < SS_COUNTS; i++)
		assert_int_equal(count_values[i], i == fate);
}

static uint64_t wrapper_frame[2];

_Static_assert((RET - 1 - TEXT) >> SS_MARK_WORD_SHIFT < ROOM, "the mark has a word");

/* The call lies in a wrapper, which is called at WRAPPED. */
static inline void put_wrapper(struct pt_regs *ctx)
{
	marked_size = 0x10000;
	target_values[TARGET].text = TEXT;
	mark_words[(RET - 1 - TEXT) >> SS_MARK_WORD_SHIFT] =
		(uint64_t)SS_MARK_WRAPPER << ((RET - 1 - TEXT) >> SS_MARK_SHIFT) % 32 * 2;
	wrapper_frame[0] = STACK + 0x100;
	wrapper_frame[1] = WRAPPED;
	memory = wrapper_frame;
	memory_start = STACK;
	memory_size = sizeof(wrapper_frame);
	ctx->bp = STACK;
}

/* The only base there is in the window. */
static inline const struct ss_base *only_base(void)
{
	const struct ss_base *only = NULL;

	for (size_t i = 0; i < ROOM; i++) {
		if (!base_slots[i].slot_key)
			continue;
		assert_null(only);
		only = &base_slots[i];
	}
	assert_non_null(only);
	return only;
}

#endif
