// SPDX-License-Identifier: BSD-2-Clause
/* Lengths of amd64 instructions, form by form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "plan/amd64_length.h"

/* Its length with more bytes behind it and without; one byte less is no instruction. */
static void expect_length(const void *bytes, size_t len)
{
	uint8_t code[32];
	struct amd64_insn insn;

	memset(code, 0x24, sizeof(code));
	memcpy(code, bytes, len);
	assert_int_equal(amd64_length(code, sizeof(code), &insn), 0);
	assert_int_equal(insn.len, len);
	assert_int_equal(amd64_length(code, len, &insn), 0);
	assert_int_equal(insn.len, len);
	assert_int_equal(amd64_length(code, len - 1, &insn), -EBADMSG);
}

static void expect_none(const void *bytes, size_t len)
{
	uint8_t code[32] = {0};
	struct amd64_insn insn;

	memcpy(code, bytes, len);
	assert_int_equal(amd64_length(code, sizeof(code), &insn), -EBADMSG);
}

#define LENGTH(literal) expect_length(literal, sizeof(literal) - 1)
#define NONE(literal)	expect_none(literal, sizeof(literal) - 1)

static void test_addressing(void **state)
{
	(void)state;
	LENGTH("\x89\xc8");				/* mov eax, ecx */
	LENGTH("\x8b\x01");				/* mov eax, [rcx] */
	LENGTH("\x8b\x41\x10");				/* mov eax, [rcx+0x10] */
	LENGTH("\x8b\x81\x10\x20\x30\x40");		/* mov eax, [rcx+0x40302010] */
	LENGTH("\x8b\x05\x10\x20\x30\x40");		/* mov eax, [rip+0x40302010] */
	LENGTH("\x8b\x04\x24");				/* mov eax, [rsp] */
	LENGTH("\x8b\x44\x24\x10");			/* mov eax, [rsp+0x10] */
	LENGTH("\x8b\x84\x24\x10\x20\x30\x40");		/* mov eax, [rsp+0x40302010] */
	LENGTH("\x8b\x04\xcd\x10\x20\x30\x40");		/* mov eax, [rcx*8+0x40302010] */
	LENGTH("\x8b\x44\x0d\x00");			/* mov eax, [rbp+rcx] */
	LENGTH("\x4b\x8d\x04\x25\x10\x20\x30\x40");	/* lea rax, [r12*1+0x40302010] */
	LENGTH("\x43\x8b\x44\x25\x00");			/* mov eax, [r13+r12] */
	LENGTH("\x67\x8b\x44\x24\x10");			/* mov eax, [esp+0x10] */
	LENGTH("\x64\x48\x8b\x0c\x25\xf8\xff\xff\xff"); /* mov rcx, fs:[-8] */
}

static void test_immediates(void **state)
{
	(void)state;
	LENGTH("\x83\xc0\x01");				    /* add eax, 1 */
	LENGTH("\x05\x01\x02\x03\x04");			    /* add eax, imm32 */
	LENGTH("\x66\x05\x01\x02");			    /* add ax, imm16 */
	LENGTH("\x48\x05\x01\x02\x03\x04");		    /* add rax, imm32 */
	LENGTH("\x66\x48\x05\x01\x02\x03\x04");		    /* the same */
	LENGTH("\xb8\x01\x02\x03\x04");			    /* mov eax, imm32 */
	LENGTH("\x66\xb8\x01\x02");			    /* mov ax, imm16 */
	LENGTH("\x48\xb8\x01\x02\x03\x04\x05\x06\x07\x08"); /* mov rax, imm64 */
	LENGTH("\xa1\x01\x02\x03\x04\x05\x06\x07\x08");	    /* mov eax, [moffs] */
	LENGTH("\x67\xa1\x01\x02\x03\x04");		    /* the same, 32 bits */
	LENGTH("\x81\x7c\x24\x08\x01\x02\x03\x04");	    /* cmp dword [rsp+8], imm32 */
	LENGTH("\x66\xc7\x44\x24\x08\x01\x02");		    /* mov word [rsp+8], imm16 */
	LENGTH("\x48\x69\xc1\x01\x02\x03\x04");		    /* imul rax, rcx, imm32 */
	LENGTH("\xf6\xc1\x01");				    /* test cl, 1 */
	LENGTH("\xf6\xd1");				    /* not cl */
	LENGTH("\xf7\xc1\x01\x02\x03\x04");		    /* test ecx, imm32 */
	LENGTH("\xf7\xf1");				    /* div ecx */
	LENGTH("\xc2\x08\x00");				    /* ret 8 */
	LENGTH("\xc8\x08\x00\x01");			    /* enter 8, 1 */
	LENGTH("\x48\x0f\xba\xe0\x3f");			    /* bt rax, 63 */
	LENGTH("\x48\x0f\xa4\xc8\x04");			    /* shld rax, rcx, 4 */
}

static void test_transfers(void **state)
{
	(void)state;
	LENGTH("\xe8\x01\x02\x03\x04");
	LENGTH("\xe9\x01\x02\x03\x04");
	LENGTH("\xeb\x01");
	LENGTH("\x76\x01");
	LENGTH("\x0f\x86\x01\x02\x03\x04");
	LENGTH("\xe3\x01");
	LENGTH("\xff\xd0");
	LENGTH("\xff\x24\xc8");
	LENGTH("\xff\x25\x01\x02\x03\x04");
	LENGTH("\xc3");
	LENGTH("\xcc");
	LENGTH("\x0f\x0b");
}

static void test_vectors(void **state)
{
	(void)state;
	LENGTH("\x0f\x11\x44\x24\x08");		/* movups [rsp+8], xmm0 */
	LENGTH("\x66\x0f\x70\xc0\x4e");		/* pshufd xmm0, xmm0, 0x4e */
	LENGTH("\x66\x0f\x38\x00\xc1");		/* pshufb xmm0, xmm1 */
	LENGTH("\x66\x0f\x3a\x0f\xc1\x08");	/* palignr xmm0, xmm1, 8 */
	LENGTH("\xf3\x48\x0f\xb8\xc1");		/* popcnt rax, rcx */
	LENGTH("\xc5\xf8\x77");			/* vzeroupper */
	LENGTH("\xc5\xfe\x6f\x06");		/* vmovdqu ymm0, [rsi] */
	LENGTH("\xc5\xfd\x73\xd8\x08");		/* vpsrldq ymm0, ymm0, 8 */
	LENGTH("\xc4\xe2\xf3\xf6\xf0");		/* mulx rsi, rcx, rax */
	LENGTH("\xc4\xe3\x7d\x39\xc1\x01");	/* vextracti128 xmm1, ymm0, 1 */
	LENGTH("\x62\xf1\x7f\x48\x6f\x06");	/* vmovdqu8 zmm0, [rsi] */
	LENGTH("\x62\xf1\x7f\x48\x6f\x46\x01"); /* vmovdqu8 zmm0, [rsi+64] */
	LENGTH("\x62\xf3\xfd\x48\x3b\xc1\x01"); /* vextracti64x4 ymm1, zmm0, 1 */
	LENGTH("\x62\xf1\xfd\x48\x78\xc1");	/* vcvttpd2uqq zmm0, zmm1 */
}

static void test_nops(void **state)
{
	(void)state;
	LENGTH("\x90");
	LENGTH("\x66\x90");
	LENGTH("\x0f\x1f\x00");
	LENGTH("\x0f\x1f\x44\x00\x00");
	LENGTH("\x66\x2e\x0f\x1f\x84\x00\x00\x00\x00\x00");
	LENGTH("\xf3\x0f\x1e\xfa");						/* endbr64 */
	LENGTH("\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x90"); /* longest */
}

static void test_none(void **state)
{
	(void)state;
	NONE("\x06");
	NONE("\x9a");
	NONE("\xd5\x00\x90");		  /* REX2 */
	NONE("\x8f\xe8\x78\xc0\xc1\x01"); /* XOP */
	NONE("\x66\xe8\x01\x02\x03\x04");
	NONE("\x66\x0f\x84\x01\x02\x03\x04");
	NONE("\x66\x74\x01");
	NONE("\x66\xe2\x01");		  /* loop */
	NONE("\x66\xc7\xf8\x01\x02");	  /* xbegin */
	NONE("\x0f\x22\x80");		  /* mov cr0, rax: mod counts as 3 */
	NONE("\x66\x0f\x78\xc0\x01\x02"); /* extrq */
	NONE("\x0f\x78\xc1");		  /* vmread */
	NONE("\x0f\x04");
	NONE("\x62\xf0\x7f\x48\x6f\x06"); /* EVEX, map 0 */
	NONE("\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66\x90");
}

/* In a row as one by one: all of them, a part, up to one that is cut or none. */
static void test_row(void **state)
{
	/* nop; mov rax, [rsp+0x10]; movabs rax, imm64; ret; jmp +1 */
	static const uint8_t code[] = {0x90, 0x48, 0x8b, 0x44, 0x24, 0x10, 0x48, 0xb8, 1, 2,
				       3,    4,	   5,	 6,    7,    8,	   0xc3, 0xeb, 1};
	static const uint8_t lens[] = {1, 5, 10, 1, 2};
	static const uint8_t none[] = {0x90, 0x06, 0x90};
	struct amd64_insn insns[8];

	(void)state;
	assert_int_equal(amd64_lengths(code, sizeof(code), insns, 8), 5);
	for (size_t i = 0; i < sizeof(lens); i++)
		assert_int_equal(insns[i].len, lens[i]);
	assert_int_equal(insns[3].opcode, 0xc3);
	assert_int_equal(amd64_lengths(code, sizeof(code), insns, 2), 2);
	assert_int_equal(amd64_lengths(code, sizeof(code) - 1, insns, 8), 4);
	assert_int_equal(amd64_lengths(code, 0, insns, 8), 0);
	assert_int_equal(amd64_lengths(none, sizeof(none), insns, 8), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addressing), cmocka_unit_test(test_immediates),
		cmocka_unit_test(test_transfers),  cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_nops),	   cmocka_unit_test(test_none),
		cmocka_unit_test(test_row),
	};

	return cmocka_run_group_tests_name("amd64_length", tests, NULL, NULL);
}
