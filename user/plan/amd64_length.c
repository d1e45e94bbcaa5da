// SPDX-License-Identifier: BSD-2-Clause
#include "plan/amd64_length.h"

#include <errno.h>
#include <stdbool.h>

/* What follows an opcode. */
enum {
	NONE = 0x80,  /* nothing; all others combine. 0: no such instruction */
	MODRM = 0x01, /* ModRM, SIB and displacement as it says */
	IMM8 = 0x02,
	IMM16 = 0x04,
	IMMZ = 0x08,  /* 4 bytes, 2 with an operand size prefix */
	IMMV = 0x10,  /* as IMMZ, 8 with REX.W */
	MOFFS = 0x20, /* an address: 8 bytes, 4 with an address size prefix */
	REL = 0x40,   /* 4 bytes whatever the prefixes */
};

#define ARITHMETIC(op) [(op)...(op) + 3] = MODRM, [(op) + 4] = IMM8, [(op) + 5] = IMMZ

static const uint8_t one_byte[256] = {
	ARITHMETIC(0x00),	 ARITHMETIC(0x08),
	ARITHMETIC(0x10),	 ARITHMETIC(0x18),
	ARITHMETIC(0x20),	 ARITHMETIC(0x28),
	ARITHMETIC(0x30),	 ARITHMETIC(0x38),
	[0x50 ... 0x5f] = NONE, /* push, pop */
	[0x63] = MODRM,		 [0x68] = IMMZ,
	[0x69] = MODRM | IMMZ,	 [0x6a] = IMM8,
	[0x6b] = MODRM | IMM8,	 [0x6c ... 0x6f] = NONE,
	[0x70 ... 0x7f] = IMM8, /* branches */
	[0x80] = MODRM | IMM8,	 [0x81] = MODRM | IMMZ,
	[0x83] = MODRM | IMM8,	 [0x84 ... 0x8f] = MODRM,
	[0x90 ... 0x99] = NONE,	 [0x9b ... 0x9f] = NONE,
	[0xa0 ... 0xa3] = MOFFS, [0xa4 ... 0xa7] = NONE,
	[0xa8] = IMM8,		 [0xa9] = IMMZ,
	[0xaa ... 0xaf] = NONE,	 [0xb0 ... 0xb7] = IMM8,
	[0xb8 ... 0xbf] = IMMV,	 [0xc0 ... 0xc1] = MODRM | IMM8,
	[0xc2] = IMM16,		 [0xc3] = NONE,
	[0xc6] = MODRM | IMM8,	 [0xc7] = MODRM | IMMZ,
	[0xc8] = IMM16 | IMM8,	 [0xc9] = NONE,
	[0xca] = IMM16,		 [0xcb ... 0xcc] = NONE,
	[0xcd] = IMM8,		 [0xcf] = NONE,
	[0xd0 ... 0xd3] = MODRM, [0xd7] = NONE,
	[0xd8 ... 0xdf] = MODRM, /* x87 */
	[0xe0 ... 0xe7] = IMM8,	 [0xe8 ... 0xe9] = REL,
	[0xeb] = IMM8,		 [0xec ... 0xef] = NONE,
	[0xf1] = NONE,		 [0xf4 ... 0xf5] = NONE,
	[0xf6 ... 0xf7] = MODRM, /* and an immediate with /0 and /1 */
	[0xf8 ... 0xfd] = NONE,	 [0xfe ... 0xff] = MODRM,
};

static const uint8_t two_byte[256] = {
	[0x00 ... 0x03] = MODRM, [0x05 ... 0x09] = NONE,
	[0x0b] = NONE,		 [0x0d] = MODRM,
	[0x10 ... 0x23] = MODRM, [0x28 ... 0x2f] = MODRM,
	[0x30 ... 0x35] = NONE,	 [0x37] = NONE,
	[0x40 ... 0x6f] = MODRM, [0x70 ... 0x73] = MODRM | IMM8,
	[0x74 ... 0x76] = MODRM, [0x77] = NONE,
	[0x78 ... 0x7f] = MODRM, [0x80 ... 0x8f] = REL,
	[0x90 ... 0x9f] = MODRM, [0xa0 ... 0xa2] = NONE,
	[0xa3] = MODRM,		 [0xa4] = MODRM | IMM8,
	[0xa5] = MODRM,		 [0xa8 ... 0xaa] = NONE,
	[0xab] = MODRM,		 [0xac] = MODRM | IMM8,
	[0xad ... 0xb9] = MODRM, [0xba] = MODRM | IMM8,
	[0xbb ... 0xc1] = MODRM, [0xc2] = MODRM | IMM8,
	[0xc3] = MODRM,		 [0xc4 ... 0xc6] = MODRM | IMM8,
	[0xc7] = MODRM,		 [0xc8 ... 0xcf] = NONE,
	[0xd0 ... 0xff] = MODRM,
};

#define REX_W 0x08

struct cursor {
	const uint8_t *bytes;
	size_t left; /* of the longest instruction there can be */
	size_t at;
	uint8_t rex;
	bool operand16;
	bool address32;
};

/* 0 behind the end: what is read there is never believed, since the length is checked last. */
static uint8_t peek(const struct cursor *c)
{
	return c->at < c->left ? c->bytes[c->at] : 0;
}

static uint8_t take(struct cursor *c)
{
	uint8_t byte = peek(c);

	c->at++;
	return byte;
}

static void take_prefixes(struct cursor *c)
{
	for (; c->at < c->left; c->at++) {
		switch (peek(c)) {
		case 0x66:
			c->operand16 = true;
			break;
		case 0x67:
			c->address32 = true;
			break;
		case 0x26:
		case 0x2e:
		case 0x36:
		case 0x3e:
		case 0x64:
		case 0x65:
		case 0xf0:
		case 0xf2:
		case 0xf3:
			break;
		default:
			if ((peek(c) & 0xf0) == 0x40)
				c->rex = take(c);
			return;
		}
	}
}

static void take_modrm(struct cursor *c, struct amd64_insn *out)
{
	uint8_t mod, rm;

	out->modrm = take(c);
	mod = out->modrm >> 6;
	rm = out->modrm & 7;
	if (mod == 3)
		return;
	if (rm == 4 && (take(c) & 7) == 5 && mod == 0)
		c->at += 4; /* SIB without a base */
	if (mod == 2 || (mod == 0 && rm == 5))
		c->at += 4;
	if (mod == 1)
		c->at += 1;
}

static size_t operand_bytes(const struct cursor *c, uint8_t form)
{
	size_t n = 0;

	if (form & IMM8)
		n += 1;
	if (form & IMM16)
		n += 2;
	if (form & REL)
		n += 4;
	if (form & (IMMZ | IMMV))
		n += form & IMMV && c->rex & REX_W ? 8 : c->operand16 && !(c->rex & REX_W) ? 2 : 4;
	if (form & MOFFS)
		n += c->address32 ? 4 : 8;
	return n;
}

/* Behind a VEX or EVEX prefix; map as numbered in it. */
static uint8_t vector_form(unsigned int map, uint8_t opcode)
{
	switch (map) {
	case 1:
		/* The legacy opcodes with an immediate keep it; the branches are none here. */
		if (opcode >= 0x80 && opcode <= 0x8f)
			return 0;
		return two_byte[opcode];
	case 2:
		return MODRM;
	case 3:
		return MODRM | IMM8;
	default:
		return 0;
	}
}

static uint8_t take_vector_opcode(struct cursor *c, uint8_t prefix, struct amd64_insn *out)
{
	unsigned int map = 1;

	out->map = AMD64_MAP_MORE;
	if (prefix == 0xc4)
		map = peek(c) & 0x1f;
	else if (prefix == 0x62)
		map = peek(c) & 0x07;
	c->at += prefix == 0x62 ? 3 : prefix == 0xc4 ? 2 : 1;
	out->opcode = take(c);
	return vector_form(map, out->opcode);
}

static uint8_t take_0f_opcode(struct cursor *c, struct amd64_insn *out)
{
	out->map = AMD64_MAP_0F;
	out->opcode = take(c);
	if (out->opcode != 0x38 && out->opcode != 0x3a)
		return two_byte[out->opcode];
	out->map = AMD64_MAP_MORE;
	if (out->opcode == 0x3a) {
		out->opcode = take(c);
		return MODRM | IMM8;
	}
	out->opcode = take(c);
	return MODRM;
}

static uint8_t take_opcode(struct cursor *c, struct amd64_insn *out)
{
	out->map = AMD64_MAP_ONE;
	out->opcode = take(c);
	switch (out->opcode) {
	case 0x0f:
		return take_0f_opcode(c, out);
	case 0x62:
	case 0xc4:
	case 0xc5:
		return take_vector_opcode(c, out->opcode, out);
	default:
		return one_byte[out->opcode];
	}
}

static bool is_relative(const struct amd64_insn *insn, uint8_t form)
{
	return form & REL || (insn->map == AMD64_MAP_ONE &&
			      ((insn->opcode & 0xf0) == 0x70 || insn->opcode == 0xeb));
}

/* Operands that the opcode alone does not tell. */
static uint8_t refine_form(const struct amd64_insn *insn, uint8_t form)
{
	const unsigned int reg = insn->modrm >> 3 & 7;

	if (insn->map != AMD64_MAP_ONE)
		return form;
	if (insn->opcode == 0x8f && reg)
		return 0; /* XOP */
	if (insn->opcode == 0xf6 && reg < 2)
		return form | IMM8;
	if (insn->opcode == 0xf7 && reg < 2)
		return form | IMMZ;
	return form;
}

int amd64_length(const uint8_t *bytes, size_t left, struct amd64_insn *out)
{
	const size_t longest = 15;
	struct cursor c = {.bytes = bytes, .left = left < longest ? left : longest};
	uint8_t form;

	*out = (struct amd64_insn){0};
	take_prefixes(&c);
	form = take_opcode(&c, out);
	if (form & MODRM)
		take_modrm(&c, out);
	form = refine_form(out, form);
	if (!form || (c.operand16 && is_relative(out, form)))
		return -EBADMSG;
	c.at += operand_bytes(&c, form);
	if (c.at > c.left)
		return -EBADMSG;
	out->len = (uint8_t)c.at;
	out->rex = c.rex;
	return 0;
}
