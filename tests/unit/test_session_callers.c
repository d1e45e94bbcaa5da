// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who caused an event, in the kernel, on code of our own: a wrapper is stepped over, a call that
 * passes its type is probed. Needs the right to trace; fails without.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "self_session.h"

/* A user's function, which calls a wrapper, which calls one that grows: {base, 1, 2}. */
__asm__(".pushsection .text\n"
	".p2align 9\n"
	"text_start:\n"
	"user:\n"
	"	push %rbp\n"
	"	mov %rsp, %rbp\n"
	"	call wrapper\n"
	"user_site:\n"
	"	pop %rbp\n"
	"	ret\n"
	".p2align 4\n"
	"wrapper:\n"
	"	push %rbp\n"
	"	mov %rsp, %rbp\n"
	"type_call:\n"
	"	call grow\n"
	"wrapper_site:\n"
	"	pop %rbp\n"
	"	ret\n"
	".p2align 4\n"
	"grow:\n"
	"	push %rbp\n"
	"	mov %rsp, %rbp\n"
	"	sub $0x20, %rsp\n"
	"	mov %rdi, (%rsp)\n"
	"	movq $1, 0x8(%rsp)\n"
	"	movq $2, 0x10(%rsp)\n"
	"grow_site:\n"
	"	call 1f\n"
	"	add $0x20, %rsp\n"
	"	pop %rbp\n"
	"	ret\n"
	"1:	ret\n"
	"text_end:\n"
	".popsection\n");

/* The second argument of C is the fifth of Go's. */
#define TYPE_ARG 4

void user(uint64_t base, uint64_t type);
extern const char text_start[], text_end[], user_site[], wrapper_site[], type_call[], grow_site[];

static uint64_t marks[2];
/* With the call of growslice one more than perf events are attached for. */
#define TYPE_CALLS 128
static struct plan_type_call type_calls[TYPE_CALLS];

static const struct plan_frame frame = {.base = 0, .len = 8, .cap = 0x10, .caller = 0x28};

/* The offset in the file: all code lies in one segment. */
static uint64_t offset_of(const char *code)
{
	struct plan plan;

	assert_int_equal(calibrate_plan(&plan), 0);
	return plan.sites[0].offset + (uintptr_t)code - (uintptr_t)calibrate_emulated_site;
}

static struct plan grow_plan(void)
{
	return (struct plan){
		.nfuncs = 1,
		.nsites = 1,
		.grow_frame = frame,
		.funcs = {{.name = "grow", .op = SS_OP_GROW}},
		.sites = {{.point = PLAN_GROW_CALL,
			   .price = PLAN_EMULATED,
			   .offset = offset_of(grow_site)}},
	};
}

/* With these marks on the wrapper, which is one unit, and its call so many times. */
static struct plan_callers wrapper_callers(uint64_t bits, size_t ntype_calls)
{
	const uint64_t unit = ((uintptr_t)type_call - (uintptr_t)text_start) >> SS_MARK_SHIFT;

	assert_true(unit < 32);
	marks[0] = bits << 2 * unit;
	for (size_t i = 0; i < ntype_calls; i++)
		type_calls[i] =
			(struct plan_type_call){.offset = offset_of(type_call), .arg = TYPE_ARG};
	return (struct plan_callers){
		.text = (uintptr_t)text_start,
		.text_size = (uintptr_t)text_end - (uintptr_t)text_start,
		.marks = marks,
		.nmarks = 1,
		.type_calls = type_calls,
		.ntype_calls = ntype_calls,
	};
}

#define ENTRIES 8

/* Sites with their shards added up. */
struct tally {
	struct ss_site_key keys[ENTRIES];
	uint64_t events[ENTRIES];
	size_t n;
};

static void add_up(void *ctx, const void *entry_key, const void *entry_val)
{
	struct ss_site_key key = *(const struct ss_site_key *)entry_key;
	const struct ss_site *val = entry_val;
	struct tally *t = ctx;
	size_t i = 0;

	key.shard = 0;
	while (i < t->n && memcmp(&t->keys[i], &key, sizeof(key)) != 0)
		i++;
	assert_true(i < ENTRIES);
	t->keys[i] = key;
	t->events[i] += val->events;
	t->n += i == t->n;
}

static uint64_t events_of(const struct tally *t, const char *site, uint64_t type)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		if (t->keys[i].pc == (uintptr_t)site && t->keys[i].type == type)
			n += t->events[i];
	return n;
}

static struct session_options options(enum session_attach_by by)
{
	return (struct session_options){.fold = SESSION_FOLD_SITES,
					.max_bases = 1,
					.max_sites = ENTRIES,
					.max_pending = 4,
					.max_targets = 1,
					.by = by};
}

static struct session *start(const struct plan_callers *callers, enum session_attach_by by)
{
	const struct session_options opts = options(by);
	const struct plan plan = grow_plan();

	return self_session(&opts, &plan, callers);
}

static void run(struct session *s, struct tally *t)
{
	for (int i = 0; i < 5; i++)
		user(0x1000, 0x70);
	for (int i = 0; i < 3; i++)
		user(0x1000, 0x78);
	assert_int_equal(session_stop(s), 0);
	take_snapshot(s, add_up, t);
	assert_int_equal(counted(s, SS_SEEN), 8);
	assert_int_equal(counted(s, SS_FOLDED), 8);
}

static void check_wrapper_and_type(enum session_attach_by by)
{
	const struct plan_callers callers =
		wrapper_callers(SS_MARK_WRAPPER | SS_MARK_PASSES_TYPE, 1);
	struct session *s = start(&callers, by);
	struct tally t = {.n = 0};

	run(s, &t);
	assert_int_equal(t.n, 2);
	assert_int_equal(events_of(&t, user_site, 0x70), 5);
	assert_int_equal(events_of(&t, user_site, 0x78), 3);
	/* The probe at the call has its price too. */
	assert_int_equal(counted(s, SS_TRAPS_EMULATED), 16);
	session_free(s);
}

static void wrapper_and_type(void **state)
{
	(void)state;
	skip_without_multi();
	check_wrapper_and_type(SESSION_UPROBE_MULTI);
}

static void wrapper_and_type_by_perf_events(void **state)
{
	(void)state;
	check_wrapper_and_type(SESSION_PERF_EVENT);
}

/* Each perf event takes time to take off: where there are many, types are not known. */
static void few_types_by_perf_events(void **state)
{
	const struct plan_callers callers =
		wrapper_callers(SS_MARK_WRAPPER | SS_MARK_PASSES_TYPE, TYPE_CALLS);
	const struct session_options opts = options(SESSION_PERF_EVENT);
	const struct plan plan = grow_plan();
	struct tally t = {.n = 0};
	struct reason left_out;
	struct session *s;

	(void)state;
	s = self_session_but(&opts, &plan, &callers, &left_out);
	assert_string_equal(left_out.text, "the element types of 128 calls, which only the run "
					   "knows: too many without uprobe_multi");
	run(s, &t);
	assert_int_equal(t.n, 1);
	assert_int_equal(events_of(&t, user_site, 0), 8);
	assert_int_equal(counted(s, SS_TRAPS_EMULATED), 8);
	session_free(s);
}

static void type_alone(void **state)
{
	const struct plan_callers callers = wrapper_callers(SS_MARK_PASSES_TYPE, 1);
	struct session *s = start(&callers, SESSION_BEST);
	struct tally t = {.n = 0};

	(void)state;
	run(s, &t);
	assert_int_equal(t.n, 2);
	assert_int_equal(events_of(&t, wrapper_site, 0x70), 5);
	assert_int_equal(events_of(&t, wrapper_site, 0x78), 3);
	session_free(s);
}

static void wrapper_alone(void **state)
{
	struct plan_callers callers = wrapper_callers(SS_MARK_WRAPPER, 0);
	struct session *s;
	struct tally t = {.n = 0};

	(void)state;
	s = start(&callers, SESSION_BEST);
	run(s, &t);
	assert_int_equal(t.n, 1);
	assert_int_equal(events_of(&t, user_site, 0), 8);
	assert_int_equal(counted(s, SS_TRAPS_EMULATED), 8);
	session_free(s);
}

/* The wrapper's call passes a constant: the call that is shown instead would not tell it. */
static void wrapper_with_a_constant_type(void **state)
{
	struct plan_callers callers = wrapper_callers(SS_MARK_WRAPPER, 0);
	struct plan_constant_call call = {
		.ret = (uintptr_t)wrapper_site, .type = (uintptr_t)text_end + 0x40, .size = 8};
	struct tally t = {.n = 0};
	struct session *s;

	(void)state;
	callers.constant_calls = &call;
	callers.nconstant_calls = 1;
	s = start(&callers, SESSION_BEST);
	run(s, &t);
	assert_int_equal(t.n, 1);
	assert_int_equal(events_of(&t, user_site, call.type), 8);
	session_free(s);
}

/* Without callers the site is whoever called, and its type is not known. */
static void no_callers(void **state)
{
	struct session *s = start(NULL, SESSION_BEST);
	struct tally t = {.n = 0};

	(void)state;
	run(s, &t);
	assert_int_equal(t.n, 1);
	assert_int_equal(events_of(&t, wrapper_site, 0), 8);
	session_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrapper_and_type),
		cmocka_unit_test(wrapper_and_type_by_perf_events),
		cmocka_unit_test(few_types_by_perf_events),
		cmocka_unit_test(type_alone),
		cmocka_unit_test(wrapper_alone),
		cmocka_unit_test(wrapper_with_a_constant_type),
		cmocka_unit_test(no_callers),
	};

	return cmocka_run_group_tests_name("session callers", tests, NULL, NULL);
}
