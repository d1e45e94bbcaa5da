/* SPDX-License-Identifier: BSD-2-Clause */
/* A64 instruction words: forms and fields (Arm ARM, DDI 0487, C4.1). */
#ifndef SS_PLAN_ARM64_WORD_H
#define SS_PLAN_ARM64_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of each. */
#define ARM64_WORD 4UL

/* In the place of a register's number: the stack pointer, or the register that is always zero. */
#define ARM64_SP_ZR 31

/* The fixed bits of an encoding. */
struct arm64_form {
	uint32_t mask;
	uint32_t bits;
};

static inline bool arm64_is(uint32_t word, struct arm64_form form)
{
	return (word & form.mask) == form.bits;
}

static inline bool arm64_is_any(uint32_t word, const struct arm64_form *forms, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (arm64_is(word, forms[i]))
			return true;
	return false;
}

/* Top level of the encoding. */
#define ARM64_BRANCH_OR_SYSTEM ((struct arm64_form){0x1c000000, 0x14000000})
#define ARM64_LOAD_OR_STORE    ((struct arm64_form){0x0a000000, 0x08000000})

#define ARM64_NOP  ((struct arm64_form){0xffffffff, 0xd503201f})
#define ARM64_RET  ((struct arm64_form){0xffffffff, 0xd65f03c0}) /* by the link register */
#define ARM64_ADR  ((struct arm64_form){0x9f000000, 0x10000000})
#define ARM64_ADRP ((struct arm64_form){0x9f000000, 0x90000000})
#define ARM64_ADD  ((struct arm64_form){0xff800000, 0x91000000}) /* xd = xn + an immediate */
#define ARM64_SUB  ((struct arm64_form){0xff800000, 0xd1000000})
#define ARM64_MOVE ((struct arm64_form){0xffe0ffe0, 0xaa0003e0}) /* xd = xm */

/* The register in the lowest bits: the destination, or what is loaded or stored. */
static inline uint8_t arm64_rd(uint32_t word)
{
	return word & 31;
}

/* The first operand, or the base of an address. */
static inline uint8_t arm64_rn(uint32_t word)
{
	return word >> 5 & 31;
}

/* The second of a pair. */
static inline uint8_t arm64_rt2(uint32_t word)
{
	return word >> 10 & 31;
}

static inline uint8_t arm64_rm(uint32_t word)
{
	return word >> 16 & 31;
}

/* The signed number in so many bits from low on. */
static inline int64_t arm64_signed(uint32_t word, unsigned int low, unsigned int bits)
{
	const uint32_t sign = 1u << (bits - 1);
	const uint32_t value = word >> low & (sign | (sign - 1));

	return (int64_t)(value ^ sign) - (int64_t)sign;
}

/* What ARM64_ADD and ARM64_SUB add and subtract. */
static inline int64_t arm64_addend(uint32_t word)
{
	return (int64_t)(word >> 10 & 0xfff) << (word >> 22 & 1 ? 12 : 0);
}

/* What ARM64_ADR or ARM64_ADRP at addr puts into its register. */
static inline uint64_t arm64_relative(uint32_t word, uint64_t addr)
{
	const int64_t distance = arm64_signed(word, 5, 19) * 4 + (word >> 29 & 3);

	if (arm64_is(word, ARM64_ADRP))
		return (addr & ~0xfffull) + ((uint64_t)distance << 12);
	return addr + (uint64_t)distance;
}

#endif
