// SPDX-License-Identifier: BSD-2-Clause
/* amd64: direct calls in bulk, where control goes, and constants in argument registers. */
#include "plan/calls_arch.h"

#include "gobin/bytes.h"
#include "plan/amd64_homes.h"
#include "plan/amd64_keeps.h"
#include "plan/amd64_length.h"

#define CALL	 0xe8
#define CALL_LEN 5
#define LEA_LEN	 7

/* Go's ABIInternal: rax, rbx, rcx, rdi, rsi, r8 to r11, as numbered in ModRM and REX. */
static const uint8_t args[] = {0, 3, 1, 7, 6, 8, 9, 10, 11};

/* What is added to the address behind the instruction; the last bytes of it say so. */
static uint64_t relative32(const struct text *text, size_t end)
{
	return text->addr + end + (uint64_t)(int64_t)(int32_t)get_le32(text->bytes + end - 4);
}

static uint64_t relative8(const struct text *text, size_t end)
{
	return text->addr + end + (uint64_t)(int64_t)(int8_t)text->bytes[end - 1];
}

/* A bit set in each byte of the word that is a call's opcode, and in some behind such a one. */
static uint64_t find_calls(uint64_t word)
{
	const uint64_t ones = 0x0101010101010101ull;

	word ^= CALL * ones;
	return (word - ones) & ~word & 0x80 * ones;
}

static bool calls_one(const struct text *text, size_t at, const uint64_t *targets, size_t n,
		      size_t *which)
{
	const uint64_t target = relative32(text, at + CALL_LEN);

	for (size_t i = 0; i < n; i++) {
		if (targets[i] == target && text->bytes[at] == CALL) {
			*which = i;
			return true;
		}
	}
	return false;
}

/* Calls are so many that leaving the loop for each one would take most of the time. */
static size_t next_call(const struct text *text, size_t from, const uint64_t *targets, size_t n,
			size_t *which)
{
	for (; from + CALL_LEN - 1 + sizeof(uint64_t) <= text->len; from += sizeof(uint64_t)) {
		uint64_t found = find_calls(get_le64(text->bytes + from));

		for (; found; found &= found - 1) {
			const size_t at = from + (size_t)__builtin_ctzll(found) / 8;

			if (calls_one(text, at, targets, n, which))
				return at;
		}
	}
	for (; from + CALL_LEN <= text->len; from++)
		if (calls_one(text, from, targets, n, which))
			return from;
	return text->len;
}

static void step_0f(const struct text *text, size_t end, const struct amd64_insn *insn,
		    struct step *out)
{
	if (insn->opcode == 0x0b) { /* ud2 */
		out->kind = STEP_END;
	} else if ((insn->opcode & 0xf0) == 0x80) {
		out->kind = STEP_BRANCH;
		out->target = relative32(text, end);
	}
}

/* Group 5: call and jump through a register or memory. */
static uint8_t kind_of_ff(uint8_t modrm)
{
	switch (modrm >> 3 & 7) {
	case 2:
	case 3:
		return STEP_CALL;
	case 4:
	case 5:
		return STEP_INDIRECT;
	default:
		return STEP_ON;
	}
}

/* By opcode; STEP_ON all others. Two depend on more. */
static const uint8_t kinds[256] = {
	[0x70 ... 0x7f] = STEP_BRANCH,
	[0xe0 ... 0xe3] = STEP_BRANCH, /* loop, jrcxz */
	[0xc7] = STEP_BRANCH,	       /* xbegin; else mov */
	[CALL] = STEP_CALL,
	[0xff] = STEP_CALL,
	[0xe9] = STEP_JUMP,
	[0xeb] = STEP_JUMP,
	[0xc2 ... 0xc3] = STEP_END, /* returns, interrupts, hlt */
	[0xca ... 0xcc] = STEP_END,
	[0xcf] = STEP_END,
	[0xf1] = STEP_END,
	[0xf4] = STEP_END,
};

static void step_one(const struct text *text, size_t end, const struct amd64_insn *insn,
		     struct step *out)
{
	out->kind = kinds[insn->opcode];
	if (out->kind == STEP_ON)
		return;
	if (insn->opcode == 0xff)
		out->kind = kind_of_ff(insn->modrm);
	else if (insn->opcode == 0xc7 && insn->modrm != 0xf8)
		out->kind = STEP_ON;
	else if (insn->opcode == 0xc7 || insn->opcode == 0xe9)
		out->target = relative32(text, end);
	else if (out->kind == STEP_BRANCH || out->kind == STEP_JUMP)
		out->target = relative8(text, end);
}

static void step_over(const struct text *text, size_t end, const struct amd64_insn *insn,
		      struct step *out)
{
	*out = (struct step){.len = insn->len, .kind = STEP_ON};
	if (insn->map == AMD64_MAP_ONE)
		step_one(text, end, insn, out);
	else if (insn->map == AMD64_MAP_0F)
		step_0f(text, end, insn, out);
}

static bool step(const struct text *text, size_t at, struct step *out)
{
	struct amd64_insn insn;

	if (amd64_length(text->bytes + at, text->len - at, &insn))
		return false;
	step_over(text, at + insn.len, &insn, out);
	return true;
}

static size_t steps(const struct text *text, size_t at, struct step out[STEPS_AT_ONCE])
{
	struct amd64_insn insns[STEPS_AT_ONCE];
	const size_t n = amd64_lengths(text->bytes + at, text->len - at, insns, STEPS_AT_ONCE);

	for (size_t i = 0; i < n; i++) {
		at += insns[i].len;
		step_over(text, at, &insns[i], &out[i]);
	}
	return n;
}

/* lea reg, [rip+disp32] */
static bool load(const struct text *text, size_t at, uint8_t *reg, uint64_t *value, size_t *first)
{
	const uint8_t *b = text->bytes + at;

	/* REX.W, with or without REX.R; ModRM of rip-relative with any register. */
	if (text->len - at < LEA_LEN || (b[0] & 0xfb) != 0x48 || b[1] != 0x8d ||
	    (b[2] & 0xc7) != 0x05)
		return false;
	*reg = (uint8_t)((b[0] & 4) << 1 | b[2] >> 3);
	*value = relative32(text, at + LEA_LEN);
	*first = at;
	return true;
}

static bool keeps(const struct text *text, size_t at, uint8_t reg)
{
	struct amd64_insn insn;

	return !amd64_length(text->bytes + at, text->len - at, &insn) && amd64_keeps(&insn, reg);
}

static bool carry(const struct text *text, size_t at, struct homes *homes)
{
	return amd64_carry(text->bytes + at, text->len - at, homes);
}

const struct calls_arch calls_arch_amd64 = {
	.call_len = CALL_LEN,
	.next_call = next_call,
	.step = step,
	.steps = steps,
	.load = load,
	.keeps = keeps,
	.carry = carry,
	.args = args,
	.nargs = sizeof(args),
	.reserved = 1u << 4 | 1u << 5 | 1u << 14, /* rsp, rbp, r14: the goroutine */
};
