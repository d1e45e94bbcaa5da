// SPDX-License-Identifier: BSD-2-Clause
/* Which sites are chosen in hand-assembled makeslice. */
#include "asm_amd64.h"

#include <errno.h>

#define GUARD	   "\x49\x3b\x66\x10"		      /* cmp rsp, [r14+0x10] */
#define MAKE_BODY  "\x55\x48\x89\xe5\x48\x83\xec\x18" /* push rbp; mov rbp, rsp; sub rsp, 24 */
#define MAKE_LEAVE "\x48\x83\xc4\x18\x5d\xc3"	      /* add rsp, 24; pop rbp; ret */

/* Spills, a call of callee, reloads, a jump back: what a stack check leads to. */
static void put_morestack(struct assembly *a, uint64_t callee, uint64_t back)
{
	ASM(a, "\x48\x89\x44\x24\x08");
	asm_rel32(a, "\xe8", callee);
	ASM(a, "\x48\x8b\x44\x24\x08");
	asm_rel32(a, "\xe9", back);
}

static int make_probes(const struct assembly *a, struct probes *probes, struct reason *why)
{
	struct code *code = asm_code(a);
	int err;

	*probes = (struct probes){0};
	err = makeslice_probes(code, &asm_callees, probes, why);
	code_free(code);
	return err;
}

/* The check's instructions, then a branch of the given form over a body of 14 bytes. */
static void put_make(struct assembly *a, const void *check, size_t len, bool near)
{
	asm_put(a, check, len);
	if (near)
		asm_rel32(a, "\x0f\x86", asm_here(a) + 6 + 14);
	else
		asm_rel8(a, 0x76, asm_here(a) + 2 + 14);
	ASM(a, MAKE_BODY MAKE_LEAVE);
}

static void test_makeslice_checks(void **state)
{
	static const struct {
		const char *check;
		size_t len;
		bool near;
		size_t enter; /* instruction index */
	} cases[] = {
		{GUARD, 4, false, 2},
		{GUARD, 4, true, 2},
		{"\x4c\x8d\x64\x24\x80\x4d\x3b\x66\x10", 9, false, 3},
		{"\x4c\x8d\xa4\x24\x00\xff\xff\xff\x4d\x3b\x66\x10", 12, true, 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct assembly a = {0};
		struct probes probes;

		put_make(&a, cases[i].check, cases[i].len, cases[i].near);
		put_morestack(&a, MORESTACK, FUNC_ADDR);
		assert_int_equal(make_probes(&a, &probes, NULL), 0);
		assert_int_equal(probes.count, 2);
		assert_int_equal(probes.at[0].point, PLAN_MAKE_ENTER);
		assert_int_equal(probes.at[0].insn, cases[i].enter);
		assert_int_equal(probes.at[1].point, PLAN_MAKE_RET);
		assert_int_equal(probes.at[1].insn, cases[i].enter + 5);
		assert_string_equal(probes.note.text, "");
	}
}

static void test_makeslicecopy(void **state)
{
	struct assembly a = {0};
	struct probes probes = {0};
	struct code *code;

	(void)state;
	put_make(&a, GUARD, 4, false);
	put_morestack(&a, MORESTACK, FUNC_ADDR);
	code = asm_code(&a);
	assert_int_equal(makeslicecopy_probes(code, &asm_callees, &probes, NULL), 0);
	assert_int_equal(probes.count, 2);
	assert_int_equal(probes.at[0].point, PLAN_COPY_ENTER);
	assert_int_equal(probes.at[0].insn, 2);
	assert_int_equal(probes.at[1].point, PLAN_MAKE_RET);
	assert_int_equal(probes.at[1].insn, 7);
	code_free(code);
}

static void test_makeslice_without_check(void **state)
{
	struct assembly a = {0};
	struct assembly loops = {0};
	struct probes probes;
	struct reason why;

	(void)state;
	ASM(&a, "\x48\x83\xec\x18\x48\x83\xc4\x18\xc3\xc3");
	assert_int_equal(make_probes(&a, &probes, NULL), 0);
	assert_int_equal(probes.count, 3);
	assert_int_equal(probes.at[0].insn, 0);
	assert_non_null(strstr(probes.note.text, "`sub rsp, 0x18`, is stepped"));
	assert_int_equal(probes.at[1].point, PLAN_MAKE_RET);
	assert_int_equal(probes.at[2].point, PLAN_MAKE_RET);

	ASM(&loops, MAKE_BODY);
	asm_rel8(&loops, 0x74, FUNC_ADDR);
	ASM(&loops, MAKE_LEAVE);
	assert_int_equal(make_probes(&loops, &probes, &why), -EBADMSG);
	assert_non_null(strstr(why.text, "count twice"));
}

static void refuses_make(const struct assembly *a, const char *words)
{
	struct probes probes;
	struct reason why = {""};

	assert_int_equal(make_probes(a, &probes, &why), -EBADMSG);
	if (!strstr(why.text, words))
		print_error("got: %s\n", why.text);
	assert_non_null(strstr(why.text, words));
}

static void test_makeslice_refused(void **state)
{
	struct assembly callee = {0};
	struct assembly back = {0};
	struct assembly entered = {0};
	struct assembly twice = {0};
	struct assembly no_return = {0};

	(void)state;
	put_make(&callee, GUARD, 4, true);
	put_morestack(&callee, OTHER_FUNC, FUNC_ADDR);
	refuses_make(&callee, "does not lead to runtime.morestack");

	put_make(&back, GUARD, 4, true);
	put_morestack(&back, MORESTACK, FUNC_ADDR + 10);
	refuses_make(&back, "does not lead to runtime.morestack");

	/* a loop to the push */
	put_make(&entered, GUARD, 4, true);
	put_morestack(&entered, MORESTACK, FUNC_ADDR);
	asm_rel8(&entered, 0xeb, FUNC_ADDR + 10);
	refuses_make(&entered, "count twice");

	/* another way back to the start */
	put_make(&twice, GUARD, 4, true);
	put_morestack(&twice, MORESTACK, FUNC_ADDR);
	asm_rel8(&twice, 0xeb, FUNC_ADDR);
	refuses_make(&twice, "count twice");

	ASM(&no_return, GUARD);
	asm_rel32(&no_return, "\x0f\x86", asm_here(&no_return) + 6 + 2);
	ASM(&no_return, "\x0f\x0b");
	put_morestack(&no_return, MORESTACK, FUNC_ADDR);
	refuses_make(&no_return, "no return instruction");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_makeslice_checks),
		cmocka_unit_test(test_makeslicecopy),
		cmocka_unit_test(test_makeslice_without_check),
		cmocka_unit_test(test_makeslice_refused),
	};

	return cmocka_run_group_tests_name("plan_makeslice", tests, NULL, NULL);
}
