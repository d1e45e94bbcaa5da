// SPDX-License-Identifier: BSD-2-Clause
/* Decoding of one function, and what a probe on an instruction costs. */
#include "asm_amd64.h"

#include <errno.h>

#include "plan/amd64_price.h"

static void refuses(const struct assembly *a, int expected, const char *words)
{
	struct code *code = NULL;
	struct reason why = {""};

	assert_int_equal(asm_decode(a, &code, &why), expected);
	assert_null(code);
	assert_non_null(strstr(why.text, words));
}

static void test_decodes_whole(void **state)
{
	struct assembly a = {0};
	struct code *code;
	char text[64];
	size_t i;

	(void)state;
	ASM(&a, "\x55\x48\x89\xe5\xc3\x66\x90\x90\xcc\xcc");
	code = asm_code(&a);
	assert_int_equal(code_count(code), 7);
	assert_int_equal(code_insn(code, 1)->len, 3);
	assert_int_equal(code_offset(code, 2), 4);
	assert_int_equal(code_insn(code, 2)->kind, INSN_RET);
	assert_int_equal(code_insn(code, 3)->kind, INSN_NOP);
	assert_int_equal(code_insn(code, 3)->len, 2);
	assert_int_equal(code_insn(code, 4)->kind, INSN_NOP);
	assert_int_equal(code_insn(code, 5)->kind, INSN_TRAP);
	assert_int_equal(code_find(code, FUNC_ADDR + 4, &i), 0);
	assert_int_equal(i, 2);
	assert_int_equal(code_find(code, FUNC_ADDR + 2, &i), -ENOENT);
	assert_int_equal(code_find(code, FUNC_ADDR + a.len, &i), -ENOENT);
	assert_int_equal(code_find(code, FUNC_ADDR - 1, &i), -ENOENT);
	code_text(code, 1, text, sizeof(text));
	assert_string_equal(text, "mov rbp, rsp");
	code_text(code, 1, text, 4);
	assert_string_equal(text, "mov");
	code_free(code);
}

static void test_lifts_effects(void **state)
{
	static const struct {
		const char *bytes;
		struct insn insn;
	} cases[] = {
		{"\x48\x8b\x44\x24\x58", {.kind = INSN_LOAD, .len = 5, .reg = 0, .imm = 0x58}},
		{"\x48\x8b\x1c\x24", {.kind = INSN_LOAD, .len = 4, .reg = 3, .imm = 0}},
		{"\x4c\x89\xc1", {.kind = INSN_MOVE, .len = 3, .reg = 1, .reg2 = 8}},
		{"\x48\x83\xc4\x60", {.kind = INSN_RELEASE, .len = 4, .imm = 0x60}},
		{"\x48\x83\xec\x80", {.kind = INSN_RELEASE, .len = 4, .imm = 0x80}},
		{"\x48\x83\xec\x60", {.kind = INSN_RELEASE, .len = 4, .imm = -0x60}},
		{"\x5d", {.kind = INSN_POP, .len = 1, .reg = 5, .imm = 8}},
		{"\xff\x05\x10\x20\x30\x40", {.kind = INSN_STORE_STATIC, .len = 6}},
		{"\x8b\x44\x24\x58", {.kind = INSN_OTHER, .len = 4}},
		{"\x48\x8b\x44\x0c\x58", {.kind = INSN_OTHER, .len = 5}},
		{"\x64\x48\x8b\x44\x24\x58", {.kind = INSN_OTHER, .len = 6}},
		{"\x48\x8b\x45\x58", {.kind = INSN_OTHER, .len = 4}},
		{"\x48\x89\x44\x24\x58", {.kind = INSN_OTHER, .len = 5}},
		{"\x48\x89\xec", {.kind = INSN_OTHER, .len = 3}},
		{"\x5c", {.kind = INSN_OTHER, .len = 1}},
		{"\xff\xd0", {.kind = INSN_CALL, .len = 2}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct insn *want = &cases[i].insn;
		const struct insn *got;
		struct assembly a = {0};
		struct code *code;

		asm_put(&a, cases[i].bytes, want->len);
		ASM(&a, "\xc3");
		code = asm_code(&a);
		got = code_insn(code, 0);
		assert_int_equal(got->kind, want->kind);
		assert_int_equal(got->len, want->len);
		assert_int_equal(got->reg, want->reg);
		assert_int_equal(got->reg2, want->reg2);
		assert_int_equal(got->imm, want->imm);
		code_free(code);
	}
}

static void test_counts_branches(void **state)
{
	struct assembly a = {0};
	struct code *code;

	(void)state;
	asm_rel32(&a, "\x0f\x84", FUNC_ADDR);
	asm_rel8(&a, 0x74, FUNC_ADDR + 10);
	asm_rel8(&a, 0xe2, FUNC_ADDR + 10);
	asm_rel32(&a, "\xe8", FUNC_ADDR);
	ASM(&a, "\xc3");
	code = asm_code(&a);
	assert_int_equal(code_insn(code, 0)->kind, INSN_BRANCH);
	assert_int_equal(code_insn(code, 0)->entered, 1);
	assert_int_equal(code_insn(code, 2)->kind, INSN_BRANCH);
	assert_int_equal(code_insn(code, 3)->kind, INSN_CALL);
	assert_int_equal(code_insn(code, 3)->target, FUNC_ADDR);
	assert_int_equal(code_insn(code, 3)->entered, 2);
	code_free(code);
}

static void test_refuses_undecodable(void **state)
{
	struct assembly a = {0};
	struct assembly cut = {0};

	(void)state;
	ASM(&a, "\x55\x06\xc3");
	refuses(&a, -EBADMSG, "does not decode at +0x1");
	ASM(&cut, "\xc3\x48\x8b\x44\x24");
	refuses(&cut, -EBADMSG, "does not decode at +0x1");
}

static void test_refuses_branch_into_instruction(void **state)
{
	struct assembly jump = {0};
	struct assembly call = {0};

	(void)state;
	ASM(&jump, "\x48\x89\xe5");
	asm_rel8(&jump, 0x76, FUNC_ADDR + 1);
	ASM(&jump, "\xc3");
	refuses(&jump, -EBADMSG, "the branch at +0x3 goes into the middle");
	ASM(&call, "\x48\x89\xe5");
	asm_rel32(&call, "\xe8", FUNC_ADDR + 2);
	ASM(&call, "\xc3");
	refuses(&call, -EBADMSG, "the branch at +0x3 goes into the middle");
}

static void test_refuses_unseen_exits(void **state)
{
	struct assembly indirect = {0};
	struct assembly tail_jump = {0};
	struct assembly far = {0};
	struct assembly pops = {0};
	struct assembly runs_on = {0};

	(void)state;
	ASM(&indirect, "\xff\xe0\xc3");
	refuses(&indirect, -EBADMSG, "can leave by the jump at +0x0");
	asm_rel32(&tail_jump, "\xe9", OTHER_FUNC);
	ASM(&tail_jump, "\xc3");
	refuses(&tail_jump, -EBADMSG, "can leave by the jump at +0x0");
	ASM(&far, "\x90\xcb");
	refuses(&far, -EBADMSG, "can leave by the jump at +0x1");
	ASM(&pops, "\xc2\x08\x00");
	refuses(&pops, -EBADMSG, "can leave by the jump at +0x0");
	ASM(&runs_on, "\xc3\x48\x89\xe5");
	refuses(&runs_on, -EBADMSG, "runs on");
}

static void test_refuses_sizes(void **state)
{
	static uint8_t large[CODE_LEN_MAX + 1];
	struct assembly empty = {0};
	struct code *code = NULL;
	struct reason why;

	(void)state;
	refuses(&empty, -EBADMSG, "no code");
	memset(large, 0xcc, sizeof(large));
	assert_int_equal(
		code_decode(&plan_arch_amd64, large, sizeof(large), FUNC_ADDR, &code, &why),
		-EFBIG);
	assert_null(code);
	code_free(NULL);
}

static const struct price_case {
	size_t len;
	const char *bytes;
	int price;
} price_cases[] = {
	{5, "\xe8\x01\x02\x03\x04", PLAN_EMULATED},	   /* call rel32 */
	{5, "\xe9\x01\x02\x03\x04", PLAN_EMULATED},	   /* jmp rel32 */
	{2, "\xeb\x10", PLAN_EMULATED},			   /* jmp rel8 */
	{2, "\x76\x10", PLAN_EMULATED},			   /* jbe rel8 */
	{6, "\x0f\x86\x01\x02\x03\x04", PLAN_EMULATED},	   /* jbe rel32 */
	{1, "\x55", PLAN_EMULATED},			   /* push rbp */
	{2, "\x41\x57", PLAN_EMULATED},			   /* push r15 */
	{1, "\x90", PLAN_EMULATED},			   /* nop */
	{2, "\x66\x90", PLAN_EMULATED},			   /* nop */
	{2, "\x48\x55", PLAN_STEPPED},			   /* push rbp with REX.W */
	{2, "\x66\x55", PLAN_STEPPED},			   /* push bp */
	{2, "\xf3\x90", PLAN_STEPPED},			   /* pause */
	{5, "\x0f\x1f\x44\x00\x00", PLAN_STEPPED},	   /* nop, emulated by some kernels only */
	{1, "\xc3", PLAN_STEPPED},			   /* ret */
	{1, "\x5d", PLAN_STEPPED},			   /* pop rbp */
	{3, "\x48\x89\xe5", PLAN_STEPPED},		   /* mov rbp, rsp */
	{4, "\x48\x83\xec\x18", PLAN_STEPPED},		   /* sub rsp, 24 */
	{4, "\x49\x3b\x66\x10", PLAN_STEPPED},		   /* cmp rsp, [r14+16] */
	{2, "\xff\xd0", PLAN_STEPPED},			   /* call rax */
	{2, "\x6a\x01", PLAN_STEPPED},			   /* push 1 */
	{6, "\x66\xe8\x01\x02\x03\x04", -ENOTSUP},	   /* call with operand size prefix */
	{2, "\x41\x90", -ENOTSUP},			   /* xchg r8, rax */
	{8, "\xf0\x48\xff\x05\x01\x02\x03\x04", -ENOTSUP}, /* lock inc */
	{4, "\x2e\x48\x89\xe5", -ENOTSUP},		   /* segment prefix */
	{10, "\x66\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00", -ENOTSUP}, /* 10-byte nop */
	{1, "\xcc", -ENOTSUP},					    /* int3 */
	{2, "\xcd\x80", -ENOTSUP},				    /* int 128 */
	{1, "\xf4", -ENOTSUP},					    /* hlt */
	{2, "\x0f\x05", -ENOTSUP},				    /* syscall */
	{2, "\x0f\x34", -ENOTSUP},				    /* sysenter */
	{2, "\x0f\x0b", -ENOTSUP},				    /* ud2 */
	{6, "\x62\xf1\x7c\x48\x28\xc1", -ENOTSUP},		    /* EVEX */
	{1, "\x0f", -ENOTSUP},					    /* cut */
	{2, "\x66\xf3", -ENOTSUP},				    /* prefixes alone */
};

static void test_prices(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(price_cases) / sizeof(price_cases[0]); i++) {
		const struct price_case *c = &price_cases[i];
		int price = amd64_price((const uint8_t *)c->bytes, c->len);

		if (price != c->price)
			print_error("case %zu\n", i);
		assert_int_equal(price, c->price);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decodes_whole),
		cmocka_unit_test(test_lifts_effects),
		cmocka_unit_test(test_counts_branches),
		cmocka_unit_test(test_refuses_undecodable),
		cmocka_unit_test(test_refuses_branch_into_instruction),
		cmocka_unit_test(test_refuses_unseen_exits),
		cmocka_unit_test(test_refuses_sizes),
		cmocka_unit_test(test_prices),
	};

	return cmocka_run_group_tests_name("plan_code", tests, NULL, NULL);
}
