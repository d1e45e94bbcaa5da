/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef SS_CLI_PLAN_PRINT_SCOPE_H
#define SS_CLI_PLAN_PRINT_SCOPE_H

#include <stdio.h>

#include "parser/parsed.h"
#include "plan/plan.h"
#include "plan/scope.h"

/*
 * As plan_print, where only a part of bin is traced: the calls in scope, which patterns chose, are
 * probed in the place of the functions planned. 0 or -EIO.
 */
int plan_print_scope(FILE *f, const char *path, const struct parsed_info *info,
		     const struct plan *plan, const struct plan_patterns *patterns,
		     const struct plan_scope *scope);

#endif
