// SPDX-License-Identifier: BSD-2-Clause
/* Who caused an event (bpf/callers.bpf.h), on the host: marks, wrappers, passed types, stacks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "bpf_tables.h"
#include "callers.bpf.h"

#define TEXT  0x400000
#define STACK 0xc000100000
#define G     0xc000002000

/* Text of a word of marks: 512 bytes, 32 units of 16. */
#define WORD_BYTES 512UL
#define UNIT	   16

/* Frames from STACK on, two words each: the caller's frame pointer, the return address into it. */
static uint64_t frames[16][2];

static int reset(void **state)
{
	marked_size = ROOM * WORD_BYTES;
	with_stacks = 0;
	memset(frames, 0, sizeof(frames));
	reset_tables(state);
	target_values[1].text = TEXT;
	memory = frames;
	memory_start = STACK;
	memory_size = sizeof(frames);
	return 0;
}

static uint64_t frame_at(size_t i)
{
	return STACK + i * sizeof(frames[0]);
}

static void mark(uint64_t unit, uint64_t bits)
{
	mark_words[unit / 32] |= bits << (unit % 32 * 2);
}

static struct event grown_at(uint64_t site)
{
	return (struct event){.site = site, .target = 1, .op = SS_OP_GROW};
}

static struct pt_regs regs_at(uint64_t fp)
{
	return (struct pt_regs){.bp = fp, .r14 = G};
}

/* The mark is that of the call, which ends before the return address. */
static void marks_are_of_the_call(void **state)
{
	const struct ss_target *t = &target_values[1];

	(void)state;
	mark(1, SS_MARK_WRAPPER);
	mark(31, SS_MARK_PASSES_TYPE);
	mark(32, SS_MARK_WRAPPER | SS_MARK_PASSES_TYPE);
	assert_int_equal(marks_at(t, TEXT + UNIT), 0);
	assert_int_equal(marks_at(t, TEXT + UNIT + 1), SS_MARK_WRAPPER);
	assert_int_equal(marks_at(t, TEXT + 2 * UNIT), SS_MARK_WRAPPER);
	assert_int_equal(marks_at(t, TEXT + 2 * UNIT + 1), 0);
	assert_int_equal(marks_at(t, TEXT + WORD_BYTES), SS_MARK_PASSES_TYPE);
	assert_int_equal(marks_at(t, TEXT + WORD_BYTES + 1), 3);
	assert_int_equal(marks_at(t, TEXT + WORD_BYTES + UNIT), 3);
	assert_int_equal(marks_at(t, TEXT + WORD_BYTES + UNIT + 1), 0);
}

static void nothing_is_marked_outside_of_the_text(void **state)
{
	const struct ss_target *t = &target_values[1];

	(void)state;
	memset(mark_words, 0xff, sizeof(mark_words));
	marked_size = WORD_BYTES + UNIT;
	assert_int_equal(marks_at(t, 0), 0);
	assert_int_equal(marks_at(t, TEXT), 0);
	assert_int_equal(marks_at(t, TEXT + 1), 3);
	assert_int_equal(marks_at(t, TEXT + marked_size), 3);
	assert_int_equal(marks_at(t, TEXT + marked_size + 1), 0);
	assert_int_equal(marks_at(t, UINT64_MAX), 0);
}

/* The site behind the event's wrappers, of a probed function with or without a frame of its own. */
static uint64_t site_of(uint64_t site, uint64_t fp, int own_frame)
{
	struct event e = grown_at(site);
	struct pt_regs regs = regs_at(fp);

	event_caller(&regs, &e, own_frame);
	return e.site;
}

static void unmarked_caller_is_the_users(void **state)
{
	(void)state;
	frames[0][0] = frame_at(1);
	frames[0][1] = TEXT + 0x100;
	assert_int_equal(site_of(TEXT + 0x21, frame_at(0), 0), TEXT + 0x21);
	assert_int_equal(site_of(TEXT + 0x21, frame_at(0), 1), TEXT + 0x21);
	assert_int_equal(site_of(0, frame_at(0), 0), 0);
}

static void wrappers_are_stepped_over(void **state)
{
	(void)state;
	mark(2, SS_MARK_WRAPPER);
	mark(4, SS_MARK_WRAPPER);
	/* The frame of the wrapper that the site lies in, then of the wrapper that called it. */
	frames[1][0] = frame_at(3);
	frames[1][1] = TEXT + 4 * UNIT + 5;
	frames[3][0] = frame_at(4);
	frames[3][1] = TEXT + 0x100;
	frames[4][0] = frame_at(5);
	frames[4][1] = TEXT + 0x108;
	assert_int_equal(site_of(TEXT + 2 * UNIT + 5, frame_at(1), 0), TEXT + 0x100);
	/* The probed function's own frame is one more. */
	frames[0][0] = frame_at(1);
	frames[0][1] = TEXT + 2 * UNIT + 5;
	assert_int_equal(site_of(TEXT + 2 * UNIT + 5, frame_at(0), 1), TEXT + 0x100);
}

/* A wrapper whose caller cannot be told stays the site: no loop, no address from nowhere. */
static void broken_frames_end_the_walk(void **state)
{
	const uint64_t site = TEXT + 2 * UNIT + 5;

	(void)state;
	mark(2, SS_MARK_WRAPPER);
	frames[1][0] = frame_at(1);
	frames[1][1] = TEXT + 0x100;
	assert_int_equal(site_of(site, frame_at(1), 0), site);
	frames[1][0] = frame_at(0);
	assert_int_equal(site_of(site, frame_at(1), 0), site);
	assert_int_equal(site_of(site, 0, 0), site);
	assert_int_equal(site_of(site, 0, 1), site);
	frames[1][0] = frame_at(2);
	assert_int_equal(site_of(site, frame_at(1), 0), TEXT + 0x100);
}

/* More wrappers than are stepped over: the last one looked at is taken as the user's. */
static void depth_is_bounded(void **state)
{
	static uint64_t deep[WRAPPERS_MAX + 2][2];

	(void)state;
	mark(2, SS_MARK_WRAPPER);
	memory = deep;
	memory_size = sizeof(deep);
	for (size_t i = 0; i < WRAPPERS_MAX + 2; i++) {
		deep[i][0] = frame_at(i + 1);
		deep[i][1] = TEXT + 2 * UNIT + 1 + (i == WRAPPERS_MAX - 1);
	}
	assert_int_equal(site_of(TEXT + 2 * UNIT + 7, frame_at(0), 0), TEXT + 2 * UNIT + 2);
	assert_int_equal(site_of(TEXT + 2 * UNIT + 7, frame_at(1), 0), TEXT + 2 * UNIT + 1);
}

static void no_marks_no_walk(void **state)
{
	(void)state;
	mark(2, SS_MARK_WRAPPER);
	frames[0][0] = frame_at(1);
	frames[0][1] = TEXT + 0x100;
	marked_size = 0;
	assert_int_equal(site_of(TEXT + 2 * UNIT + 5, frame_at(0), 0), TEXT + 2 * UNIT + 5);
}

/* As the program at a call leaves it. */
static void pass(uint64_t site, uint64_t g, uint32_t target, uint64_t type)
{
	const struct ss_pending_key key = {.g = g, .target = target};
	const struct ss_passed value = {.site = site, .type = type};

	assert_int_equal(bpf_map_update_elem(&passed, &key, &value, BPF_ANY), 0);
}

static uint64_t type_at(uint64_t site, uint64_t type)
{
	struct event e = grown_at(site);
	struct pt_regs regs = regs_at(0);

	e.type = type;
	event_caller(&regs, &e, 0);
	assert_int_equal(e.site, site);
	return e.type;
}

static void passed_type_is_taken_once(void **state)
{
	const uint64_t site = TEXT + 3 * UNIT + 5;

	(void)state;
	mark(3, SS_MARK_PASSES_TYPE);
	pass(site, G, 1, 0x77);
	assert_int_equal(type_at(site, 0), 0x77);
	assert_int_equal(table_of(&passed)->used, 0);
	assert_int_equal(type_at(site, 0), 0);
}

/* Of another call, goroutine or target; or where calls pass a constant. */
static void type_of_another_call_is_none(void **state)
{
	const uint64_t site = TEXT + 3 * UNIT + 5;

	(void)state;
	mark(3, SS_MARK_PASSES_TYPE);
	pass(site + 1, G, 1, 0x77);
	pass(site, G + 1, 1, 0x78);
	pass(site, G, 0, 0x79);
	assert_int_equal(type_at(site, 0), 0);
	assert_int_equal(table_of(&passed)->used, 3);
	pass(site, G, 1, 0x77);
	mark_words[0] = 0;
	assert_int_equal(type_at(site, 0x55), 0x55);
	assert_int_equal(table_of(&passed)->used, 3);
}

/* A make right beside a call that passes its type. */
static void known_type_is_kept(void **state)
{
	const uint64_t site = TEXT + 3 * UNIT + 5;

	(void)state;
	mark(3, SS_MARK_PASSES_TYPE);
	assert_int_equal(type_at(site, 0x55), 0x55);
	pass(site, G, 1, 0x77);
	assert_int_equal(type_at(site, 0x55), 0x55);
	assert_int_equal(table_of(&passed)->used, 1);
}

/* The type belongs to the call in the wrapper, the site to the wrapper's caller. */
static void wrapper_passes_a_type(void **state)
{
	struct event e = grown_at(TEXT + 3 * UNIT + 5);
	struct pt_regs regs = regs_at(frame_at(0));

	(void)state;
	mark(3, SS_MARK_PASSES_TYPE | SS_MARK_WRAPPER);
	pass(e.site, G, 1, 0x77);
	frames[0][0] = frame_at(1);
	frames[0][1] = TEXT + 0x100;
	event_caller(&regs, &e, 0);
	assert_int_equal(e.type, 0x77);
	assert_int_equal(e.site, TEXT + 0x100);
}

/* Its call always passes the same type: the call that is shown instead would not tell it. */
static void wrapper_has_a_constant_type(void **state)
{
	const uint64_t site = 3 * UNIT + 5;
	const struct ss_call call = {.type = 0x5000, .size = 8};
	struct event e = grown_at(TEXT + site), told = e;
	struct pt_regs regs = regs_at(frame_at(0));

	(void)state;
	assert_int_equal(bpf_map_update_elem(&calls, &site, &call, BPF_ANY), 0);
	frames[0][0] = frame_at(1);
	frames[0][1] = TEXT + 0x100;
	event_caller(&regs, &e, 0);
	assert_int_equal(e.type, 0);
	mark(3, SS_MARK_WRAPPER);
	event_caller(&regs, &e, 0);
	assert_int_equal(e.type, TEXT + 0x5000);
	assert_int_equal(e.site, TEXT + 0x100);
	told.type = 0x77;
	event_caller(&regs, &told, 0);
	assert_int_equal(told.type, 0x77);
	assert_int_equal(told.site, TEXT + 0x100);
}

static uint32_t stack_of(long whole, long shorter)
{
	struct event e = grown_at(TEXT);
	struct pt_regs regs = regs_at(0);

	stack_ids[0] = whole;
	stack_ids[1] = shorter;
	event_stack(&regs, &e);
	return e.stack;
}

static void stacks_are_kept_where_wanted(void **state)
{
	(void)state;
	assert_int_equal(stack_of(6, 9), 0);
	with_stacks = 1;
	assert_int_equal(stack_of(6, 9), 7);
	assert_int_equal(stack_of(0, 9), 1);
	assert_int_equal(count_values[SS_STACKLESS], 0);
	assert_int_equal(stack_of(-14, 9), 0);
	assert_int_equal(count_values[SS_STACKLESS], 1);
}

/* Another stack has its place: it gets that which it has without the probe's address. */
static void stacks_have_two_places(void **state)
{
	(void)state;
	with_stacks = 1;
	assert_int_equal(stack_of(-EEXIST, 9), 10 | SS_STACK_SHORT);
	assert_int_equal(count_values[SS_STACKLESS], 0);
	assert_int_equal(stack_of(-EEXIST, -EEXIST), 0);
	assert_int_equal(count_values[SS_STACKLESS], 1);
}

static void argument_registers_are_in_order(void **state)
{
	const struct pt_regs regs = {.ax = 10,
				     .bx = 11,
				     .cx = 12,
				     .di = 13,
				     .si = 14,
				     .r8 = 15,
				     .r9 = 16,
				     .r10 = 17,
				     .r11 = 18};

	(void)state;
	for (uint32_t i = 0; i < GO_REGS; i++)
		assert_int_equal(go_reg(&regs, i), 10 + i);
	assert_int_equal(go_reg(&regs, GO_REGS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(marks_are_of_the_call, reset),
		cmocka_unit_test_setup(nothing_is_marked_outside_of_the_text, reset),
		cmocka_unit_test_setup(unmarked_caller_is_the_users, reset),
		cmocka_unit_test_setup(wrappers_are_stepped_over, reset),
		cmocka_unit_test_setup(broken_frames_end_the_walk, reset),
		cmocka_unit_test_setup(depth_is_bounded, reset),
		cmocka_unit_test_setup(no_marks_no_walk, reset),
		cmocka_unit_test_setup(passed_type_is_taken_once, reset),
		cmocka_unit_test_setup(type_of_another_call_is_none, reset),
		cmocka_unit_test_setup(known_type_is_kept, reset),
		cmocka_unit_test_setup(wrapper_passes_a_type, reset),
		cmocka_unit_test_setup(wrapper_has_a_constant_type, reset),
		cmocka_unit_test_setup(stacks_are_kept_where_wanted, reset),
		cmocka_unit_test_setup(stacks_have_two_places, reset),
		cmocka_unit_test_setup(argument_registers_are_in_order, reset),
	};

	return cmocka_run_group_tests_name("callers fold", tests, NULL, NULL);
}
