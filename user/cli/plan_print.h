/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_CLI_PLAN_PRINT_H
#define SS_CLI_PLAN_PRINT_H

#include <stdio.h>

#include "gobin/gobin.h"
#include "plan/callers.h"
#include "plan/plan.h"

/*
 * Explain the plan made for bin, the executable at path: each site, what it yields and costs, what
 * is refused, and what no site sees. Up to 100 columns wide but for long paths. 0 or -EIO.
 */
int plan_print(FILE *f, const char *path, const struct gobin *bin, const struct plan *plan,
	       const struct plan_callers *callers);

#endif
