// SPDX-License-Identifier: BSD-2-Clause
/* Where behind a call its base is had: plan/basepoint.h on hand-assembled code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "call_image.h"
#include "plan/plan.h"

/* The first call's of the code; table is a jump table's goal. */
static struct basepoint first_base(const struct assembly *a, uint64_t table, uint64_t *ret)
{
	const struct callee callee = {.addr = CALLEE, .type_arg = -1};
	struct callsite_search search = {.callees = &callee, .ncallees = 1, .bases = true};
	struct callsite *sites = NULL;
	struct reason why = {""};
	struct basepoint base;
	struct go_image img;
	struct opened o;

	caller_image(a, table, &img);
	o = open_image(&img);
	assert_true(callsites_search(o.bin, &search, &sites, &why) > 0);
	base = sites->base;
	*ret = sites->ret;
	free(sites);
	close_image(&o);
	return base;
}

struct expected {
	size_t behind;
	uint8_t reg;
	int32_t slot;
};

#define SLOT BASEPOINT_SLOT

static void expect_base(const struct assembly *a, uint64_t table, const struct expected *expected)
{
	uint64_t ret;
	const struct basepoint base = first_base(a, table, &ret);

	assert_int_equal(base.addr - ret, expected->behind);
	assert_int_equal(base.price, PLAN_EMULATED);
	assert_int_equal(base.reg, expected->reg);
	assert_int_equal(base.slot, expected->slot);
}

static void expect_right_behind(const struct assembly *a, uint64_t table, uint8_t price)
{
	uint64_t ret;
	const struct basepoint base = first_base(a, table, &ret);

	assert_int_equal(base.addr, ret);
	assert_int_equal(base.price, price);
	assert_int_equal(base.reg, 0);
	assert_int_equal(base.slot, 0);
}

/* A call and the code behind it, then nops, which are emulated. */
static struct assembly call_and(const char *code, size_t len)
{
	struct assembly a = caller_begin();

	asm_rel32(&a, "\xe8", CALLEE);
	asm_put(&a, code, len);
	return a;
}

#define CODE(literal) literal, sizeof(literal) - 1

#define SPILL	 "\x48\x89\x44\x24\x10" /* mov [rsp+0x10], rax */
#define ZERO_RAX "\x31\xc0"		/* xor eax, eax */

static void test_homes(void **state)
{
	static const struct {
		const char *code;
		size_t len;
		struct expected expected;
	} cases[] = {
		{CODE(""), {0, 0, 0}},
		{CODE("\x48\x8b\x4c\x24\x08"), {5, 0, 0}},   /* mov rcx, [rsp+8] */
		{CODE("\x48\x89\x19"), {3, 0, 0}},	     /* mov [rcx], rbx */
		{CODE("\x48\x83\xf8\x00"), {4, 0, 0}},	     /* cmp rax, 0 */
		{CODE("\x48\x89\xc3" ZERO_RAX), {5, 3, 0}},  /* mov rbx, rax */
		{CODE("\x48\x8b\xd8" ZERO_RAX), {5, 3, 0}},  /* the same */
		{CODE("\x49\x89\xc4" ZERO_RAX), {5, 12, 0}}, /* mov r12, rax */
		{CODE("\x49\x89\xc7" ZERO_RAX), {5, 15, 0}}, /* mov r15, rax */
		{CODE("\x48\x89\xc3\x48\x89\xd9" ZERO_RAX "\x31\xdb"), {10, 1, 0}},
		{CODE("\x48\x89\xc6\x48\x89\xc1" ZERO_RAX), {8, 1, 0}}, /* rsi and rcx */
		{CODE(SPILL ZERO_RAX), {7, SLOT, 0x10}},
		{CODE("\x48\x89\x04\x24" ZERO_RAX), {6, SLOT, 0}}, /* mov [rsp], rax */
		{CODE("\x48\x89\x84\x24\x00\x01\x00\x00" ZERO_RAX), {10, SLOT, 0x100}},
		{CODE(SPILL ZERO_RAX "\x48\x8b\x54\x24\x10"), {12, 2, 0}}, /* mov rdx, [rsp+0x10] */
		{CODE(SPILL ZERO_RAX "\x48\x8b\x54\x24\x18"), {12, SLOT, 0x10}},
		{CODE(SPILL ZERO_RAX "\x48\x89\x5c\x24\x18"), {12, SLOT, 0x10}}, /* beside it */
		{CODE(SPILL ZERO_RAX "\x48\x89\x5c\x24\x08"), {12, SLOT, 0x10}},
		{CODE(SPILL ZERO_RAX "\x44\x89\x6c\x24\x18"), {12, SLOT, 0x10}},
		{CODE(SPILL ZERO_RAX "\x0f\x11\x44\x24\x18"), {12, SLOT, 0x10}},
		{CODE(SPILL ZERO_RAX "\x0f\x11\x04\x24"),
		 {11, SLOT, 0x10}}, /* movups [rsp], xmm0 */
		{CODE(SPILL ZERO_RAX "\x0f\x10\x44\x24\x10"), {12, SLOT, 0x10}},
		{CODE(SPILL ZERO_RAX "\x48\x89\x1d\x00\x00\x01\x00"), {14, SLOT, 0x10}},
		{CODE(SPILL ZERO_RAX "\x83\x39\x00"), {10, SLOT, 0x10}}, /* cmp dword [rcx], 0 */
		/* Written over by another copy: that one counts from then on. */
		{CODE("\x48\x89\xc3" SPILL ZERO_RAX "\x48\x89\x44\x24\x10"
		      "\x48\x89\x5c\x24\x20\x31\xdb"),
		 {22, SLOT, 0x20}},
		/* No probe fits right behind the call: lock inc [rcx]. */
		{CODE("\xf0\x48\xff\x01"), {4, 0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct assembly a = call_and(cases[i].code, cases[i].len);

		expect_base(&a, 0, &cases[i].expected);
	}
}

/* At whatever the kernel emulates. */
static void test_points(void **state)
{
	static const struct {
		const char *code;
		size_t len;
	} points[] = {
		{CODE("\x74\x00")},		    /* je */
		{CODE("\x0f\x84\x00\x00\x00\x00")}, /* the same */
		{CODE("\xeb\x00")},		    /* jmp */
		{CODE("\xe9\x00\x00\x00\x00")},	    /* the same */
		{CODE("\xe8\x00\x00\x00\x00")},	    /* call */
		{CODE("\x55")},			    /* push rbp */
		{CODE("\x41\x54")},		    /* push r12 */
		{CODE("\x66\x90")},		    /* xchg ax, ax */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		struct assembly a = call_and(CODE("\x48\x8b\x4c\x24\x08"));

		asm_put(&a, points[i].code, points[i].len);
		expect_base(&a, 0, &(struct expected){5, 0, 0});
	}
}

static void test_no_point(void **state)
{
	static const struct {
		const char *code;
		size_t len;
	} cases[] = {
		{CODE(ZERO_RAX)},
		{CODE("\xb0\x01")},				/* mov al, 1 */
		{CODE("\x48\x89\xd8")},				/* mov rax, rbx */
		{CODE("\x89\xc1" ZERO_RAX)},			/* mov ecx, eax: a half */
		{CODE("\x48\x89\xc3\x31\xdb" ZERO_RAX)},	/* the copy is overwritten */
		{CODE("\x48\x89\xc5" ZERO_RAX)},		/* mov rbp, rax */
		{CODE("\x49\x89\xc6" ZERO_RAX)},		/* mov r14, rax */
		{CODE("\x48\x83\xc4\x08")},			/* add rsp, 8 */
		{CODE("\x5b")},					/* pop rbx */
		{CODE("\xff\x33")},				/* push [rbx] */
		{CODE("\x6a\x00")},				/* push 0 */
		{CODE("\x0f\xa2")},				/* cpuid */
		{CODE("\x48\x93")},				/* xchg rax, rbx */
		{CODE("\xf3\x48\xab")},				/* rep stosq */
		{CODE("\xc5\xf8\x77")},				/* vzeroupper: not known */
		{CODE("\xff\xd0")},				/* call rax */
		{CODE("\xff\xe0")},				/* jmp rax */
		{CODE("\xff\xd1")},				/* call rcx */
		{CODE("\xff\x11")},				/* call [rcx] */
		{CODE("\xff\xe1")},				/* jmp rcx */
		{CODE("\x48\x89\xc3\xc7\xf8\x00\x00\x00\x00")}, /* xbegin */
		{CODE("\xc3")},					/* ret */
		{CODE("\x48\x89\x44\x24\xf8" ZERO_RAX)},	/* below the stack */
		{CODE("\x48\x89\x44\x0c\x10" ZERO_RAX)},	/* mov [rsp+rcx+16], rax */
		{CODE("\x49\x89\x44\x24\x10" ZERO_RAX)},	/* mov [r12+16], rax */
		{CODE("\x4a\x89\x44\x24\x10" ZERO_RAX)},	/* mov [rsp+r12+16], rax */
		{CODE("\x64\x48\x89\x44\x24\x10" ZERO_RAX)},	/* mov fs:[rsp+16], rax */
		/* mov r12, rax; xor eax, eax; mov fs:[rsp+16], r12; xor r12d, r12d */
		{CODE("\x49\x89\xc4" ZERO_RAX "\x64\x4c\x89\x64\x24\x10\x45\x31\xe4")},
		{CODE("\x89\x44\x24\x10" ZERO_RAX)},		   /* mov [rsp+16], eax */
		{CODE(SPILL ZERO_RAX "\x48\x89\x44\x24\x10")},	   /* over it */
		{CODE(SPILL ZERO_RAX "\x48\x89\x5c\x24\x0c")},	   /* over a half of it */
		{CODE(SPILL ZERO_RAX "\x48\x89\x5c\x24\x14")},	   /* over the other one */
		{CODE(SPILL ZERO_RAX "\x0f\x11\x44\x24\x08")},	   /* movups */
		{CODE(SPILL ZERO_RAX "\x0f\x29\x44\x24\x08")},	   /* movaps */
		{CODE(SPILL ZERO_RAX "\x66\x0f\x7f\x44\x24\x08")}, /* movdqa */
		{CODE(SPILL ZERO_RAX "\xc6\x44\x24\x17\x00")},	   /* its last byte */
		{CODE(SPILL ZERO_RAX "\x48\x89\x19")},		   /* mov [rcx], rbx */
		{CODE(SPILL ZERO_RAX "\x48\x83\x01\x01")},	   /* add [rcx], 1 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct assembly a = call_and(cases[i].code, cases[i].len);

		expect_right_behind(&a, 0, PLAN_STEPPED);
	}
}

/*
 * A call, two loads and a nop. Ahead of the call a branch, and behind the nop a jump, go this far
 * behind the return address.
 */
static struct assembly entered_at(size_t branch, size_t jump)
{
	struct assembly a = caller_begin();
	const uint64_t ret = asm_here(&a) + 2 + 5;

	asm_rel8(&a, 0x74, ret + branch);
	asm_rel32(&a, "\xe8", CALLEE);
	ASM(&a, "\x48\x8b\x4c\x24\x08\x48\x8b\x5c\x24\x10\x90");
	asm_rel8(&a, 0xeb, ret + jump);
	return a;
}

/* Other code passes the point too. */
static void test_entered(void **state)
{
	static const size_t inside[] = {0, 5, 10};
	struct assembly a = entered_at(11, 13);

	(void)state;
	expect_base(&a, 0, &(struct expected){10, 0, 0});
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
		a = entered_at(inside[i], 13);
		expect_right_behind(&a, 0, PLAN_STEPPED);
		a = entered_at(11, inside[i]);
		expect_right_behind(&a, 0, PLAN_STEPPED);
	}
}

/* A jump by a table behind the point may go to it, if it cannot be read anywhere. */
static struct assembly table_behind(bool known)
{
	struct assembly a = call_and(CODE("\x48\x8b\x4c\x24\x08\x90"));

	if (known)
		asm_rel32(&a, "\x48\x8d\x15", TABLE);
	ASM(&a, "\xff\x24\xc2"); /* jmp [rdx+rax*8] */
	return a;
}

static void test_jump_tables(void **state)
{
	struct assembly a = table_behind(true);

	(void)state;
	expect_base(&a, CALLER, &(struct expected){5, 0, 0});
	expect_right_behind(&a, CALLER + 5, PLAN_STEPPED);
	expect_right_behind(&a, CALLER + 10, PLAN_STEPPED);
	a = table_behind(false);
	expect_right_behind(&a, CALLER, PLAN_STEPPED);
}

static void test_code_that_does_not_decode(void **state)
{
	struct assembly a = call_and(CODE("\x48\x8b\x4c\x24\x08\x90\x06"));

	(void)state;
	expect_right_behind(&a, 0, PLAN_STEPPED);
	a = call_and(CODE("\x06"));
	expect_right_behind(&a, 0, CALLSITE_NO_PROBE);
	a = call_and(CODE("\xcc"));
	expect_right_behind(&a, 0, CALLSITE_NO_PROBE);
}

/* Up to the function's last instruction and no further. */
static void test_at_the_end(void **state)
{
	static const char load[] = "\x48\x8b\x4c\x24\x08";
	struct assembly a = caller_begin();

	(void)state;
	a.len = CALLER_END - 5 - FUNC_ADDR;
	asm_rel32(&a, "\xe8", CALLEE);
	expect_right_behind(&a, 0, CALLSITE_NO_PROBE);
	a.len = CALLER_END - 10 - FUNC_ADDR;
	asm_rel32(&a, "\xe8", CALLEE);
	ASM(&a, load);
	expect_right_behind(&a, 0, PLAN_STEPPED);
	a.len = CALLER_END - 11 - FUNC_ADDR;
	asm_rel32(&a, "\xe8", CALLEE);
	ASM(&a, load);
	ASM(&a, "\x90");
	expect_base(&a, 0, &(struct expected){5, 0, 0});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_homes),
		cmocka_unit_test(test_points),
		cmocka_unit_test(test_no_point),
		cmocka_unit_test(test_entered),
		cmocka_unit_test(test_jump_tables),
		cmocka_unit_test(test_code_that_does_not_decode),
		cmocka_unit_test(test_at_the_end),
	};

	return cmocka_run_group_tests_name("basepoint", tests, NULL, NULL);
}
