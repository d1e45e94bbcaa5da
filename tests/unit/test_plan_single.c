// SPDX-License-Identifier: BSD-2-Clause
/* Which sites are chosen in hand-assembled functions of which one point tells all. */
#include "asm_amd64.h"

#include <errno.h>

#define GUARD "\x49\x3b\x66\x10" /* cmp rsp, [r14+0x10] */

/* Two ways out: test rax, rax; je over the first ret. */
static void put_two_returns(struct assembly *a)
{
	ASM(a, "\x55\x48\x85\xc0\x74\x02\x5d\xc3\x5d\xc3");
}

/* The same, behind a stack check that leads where it should. */
static void put_checked(struct assembly *a)
{
	ASM(a, GUARD);
	asm_rel8(a, 0x76, asm_here(a) + 2 + 10);
	put_two_returns(a);
	asm_rel32(a, "\xe8", MORESTACK);
	asm_rel8(a, 0xeb, FUNC_ADDR);
}

typedef int (*planner_fn)(const struct code *code, const struct callees *callees,
			  struct probes *out, struct reason *why);

static int choose(planner_fn planner, const struct assembly *a, struct probes *probes,
		  struct reason *why)
{
	struct code *code = asm_code(a);
	int err;

	*probes = (struct probes){0};
	err = planner(code, &asm_callees, probes, why);
	code_free(code);
	return err;
}

static const struct {
	planner_fn planner;
	enum plan_point point;
} results[] = {
	{slice_result_probes, PLAN_SLICE_RET},
	{string_result_probes, PLAN_STRING_RET},
};

static void test_every_return(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		struct assembly a = {0};
		struct probes probes;

		put_checked(&a);
		assert_int_equal(choose(results[i].planner, &a, &probes, NULL), 0);
		assert_int_equal(probes.count, 2);
		for (size_t ret = 0; ret < 2; ret++) {
			assert_int_equal(probes.at[ret].point, results[i].point);
			assert_int_equal(probes.at[ret].insn, 6 + 2 * ret);
		}
		assert_false(probes.has_frame);
		assert_int_equal(probes.zerobase, 0);
		assert_string_equal(probes.note.text, "");
	}
}

static void test_no_return(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		struct assembly none = {0};
		struct assembly many = {0};
		struct probes probes;
		struct reason why = {""};

		ASM(&none, "\x0f\x0b");
		assert_int_equal(choose(results[i].planner, &none, &probes, &why), -EBADMSG);
		assert_string_equal(why.text, "it has no return instruction");
		for (int ret = 0; ret <= PLAN_SITES_MAX; ret++)
			ASM(&many, "\xc3");
		assert_int_equal(choose(results[i].planner, &many, &probes, &why), -EBADMSG);
		assert_string_equal(why.text, "it needs more than 128 probes");
	}
}

static void test_conv(void **state)
{
	struct assembly checked = {0};
	struct assembly unchecked = {0};
	struct assembly entered = {0};
	struct assembly twice = {0};
	struct probes probes;
	struct reason why = {""};

	(void)state;
	put_checked(&checked);
	assert_int_equal(choose(conv_probes, &checked, &probes, NULL), 0);
	assert_int_equal(probes.count, 1);
	assert_int_equal(probes.at[0].point, PLAN_CONV_ENTER);
	assert_int_equal(probes.at[0].insn, 2);
	assert_string_equal(probes.note.text, "");

	put_two_returns(&unchecked);
	assert_int_equal(choose(conv_probes, &unchecked, &probes, NULL), 0);
	assert_int_equal(probes.count, 1);
	assert_int_equal(probes.at[0].insn, 0);

	put_two_returns(&entered);
	asm_rel8(&entered, 0xeb, FUNC_ADDR);
	assert_int_equal(choose(conv_probes, &entered, &probes, &why), -EBADMSG);
	assert_non_null(strstr(why.text, "count twice"));

	put_checked(&twice);
	asm_rel8(&twice, 0xeb, FUNC_ADDR + 6);
	assert_int_equal(choose(conv_probes, &twice, &probes, &why), -EBADMSG);
	assert_non_null(strstr(why.text, "count twice"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_return),
		cmocka_unit_test(test_no_return),
		cmocka_unit_test(test_conv),
	};

	return cmocka_run_group_tests_name("plan_single", tests, NULL, NULL);
}
