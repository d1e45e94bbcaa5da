/* SPDX-License-Identifier: BSD-2-Clause */
/* The straight line before a RET: what is returned there, told from the code alone. */
#ifndef SS_PLAN_TAIL_H
#define SS_PLAN_TAIL_H

#include <stddef.h>
#include <stdint.h>

#include "log/reason.h"
#include "plan/code.h"
#include "plan/plan.h"
#include "plan/probes.h"

/*
 * Prove that the RET is reached only by a call of runtime.memmove before it, that the three
 * results are words of the frame which neither memmove nor the code behind the call changes, and
 * where they and the return address lie. 0 with the call's index in *call and the places, from the
 * stack pointer at the call, in *frame; -EBADMSG with the cause in why.
 *
 * Rests on: memmove returns always and writes nothing of its caller's frame. It is a leaf; where
 * other assembly calls it by the old ABI, a wrapper bears its name too and keeps the frame as well.
 */
int tail_prove(const struct code *code, size_t ret, const struct callees *callees, size_t *call,
	       struct plan_frame *frame, struct reason *why);

/* The constant that the RET returns as its first result, 0 where that is not proved. */
uint64_t tail_returned_constant(const struct code *code, size_t ret);

#endif
