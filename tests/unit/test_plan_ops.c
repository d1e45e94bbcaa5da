// SPDX-License-Identifier: BSD-2-Clause
/* Every operation that can be planned, in real Go executables: which functions, which sites. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "go_plan.h"

#define OP(op)	 (1u << (op))
#define ALL_OPS	 ((1u << SS_OP_FUNC) - 2)
#define NO_POINT PLAN_POINTS

/* Held in each release's executables: default, PIE, stripped, -race, without inlining, coverage. */
static const struct expected {
	enum ss_op op;
	int since;
	const char *name;
	enum plan_point enter; /* one, behind the stack check */
	enum plan_point ret;
	uint32_t returns;
} expected[] = {
	{SS_OP_COPY, 21, "runtime.makeslicecopy", PLAN_COPY_ENTER, PLAN_MAKE_RET, 1},
	{SS_OP_MOVE, 26, "runtime.moveSlice", NO_POINT, PLAN_SLICE_RET, 2},
	{SS_OP_MOVE, 26, "runtime.moveSliceNoScan", NO_POINT, PLAN_SLICE_RET, 2},
	{SS_OP_MOVE, 26, "runtime.moveSliceNoCap", NO_POINT, PLAN_SLICE_RET, 2},
	{SS_OP_MOVE, 26, "runtime.moveSliceNoCapNoScan", NO_POINT, PLAN_SLICE_RET, 2},
	{SS_OP_NOZERO, 21, "internal/bytealg.MakeNoZero", NO_POINT, PLAN_SLICE_RET, 1},
	{SS_OP_REFLECT, 21, "reflect.unsafe_NewArray", PLAN_COPY_ENTER, PLAN_MAKE_RET, 1},
	{SS_OP_BYTES, 21, "runtime.stringtoslicebyte", NO_POINT, PLAN_SLICE_RET, 1},
	{SS_OP_BYTES, 21, "runtime.stringtoslicerune", NO_POINT, PLAN_SLICE_RET, 1},
	{SS_OP_BYTES, 24, "runtime.concatbytes", NO_POINT, PLAN_SLICE_RET, 2},
	{SS_OP_STRING, 21, "runtime.slicebytetostring", NO_POINT, PLAN_STRING_RET, 3},
	{SS_OP_STRING, 21, "runtime.slicerunetostring", NO_POINT, PLAN_STRING_RET, 1},
	{SS_OP_CONV, 21, "runtime.convTslice", PLAN_CONV_ENTER, NO_POINT, 0},
};

#define EXPECTED (sizeof(expected) / sizeof(expected[0]))

static bool has_func(const struct gobin *bin, const char *name)
{
	struct gobin_func func;

	return !gobin_find_func(bin, name, &func);
}

/* PLAN_FUNCS_MAX where the plan has no function of this name. */
static uint32_t find_func(const struct plan *plan, const char *name)
{
	for (uint32_t i = 0; i < plan->nfuncs; i++)
		if (!strcmp(plan->funcs[i].name, name))
			return i;
	return PLAN_FUNCS_MAX;
}

/*
 * `push rbp`, behind `cmp rsp, [r14+0x10]` and a branch of 2 or 6 bytes. On arm64 `b.ls`, behind
 * two or three instructions.
 */
static void check_enter(const struct gobin *bin, const struct plan *plan,
			const struct plan_site *site)
{
	uint64_t offset = site->addr - plan->funcs[site->func].addr;

	assert_int_equal(site->price, PLAN_EMULATED);
	assert_int_equal(site->at_check, is_arm64(bin));
	if (is_arm64(bin)) {
		assert_int_equal(site->len, 4);
		assert_int_equal(strncmp(site->insn, "b.ls ", 5), 0);
		assert_true(offset == 8 || offset == 12);
		return;
	}
	assert_int_equal(site->bytes[0], 0x55);
	assert_int_equal(site->len, 1);
	assert_true(offset == 6 || offset == 10);
}

static void check_return(const struct gobin *bin, const struct plan_site *site)
{
	assert_int_equal(site->bytes[0], is_arm64(bin) ? 0xc0 : 0xc3);
	assert_int_equal(site->len, is_arm64(bin) ? 4 : 1);
	assert_int_equal(site->price, is_arm64(bin) ? PLAN_EMULATED : PLAN_STEPPED);
	assert_int_equal(site->at_check, 0);
	assert_string_equal(site->insn, "ret");
}

/* The number of the function's sites. */
static uint32_t check_sites(const struct gobin *bin, const struct plan *plan, uint32_t func,
			    const struct expected *row)
{
	uint32_t enters = 0;
	uint32_t returns = 0;

	for (uint32_t i = 0; i < plan->nsites; i++) {
		const struct plan_site *site = &plan->sites[i];

		if (site->func != func)
			continue;
		check_site(bin, plan, site);
		if (site->point == row->enter) {
			check_enter(bin, plan, site);
			enters++;
		} else {
			assert_int_equal(site->point, row->ret);
			check_return(bin, site);
			returns++;
		}
	}
	assert_int_equal(enters, row->enter != NO_POINT);
	assert_int_equal(returns, row->returns);
	return enters + returns;
}

static uint32_t check_planned(const struct gobin *bin, const struct plan *plan,
			      const struct expected *row)
{
	uint32_t func = find_func(plan, row->name);

	assert_int_not_equal(func, PLAN_FUNCS_MAX);
	assert_int_equal(plan->funcs[func].op, row->op);
	assert_int_equal(plan->funcs[func].refused, 0);
	assert_string_equal(plan->funcs[func].note, "");
	return check_sites(bin, plan, func, row);
}

/* Where the linker left out all functions of an operation, the first stands for them. */
static bool stands_for_all(const struct gobin *bin, const struct expected *row)
{
	if (row > expected && row[-1].op == row->op)
		return false;
	for (size_t i = 0; i < EXPECTED; i++)
		if (expected[i].op == row->op && has_func(bin, expected[i].name))
			return false;
	return true;
}

/* The number of functions that the plan has for it. */
static uint32_t check_absent(const struct gobin *bin, const struct plan *plan,
			     const struct expected *row)
{
	uint32_t func = find_func(plan, row->name);

	if (!stands_for_all(bin, row)) {
		assert_int_equal(func, PLAN_FUNCS_MAX);
		return 0;
	}
	assert_int_not_equal(func, PLAN_FUNCS_MAX);
	assert_int_equal(plan->funcs[func].op, row->op);
	assert_int_equal(plan->funcs[func].refused, 1);
	assert_int_equal(plan->funcs[func].addr, 0);
	assert_string_equal(plan->funcs[func].note, gobin_version(bin).minor < row->since
							    ? "Go before 1.26 has no such function"
							    : "not in this executable");
	return 1;
}

static void plan_file(const char *path, int fd)
{
	struct gobin *bin = open_bin(fd);
	struct plan plan;
	uint32_t funcs = 2;
	uint32_t sites = 4;

	print_message("%s\n", path);
	assert_int_equal(plan_ops(bin, ALL_OPS, &plan, NULL), 0);
	for (size_t i = 0; i < EXPECTED; i++) {
		if (has_func(bin, expected[i].name)) {
			sites += check_planned(bin, &plan, &expected[i]);
			funcs++;
		} else {
			funcs += check_absent(bin, &plan, &expected[i]);
		}
	}
	assert_int_equal(plan.nfuncs, funcs);
	assert_int_equal(plan.nsites, sites);
	gobin_free(bin);
}

static void test_plans_executables(void **state)
{
	(void)state;
	each_go_file(plan_file);
}

static void expect_only(const struct gobin *bin, enum ss_op op, uint32_t funcs, uint32_t sites)
{
	struct plan plan;

	assert_int_equal(plan_ops(bin, OP(op), &plan, NULL), 0);
	assert_int_equal(plan.nfuncs, funcs);
	assert_int_equal(plan.nsites, sites);
	for (uint32_t i = 0; i < funcs; i++)
		assert_int_equal(plan.funcs[i].op, op);
	assert_int_not_equal(plan.zerobase, 0);
}

static void plan_single_operations(const char *path, int fd)
{
	struct gobin *bin = open_bin(fd);
	struct reason why = {""};
	struct plan plan;

	(void)path;
	expect_only(bin, SS_OP_COPY, 1, 2);
	expect_only(bin, SS_OP_NOZERO, 1, 1);
	expect_only(bin, SS_OP_CONV, 1, 1);
	if (gobin_version(bin).minor < 26) {
		assert_int_equal(plan_ops(bin, OP(SS_OP_MOVE), &plan, &why), -ENOENT);
		assert_string_equal(why.text, "runtime.moveSlice cannot be probed: "
					      "Go before 1.26 has no such function");
	}
	assert_int_equal(plan_ops(bin, OP(SS_OP_FUNC), &plan, &why), -EINVAL);
	assert_string_equal(why.text, "no operation to plan");
	gobin_free(bin);
}

static void test_plans_one_operation(void **state)
{
	(void)state;
	each_go_file(plan_single_operations);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plans_executables),
		cmocka_unit_test(test_plans_one_operation),
	};

	return cmocka_run_group_tests_name("plan_ops", tests, NULL, NULL);
}
