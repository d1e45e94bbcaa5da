// SPDX-License-Identifier: BSD-2-Clause
#include "plan/amd64_keeps.h"

/* The one general register that an instruction may write, besides the stack pointer. */
enum dest {
	ANY, /* not known here */
	NONE,
	MEMORY, /* none; ModRM.rm, where that is memory */
	RM,	/* ModRM.rm */
	REG,	/* ModRM.reg */
	OPCODE, /* the opcode's low bits */
};

#define ARITHMETIC(op) [(op)...(op) + 1] = RM, [(op) + 2 ...(op) + 3] = REG

static const uint8_t one_byte[256] = {
	ARITHMETIC(0x00),
	ARITHMETIC(0x08),
	ARITHMETIC(0x10),
	ARITHMETIC(0x18),
	ARITHMETIC(0x20),
	ARITHMETIC(0x28),
	ARITHMETIC(0x30),
	[0x38 ... 0x3d] = NONE,	  /* cmp */
	[0x50 ... 0x57] = NONE,	  /* push */
	[0x58 ... 0x5f] = OPCODE, /* pop */
	[0x63] = REG,		  /* movsxd */
	[0x70 ... 0x7f] = NONE,	  /* branches */
	[0x80 ... 0x81] = RM,	  /* arithmetic with an immediate */
	[0x83] = RM,
	[0x84 ... 0x85] = NONE, /* test */
	[0x88 ... 0x89] = RM,	/* mov */
	[0x8a ... 0x8b] = REG,
	[0x8d] = REG,		/* lea */
	[0xa8 ... 0xa9] = NONE, /* test */
	[0xb0 ... 0xbf] = OPCODE,
	[0xc0 ... 0xc1] = RM, /* shifts */
	[0xc6 ... 0xc7] = RM, /* mov */
	[0xd0 ... 0xd3] = RM,
	[0xfe ... 0xff] = RM, /* inc, dec */
};

static const uint8_t two_byte[256] = {
	[0x10] = NONE,							 /* moves of vectors */
	[0x11] = MEMORY,	[0x1f] = NONE,				 /* nop */
	[0x28] = NONE,		[0x29] = MEMORY, [0x40 ... 0x4f] = REG,	 /* cmov */
	[0x57] = NONE,							 /* xorps */
	[0x6e ... 0x6f] = NONE, [0x7f] = MEMORY, [0x80 ... 0x8f] = NONE, /* branches */
	[0x90 ... 0x9f] = RM,						 /* set */
	[0xaf] = REG,							 /* imul */
	[0xb6 ... 0xb7] = REG,						 /* movzx, movsx */
	[0xbe ... 0xbf] = REG,
};

#define REX_B 0x01
#define REX_R 0x04

static enum dest dest_of_one_byte(const struct amd64_insn *insn)
{
	switch (insn->opcode) {
	case 0x90: /* As nop the exchange of rax with itself: with REX.B it is one with r8. */
		return insn->rex & REX_B ? ANY : NONE;
	case 0x80:
	case 0x81:
	case 0x83:
		return (insn->modrm >> 3 & 7) == 7 ? NONE : one_byte[insn->opcode]; /* cmp */
	case 0xc6:
	case 0xc7: /* xabort and xbegin write rax, whatever REX makes of ModRM. */
		return insn->modrm == 0xf8 ? ANY : RM;
	default:
		return one_byte[insn->opcode];
	}
}

static enum dest dest_of(const struct amd64_insn *insn)
{
	if (insn->map == AMD64_MAP_ONE)
		return dest_of_one_byte(insn);
	if (insn->map == AMD64_MAP_0F)
		return two_byte[insn->opcode];
	return ANY;
}

/* Without REX, the numbers 4 to 7 of bytes are the second bytes of registers 0 to 3. */
static bool is_part(uint8_t number, uint8_t rex, uint8_t reg)
{
	return number == reg || (!rex && number >= 4 && number - 4 == reg);
}

bool amd64_keeps(const struct amd64_insn *insn, uint8_t reg)
{
	const uint8_t high_b = insn->rex & REX_B ? 8 : 0;
	const uint8_t high_r = insn->rex & REX_R ? 8 : 0;

	switch (dest_of(insn)) {
	case NONE:
	case MEMORY:
		return true;
	case RM:
		return insn->modrm >> 6 != 3 ||
		       !is_part((insn->modrm & 7) | high_b, insn->rex, reg);
	case REG:
		return !is_part((insn->modrm >> 3 & 7) | high_r, insn->rex, reg);
	case OPCODE:
		return !is_part((insn->opcode & 7) | high_b, insn->rex, reg);
	case ANY:
		break;
	}
	return false;
}

bool amd64_stores(const struct amd64_insn *insn)
{
	switch (dest_of(insn)) {
	case NONE:
	case REG:
	case OPCODE:
		return false;
	case MEMORY:
	case RM:
		return insn->modrm >> 6 != 3;
	case ANY:
		break;
	}
	return true;
}
