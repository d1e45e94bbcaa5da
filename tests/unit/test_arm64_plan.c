// SPDX-License-Identifier: BSD-2-Clause
/* Which sites are chosen in hand-assembled arm64 functions. */
#include "asm_arm64.h"

#include <errno.h>

#include "plan/enter.h"
#include "plan/tail.h"

#define LOAD_BASE 0xf9402be0 /* ldr x0, [sp, #80] */
#define LOAD_LEN  0xf94027e1 /* ldr x1, [sp, #72] */
#define LOAD_CAP  0xf9401be2 /* ldr x2, [sp, #48] */
#define LOADS	  LOAD_BASE, LOAD_LEN, LOAD_CAP
#define LOAD_FP	  0xf85f83fd /* ldur x29, [sp, #-8] */
#define POP_LINK  0xf84607fe /* ldr x30, [sp], #96 */
#define LOAD_PAIR 0xa97ffbfd /* ldp x29, x30, [sp, #-8] */
#define RELEASE	  0x910183ff /* add sp, sp, #96 */

static int prove(const uint32_t *tail, size_t n, struct plan_frame *frame, struct reason *why)
{
	struct assembly a = {0};
	struct code *code;
	size_t call = 99;
	int err;

	a64_put(&a, A64_NOP);
	a64_branch(&a, A64_BL, MEMMOVE_ADDR);
	a64_puts(&a, tail, n);
	a64_put(&a, A64_RET);
	code = a64_code(&a);
	err = tail_prove(code, code_count(code) - 1, &asm_callees, &call, frame, why);
	if (!err)
		assert_int_equal(call, 1);
	code_free(code);
	return err;
}

static void proves(const uint32_t *tail, size_t n, int base, int len, int cap, int caller)
{
	struct plan_frame frame = {0};
	struct reason why = {""};
	int err = prove(tail, n, &frame, &why);

	if (err)
		fail_msg("%s", why.text);
	assert_int_equal(frame.base, base);
	assert_int_equal(frame.len, len);
	assert_int_equal(frame.cap, cap);
	assert_int_equal(frame.caller, caller);
}

static void doubts(const uint32_t *tail, size_t n, const char *words)
{
	struct plan_frame frame = {0};
	struct reason why = {""};

	assert_int_equal(prove(tail, n, &frame, &why), -EBADMSG);
	if (!strstr(why.text, words))
		fail_msg("%s", why.text);
}

#define WORDS(...)                                                                                 \
	(const uint32_t[])                                                                         \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}
#define COUNT(...)	  (sizeof(WORDS(__VA_ARGS__)) / sizeof(uint32_t))
#define PROVES(...)	  proves(WORDS(__VA_ARGS__), COUNT(__VA_ARGS__), 0x50, 0x48, 0x30, 0)
#define DOUBTS(text, ...) doubts(WORDS(__VA_ARGS__), COUNT(__VA_ARGS__), text)

static void test_tail_proved(void **state)
{
	(void)state;
	/* Go 1.24 and newer, then older. */
	PROVES(LOADS, LOAD_FP, POP_LINK);
	PROVES(LOADS, LOAD_PAIR, RELEASE);
	PROVES(LOADS, A64_NOP, 0xf94003fe, RELEASE); /* ldr x30, [sp] */
	/* x5 = [sp, #80]; x0 = x5 */
	PROVES(0xf9402be5, LOAD_LEN, LOAD_CAP, 0xaa0503e0, LOAD_FP, POP_LINK);
	/* ldp x0, x1: base and len side by side */
	proves(WORDS(0xa94487e0, LOAD_CAP, LOAD_FP, POP_LINK), 4, 0x48, 0x50, 0x30, 0);
	/* A coverage counter: mov x3, #1; adrp x27, ..; str w3, [x27, #1976] */
	PROVES(0xb24003e3, 0x90019d9b, 0xb907bb63, LOADS, LOAD_FP, POP_LINK);
	/* A result loaded when the frame is gone: add sp, sp, #16; ldr x0, [sp, #64] */
	PROVES(LOAD_LEN, LOAD_CAP, 0xf94003fe, 0x910043ff, 0xf94023e0);
}

static void test_tail_doubted(void **state)
{
	(void)state;
	DOUBTS("result 1 is not loaded", LOAD_LEN, LOAD_CAP, LOAD_FP, POP_LINK);
	DOUBTS("result 3 is not loaded", LOAD_BASE, LOAD_LEN, LOAD_FP, POP_LINK);
	/* ldur x0, [sp, #-8] */
	DOUBTS("result 1 is not loaded", 0xf85f83e0, LOAD_LEN, LOAD_CAP, LOAD_FP, POP_LINK);
	/* mov x2, #1 */
	DOUBTS("result 3 is not loaded", LOADS, 0xd2800022, LOAD_FP, POP_LINK);
	DOUBTS("return address is not loaded", LOADS, LOAD_FP, RELEASE);
	/* ldr x30, [sp, #-8]! is not known, mov x30, x3 is no slot. */
	DOUBTS("more than load", LOADS, 0xf85f8ffe, RELEASE);
	DOUBTS("return address is not loaded", LOADS, POP_LINK, 0xaa0303fe);
	DOUBTS("one place", LOAD_BASE, LOAD_LEN, 0xf94027e2, POP_LINK);
	/* The return address among the results: ldr x2, [sp] */
	DOUBTS("one place", LOAD_BASE, LOAD_LEN, 0xf94003e2, POP_LINK);
	/* str w3, [x27, #1976], which nobody set; str x0, [sp, #80] */
	DOUBTS("unexpectedly", 0xb907bb63, LOADS, POP_LINK);
	DOUBTS("more than load", 0xf9002be0, LOADS, POP_LINK);
	/* x27 was a constant, but is loaded since. */
	DOUBTS("unexpectedly", 0x90019d9b, 0xf9402bfb, 0xb907bb63, LOADS, POP_LINK);
	DOUBTS("unexpectedly", LOADS, POP_LINK, 0xd10183ff);
	/* sub x0, x0, x1; blr x1 */
	DOUBTS("more than load", LOADS, 0xcb010000, POP_LINK);
	DOUBTS("more than load", 0xd63f0020, LOADS, POP_LINK);
}

static void choose(const struct assembly *a, struct probes *probes)
{
	struct code *code = a64_code(a);
	struct reason why = {""};

	*probes = (struct probes){0};
	if (growslice_probes(code, &asm_callees, probes, &why))
		fail_msg("%s", why.text);
	code_free(code);
}

static void test_growslice(void **state)
{
	struct assembly a = {0};
	struct probes probes;

	(void)state;
	a64_branch_if(&a, A64_CBZ, FUNC_ADDR + 7 * 4);
	a64_branch(&a, A64_BL, MEMMOVE_ADDR);
	A64(&a, LOADS, POP_LINK, A64_RET);
	a64_address(&a, 0, ZEROBASE_ADDR + 0x50);
	A64(&a, 0xf94003e1, 0xaa0303e2, LOAD_PAIR, RELEASE, A64_RET, 0);
	choose(&a, &probes);
	assert_int_equal(probes.count, 2);
	assert_int_equal(probes.at[0].point, PLAN_GROW_CALL);
	assert_int_equal(probes.at[0].insn, 1);
	assert_int_equal(probes.at[1].point, PLAN_GROW_RET);
	assert_int_equal(probes.at[1].insn, 13);
	assert_int_equal(probes.zerobase, ZEROBASE_ADDR + 0x50);
	assert_string_equal(probes.note.text, "");
	/* Its base is added to something else. */
	memcpy(a.bytes + 8 * sizeof(uint32_t), &(const uint32_t){0x91014020}, 4);
	choose(&a, &probes);
	assert_int_equal(probes.zerobase, 0);
}

/* A function with a stack check of n words, whose branches lead to the end. */
static struct assembly checked(const uint32_t *check, size_t n, uint64_t morestack, uint64_t back)
{
	struct assembly a = {0};
	const uint64_t end = FUNC_ADDR + (n + 3) * 4;

	for (size_t i = 0; i < n; i++) {
		if (check[i] == A64_B_LS || check[i] == A64_B_LO)
			a64_branch_if(&a, check[i], end);
		else
			a64_put(&a, check[i]);
	}
	A64(&a, 0xf81a0ffe, POP_LINK, A64_RET);
	A64(&a, 0xf90007e0, 0xaa1e03e3); /* str x0, [sp, #8]; mov x3, x30 */
	a64_branch(&a, A64_BL, morestack);
	A64(&a, 0xf94007e0);
	a64_branch(&a, A64_B, back);
	return a;
}

static int enter(const struct assembly *a, struct probes *probes, struct reason *why)
{
	struct code *code = a64_code(a);
	int err;

	*probes = (struct probes){0};
	err = enter_add(code, &asm_callees, PLAN_MAKE_ENTER, probes, why);
	code_free(code);
	return err;
}

static void test_enter(void **state)
{
	static const uint32_t checks[][6] = {
		{A64_GUARD, A64_CMP, A64_B_LS},
		{A64_GUARD, 0xd10e43f1, 0xeb10023f, A64_B_LS},
		{A64_GUARD, 0xf1400bf1, A64_B_LO, 0xeb10023f, A64_B_LS},
		{A64_GUARD, 0xd282661b, 0xeb3b63f1, A64_B_LO, 0xeb10023f, A64_B_LS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		struct assembly a = checked(checks[i], i + 3, MORESTACK, FUNC_ADDR);
		struct probes probes;

		assert_int_equal(enter(&a, &probes, NULL), 0);
		assert_int_equal(probes.count, 1);
		assert_int_equal(probes.at[0].insn, i + 2);
		assert_int_equal(probes.at[0].point, PLAN_MAKE_ENTER);
		assert_true(probes.at[0].at_check);
		assert_string_equal(probes.note.text, "");
	}
}

static void test_enter_without_check(void **state)
{
	struct assembly a = {0};
	struct probes probes;

	(void)state;
	A64(&a, 0xaa0103e0, A64_RET);
	assert_int_equal(enter(&a, &probes, NULL), 0);
	assert_int_equal(probes.at[0].insn, 0);
	assert_false(probes.at[0].at_check);
	assert_string_equal(probes.note.text, "the first instruction where calls can be counted, "
					      "`mov x0, x1`, is stepped");
}

static void refuses_enter(const struct assembly *a, const char *words)
{
	struct probes probes;
	struct reason why = {""};

	assert_int_equal(enter(a, &probes, &why), -EBADMSG);
	if (!strstr(why.text, words))
		fail_msg("%s", why.text);
	assert_int_equal(probes.count, 0);
}

static void test_enter_refused(void **state)
{
	static const uint32_t check[] = {A64_GUARD, A64_CMP, A64_B_LS};
	struct assembly a = checked(check, 3, OTHER_FUNC, FUNC_ADDR);

	(void)state;
	refuses_enter(&a, "does not lead to runtime.morestack and back");
	a = checked(check, 3, MORESTACK, FUNC_ADDR + 4);
	refuses_enter(&a, "does not lead to runtime.morestack and back");
	/* A loop to the start, then one to the branch. */
	a = checked(check, 3, MORESTACK, FUNC_ADDR);
	a64_branch(&a, A64_B, FUNC_ADDR);
	refuses_enter(&a, "calls would count twice");
	a.len -= 4;
	a64_branch(&a, A64_B, FUNC_ADDR + 8);
	refuses_enter(&a, "calls would count twice");
	a.len = 3 * sizeof(uint32_t);
	memcpy(a.bytes + 8, &(const uint32_t){A64_B_LS}, 4);
	a64_branch(&a, A64_B, FUNC_ADDR);
	refuses_enter(&a, "does not lead to runtime.morestack and back");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tail_proved),	    cmocka_unit_test(test_tail_doubted),
		cmocka_unit_test(test_growslice),	    cmocka_unit_test(test_enter),
		cmocka_unit_test(test_enter_without_check), cmocka_unit_test(test_enter_refused),
	};

	return cmocka_run_group_tests_name("arm64_plan", tests, NULL, NULL);
}
