// SPDX-License-Identifier: BSD-2-Clause
/* A64 instructions as effects, and the stack check. */
#include "asm_arm64.h"

#include <errno.h>

/* For words at FUNC_ADDR. */
/* An instruction alone, and what it does. */
static const struct {
	uint32_t word;
	struct insn insn;
} cases[] = {
	{0xf9402be0, {.kind = INSN_LOAD, .reg = 0, .imm = 0x50}},
	{0xf94003e1, {.kind = INSN_LOAD, .reg = 1, .imm = 0}},
	{0xf85f83fd, {.kind = INSN_LOAD, .reg = 29, .imm = -8}},
	{0xa97ffbfd, {.kind = INSN_LOAD_PAIR, .reg = 29, .reg2 = 30, .imm = -8}},
	{0xa94107e0, {.kind = INSN_LOAD_PAIR, .reg = 0, .reg2 = 1, .imm = 16}},
	{0xf84607fe, {.kind = INSN_POP, .reg = 30, .imm = 0x60}},
	{0xaa0803e1, {.kind = INSN_MOVE, .reg = 1, .reg2 = 8}},
	{0x910183ff, {.kind = INSN_RELEASE, .imm = 0x60}},
	{0x914007ff, {.kind = INSN_RELEASE, .imm = 0x1000}},
	{0xd10183ff, {.kind = INSN_RELEASE, .imm = -0x60}},
	{0x91220000, {.kind = INSN_ADD, .reg = 0, .reg2 = 0, .imm = 0x880}},
	{0xd1000841, {.kind = INSN_ADD, .reg = 1, .reg2 = 2, .imm = -2}},
	{0xb0000800, {.kind = INSN_ADDRESS, .reg = 0, .target = 0x502000}},
	{0xf0ffffe3, {.kind = INSN_ADDRESS, .reg = 3, .target = 0x400000}},
	{0x30000041, {.kind = INSN_ADDRESS, .reg = 1, .target = 0x401009}},
	{0xd2800023, {.kind = INSN_SET, .reg = 3}},
	{0xb24003e3, {.kind = INSN_SET, .reg = 3}},
	{0xb907bb63, {.kind = INSN_STORE_AT, .reg = 27, .imm = 0x7b8}},
	{0xf9000763, {.kind = INSN_STORE_AT, .reg = 27, .imm = 8}},
	{0x58000041, {.kind = INSN_LITERAL, .target = 0x401008, .imm = 8}},
	{0x9c000040, {.kind = INSN_LITERAL, .target = 0x401008, .imm = 16}},
	{A64_NOP, {.kind = INSN_NOP}},
	{A64_RET, {.kind = INSN_RET}},
	{0xd63f0020, {.kind = INSN_CALL}},
	{0x94003c00, {.kind = INSN_CALL, .target = MEMMOVE_ADDR}},
	{0x14000001, {.kind = INSN_JUMP, .target = 0x401004}},
	{0x54000029, {.kind = INSN_BRANCH, .target = 0x401004}},
	{0xb4000020, {.kind = INSN_BRANCH, .target = 0x401004}},
	{0x36000020, {.kind = INSN_BRANCH, .target = 0x401004}},
	{0xd4200000, {.kind = INSN_TRAP}},
	{0x00000000, {.kind = INSN_TRAP}},
	{0x00010131, {.kind = INSN_TRAP}},
	/* Of 4 bytes, not at the stack pointer, to it, from it, of the zero register. */
	{0xb94053e0, {.kind = INSN_OTHER}},
	{0xf9402820, {.kind = INSN_OTHER}},
	{0x9100029f, {.kind = INSN_OTHER}},
	{0x910023e0, {.kind = INSN_OTHER}},
	{0xaa1f03e0, {.kind = INSN_OTHER}},
	{0xf9402bff, {.kind = INSN_OTHER}},
	{0xf9002be0, {.kind = INSN_OTHER}},
	{0xf9401b60, {.kind = INSN_OTHER}},
	{0xb1000400, {.kind = INSN_OTHER}},
	{0xd4000001, {.kind = INSN_OTHER}},
	/* Not known to every Capstone: ldaddal, sm3 of vectors */
	{0xf8e10002, {.kind = INSN_OTHER}},
	{0xce60c000, {.kind = INSN_OTHER}},
};

static void test_effects(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct assembly a = {0};
		struct insn insn = cases[i].insn;
		struct code *code;

		A64(&a, cases[i].word, A64_NOP, A64_NOP, A64_NOP, A64_NOP, A64_NOP, A64_RET);
		code = a64_code(&a);
		insn.addr = FUNC_ADDR;
		insn.len = 4;
		if (memcmp(code_insn(code, 0), &insn, sizeof(insn)) != 0)
			fail_msg("%08x: kind %u", cases[i].word, code_insn(code, 0)->kind);
		code_free(code);
	}
}

static void refuse(const struct assembly *a, const char *words)
{
	struct reason why = {""};
	struct code *code = NULL;

	assert_int_equal(code_decode(&plan_arch_arm64, a->bytes, a->len, FUNC_ADDR, &code, &why),
			 -EBADMSG);
	assert_non_null(strstr(why.text, words));
}

/* To a register, to an address that is signed, otherwise by what is not known. */
static void test_ways_out(void **state)
{
	static const uint32_t words[] = {0xd61f0200, 0xd65f0020, 0xd65f0bff,
					 0xd71f0800, 0x74000000, 0xd69f03e0};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct assembly a = {0};

		A64(&a, words[i], A64_RET);
		refuse(&a, "it can leave by the jump at +0x0");
	}
}

static void test_ends(void **state)
{
	struct assembly a = {0};

	(void)state;
	A64(&a, A64_RET, 0xaa0103e0);
	refuse(&a, "runs on into the next function");
	a.len = 3;
	refuse(&a, "does not decode at +0x0");
	a.len = 7;
	refuse(&a, "does not decode at +0x4");
}

/* Constants behind the code, one of them the word of a ret. */
static void test_literals(void **state)
{
	struct assembly a = {0};
	struct code *code;

	(void)state;
	A64(&a, 0x58000061, A64_RET, 0x580000a2, A64_RET, 0x14000000, A64_RET);
	code = a64_code(&a);
	assert_int_equal(code_insn(code, 0)->kind, INSN_LITERAL);
	assert_int_equal(code_insn(code, 1)->kind, INSN_RET);
	/* From +0xc the first takes 8 bytes, the second is at +0x1c, outside. */
	assert_int_equal(code_insn(code, 2)->kind, INSN_LITERAL);
	assert_int_equal(code_insn(code, 3)->kind, INSN_TRAP);
	assert_int_equal(code_insn(code, 4)->kind, INSN_TRAP);
	assert_int_equal(code_insn(code, 4)->entered, 0);
	assert_int_equal(code_insn(code, 5)->kind, INSN_RET);
	code_free(code);
}

static const struct {
	size_t len;
	uint32_t words[7];
} checks[] = {
	{3, {A64_GUARD, A64_CMP, A64_B_LS}},
	/* sub x17, sp, #0x390; cmp x17, x16 */
	{4, {A64_GUARD, 0xd10e43f1, 0xeb10023f, A64_B_LS}},
	/* subs x17, sp, #0x2000 */
	{5, {A64_GUARD, 0xf1400bf1, A64_B_LO, 0xeb10023f, A64_B_LS}},
	/* mov x27, #0x1330; subs x17, sp, x27 */
	{6, {A64_GUARD, 0xd282661b, 0xeb3b63f1, A64_B_LO, 0xeb10023f, A64_B_LS}},
	{6, {A64_GUARD, 0xb27c1bfb, 0xeb3b63f1, A64_B_LO, 0xeb10023f, A64_B_LS}},
	/* movk x27, #1, lsl #16 */
	{7, {A64_GUARD, 0xd282241b, 0xf2a0003b, 0xeb3b63f1, A64_B_LO, 0xeb10023f, A64_B_LS}},
};

static size_t stack_check(const uint32_t *words, size_t n)
{
	struct assembly a = {0};
	struct code *code;
	size_t check;

	a64_puts(&a, words, n);
	A64(&a, A64_RET);
	code = a64_code(&a);
	check = plan_arch_arm64.stack_check(code);
	code_free(code);
	return check;
}

static void test_stack_checks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		assert_int_equal(stack_check(checks[i].words, checks[i].len), checks[i].len);
		for (size_t j = 0; j < checks[i].len; j++) {
			uint32_t words[7];

			memcpy(words, checks[i].words, sizeof(words));
			words[j] = A64_NOP;
			assert_int_equal(stack_check(words, checks[i].len), 0);
		}
	}
}

/* Of what lies nearby: stackguard1, other registers, other conditions. */
static void test_no_stack_checks(void **state)
{
	static const uint32_t others[][3] = {
		{0xf9400f90, A64_CMP, A64_B_LS},   {0xf9400b91, A64_CMP, A64_B_LS},
		{A64_GUARD, 0xeb3163ff, A64_B_LS}, {A64_GUARD, A64_CMP, A64_B_LO},
		{A64_GUARD, A64_CMP, 0x54000008},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(stack_check(others[i], 3), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_effects),	     cmocka_unit_test(test_ways_out),
		cmocka_unit_test(test_ends),	     cmocka_unit_test(test_literals),
		cmocka_unit_test(test_stack_checks), cmocka_unit_test(test_no_stack_checks),
	};

	return cmocka_run_group_tests_name("arm64_code", tests, NULL, NULL);
}
