/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-assembled arm64 functions for the planner's tests. */
#ifndef SS_TESTS_ASM_ARM64_H
#define SS_TESTS_ASM_ARM64_H

#include "assembly.h"

#define A64_RET	  0xd65f03c0
#define A64_NOP	  0xd503201f
#define A64_GUARD 0xf9400b90 /* ldr x16, [x28, #16] */
#define A64_CMP	  0xeb3063ff /* cmp sp, x16 */

/* Opcodes of what takes the distance to an address. */
#define A64_B	 0x14000000
#define A64_BL	 0x94000000
#define A64_B_LO 0x54000003
#define A64_B_LS 0x54000009
#define A64_CBZ	 0xb4000000 /* cbz x0 */

static inline void a64_put(struct assembly *a, uint32_t word)
{
	asm_put(a, &word, sizeof(word));
}

static inline void a64_puts(struct assembly *a, const uint32_t *words, size_t n)
{
	asm_put(a, words, n * sizeof(*words));
}

#define A64(a, ...)                                                                                \
	a64_puts(a, (const uint32_t[]){__VA_ARGS__},                                               \
		 sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

/* b or bl */
static inline void a64_branch(struct assembly *a, uint32_t opcode, uint64_t addr)
{
	a64_put(a, opcode | ((uint32_t)((addr - asm_here(a)) / 4) & 0x3ffffff));
}

/* b.cond, cbz and the like */
static inline void a64_branch_if(struct assembly *a, uint32_t opcode, uint64_t addr)
{
	a64_put(a, opcode | ((uint32_t)((addr - asm_here(a)) / 4) & 0x7ffff) << 5);
}

/* adrp reg, page; add reg, reg, offset */
static inline void a64_address(struct assembly *a, uint32_t reg, uint64_t addr)
{
	const uint32_t pages = (uint32_t)((addr >> 12) - (asm_here(a) >> 12));

	a64_put(a, 0x90000000 | (pages & 3) << 29 | (pages >> 2 & 0x7ffff) << 5 | reg);
	a64_put(a, 0x91000000 | (uint32_t)(addr & 0xfff) << 10 | reg << 5 | reg);
}

static inline struct code *a64_code(const struct assembly *a)
{
	return asm_code_for(&plan_arch_arm64, a);
}

#endif
