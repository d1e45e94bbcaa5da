/* SPDX-License-Identifier: BSD-2-Clause */
/* The length of amd64 instructions: much faster than to disassemble them. */
#ifndef SS_PLAN_AMD64_LENGTH_H
#define SS_PLAN_AMD64_LENGTH_H

#include <stddef.h>
#include <stdint.h>

enum amd64_map {
	AMD64_MAP_ONE,	/* opcodes of one byte */
	AMD64_MAP_0F,	/* behind 0f */
	AMD64_MAP_MORE, /* behind 0f 38, 0f 3a, VEX or EVEX: no instruction that transfers control
			 */
};

struct amd64_insn {
	uint8_t len;
	uint8_t map; /* enum amd64_map */
	uint8_t opcode;
	uint8_t modrm; /* 0 where it has none */
	uint8_t rex;   /* 0 where it has none */
};

/*
 * The instruction at the start of the left bytes: 0 with *out filled; -EBADMSG where there is none
 * in 64-bit mode, or one that no Go compiler or assembler emits (XOP, APX, 3DNow, far immediates,
 * branches with a 16-bit operand, on which AMD and Intel differ). After the opcode maps of the
 * Intel SDM, volume 2, appendix A.
 */
int amd64_length(const uint8_t *bytes, size_t left, struct amd64_insn *out);

/*
 * The instructions in a row from there on, at most max: how many; fewer where the bytes end or one
 * is none. Several times as fast as one by one.
 */
size_t amd64_lengths(const uint8_t *bytes, size_t left, struct amd64_insn *out, size_t max);

#endif
