// SPDX-License-Identifier: BSD-2-Clause
/* arm64: direct calls in bulk, where control goes, and constants in argument registers. */
#include "plan/calls_arch.h"

#include "gobin/bytes.h"
#include "plan/arm64_branch.h"
#include "plan/arm64_homes.h"
#include "plan/arm64_keeps.h"
#include "plan/arm64_word.h"

/* bl */
static const struct arm64_form call = {0xfc000000, 0x94000000};

/* Go's ABIInternal. */
static const uint8_t args[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

static uint32_t word_at(const struct text *text, size_t at)
{
	return get_le32(text->bytes + at);
}

static bool is_target(uint64_t addr, const uint64_t *targets, size_t n, size_t *which)
{
	for (size_t i = 0; i < n; i++) {
		if (targets[i] == addr) {
			*which = i;
			return true;
		}
	}
	return false;
}

static size_t next_call(const struct text *text, size_t from, const uint64_t *targets, size_t n,
			size_t *which)
{
	/* To the next multiple of a word: instructions lie there only. */
	from += -(text->addr + from) % ARM64_WORD;
	for (; from + ARM64_WORD <= text->len; from += ARM64_WORD) {
		const uint32_t word = word_at(text, from);
		uint64_t target;

		if (arm64_is(word, call) &&
		    arm64_flow(word, text->addr + from, &target) == ARM64_CALL &&
		    is_target(target, targets, n, which))
			return from;
	}
	return text->len;
}

static const uint8_t kinds[] = {
	[ARM64_ON] = STEP_ON,	      [ARM64_BRANCH] = STEP_BRANCH,
	[ARM64_JUMP] = STEP_JUMP,     [ARM64_CALL] = STEP_CALL,
	[ARM64_CALL_REG] = STEP_CALL, [ARM64_ELSEWHERE] = STEP_INDIRECT,
	[ARM64_RETURN] = STEP_END,    [ARM64_NEVER_PASSED] = STEP_END,
};

/* Unknown words are instructions too: they have the length of all. */
static bool step(const struct text *text, size_t at, struct step *out)
{
	if (text->len - at < ARM64_WORD)
		return false;
	out->len = ARM64_WORD;
	out->kind = kinds[arm64_flow(word_at(text, at), text->addr + at, &out->target)];
	return true;
}

static size_t steps(const struct text *text, size_t at, struct step out[STEPS_AT_ONCE])
{
	size_t n = 0;

	for (; n < STEPS_AT_ONCE && step(text, at, &out[n]); n++)
		at += ARM64_WORD;
	return n;
}

/* adrp reg, page; add reg, reg, offset: so the linker's relocations want it. Or adr. */
static bool load(const struct text *text, size_t at, uint8_t *reg, uint64_t *value, size_t *first)
{
	uint32_t word, page;

	if (text->len - at < ARM64_WORD)
		return false;
	word = word_at(text, at);
	*reg = arm64_rd(word);
	*first = at;
	if (arm64_is(word, ARM64_ADR)) {
		*value = arm64_relative(word, text->addr + at);
		return *reg != ARM64_SP_ZR;
	}
	if (!arm64_is(word, ARM64_ADD) || at < ARM64_WORD || *reg == ARM64_SP_ZR)
		return false;
	*first = at - ARM64_WORD;
	page = word_at(text, *first);
	*value = arm64_relative(page, text->addr + *first) + (uint64_t)arm64_addend(word);
	return arm64_is(page, ARM64_ADRP) && arm64_rd(page) == arm64_rn(word) &&
	       arm64_rn(word) != ARM64_SP_ZR;
}

/* adrp x16, page; add x16, x16, offset; br x16 */
static uint64_t trampoline(const struct text *text)
{
	uint64_t target;
	uint8_t reg;
	size_t first;

	if (!load(text, ARM64_WORD, &reg, &target, &first) || first || reg != 16)
		return 0;
	return word_at(text, 2 * ARM64_WORD) == 0xd61f0200 ? target : 0;
}

static bool keeps(const struct text *text, size_t at, uint8_t reg)
{
	struct arm64_writes writes;

	return arm64_writes(word_at(text, at), &writes) && !(writes.regs >> reg & 1);
}

static bool carry(const struct text *text, size_t at, struct homes *homes)
{
	return arm64_carry(word_at(text, at), homes);
}

const struct calls_arch calls_arch_arm64 = {
	.call_len = ARM64_WORD,
	.next_call = next_call,
	.step = step,
	.steps = steps,
	.load = load,
	.keeps = keeps,
	.carry = carry,
	.trampoline = trampoline,
	.trampoline_len = 3 * ARM64_WORD,
	.args = args,
	.nargs = sizeof(args),
	/*
	 * x18: the platform's; x27: the assembler's own; x28: the goroutine; x29, x30: frame and
	 * link; 31: stack pointer or zero. Values do lie in x16 and x17: the linker's code at calls
	 * alone uses them otherwise.
	 */
	.reserved = 1u << 18 | 0x1fu << 27,
};
