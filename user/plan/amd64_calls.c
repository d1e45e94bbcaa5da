// SPDX-License-Identifier: BSD-2-Clause
/* amd64: direct calls in bulk, where control goes, and constants in argument registers. */
#include "plan/calls_arch.h"

#include <string.h>

#include "gobin/bytes.h"
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

static size_t next_call(const struct text *text, size_t from, const uint64_t *targets, size_t n,
			size_t *which)
{
	while (from + CALL_LEN <= text->len) {
		const size_t left = text->len - from - (CALL_LEN - 1);
		const uint8_t *call = memchr(text->bytes + from, CALL, left);
		uint64_t target;

		if (!call)
			break;
		from = (size_t)(call - text->bytes);
		target = relative32(text, from + CALL_LEN);
		for (size_t i = 0; i < n; i++) {
			if (targets[i] == target) {
				*which = i;
				return from;
			}
		}
		from++;
	}
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

static void step_one(const struct text *text, size_t end, const struct amd64_insn *insn,
		     struct step *out)
{
	switch (insn->opcode) {
	case 0x70 ... 0x7f:
	case 0xe0 ... 0xe3: /* loop, jrcxz */
		out->kind = STEP_BRANCH;
		out->target = relative8(text, end);
		break;
	case 0xc7:
		if (insn->modrm != 0xf8)
			break;
		out->kind = STEP_BRANCH; /* xbegin */
		out->target = relative32(text, end);
		break;
	case CALL:
		out->kind = STEP_CALL;
		break;
	case 0xe9:
		out->kind = STEP_JUMP;
		out->target = relative32(text, end);
		break;
	case 0xeb:
		out->kind = STEP_JUMP;
		out->target = relative8(text, end);
		break;
	case 0xff:
		out->kind = kind_of_ff(insn->modrm);
		break;
	case 0xc2 ... 0xc3: /* returns, interrupts, hlt */
	case 0xca ... 0xcc:
	case 0xcf:
	case 0xf1:
	case 0xf4:
		out->kind = STEP_END;
		break;
	default:
		break;
	}
}

static bool step(const struct text *text, size_t at, struct step *out)
{
	struct amd64_insn insn;

	if (amd64_length(text->bytes + at, text->len - at, &insn))
		return false;
	*out = (struct step){.len = insn.len, .kind = STEP_ON};
	if (insn.map == AMD64_MAP_ONE)
		step_one(text, at + insn.len, &insn, out);
	else if (insn.map == AMD64_MAP_0F)
		step_0f(text, at + insn.len, &insn, out);
	return true;
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

const struct calls_arch calls_arch_amd64 = {
	.call_len = CALL_LEN,
	.next_call = next_call,
	.step = step,
	.load = load,
	.keeps = keeps,
	.args = args,
	.nargs = sizeof(args),
};
