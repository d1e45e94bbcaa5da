// SPDX-License-Identifier: BSD-2-Clause
#include "plan/amd64_length.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "gobin/bytes.h"

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
	MORE = 0x100, /* ModRM tells more of it */
};

#define ARITHMETIC(op) [(op)...(op) + 3] = MODRM, [(op) + 4] = IMM8, [(op) + 5] = IMMZ

/* By map (ONE, 0F) and opcode. */
static const uint16_t forms[2][256] = {
	{
		ARITHMETIC(0x00),
		ARITHMETIC(0x08),
		ARITHMETIC(0x10),
		ARITHMETIC(0x18),
		ARITHMETIC(0x20),
		ARITHMETIC(0x28),
		ARITHMETIC(0x30),
		ARITHMETIC(0x38),
		[0x50 ... 0x5f] = NONE, /* push, pop */
		[0x63] = MODRM,
		[0x68] = IMMZ,
		[0x69] = MODRM | IMMZ,
		[0x6a] = IMM8,
		[0x6b] = MODRM | IMM8,
		[0x6c ... 0x6f] = NONE,
		[0x70 ... 0x7f] = IMM8, /* branches */
		[0x80] = MODRM | IMM8,
		[0x81] = MODRM | IMMZ,
		[0x83] = MODRM | IMM8,
		[0x84 ... 0x8e] = MODRM,
		[0x8f] = MODRM | MORE, /* pop; else XOP */
		[0x90 ... 0x99] = NONE,
		[0x9b ... 0x9f] = NONE,
		[0xa0 ... 0xa3] = MOFFS,
		[0xa4 ... 0xa7] = NONE,
		[0xa8] = IMM8,
		[0xa9] = IMMZ,
		[0xaa ... 0xaf] = NONE,
		[0xb0 ... 0xb7] = IMM8,
		[0xb8 ... 0xbf] = IMMV,
		[0xc0 ... 0xc1] = MODRM | IMM8,
		[0xc2] = IMM16,
		[0xc3] = NONE,
		[0xc6] = MODRM | IMM8,
		[0xc7] = MODRM | IMMZ,
		[0xc8] = IMM16 | IMM8,
		[0xc9] = NONE,
		[0xca] = IMM16,
		[0xcb ... 0xcc] = NONE,
		[0xcd] = IMM8,
		[0xcf] = NONE,
		[0xd0 ... 0xd3] = MODRM,
		[0xd7] = NONE,
		[0xd8 ... 0xdf] = MODRM, /* x87 */
		[0xe0 ... 0xe7] = IMM8,
		[0xe8 ... 0xe9] = REL,
		[0xeb] = IMM8,
		[0xec ... 0xef] = NONE,
		[0xf1] = NONE,
		[0xf4 ... 0xf5] = NONE,
		[0xf6 ... 0xf7] = MODRM | MORE, /* and an immediate with /0 and /1 */
		[0xf8 ... 0xfd] = NONE,
		[0xfe ... 0xff] = MODRM,
	},
	{
		[0x00 ... 0x03] = MODRM, [0x05 ... 0x09] = NONE,
		[0x0b] = NONE,		 [0x0d] = MODRM,
		[0x10 ... 0x1f] = MODRM, [0x28 ... 0x2f] = MODRM,
		[0x30 ... 0x35] = NONE,	 [0x37] = NONE,
		[0x40 ... 0x6f] = MODRM, [0x70 ... 0x73] = MODRM | IMM8,
		[0x74 ... 0x76] = MODRM, [0x77] = NONE,
		[0x7a ... 0x7f] = MODRM, [0x80 ... 0x8f] = REL,
		[0x90 ... 0x9f] = MODRM, [0xa0 ... 0xa2] = NONE,
		[0xa3] = MODRM,		 [0xa4] = MODRM | IMM8,
		[0xa5] = MODRM,		 [0xa8 ... 0xaa] = NONE,
		[0xab] = MODRM,		 [0xac] = MODRM | IMM8,
		[0xad ... 0xb9] = MODRM, [0xba] = MODRM | IMM8,
		[0xbb ... 0xc1] = MODRM, [0xc2] = MODRM | IMM8,
		[0xc3] = MODRM,		 [0xc4 ... 0xc6] = MODRM | IMM8,
		[0xc7] = MODRM,		 [0xc8 ... 0xcf] = NONE,
		[0xd0 ... 0xff] = MODRM,
	}};

#define REX_W 0x08

#define LONGEST 15
/* What can be looked at before an instruction turns out to be too long: always there. */
#define LOOKED_AT 32

struct cursor {
	const uint8_t *bytes; /* LOOKED_AT of them */
	size_t at;
	uint8_t rex;
	bool operand16;
	bool address32;
};

static uint8_t take(struct cursor *c)
{
	return c->bytes[c->at++];
}

static void take_prefixes(struct cursor *c)
{
	for (; c->at < LONGEST; c->at++) {
		switch (c->bytes[c->at]) {
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
			if ((c->bytes[c->at] & 0xf0) == 0x40)
				c->rex = take(c);
			return;
		}
	}
}

/* From ModRM on, SIB and displacement included; the word begins with them. */
static inline unsigned int modrm_bytes(uint64_t word)
{
	static const uint8_t bytes[4][8] = {
		{1, 1, 1, 1, 2, 5, 1, 1},
		{2, 2, 2, 2, 3, 2, 2, 2},
		{5, 5, 5, 5, 6, 5, 5, 5},
		{1, 1, 1, 1, 1, 1, 1, 1},
	};
	/* Without a base. */
	const bool far_sib = (word & 0x7c7) == 0x504;

	return bytes[word >> 6 & 3][word & 7] + (far_sib ? 4u : 0u);
}

static void take_modrm(struct cursor *c, struct amd64_insn *out)
{
	out->modrm = c->bytes[c->at];
	c->at += modrm_bytes(get_le16(c->bytes + c->at));
}

static size_t operand_bytes(const struct cursor *c, uint16_t form)
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
static uint16_t vector_form(unsigned int map, uint8_t opcode)
{
	switch (map) {
	case 1:
		/* The legacy opcodes with an immediate keep it; the branches are none here. */
		if (opcode >= 0x80 && opcode <= 0x8f)
			return 0;
		/* As legacy opcodes SSE4a's, which only AMD has, or a hypervisor's. */
		if (opcode == 0x78 || opcode == 0x79)
			return MODRM;
		return forms[AMD64_MAP_0F][opcode];
	case 2:
		return MODRM;
	case 3:
		return MODRM | IMM8;
	default:
		return 0;
	}
}

static uint16_t take_vector_opcode(struct cursor *c, uint8_t prefix, struct amd64_insn *out)
{
	unsigned int map = 1;

	out->map = AMD64_MAP_MORE;
	if (prefix == 0xc4)
		map = c->bytes[c->at] & 0x1f;
	else if (prefix == 0x62)
		map = c->bytes[c->at] & 0x07;
	c->at += prefix == 0x62 ? 3 : prefix == 0xc4 ? 2 : 1;
	out->opcode = take(c);
	return vector_form(map, out->opcode);
}

static uint16_t take_0f_opcode(struct cursor *c, struct amd64_insn *out)
{
	out->map = AMD64_MAP_0F;
	out->opcode = take(c);
	if (out->opcode != 0x38 && out->opcode != 0x3a)
		return forms[AMD64_MAP_0F][out->opcode];
	out->map = AMD64_MAP_MORE;
	if (out->opcode == 0x3a) {
		out->opcode = take(c);
		return MODRM | IMM8;
	}
	out->opcode = take(c);
	return MODRM;
}

static uint16_t take_opcode(struct cursor *c, struct amd64_insn *out)
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
		return forms[AMD64_MAP_ONE][out->opcode];
	}
}

/* Jumps on conditions, loops, jrcxz, jmp, xbegin. */
static bool is_relative(const struct amd64_insn *insn, uint16_t form)
{
	if (insn->map != AMD64_MAP_ONE)
		return form & REL;
	return form & REL || (insn->opcode & 0xf0) == 0x70 || (insn->opcode & 0xfc) == 0xe0 ||
	       insn->opcode == 0xeb || (insn->opcode == 0xc7 && insn->modrm == 0xf8);
}

/* Operands that the opcode alone does not tell. */
static uint16_t refine_form(const struct amd64_insn *insn, uint16_t form)
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

/*
 * The most of all: at most REX before an opcode of the first two maps, no operand that depends on
 * more. From one word and without branches, which could not be foreseen. The length; 0 where it is
 * another one.
 */
static inline unsigned int take_plain(const uint8_t *bytes, struct amd64_insn *out)
{
	uint64_t word = get_le64(bytes);
	const unsigned int rex = (word & 0xf0) == 0x40;
	const uint8_t rex_byte = (uint8_t)word & -rex;
	unsigned int map, has_modrm, len;
	uint16_t form;

	word >>= 8 * rex;
	map = (word & 0xff) == 0x0f ? AMD64_MAP_0F : AMD64_MAP_ONE;
	word >>= 8 * map;
	form = forms[map][word & 0xff];
	if (!form || form & (MORE | IMM16 | MOFFS))
		return 0;
	has_modrm = form & MODRM;
	len = rex + map + 1 + (modrm_bytes(word >> 8) & -has_modrm) + (form & IMM8) / IMM8 +
	      (form & (IMMZ | IMMV | REL) ? 4 : 0) + (form & IMMV && rex_byte & REX_W ? 4 : 0);
	*out = (struct amd64_insn){
		.len = (uint8_t)len,
		.map = (uint8_t)map,
		.opcode = (uint8_t)word,
		.modrm = (uint8_t)(word >> 8) & -has_modrm,
		.rex = rex_byte,
	};
	return len;
}

static unsigned int take_any(const uint8_t *bytes, struct amd64_insn *out)
{
	struct cursor c = {.bytes = bytes};
	uint16_t form;

	*out = (struct amd64_insn){0};
	take_prefixes(&c);
	form = take_opcode(&c, out);
	if (form & MODRM)
		take_modrm(&c, out);
	form = refine_form(out, form);
	if (!form || (c.operand16 && is_relative(out, form)))
		return 0;
	c.at += operand_bytes(&c, form);
	out->len = (uint8_t)c.at;
	out->rex = c.rex;
	return (unsigned int)c.at;
}

/* The length; 0 where there is none. LOOKED_AT bytes are there. */
static inline unsigned int take_insn(const uint8_t *bytes, struct amd64_insn *out)
{
	unsigned int len = take_plain(bytes, out);

	if (!len)
		len = take_any(bytes, out);
	return len <= LONGEST ? len : 0;
}

/* The same of fewer bytes: what is taken of the padding is not believed. */
static unsigned int take_last(const uint8_t *bytes, size_t left, struct amd64_insn *out)
{
	uint8_t padded[LOOKED_AT] = {0};
	unsigned int len;

	memcpy(padded, bytes, left);
	len = take_insn(padded, out);
	return len <= left ? len : 0;
}

size_t amd64_lengths(const uint8_t *bytes, size_t left, struct amd64_insn *out, size_t max)
{
	size_t n = 0;

	while (n < max && left > 0) {
		const unsigned int len = left < LOOKED_AT ? take_last(bytes, left, &out[n])
							  : take_insn(bytes, &out[n]);

		if (!len)
			break;
		bytes += len;
		left -= len;
		n++;
	}
	return n;
}

int amd64_length(const uint8_t *bytes, size_t left, struct amd64_insn *out)
{
	return amd64_lengths(bytes, left, out, 1) ? 0 : -EBADMSG;
}
