// SPDX-License-Identifier: BSD-2-Clause
/* Functions that the user names: in hand-assembled code and in real Go executables. */
#include "asm_amd64.h"

#include <errno.h>

#include "go_plan.h"
#include "plan/enter.h"

/* mov r12, rsp; sub r12, 0x2000; jb; cmp r12, [r14+0x10]; jbe; push rbp; pop rbp; ret */
static uint64_t put_huge_frame(struct assembly *a, uint64_t below_zero)
{
	const uint64_t path = FUNC_ADDR + 3 + 7 + 2 + 4 + 2 + 3;

	ASM(a, "\x49\x89\xe4\x49\x81\xec\x00\x20\x00\x00");
	asm_rel8(a, 0x72, below_zero ? below_zero : path);
	ASM(a, "\x4d\x3b\x66\x10");
	asm_rel8(a, 0x76, path);
	ASM(a, "\x55\x5d\xc3");
	asm_rel32(a, "\xe8", MORESTACK);
	asm_rel8(a, 0xeb, FUNC_ADDR);
	return path;
}

static int enter(const struct assembly *a, struct probes *probes, struct reason *why)
{
	struct code *code = asm_code(a);
	int err;

	*probes = (struct probes){0};
	err = enter_add(code, &asm_callees, PLAN_FUNC_ENTER, probes, why);
	code_free(code);
	return err;
}

static void test_huge_frame(void **state)
{
	struct assembly huge = {0}, apart = {0}, entered = {0};
	struct probes probes;
	struct reason why = {""};
	uint64_t path;

	(void)state;
	put_huge_frame(&huge, 0);
	assert_int_equal(enter(&huge, &probes, NULL), 0);
	assert_int_equal(probes.count, 1);
	assert_int_equal(probes.at[0].point, PLAN_FUNC_ENTER);
	assert_int_equal(probes.at[0].insn, 5);

	/* One of the branches goes elsewhere. */
	put_huge_frame(&apart, FUNC_ADDR + 18);
	assert_int_equal(enter(&apart, &probes, &why), -EBADMSG);
	assert_string_equal(why.text,
			    "its stack check does not lead to runtime.morestack and back");

	/* Something else goes there, too. */
	path = put_huge_frame(&entered, 0);
	asm_rel8(&entered, 0xeb, path);
	assert_int_equal(enter(&entered, &probes, &why), -EBADMSG);
}

/* Jumps out, through a register and to another function. */
static void test_open_code(void **state)
{
	struct assembly a = {0};
	struct code *code = NULL;
	struct reason why = {""};

	(void)state;
	ASM(&a, "\xff\xe0");
	asm_rel32(&a, "\xe9", OTHER_FUNC);
	assert_int_equal(asm_decode(&a, &code, &why), -EBADMSG);
	assert_int_equal(code_decode_open(&plan_arch_amd64, a.bytes, a.len, FUNC_ADDR, &code, &why),
			 0);
	assert_int_equal(code_count(code), 2);
	assert_int_equal(code_insn(code, 0)->kind, INSN_ESCAPE);
	assert_int_equal(code_insn(code, 1)->kind, INSN_JUMP);
	assert_int_equal(code_insn(code, 0)->entered, 0);
	code_free(code);
	assert_int_equal(code_decode_open(&plan_arch_amd64, a.bytes, CODE_OPEN_LEN_MAX + 1,
					  FUNC_ADDR, &code, &why),
			 -EFBIG);
}

static int plan_records(const struct gobin *bin, const struct plan_record *records, size_t n,
			struct plan *plan, struct reason *why)
{
	const struct plan_request request = {.records = records, .nrecords = n};

	return plan_make(bin, &request, plan, why);
}

static int plan_one(const struct gobin *bin, const char *func, uint32_t arg, struct plan *plan,
		    struct reason *why)
{
	const struct plan_record record = {.func = func, .arg = arg};

	return plan_records(bin, &record, 1, plan, why);
}

/* func(log *live.Log, s []byte, v byte) []byte */
static void plan_plain(const char *path, int fd)
{
	struct gobin *bin = open_bin(fd);
	const struct plan_site *site;
	struct plan plan;
	char fields[128];

	(void)path;
	assert_int_equal(plan_one(bin, "main.appendBytes", 1, &plan, NULL), 0);
	assert_int_equal(plan.nfuncs, 1);
	assert_int_equal(plan.nsites, 1);
	assert_string_equal(plan.funcs[0].name, "main.appendBytes");
	assert_int_equal(plan.funcs[0].op, SS_OP_FUNC);
	assert_int_equal(plan.funcs[0].detail, 1);
	assert_int_equal(plan.funcs[0].refused, 0);
	assert_int_not_equal(plan.zerobase, 0);
	site = find_site(&plan, PLAN_FUNC_ENTER);
	check_site(bin, &plan, site);
	assert_int_equal(site->at_check, is_arm64(bin));
	assert_int_equal(site->price, PLAN_EMULATED);
	plan_describe_fields(&plan, site, fields, sizeof(fields));
	assert_string_equal(fields, is_arm64(bin) ? "base x1, len x2, cap x3, caller x30; counted "
						    "where it is not taken"
						  : "base rbx, len rcx, cap rdi, caller [rsp]");
	gobin_free(bin);
}

static void test_plain(void **state)
{
	(void)state;
	each_go_file(plan_plain);
}

/* grow[T any](log *live.Log, s []T, v T) []T, of four types. */
static void plan_generic(const char *path, int fd)
{
	struct gobin *bin = open_bin(fd);
	struct plan plan;

	(void)path;
	assert_int_equal(plan_one(bin, "main.grow", 1, &plan, NULL), 0);
	assert_int_equal(plan.nfuncs, 4);
	assert_int_equal(plan.nsites, 4);
	for (uint32_t i = 0; i < plan.nfuncs; i++) {
		assert_int_equal(strncmp(plan.funcs[i].name, "main.grow[", 10), 0);
		assert_int_equal(plan.funcs[i].detail, 2);
		assert_int_equal(plan.sites[i].func, i);
		check_site(bin, &plan, &plan.sites[i]);
	}
	gobin_free(bin);
}

static void test_generic(void **state)
{
	(void)state;
	each_go_file(plan_generic);
}

/* Operations come first; what is asked for twice is planned once; each argument is one of its own.
 */
static void test_several(void **state)
{
	static const struct plan_record records[] = {
		{"main.appendBytes", 1}, {"main.grow", 1},	  {"main.grow[...]", 1},
		{"main.appendBytes", 1}, {"main.appendBytes", 2},
	};
	struct plan_request request = {
		.ops = GROW, .records = records, .nrecords = sizeof(records) / sizeof(records[0])};
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	struct plan plan;

	(void)state;
	assert_int_equal(plan_make(bin, &request, &plan, NULL), 0);
	assert_int_equal(plan.nfuncs, 1 + 1 + 4 + 1);
	assert_int_equal(plan.funcs[0].op, SS_OP_GROW);
	assert_int_equal(plan.funcs[1].detail, 1);
	assert_int_equal(plan.funcs[6].detail, 2);
	assert_int_equal(plan.funcs[6].addr, plan.funcs[1].addr);
	request.records = NULL;
	request.nrecords = 0;
	request.ops = 0;
	assert_int_equal(plan_make(bin, &request, &plan, NULL), -EINVAL);
	gobin_free(bin);
	close(fd);
}

static const struct {
	const char *func;
	uint32_t arg;
	int err;
	const char *why;
} refusals[] = {
	{"main.nothing", 0, -ENOENT,
	 "main.nothing cannot be recorded: no such function in this executable (the compiler may "
	 "have inlined it everywhere: //go:noinline keeps it)"},
	{"main.grow[int]", 1, -ENOENT,
	 "main.grow[int] cannot be recorded: no such function in this executable (the compiler may "
	 "have inlined it everywhere: //go:noinline keeps it)"},
	{"main.appendBytes", 14, -EBADMSG,
	 "main.appendBytes cannot be recorded: a slice that begins in word 14 is passed on the "
	 "stack"},
	{"main.grow", 13, -EBADMSG,
	 "main.grow cannot be recorded: a slice that begins in word 13 is passed on the stack"},
	{"main.grow", UINT32_MAX, -EBADMSG,
	 "main.grow cannot be recorded: a slice that begins in word 4294967295 is passed on the "
	 "stack"},
	{"runtime.(*mheap).alloc", 0, -EBADMSG,
	 "runtime.(*mheap).alloc cannot be recorded: word 0 is its receiver, a pointer; put the "
	 "word where the slice begins behind the name, as in :1"},
	{"runtime.memmove", 0, -EBADMSG,
	 "runtime.memmove cannot be recorded: it is written in assembly: its arguments need not be "
	 "in registers"},
	{"reflect.(*Kind).String", 1, -ENOENT,
	 "reflect.(*Kind).String cannot be recorded: the compiler made it; name the function that "
	 "it calls"},
};

static void refuse(const char *path, int fd)
{
	struct gobin *bin = open_bin(fd);

	(void)path;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct reason why = {""};
		struct plan plan;

		assert_int_equal(plan_one(bin, refusals[i].func, refusals[i].arg, &plan, &why),
				 refusals[i].err);
		assert_string_equal(why.text, refusals[i].why);
	}
	gobin_free(bin);
}

/* The first words from which on a slice is not in registers, of which there are fewer here. */
static void test_amd64_registers(void **state)
{
	int fd = open_first_go_file();
	struct gobin *bin = open_bin(fd);
	struct plan plan;

	(void)state;
	assert_int_equal(plan_one(bin, "main.appendBytes", 6, &plan, NULL), 0);
	assert_int_equal(plan_one(bin, "main.appendBytes", 7, &plan, NULL), -EBADMSG);
	assert_int_equal(plan_one(bin, "main.grow", 5, &plan, NULL), 0);
	assert_int_equal(plan_one(bin, "main.grow", 6, &plan, NULL), -EBADMSG);
	gobin_free(bin);
	close(fd);
}

static void test_refusals(void **state)
{
	(void)state;
	each_go_file(refuse);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_huge_frame), cmocka_unit_test(test_open_code),
		cmocka_unit_test(test_plain),	   cmocka_unit_test(test_generic),
		cmocka_unit_test(test_several),	   cmocka_unit_test(test_amd64_registers),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests_name("plan_record", tests, NULL, NULL);
}
