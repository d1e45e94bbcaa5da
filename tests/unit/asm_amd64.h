/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-assembled amd64 functions for the planner's tests. */
#ifndef SS_TESTS_ASM_AMD64_H
#define SS_TESTS_ASM_AMD64_H

#include "assembly.h"

/* An opcode followed by a 32-bit distance to addr. */
static inline void asm_rel32(struct assembly *a, const char *opcode, uint64_t addr)
{
	int32_t rel;

	asm_put(a, opcode, strlen(opcode));
	rel = (int32_t)(addr - (FUNC_ADDR + a->len + 4));
	asm_put(a, &rel, 4);
}

static inline void asm_rel8(struct assembly *a, uint8_t opcode, uint64_t addr)
{
	int8_t rel;

	asm_put(a, &opcode, 1);
	rel = (int8_t)(addr - (FUNC_ADDR + a->len + 1));
	asm_put(a, &rel, 1);
}

static inline int asm_decode(const struct assembly *a, struct code **code, struct reason *why)
{
	return code_decode(&plan_arch_amd64, a->bytes, a->len, FUNC_ADDR, code, why);
}

/* For functions that must decode. */
static inline struct code *asm_code(const struct assembly *a)
{
	return asm_code_for(&plan_arch_amd64, a);
}

#endif
