/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the base that a call returns is had: in one trap, where an instruction behind it allows.
 */
#ifndef SS_PLAN_BASEPOINT_H
#define SS_PLAN_BASEPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/arch.h"
#include "plan/flow.h"

/* In the place of an enum plan_price: no probe can be put there. */
#define CALLSITE_NO_PROBE 0xff

/* In the place of a register's number: the base lies in the frame. */
#define BASEPOINT_SLOT 0xff

struct basepoint {
	uint64_t addr; /* link-time address of the instruction, before which the base is had */
	int32_t slot;  /* with BASEPOINT_SLOT: where, in bytes from the stack pointer */
	uint8_t reg;   /* the register's number, as the architecture encodes it */
	uint8_t price; /* enum plan_price, or CALLSITE_NO_PROBE */
	uint8_t zero[2];
};

/*
 * For the call that returns to offset ret of the flow. The first instruction from there on that the
 * kernel emulates is taken, where only instructions that go on lie before it, the base is known to
 * be in a register or in a slot of the frame still, and no other code of the function leads to what
 * is passed: such code is that of appends within capacity, many times as frequent, which would all
 * trap. So nothing but the return leads there, and a goroutine that panics on its way there leaves
 * an event that can only be its next one's panic, never another slice's base. Elsewhere: the
 * instruction at ret, with the base in the first result's register.
 */
struct basepoint basepoint_find(const struct flow *flow, const struct plan_arch *arch, size_t ret);

#endif
