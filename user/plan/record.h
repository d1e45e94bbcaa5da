/* SPDX-License-Identifier: BSD-2-Clause */
/* Any function of the program: a slice among its arguments is recorded at each call. */
#ifndef SS_PLAN_RECORD_H
#define SS_PLAN_RECORD_H

#include "log/reason.h"
#include "plan/plan.h"
#include "plan/planner.h"

/*
 * Plan all bodies of the function. One that is planned with the same argument already is left out.
 * -ENOENT where there is none, -EBADMSG where one of them cannot be recorded, with the cause in
 * why, which names the function. The plan is of no use then.
 */
int record_plan(struct planner *planner, const struct plan_record *record, struct reason *why);

#endif
