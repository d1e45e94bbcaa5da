/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The instruction behind the stack check, which every call of a function passes once. The check
 * itself runs again after every morestack: it is no place to count calls.
 */
#ifndef SS_PLAN_ENTER_H
#define SS_PLAN_ENTER_H

#include "log/reason.h"
#include "plan/code.h"
#include "plan/plan.h"
#include "plan/probes.h"

/*
 * Add that instruction as a point: there the arguments are still in their registers and the return
 * address is at the top of the stack. A function without a check has both at its first instruction.
 * -EBADMSG with the cause in why where a call could pass it twice. A stepped one is noted.
 */
int enter_add(const struct code *code, const struct callees *callees, enum plan_point point,
	      struct probes *out, struct reason *why);

#endif
