/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The instruction behind the stack check, which every call of a function passes once. The check
 * itself runs again after every morestack: its instructions are no place to count calls, but its
 * last branch is one where the flags are looked at too, for every call goes on there once.
 */
#ifndef SS_PLAN_ENTER_H
#define SS_PLAN_ENTER_H

#include "log/reason.h"
#include "plan/code.h"
#include "plan/plan.h"
#include "plan/probes.h"

/*
 * Add that instruction as a point, or that branch where the architecture has it so: there the
 * arguments and the return address are still where the caller put them. A function without a check
 * has both at its first instruction.
 * -EBADMSG with the cause in why where a call could pass it twice. A stepped one is noted.
 */
int enter_add(const struct code *code, const struct callees *callees, enum plan_point point,
	      struct probes *out, struct reason *why);

#endif
