// SPDX-License-Identifier: BSD-2-Clause
/* What a uprobe costs on an x86-64 instruction: arch/x86/kernel/uprobes.c of Linux, by bytes. */
#include "plan/amd64_price.h"

#include <errno.h>
#include <stdbool.h>

#include "plan/plan.h"

#define REX_B 0x01

struct opcode {
	const uint8_t *at; /* the opcode's first byte */
	size_t left;	   /* bytes from there on */
	uint8_t rex;	   /* 0: none */
	bool operand_size; /* 66 */
	bool repeat;	   /* f2, f3 */
	bool refused;	   /* lock, or a segment that means nothing in 64-bit code */
};

struct range {
	uint8_t first;
	uint8_t last;
};

/* good_insns_64 of the kernel, and all that enters it or faults. */
static const struct range refused_one_byte[] = {
	{0x06, 0x07}, {0x0e, 0x0e}, {0x16, 0x17}, {0x1e, 0x1f}, {0x27, 0x27},
	{0x2f, 0x2f}, {0x37, 0x37}, {0x3f, 0x3f}, {0x60, 0x62}, {0x6c, 0x6f},
	{0x82, 0x82}, {0x9a, 0x9a}, {0xcc, 0xcf}, {0xd4, 0xd6}, {0xe4, 0xe7},
	{0xea, 0xea}, {0xec, 0xf1}, {0xf4, 0xf4}, {0xfa, 0xfb},
};

/* good_2byte_insns; `syscall` (05) passes some kernels' check, but stepping it kills. */
static const struct range refused_two_byte[] = {
	{0x00, 0x01}, {0x05, 0x0c}, {0x30, 0x30}, {0x34, 0x35}, {0x37, 0x37},
	{0x78, 0x79}, {0xae, 0xae}, {0xb9, 0xb9}, {0xff, 0xff},
};

static bool in_ranges(uint8_t byte, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (byte >= ranges[i].first && byte <= ranges[i].last)
			return true;
	return false;
}

static bool is_refused_opcode(const struct opcode *op)
{
	if (op->at[0] != 0x0f)
		return in_ranges(op->at[0], refused_one_byte,
				 sizeof(refused_one_byte) / sizeof(refused_one_byte[0]));
	return op->left < 2 || in_ranges(op->at[1], refused_two_byte,
					 sizeof(refused_two_byte) / sizeof(refused_two_byte[0]));
}

/* False where byte is no legacy prefix. */
static bool take_prefix(uint8_t byte, struct opcode *op)
{
	switch (byte) {
	case 0x26:
	case 0x2e:
	case 0x36:
	case 0x3e:
	case 0xf0:
		op->refused = true;
		return true;
	case 0x66:
		op->operand_size = true;
		return true;
	case 0xf2:
	case 0xf3:
		op->repeat = true;
		return true;
	case 0x64:
	case 0x65:
	case 0x67:
		return true;
	default:
		return false;
	}
}

static int find_opcode(const uint8_t *bytes, size_t len, struct opcode *op)
{
	size_t i = 0;

	*op = (struct opcode){0};
	while (i < len && take_prefix(bytes[i], op))
		i++;
	if (i < len && (bytes[i] & 0xf0) == 0x40)
		op->rex = bytes[i++];
	if (i == len)
		return -ENOTSUP;
	op->at = bytes + i;
	op->left = len - i;
	return 0;
}

static bool is_relative_branch(const struct opcode *op)
{
	uint8_t byte = op->at[0];

	return byte == 0xe8 || byte == 0xe9 || byte == 0xeb || (byte & 0xf0) == 0x70 ||
	       (byte == 0x0f && (op->at[1] & 0xf0) == 0x80);
}

/* The kernel takes a push of rax to r15 with no prefix but 41. */
static bool is_plain_push(const struct opcode *op, size_t len)
{
	if ((op->at[0] & 0xf8) != 0x50)
		return false;
	return len == 1 || (len == 2 && op->rex == (0x40 | REX_B));
}

int amd64_price(const uint8_t *bytes, size_t len)
{
	struct opcode op;
	int err = find_opcode(bytes, len, &op);

	if (err)
		return err;
	if (op.refused || is_refused_opcode(&op))
		return -ENOTSUP;
	if (is_relative_branch(&op))
		return op.operand_size ? -ENOTSUP : PLAN_EMULATED;
	if (op.at[0] == 0x90) {
		/* With REX.B it is an exchange, which the kernel would take for a nop. */
		if (op.rex & REX_B)
			return -ENOTSUP;
		return op.repeat ? PLAN_STEPPED : PLAN_EMULATED;
	}
	return is_plain_push(&op, len) ? PLAN_EMULATED : PLAN_STEPPED;
}
