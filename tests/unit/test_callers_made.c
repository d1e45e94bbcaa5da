// SPDX-License-Identifier: BSD-2-Clause
/* plan/callers.h on a made executable with one call, so that each bit is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "call_image.h"
#include "plan/callers.h"
#include "slicestat.h"

#define CALL_LEN 5

/* The callers where CALLEE is taken as this function; to be freed. */
static struct plan_callers *callers_of(const struct assembly *a, const char *callee,
				       uint64_t *offset)
{
	struct plan plan = {.nfuncs = 1, .funcs = {{.op = SS_OP_GROW, .addr = CALLEE}}};
	struct plan_callers *callers = NULL;
	struct reason why = {""};
	struct go_image img;
	struct opened o;

	snprintf(plan.funcs[0].name, sizeof(plan.funcs[0].name), "%s", callee);
	caller_image(a, 0, &img);
	o = open_image(&img);
	if (plan_callers_make(o.bin, &plan, NULL, 0, &callers, &why))
		fail_msg("%s", why.text);
	assert_int_equal(gobin_file_offset(o.bin, CALLER, offset), 0);
	close_image(&o);
	return callers;
}

/* All marks but those of the unit of 16 bytes at addr are empty; its own. */
static uint64_t only_mark(const struct plan_callers *c, uint64_t addr)
{
	const uint64_t unit = (addr - c->text) / 16;

	for (uint64_t i = 0; i < c->nmarks; i++)
		assert_int_equal(c->marks[i] & (i == unit / 32 ? ~(3ULL << unit % 32 * 2) : ~0ULL),
				 0);
	return c->marks[unit / 32] >> unit % 32 * 2;
}

/* The mark is where the call ends, though what follows it may begin another 16 bytes. */
static void test_calls_at_all_offsets(void **state)
{
	(void)state;
	assert_int_equal(CALLER % 16, 0);
	for (size_t at = 0; at < 32; at++) {
		struct assembly a = caller_begin();
		struct plan_callers *c;
		uint64_t offset;

		a.len += at;
		asm_rel32(&a, "\xe8", CALLEE);
		c = callers_of(&a, "runtime.growslice", &offset);
		assert_int_equal(c->ntype_calls, 1);
		assert_int_equal(c->nconstant_calls, 0);
		assert_int_equal(c->type_calls[0].offset, offset + at);
		assert_int_equal(c->type_calls[0].arg, 4);
		assert_int_equal(only_mark(c, CALLER + at + CALL_LEN - 1), SS_MARK_PASSES_TYPE);
		plan_callers_free(c);
	}
}

static void test_constant_type(void **state)
{
	struct assembly a = caller_begin();
	struct plan_callers *c;
	uint64_t offset, ret;

	(void)state;
	asm_rel32(&a, LEA_RSI, TYPE);
	asm_rel32(&a, "\xe8", CALLEE);
	ret = asm_here(&a);
	c = callers_of(&a, "runtime.growslice", &offset);
	assert_int_equal(c->ntype_calls, 0);
	assert_int_equal(c->nconstant_calls, 1);
	assert_int_equal(c->constant_calls[0].ret, ret);
	assert_int_equal(c->constant_calls[0].type, TYPE);
	assert_int_equal(c->constant_calls[0].size, 8);
	assert_int_equal(plan_callers_type(c, ret), TYPE);
	assert_int_equal(only_mark(c, CALLER), 0);
	plan_callers_free(c);
}

/* What does not take a type is not looked at. */
static void test_untyped_callee(void **state)
{
	struct assembly a = caller_begin();
	struct plan_callers *c;
	uint64_t offset;

	(void)state;
	asm_rel32(&a, "\xe8", CALLEE);
	c = callers_of(&a, "runtime.makeslice", &offset);
	assert_int_equal(c->ntype_calls, 0);
	assert_int_equal(c->nconstant_calls, 0);
	assert_int_equal(only_mark(c, CALLER), 0);
	plan_callers_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls_at_all_offsets),
		cmocka_unit_test(test_constant_type),
		cmocka_unit_test(test_untyped_callee),
	};

	return cmocka_run_group_tests_name("callers made", tests, NULL, NULL);
}
