// SPDX-License-Identifier: BSD-2-Clause
/* Calls and the types they pass, in hand-assembled text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "call_image.h"

static void test_constant(void **state)
{
	struct assembly a = caller_begin();

	(void)state;
	asm_rel32(&a, LEA_RSI, TYPE);
	ASM(&a, "\x66\x90\x48\x89\x74\x24\x08\x48\x85\xf6"); /* reads of rsi */
	assert_int_equal(type_of(&a), TYPE);
}

static void test_every_argument(void **state)
{
	static const char leas[][4] = {
		"\x48\x8d\x05", "\x48\x8d\x1d", "\x48\x8d\x0d", "\x48\x8d\x3d", "\x48\x8d\x35",
		"\x4c\x8d\x05", "\x4c\x8d\x0d", "\x4c\x8d\x15", "\x4c\x8d\x1d",
	};
	const int n = sizeof(leas) / sizeof(leas[0]);

	(void)state;
	for (int put = 0; put < n; put++) {
		struct assembly a = caller_begin();
		uint64_t call;

		asm_rel32(&a, leas[put], TYPE);
		call = asm_here(&a);
		asm_rel32(&a, "\xe8", CALLEE);
		for (int arg = -1; arg <= n; arg++)
			assert_int_equal(type_at(&a, call, arg, 0), arg == put ? TYPE : 0);
	}
}

/* What the code between the lea and the call leaves in rsi. */
static uint64_t type_behind(const void *code, size_t len)
{
	struct assembly a = caller_begin();

	asm_rel32(&a, LEA_RSI, TYPE);
	asm_put(&a, code, len);
	return type_of(&a);
}

#define TYPE_BEHIND(literal) type_behind(literal, sizeof(literal) - 1)

static void test_overwritten(void **state)
{
	(void)state;
	assert_int_equal(TYPE_BEHIND("\x48\x8b\x74\x24\x08"), 0);	  /* mov rsi, [rsp+8] */
	assert_int_equal(TYPE_BEHIND("\xbe\x01\x00\x00\x00"), 0);	  /* mov esi, 1 */
	assert_int_equal(TYPE_BEHIND("\x40\x88\xc6"), 0);		  /* mov sil, al */
	assert_int_equal(TYPE_BEHIND("\x31\xf6"), 0);			  /* xor esi, esi */
	assert_int_equal(TYPE_BEHIND("\x48\xff\xc6"), 0);		  /* inc rsi */
	assert_int_equal(TYPE_BEHIND("\x5e"), 0);			  /* pop rsi */
	assert_int_equal(TYPE_BEHIND("\x48\x96"), 0);			  /* xchg rax, rsi */
	assert_int_equal(TYPE_BEHIND("\x48\x87\xf1"), 0);		  /* xchg rcx, rsi */
	assert_int_equal(TYPE_BEHIND("\x48\x0f\xc1\xf1"), 0);		  /* xadd rcx, rsi */
	assert_int_equal(TYPE_BEHIND("\xf3\x48\xa5"), 0);		  /* rep movsq */
	assert_int_equal(TYPE_BEHIND("\x48\x0f\x44\xf0"), 0);		  /* cmove rsi, rax */
	assert_int_equal(TYPE_BEHIND("\xc4\xe2\xf3\xf6\xf0"), 0);	  /* mulx rsi, rcx, rax */
	assert_int_equal(TYPE_BEHIND("\x48\x8d\x35\x00\x00\x00\x00"), 0); /* lea rsi, [rip] */
	assert_int_equal(TYPE_BEHIND("\x48\x89\xc7\x31\xc9"), TYPE); /* mov rdi, rax; xor ecx */
}

static void test_implicitly_overwritten(void **state)
{
	/* mul rcx; div rcx; imul rcx, rax; cpuid; cmpxchg [rsp], rcx */
	static const char *const code[] = {"\x48\xf7\xe1", "\x48\xf7\xf1", "\x48\x0f\xaf\xc8",
					   "\x0f\xa2", "\x48\x0f\xb1\x0c\x24"};
	static const uint64_t want[] = {0, 0, TYPE, 0, 0};

	(void)state;
	for (size_t i = 0; i < sizeof(code) / sizeof(code[0]); i++) {
		struct assembly a = caller_begin();
		uint64_t call;

		asm_rel32(&a, "\x48\x8d\x05", TYPE);
		asm_put(&a, code[i], strlen(code[i]));
		call = asm_here(&a);
		asm_rel32(&a, "\xe8", CALLEE);
		assert_int_equal(type_at(&a, call, 0, 0), want[i]);
	}
}

static void test_nearest_counts(void **state)
{
	struct assembly a = caller_begin();

	(void)state;
	asm_rel32(&a, LEA_RSI, TYPE2);
	asm_rel32(&a, LEA_RSI, TYPE);
	assert_int_equal(type_of(&a), TYPE);
}

static void test_no_type(void **state)
{
	static const uint64_t values[] = {
		TYPES - 8, TYPES + TYPES_BYTES, TYPE + 4, NO_TYPE, 0x10, CALLER,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct assembly a = caller_begin();

		asm_rel32(&a, LEA_RSI, values[i]);
		assert_int_equal(type_of(&a), 0);
	}
}

static void test_no_load(void **state)
{
	struct assembly a = caller_begin();

	(void)state;
	assert_int_equal(type_of(&a), 0);
}

/* A call, jump or return between them: the register comes from elsewhere. */
static void test_line_broken(void **state)
{
	struct assembly a = caller_begin();

	(void)state;
	asm_rel32(&a, LEA_RSI, TYPE);
	asm_rel32(&a, "\xe8", IMG_GO_TEXT);
	assert_int_equal(type_of(&a), 0);
	assert_int_equal(TYPE_BEHIND("\xff\xd0"), 0);	 /* call rax */
	assert_int_equal(TYPE_BEHIND("\xeb\x00"), 0);	 /* jmp */
	assert_int_equal(TYPE_BEHIND("\xc3"), 0);	 /* ret */
	assert_int_equal(TYPE_BEHIND("\x0f\x0b"), 0);	 /* ud2 */
	assert_int_equal(TYPE_BEHIND("\x74\x10"), TYPE); /* je, out of the line */
}

/* A branch from before or behind the line to the goal, by any of the forms there are. */
static uint64_t type_entered(const char *opcode, bool near, bool before, uint64_t goal)
{
	struct assembly a = caller_begin();
	uint64_t call;

	if (before && near)
		asm_rel8(&a, (uint8_t)opcode[0], goal);
	if (before && !near)
		asm_rel32(&a, opcode, goal);
	a.len = CALLER + 0x10 - FUNC_ADDR;
	asm_rel32(&a, LEA_RSI, TYPE);
	asm_put(&a, "\x90", 1);
	call = asm_here(&a);
	asm_rel32(&a, "\xe8", CALLEE);
	if (!before && near)
		asm_rel8(&a, (uint8_t)opcode[0], goal);
	if (!before && !near)
		asm_rel32(&a, opcode, goal);
	return type_at(&a, call, 4, 0);
}

static void test_line_entered(void **state)
{
	static const struct {
		const char *opcode;
		bool near;
	} forms[] = {{"\x74", true},	  {"\x7f", true},      {"\xe3", true},	{"\xeb", true},
		     {"\x0f\x84", false}, {"\x0f\x8f", false}, {"\xe9", false}, {"\xc7\xf8", false},
		     /* xbegin */};
	const uint64_t lea = CALLER + 0x10, nop = lea + 7, call = nop + 1;

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		for (int before = 0; before < 2; before++) {
			const char *op = forms[i].opcode;
			bool near = forms[i].near;

			assert_int_equal(type_entered(op, near, before, nop), 0);
			assert_int_equal(type_entered(op, near, before, lea + 1), 0);
			assert_int_equal(type_entered(op, near, before, call), 0);
			assert_int_equal(type_entered(op, near, before, lea), TYPE);
			assert_int_equal(type_entered(op, near, before, call + 5), TYPE);
		}
	}
}

/* The bytes of a branch that are part of something else are none. */
static void test_no_false_alarm(void **state)
{
	struct assembly a = caller_begin();

	(void)state;
	ASM(&a, "\x48\xb8\x74\x06\xeb\x06\x74\x05\x74\x06"); /* mov rax, imm64 */
	asm_rel32(&a, LEA_RSI, TYPE);
	assert_int_equal(type_of(&a), TYPE);
}

/* lea rax, [rip+table]; jmp [rax+rcx*8]; then the line. */
static uint64_t type_with_table(uint64_t table, uint64_t goal)
{
	struct assembly a = caller_begin();
	uint64_t call;

	asm_rel32(&a, "\x48\x8d\x05", table);
	ASM(&a, "\xff\x24\xc8");
	a.len = CALLER + 0x10 - FUNC_ADDR;
	asm_rel32(&a, LEA_RSI, TYPE);
	asm_put(&a, "\x90", 1);
	call = asm_here(&a);
	asm_rel32(&a, "\xe8", CALLEE);
	return type_at(&a, call, 4, goal);
}

static void test_jump_table(void **state)
{
	const uint64_t lea = CALLER + 0x10, nop = lea + 7, call = nop + 1;

	(void)state;
	assert_int_equal(type_with_table(TABLE, lea), TYPE);
	assert_int_equal(type_with_table(TABLE, nop), 0);
	assert_int_equal(type_with_table(TABLE, call), 0);
	assert_int_equal(type_with_table(TABLE, call + 5), TYPE);
	/* Not to be found: then it may go anywhere. */
	assert_int_equal(type_with_table(TABLE + 0x100, lea), 0);
}

static void test_inside_an_instruction(void **state)
{
	struct assembly a = caller_begin();
	struct callsite *sites = NULL;

	(void)state;
	asm_rel32(&a, LEA_RSI, TYPE);
	asm_rel32(&a, "\x48\xb8\xe8", CALLEE); /* mov rax, imm64 */
	assert_int_equal(find_calls(&a, 4, 0, &sites), 0);
	free(sites);
}

/* Code of other languages lies before Go's, and behind the last function. */
static void test_outside_functions(void **state)
{
	static const uint64_t outside[] = {FUNC_ADDR + 0x80, IMG_GO_TEXT + 0x1a0};

	(void)state;
	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
		struct assembly a = caller_begin();
		struct callsite *sites = NULL;

		a.len = outside[i] - FUNC_ADDR;
		asm_rel32(&a, "\xe8", CALLEE);
		assert_int_equal(find_calls(&a, 4, 0, &sites), 0);
		free(sites);
	}
}

/* Behind bytes that do not decode, boundaries are unknown; before them, ways in. */
static void test_undecodable(void **state)
{
	struct assembly a = caller_begin();
	struct callsite *sites = NULL;
	uint64_t call;

	(void)state;
	asm_rel32(&a, LEA_RSI, TYPE);
	call = asm_here(&a);
	asm_rel32(&a, "\xe8", CALLEE);
	ASM(&a, "\x06\x90");
	asm_rel32(&a, "\xe8", CALLEE);
	assert_int_equal(find_calls(&a, 4, 0, &sites), 1);
	assert_int_equal(sites->call, call);
	assert_int_equal(sites->type, 0);
	free(sites);
}

static void test_several(void **state)
{
	const struct callee callees[] = {
		{.addr = IMG_GO_TEXT, .type_arg = -1, .index = 3},
		{.addr = CALLEE, .type_arg = 4, .index = 5},
	};
	struct assembly a = caller_begin();
	struct callsite *sites = NULL;
	struct go_image img;
	struct opened o;

	(void)state;
	asm_rel32(&a, LEA_RSI, TYPE);
	asm_rel32(&a, "\xe8", CALLEE);
	asm_rel32(&a, LEA_RSI, TYPE2);
	asm_rel32(&a, "\xe8", IMG_GO_TEXT);
	caller_image(&a, 0, &img);
	o = open_image(&img);
	assert_int_equal(callsites_find(o.bin, callees, 2, &sites, NULL), 2);
	assert_int_equal(sites[0].call, CALLER + 7);
	assert_int_equal(sites[0].index, 5);
	assert_int_equal(sites[0].type, TYPE);
	assert_int_equal(sites[1].call, CALLER + 19);
	assert_int_equal(sites[1].index, 3);
	assert_int_equal(sites[1].type, 0);
	free(sites);
	assert_int_equal(callsites_find(o.bin, callees, 0, &sites, NULL), 0);
	free(sites);
	close_image(&o);
}

/* Whatever the bytes are: no crash, and each site is a call in a function. */
static void test_random_text(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct assembly a = caller_begin();
		struct callsite *sites = NULL;
		int64_t n;

		for (size_t i = 0; i < sizeof(a.bytes); i++) {
			seed = seed * 1664525 + 1013904223;
			a.bytes[i] = (uint8_t)(seed >> 24);
		}
		for (a.len = 0x100; a.len < 0x2f0; a.len += 1 + (seed >> 27)) {
			seed = seed * 1664525 + 1013904223;
			asm_rel32(&a, seed >> 31 ? "\xe8" : LEA_RSI, seed >> 31 ? CALLEE : TYPE);
		}
		n = find_calls(&a, 4, CALLER + 8, &sites);
		assert_true(n >= 0);
		for (int64_t i = 0; i < n; i++) {
			assert_true(sites[i].call >= IMG_GO_TEXT);
			assert_true(sites[i].call < IMG_GO_TEXT + 0x1a0);
			assert_true(sites[i].type == 0 || sites[i].type == TYPE);
		}
		free(sites);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_constant),
		cmocka_unit_test(test_every_argument),
		cmocka_unit_test(test_overwritten),
		cmocka_unit_test(test_implicitly_overwritten),
		cmocka_unit_test(test_nearest_counts),
		cmocka_unit_test(test_no_type),
		cmocka_unit_test(test_no_load),
		cmocka_unit_test(test_line_broken),
		cmocka_unit_test(test_line_entered),
		cmocka_unit_test(test_no_false_alarm),
		cmocka_unit_test(test_jump_table),
		cmocka_unit_test(test_inside_an_instruction),
		cmocka_unit_test(test_outside_functions),
		cmocka_unit_test(test_undecodable),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_random_text),
	};

	return cmocka_run_group_tests_name("callsites", tests, NULL, NULL);
}
