// SPDX-License-Identifier: BSD-2-Clause
/* By classes of the encoding: each has its destinations in the same bits. */
#include "plan/arm64_keeps.h"

#include <stddef.h>

#include "plan/arm64_word.h"

enum writes {
	UNKNOWN = 0,
	NOTHING = 1,
	RD = 2,	   /* the register in the lowest bits, where 31 is the zero register */
	RD_SP = 4, /* the same, where it is the stack pointer */
	RT2 = 8,   /* the second of a pair */
	BASE = 16, /* the base of the address: the stack pointer too */
	MEMORY = 32,
};

/*
 * The first that fits counts. Of vector instructions the lowest bits count as a general register,
 * which they are in some.
 */
static const struct {
	struct arm64_form form;
	uint8_t writes; /* enum writes */
} classes[] = {
	/* Loads and stores of a register: scaled offset, register as offset, unscaled offset. */
	{{0x3fc00000, 0x39000000}, MEMORY},
	{{0x3f000000, 0x39000000}, RD},
	{{0x3f400000, 0x3d000000}, MEMORY},
	{{0x3f400000, 0x3d400000}, NOTHING},
	{{0x3fe00c00, 0x38200800}, MEMORY},
	{{0x3f200c00, 0x38200800}, RD},
	{{0x3f600c00, 0x3c200800}, MEMORY},
	{{0x3f600c00, 0x3c600800}, NOTHING},
	{{0x3fe00c00, 0x38000000}, MEMORY},
	{{0x3f200c00, 0x38000000}, RD},
	{{0x3f600c00, 0x3c000000}, MEMORY},
	{{0x3f600c00, 0x3c400000}, NOTHING},
	/* Before or behind them the base changes. */
	{{0x3fe00400, 0x38000400}, MEMORY | BASE},
	{{0x3f200400, 0x38000400}, RD | BASE},
	{{0x3f600400, 0x3c000400}, MEMORY | BASE},
	{{0x3f600400, 0x3c400400}, BASE},
	/* Pairs. */
	{{0xfe400000, 0x68000000}, UNKNOWN}, /* with tags */
	{{0x3ec00000, 0x28000000}, MEMORY},
	{{0x3ec00000, 0x28400000}, RD | RT2},
	{{0x3ec00000, 0x28800000}, MEMORY | BASE},
	{{0x3ec00000, 0x28c00000}, RD | RT2 | BASE},
	{{0x3ec00000, 0x2c000000}, MEMORY},
	{{0x3ec00000, 0x2c400000}, NOTHING},
	{{0x3ec00000, 0x2c800000}, MEMORY | BASE},
	{{0x3ec00000, 0x2cc00000}, BASE},
	/* Ordered ones, literals; all others are not known. */
	{{0x3ffffc00, 0x08dffc00}, RD},
	{{0x3ffffc00, 0x089ffc00}, MEMORY},
	{{0xbf000000, 0x18000000}, RD},
	{{0xff000000, 0x98000000}, RD},
	{{0x0a000000, 0x08000000}, UNKNOWN},
	/* Arithmetic with an immediate. */
	{{0x3f800000, 0x11000000}, RD_SP}, /* add, sub; not adds, subs */
	{{0x1f800000, 0x11800000}, RD_SP}, /* tags */
	{{0x7f800000, 0x72000000}, RD},	   /* ands */
	{{0x1f800000, 0x12000000}, RD_SP}, /* and, orr, eor */
	{{0x7f800000, 0x73800000}, UNKNOWN},
	{{0x1c000000, 0x10000000}, RD},
	/* With registers, with vectors. */
	{{0x3fe00000, 0x0b200000}, RD_SP},   /* add, sub with an extended register */
	{{0xffe0fc00, 0x9ac01000}, UNKNOWN}, /* irg */
	{{0x0e000000, 0x0a000000}, RD},
	{{0x0e000000, 0x0e000000}, RD},
	/* Branches, system: all others are not known. */
	{{0xfc000000, 0x14000000}, NOTHING}, /* b */
	{{0xff000000, 0x54000000}, NOTHING}, /* b.cond */
	{{0x7c000000, 0x34000000}, NOTHING}, /* cbz, cbnz, tbz, tbnz */
	{{0xffffffff, 0xd503201f}, NOTHING}, /* nop */
	{{0xfffff01f, 0xd503301f}, NOTHING}, /* barriers */
};

#define CLASSES (sizeof(classes) / sizeof(classes[0]))

static uint8_t find_writes(uint32_t word)
{
	for (size_t i = 0; i < CLASSES; i++)
		if (arm64_is(word, classes[i].form))
			return classes[i].writes;
	return UNKNOWN;
}

static uint32_t bit_unless_zr(uint8_t reg)
{
	return reg == ARM64_SP_ZR ? 0 : 1u << reg;
}

bool arm64_writes(uint32_t word, struct arm64_writes *out)
{
	const uint8_t writes = find_writes(word);

	*out = (struct arm64_writes){.memory = writes & MEMORY};
	if (writes & RD)
		out->regs |= bit_unless_zr(arm64_rd(word));
	if (writes & RD_SP)
		out->regs |= 1u << arm64_rd(word);
	if (writes & RT2)
		out->regs |= bit_unless_zr(arm64_rt2(word));
	if (writes & BASE)
		out->regs |= 1u << arm64_rn(word);
	return writes != UNKNOWN;
}
