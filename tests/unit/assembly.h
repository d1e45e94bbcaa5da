/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-assembled functions for the planner's tests: what they consist of and whom they call. */
#ifndef SS_TESTS_ASSEMBLY_H
#define SS_TESTS_ASSEMBLY_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <cmocka.h>

#include "plan/arch.h"
#include "plan/code.h"
#include "plan/probes.h"

#define FUNC_ADDR     0x401000
#define MEMMOVE_ADDR  0x410000
#define WRAPPER_ADDR  0x410400 /* a second function named runtime.memmove */
#define MORESTACK     0x410800
#define OTHER_FUNC    0x410c00
#define ZEROBASE_ADDR 0x500000

struct assembly {
	uint8_t bytes[1024];
	size_t len;
};

static const struct {
	uint64_t addr;
	const char *name;
} asm_funcs[] = {
	{MEMMOVE_ADDR, "runtime.memmove"},
	{WRAPPER_ADDR, "runtime.memmove"},
	{MORESTACK, "runtime.morestack_noctxt"},
	{OTHER_FUNC, "runtime.mallocgc"},
};

static inline bool asm_is_func(const void *ctx, uint64_t addr, const char *name)
{
	(void)ctx;
	for (size_t i = 0; i < sizeof(asm_funcs) / sizeof(asm_funcs[0]); i++)
		if (asm_funcs[i].addr == addr && !strcmp(asm_funcs[i].name, name))
			return true;
	return false;
}

static const struct callees asm_callees = {asm_is_func, NULL};

static inline void asm_put(struct assembly *a, const void *bytes, size_t len)
{
	assert_true(a->len + len <= sizeof(a->bytes));
	memcpy(a->bytes + a->len, bytes, len);
	a->len += len;
}

#define ASM(a, literal) asm_put(a, literal, sizeof(literal) - 1)

static inline uint64_t asm_here(const struct assembly *a)
{
	return FUNC_ADDR + a->len;
}

static inline struct code *asm_code_for(const struct plan_arch *arch, const struct assembly *a)
{
	struct code *code = NULL;
	struct reason why = {""};
	int err = code_decode(arch, a->bytes, a->len, FUNC_ADDR, &code, &why);

	if (err)
		print_error("%s\n", why.text);
	assert_int_equal(err, 0);
	return code;
}

static inline size_t asm_index(const struct code *code, uint64_t addr)
{
	size_t i = 0;

	assert_int_equal(code_find(code, addr, &i), 0);
	return i;
}

#endif
