// SPDX-License-Identifier: BSD-2-Clause
/* Calls in arm64 code: found in bulk, through the linker's trampolines, with constants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "asm_arm64.h"
#include "call_image.h"
#include "plan/trampoline.h"

static const struct img_layout go124_arm64 = {"go1.24.4", EM_AARCH64, 0xfffffff1, 0x60};

#define STEP(kind, target)                                                                         \
	{                                                                                          \
		4, kind, target                                                                    \
	}

static void test_steps(void **state)
{
	static const struct {
		uint32_t word;
		struct step step;
	} cases[] = {
		{A64_NOP, STEP(STEP_ON, 0)},
		{0xf9400b90, STEP(STEP_ON, 0)},
		{0xd4000001, STEP(STEP_ON, 0)},
		{0xffffffff, STEP(STEP_ON, 0)},
		{0x54000029, STEP(STEP_BRANCH, FUNC_ADDR + 4)},
		{0x54ffffe0, STEP(STEP_BRANCH, FUNC_ADDR - 4)},
		{0xb4000040, STEP(STEP_BRANCH, FUNC_ADDR + 8)},
		{0x36fc0001, STEP(STEP_BRANCH, FUNC_ADDR - 0x8000)},
		{0x17ffffff, STEP(STEP_JUMP, FUNC_ADDR - 4)},
		{0x94000001, STEP(STEP_CALL, FUNC_ADDR + 4)},
		{0xd63f0020, STEP(STEP_CALL, 0)},
		{0xd61f0200, STEP(STEP_INDIRECT, 0)},
		{0xd65f0020, STEP(STEP_INDIRECT, 0)},
		{A64_RET, STEP(STEP_END, 0)},
		{0xd4200000, STEP(STEP_END, 0)},
		{0x00000000, STEP(STEP_END, 0)},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text text = {(const uint8_t *)&cases[i].word, 4, FUNC_ADDR};
		struct step step, steps[STEPS_AT_ONCE];

		assert_true(calls_arch_arm64.step(&text, 0, &step));
		assert_int_equal(step.len, 4);
		assert_int_equal(step.kind, cases[i].step.kind);
		assert_int_equal(step.target, cases[i].step.target);
		assert_int_equal(calls_arch_arm64.steps(&text, 0, steps), 1);
		assert_int_equal(steps[0].kind, cases[i].step.kind);
		text.len = 3;
		assert_false(calls_arch_arm64.step(&text, 0, &step));
		assert_int_equal(calls_arch_arm64.steps(&text, 0, steps), 0);
	}
}

static void test_many_steps(void **state)
{
	static const uint32_t words[STEPS_AT_ONCE + 1];
	const struct text text = {(const uint8_t *)words, sizeof(words), FUNC_ADDR};
	struct step steps[STEPS_AT_ONCE];

	(void)state;
	assert_int_equal(calls_arch_arm64.steps(&text, 0, steps), STEPS_AT_ONCE);
	assert_int_equal(calls_arch_arm64.steps(&text, 4, steps), STEPS_AT_ONCE);
	assert_int_equal(calls_arch_arm64.steps(&text, 8, steps), STEPS_AT_ONCE - 1);
}

/* b is none, nor the word of a call that does not lie at a multiple of four. */
static void test_next_call(void **state)
{
	const uint64_t targets[] = {MEMMOVE_ADDR, OTHER_FUNC};
	struct assembly a = {0};
	struct text text = {a.bytes, 0, FUNC_ADDR};
	size_t which = 9;

	(void)state;
	a64_branch(&a, A64_B, MEMMOVE_ADDR);
	a64_branch(&a, A64_BL, OTHER_FUNC);
	a64_branch(&a, A64_BL, MORESTACK);
	a64_branch(&a, A64_BL, MEMMOVE_ADDR);
	text.len = a.len;
	assert_int_equal(calls_arch_arm64.next_call(&text, 0, targets, 2, &which), 4);
	assert_int_equal(which, 1);
	assert_int_equal(calls_arch_arm64.next_call(&text, 4, targets, 2, &which), 4);
	assert_int_equal(calls_arch_arm64.next_call(&text, 5, targets, 2, &which), 12);
	assert_int_equal(which, 0);
	assert_int_equal(calls_arch_arm64.next_call(&text, 13, targets, 2, &which), 16);
	assert_int_equal(calls_arch_arm64.next_call(&text, 0, targets, 0, &which), 16);
	text.len = 15;
	assert_int_equal(calls_arch_arm64.next_call(&text, 5, targets, 2, &which), 15);
	text = (struct text){a.bytes, a.len, FUNC_ADDR + 1};
	assert_int_equal(calls_arch_arm64.next_call(&text, 0, targets, 2, &which), a.len);
}

static bool load(const struct assembly *a, size_t at, uint8_t *reg, uint64_t *value, size_t *first)
{
	const struct text text = {a->bytes, a->len, FUNC_ADDR};

	return calls_arch_arm64.load(&text, at, reg, value, first);
}

static void test_load(void **state)
{
	struct assembly a = {0};
	uint64_t value = 0;
	size_t first = 9;
	uint8_t reg = 0;

	(void)state;
	a64_address(&a, 4, ZEROBASE_ADDR + 0x888);
	a64_address(&a, 0, 0x400010); /* before the code */
	a64_put(&a, 0x30000041);      /* adr x1, . + 9 */
	assert_true(load(&a, 4, &reg, &value, &first));
	assert_int_equal(reg, 4);
	assert_int_equal(value, ZEROBASE_ADDR + 0x888);
	assert_int_equal(first, 0);
	assert_true(load(&a, 12, &reg, &value, &first));
	assert_int_equal(reg, 0);
	assert_int_equal(value, 0x400010);
	assert_int_equal(first, 8);
	assert_true(load(&a, 16, &reg, &value, &first));
	assert_int_equal(reg, 1);
	assert_int_equal(value, FUNC_ADDR + 16 + 9);
	assert_int_equal(first, 16);
	assert_false(load(&a, 0, &reg, &value, &first));
	a.len = 7;
	assert_false(load(&a, 4, &reg, &value, &first));
}

/* Registers that differ, another instruction between, no page before, the stack pointer. */
static void test_no_load(void **state)
{
	static const uint32_t pairs[][2] = {
		{0x90000004, 0x91000065}, {0x90000004, 0xd1000084}, {A64_NOP, 0x91000084},
		{0x90000004, 0xb1000084}, {0x9000001f, 0x910003e4}, {0x90000004, 0x9100009f},
		{0x90000004, 0xf9400084},
	};
	uint64_t value;
	size_t first;
	uint8_t reg;

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct assembly a = {0};

		A64(&a, pairs[i][0], pairs[i][1]);
		assert_false(load(&a, 4, &reg, &value, &first));
		a.len = 4;
		memcpy(a.bytes, &pairs[i][1], 4);
		assert_false(load(&a, 0, &reg, &value, &first));
	}
}

/* A made executable whose caller's code is the assembly; its first function may have another name.
 */
static struct opened open_caller(const struct assembly *a, const char *renamed)
{
	struct go_image img;

	caller_image_of(&go124_arm64, a, CALLER, &img);
	if (renamed) {
		char *name = memmem(img.b, sizeof(img.b), img_func_names[0],
				    strlen(img_func_names[0]) + 1);

		assert_non_null(name);
		assert_true(strlen(renamed) <= strlen(name));
		memcpy(name, renamed, strlen(renamed) + 1);
	}
	return open_image(&img);
}

/* The calls in it, in the function that the assembly ends with. */
static int64_t calls_of(const struct assembly *a, const char *renamed, struct callsite **sites)
{
	const struct callee callee = {.addr = CALLEE, .type_arg = 4, .index = INDEX};
	struct opened o = open_caller(a, renamed);
	struct reason why = {""};
	int64_t n = callsites_find(o.bin, &callee, 1, sites, &why);

	if (n < 0)
		fail_msg("%s", why.text);
	close_image(&o);
	return n;
}

static struct assembly arm64_caller(void)
{
	struct assembly a = caller_begin();

	for (size_t at = 0; at + 4 <= sizeof(a.bytes); at += 4)
		memcpy(a.bytes + at, &(const uint32_t){A64_NOP}, 4);
	return a;
}

/* The type that the last call is found to pass in x4. */
static uint64_t type_passed(struct assembly *a)
{
	const uint64_t call = asm_here(a);
	struct callsite *sites = NULL;
	uint64_t type;
	int64_t n;

	a64_branch(a, A64_BL, CALLEE);
	n = calls_of(a, NULL, &sites);
	assert_true(n >= 1);
	assert_int_equal(sites[n - 1].call, call);
	assert_int_equal(sites[n - 1].ret, call + 4);
	assert_int_equal(sites[n - 1].index, INDEX);
	type = sites[n - 1].type;
	free(sites);
	return type;
}

static void test_constants(void **state)
{
	static const struct {
		uint32_t word; /* between the constant and the call */
		uint64_t type;
	} cases[] = {
		{A64_NOP, TYPE},    {0xf9402be4, 0},	/* ldr x4, [sp, #80] */
		{0xf9402be0, TYPE}, {0xa9420fe4, 0},	/* ldp x4, x3, [sp, #32] */
		{0x2a0003e4, 0},    {0xeb04001f, TYPE}, /* mov w4, w0; cmp x0, x4 */
		{0xd63f0020, 0},    {0xf9000084, TYPE}, /* blr x1; str x4, [x4] */
		{0xc85ffc01, 0},    {0xb4000040, TYPE}, /* ldaxr x1, [x0]; cbz x0, behind it */
		{0x17ffffff, 0},    {0xb4000020, 0},	/* b; cbz x0, to the call */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct assembly a = arm64_caller();
		uint64_t type;

		a64_address(&a, 4, TYPE);
		a64_put(&a, cases[i].word);
		type = type_passed(&a);
		if (type != cases[i].type)
			fail_msg("%08x: %llx", cases[i].word, (unsigned long long)type);
	}
}

/* Into the two instructions of the load. */
static void test_entered(void **state)
{
	struct assembly a = arm64_caller();

	(void)state;
	a64_branch_if(&a, A64_CBZ, asm_here(&a) + 8);
	a64_address(&a, 4, TYPE);
	assert_int_equal(type_passed(&a), 0);
	a = arm64_caller();
	a64_branch_if(&a, A64_CBZ, asm_here(&a) + 4);
	a64_address(&a, 4, TYPE);
	assert_int_equal(type_passed(&a), TYPE);
}

/* A jump by a table whose goals lie before the constant, and one that is not known. */
static void test_jump_tables(void **state)
{
	struct assembly a = arm64_caller();

	(void)state;
	a64_address(&a, 1, TABLE);
	A64(&a, 0xf8607821, 0xd61f0020); /* ldr x1, [x1, x0, lsl #3]; br x1 */
	a64_address(&a, 4, TYPE);
	assert_int_equal(type_passed(&a), TYPE);
	a = arm64_caller();
	A64(&a, 0xf8607821, 0xd61f0020);
	a64_address(&a, 4, TYPE);
	assert_int_equal(type_passed(&a), 0);
}

#define TRAMPOLINE IMG_GO_TEXT /* where the first function lies */

static void test_trampolines(void **state)
{
	struct assembly start = arm64_caller(), a;
	struct callsite *sites = NULL;
	uint64_t call;

	(void)state;
	start.len = TRAMPOLINE - FUNC_ADDR;
	a64_address(&start, 16, CALLEE);
	a64_put(&start, 0xd61f0200); /* br x16 */
	start.len = CALLER - FUNC_ADDR;
	a = start;
	a64_address(&a, 4, TYPE);
	call = asm_here(&a);
	a64_branch(&a, A64_BL, TRAMPOLINE);
	assert_int_equal(calls_of(&a, "runtime.f+0-tramp0", &sites), 1);
	assert_int_equal(sites[0].call, call);
	assert_int_equal(sites[0].type, TYPE);
	assert_int_equal(sites[0].index, INDEX);
	free(sites);
	/* By name alone it is none, nor by what it does alone. */
	assert_int_equal(calls_of(&a, NULL, &sites), 0);
	free(sites);
	memcpy(a.bytes + (TRAMPOLINE - FUNC_ADDR) + 8, &(const uint32_t){A64_RET}, 4);
	assert_int_equal(calls_of(&a, "runtime.f+0-tramp0", &sites), 0);
	free(sites);
}

/* As many as are followed, and one more. */
static void test_too_many_trampolines(void **state)
{
	struct assembly a = arm64_caller();
	struct callee callees[257], *all = NULL;
	struct callsite *sites = NULL;
	struct reason why = {""};
	struct opened o;

	(void)state;
	a.len = TRAMPOLINE - FUNC_ADDR;
	a64_address(&a, 16, CALLEE);
	a64_put(&a, 0xd61f0200); /* br x16 */
	for (size_t i = 0; i < 257; i++)
		callees[i] = (struct callee){.addr = CALLEE, .type_arg = -1};
	o = open_caller(&a, "runtime.f+0-tramp0");
	assert_int_equal(trampoline_callees(&calls_arch_arm64, o.bin, callees, 256, &all), 512);
	assert_int_equal(all[256].addr, TRAMPOLINE);
	free(all);
	assert_int_equal(callsites_find(o.bin, callees, 257, &sites, &why), -EFBIG);
	assert_string_equal(why.text, "more trampolines lead to its functions than a linker makes; "
				      "the file is corrupt or made up");
	close_image(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),	    cmocka_unit_test(test_many_steps),
		cmocka_unit_test(test_next_call),   cmocka_unit_test(test_load),
		cmocka_unit_test(test_no_load),	    cmocka_unit_test(test_constants),
		cmocka_unit_test(test_entered),	    cmocka_unit_test(test_jump_tables),
		cmocka_unit_test(test_trampolines), cmocka_unit_test(test_too_many_trampolines),
	};

	return cmocka_run_group_tests_name("arm64_calls", tests, NULL, NULL);
}
