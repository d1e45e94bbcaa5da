// SPDX-License-Identifier: BSD-2-Clause
#include "plan/tail.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "plan/arch.h"
#include "slicestat.h"

#define WORD 8

/* No Go frame that is read here is near as large; offsets stay far from overflow. */
#define REACH (1 << 20)

enum content {
	UNKNOWN,
	SLOT,	/* what lies in the frame: offset from the stack pointer at the call */
	STATIC, /* a constant address: no stack lies there */
};

struct state {
	int64_t sp; /* as an offset too */
	struct {
		enum content is;
		int64_t slot;
	} regs[CODE_REGS];
};

static bool is_straight(const struct insn *insn)
{
	switch (insn->kind) {
	case INSN_NOP:
	case INSN_LOAD:
	case INSN_LOAD_PAIR:
	case INSN_MOVE:
	case INSN_ADDRESS:
	case INSN_SET:
	case INSN_RELEASE:
	case INSN_POP:
	case INSN_STORE_STATIC:
	case INSN_STORE_AT:
		return true;
	default:
		return false;
	}
}

/* Go back from the RET to the call; everything in between must be reached from the call alone. */
static int find_call(const struct code *code, size_t ret, const struct callees *callees,
		     size_t *call, struct reason *why)
{
	size_t i = ret;

	while (i > 0) {
		const struct insn *insn;

		if (code_insn(code, i)->entered)
			return reason_set(why, -EBADMSG, "a branch leads to +0x%llx before it",
					  (unsigned long long)code_offset(code, i));
		insn = code_insn(code, --i);
		if (insn->kind == INSN_CALL &&
		    callees->is(callees->ctx, insn->target, "runtime.memmove")) {
			*call = i;
			return 0;
		}
		if (!is_straight(insn))
			return reason_set(
				why, -EBADMSG,
				"the instruction at +0x%llx before it does more than load",
				(unsigned long long)code_offset(code, i));
	}
	return reason_set(why, -EBADMSG, "no call of memmove leads to it");
}

/* What lies below the stack pointer is not the frame's any more. */
static void load(struct state *state, uint8_t reg, int64_t offset)
{
	state->regs[reg].is = offset >= 0 ? SLOT : UNKNOWN;
	state->regs[reg].slot = state->sp + offset;
}

static bool release(struct state *state, int64_t bytes)
{
	if (bytes <= 0 || bytes > REACH)
		return false;
	state->sp += bytes;
	return state->sp <= REACH;
}

/*
 * False where the instruction moves the stack pointer wrongly, that or a load goes too far, or it
 * may write the frame.
 */
static bool step(struct state *state, const struct insn *insn)
{
	switch (insn->kind) {
	case INSN_LOAD:
		load(state, insn->reg, insn->imm);
		return llabs(insn->imm) <= REACH;
	case INSN_LOAD_PAIR:
		load(state, insn->reg, insn->imm);
		load(state, insn->reg2, insn->imm + WORD);
		return llabs(insn->imm) <= REACH;
	case INSN_MOVE:
		state->regs[insn->reg] = state->regs[insn->reg2];
		return true;
	case INSN_ADDRESS:
		state->regs[insn->reg].is = STATIC;
		return true;
	case INSN_SET:
		state->regs[insn->reg].is = UNKNOWN;
		return true;
	case INSN_STORE_AT:
		return state->regs[insn->reg].is == STATIC;
	case INSN_POP:
		load(state, insn->reg, 0);
		return release(state, insn->imm);
	case INSN_RELEASE:
		return release(state, insn->imm);
	default:
		return true;
	}
}

static int run_tail(const struct code *code, size_t call, size_t ret, struct state *state,
		    struct reason *why)
{
	for (size_t i = call + 1; i < ret; i++)
		if (!step(state, code_insn(code, i)))
			return reason_set(why, -EBADMSG,
					  "+0x%llx before it reads or moves the stack unexpectedly",
					  (unsigned long long)code_offset(code, i));
	return 0;
}

static bool overlap(const int64_t *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			if (llabs(words[i] - words[j]) < WORD)
				return true;
	return false;
}

static int64_t span(const int64_t *words, size_t count)
{
	int64_t low = words[0];
	int64_t high = words[0];

	for (size_t i = 1; i < count; i++) {
		low = words[i] < low ? words[i] : low;
		high = words[i] > high ? words[i] : high;
	}
	return high + WORD - low;
}

static bool find_caller(const struct plan_arch *arch, const struct state *state, int64_t *slot)
{
	const bool on_stack = arch->caller_reg == CALLER_ON_STACK;

	*slot = on_stack ? state->sp : state->regs[arch->caller_reg].slot;
	return on_stack || state->regs[arch->caller_reg].is == SLOT;
}

static int read_results(const struct plan_arch *arch, const struct state *state,
			struct plan_frame *frame, struct reason *why)
{
	int64_t words[4];

	for (size_t i = 0; i < 3; i++) {
		if (state->regs[arch->results[i]].is != SLOT)
			return reason_set(why, -EBADMSG,
					  "its result %zu is not loaded from the frame", i + 1);
		words[i] = state->regs[arch->results[i]].slot;
	}
	if (!find_caller(arch, state, &words[3]))
		return reason_set(why, -EBADMSG, "its return address is not loaded from the frame");
	if (overlap(words, 4))
		return reason_set(why, -EBADMSG, "two of its results come from one place");
	if (span(words, 4) > SS_FRAME_MAX)
		return reason_set(why, -EBADMSG, "its results lie more than %d bytes apart",
				  SS_FRAME_MAX);
	frame->base = (int32_t)words[0];
	frame->len = (int32_t)words[1];
	frame->cap = (int32_t)words[2];
	frame->caller = (int32_t)words[3];
	return 0;
}

int tail_prove(const struct code *code, size_t ret, const struct callees *callees, size_t *call,
	       struct plan_frame *frame, struct reason *why)
{
	struct state state = {0};
	int err;

	err = find_call(code, ret, callees, call, why);
	if (!err)
		err = run_tail(code, *call, ret, &state, why);
	if (!err)
		err = read_results(code_arch(code), &state, frame, why);
	return err;
}

static bool keeps(const struct insn *insn, uint8_t reg)
{
	switch (insn->kind) {
	case INSN_LOAD:
	case INSN_MOVE:
	case INSN_ADD:
	case INSN_ADDRESS:
	case INSN_SET:
	case INSN_POP:
		return insn->reg != reg;
	case INSN_LOAD_PAIR:
		return insn->reg != reg && insn->reg2 != reg;
	case INSN_NOP:
	case INSN_RELEASE:
	case INSN_STORE_STATIC:
	case INSN_STORE_AT:
		return true;
	default:
		return false;
	}
}

uint64_t tail_returned_constant(const struct code *code, size_t ret)
{
	uint8_t reg = code_arch(code)->results[0];
	uint64_t added = 0;
	size_t i = ret;

	while (i > 0 && !code_insn(code, i)->entered) {
		const struct insn *insn = code_insn(code, --i);

		if (insn->kind == INSN_ADDRESS && insn->reg == reg)
			return insn->target + added;
		if (insn->kind == INSN_ADD && insn->reg == reg) {
			added += (uint64_t)insn->imm;
			reg = insn->reg2;
		} else if (!keeps(insn, reg)) {
			return 0;
		}
	}
	return 0;
}
