/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether what a parser returned can be used: a file that took its parser over must not get
 * further. What may be wrong all the same are places and names in that file.
 */
#ifndef SS_PARSER_PARSED_CHECK_H
#define SS_PARSER_PARSED_CHECK_H

#include <stdbool.h>

#include "parser/parsed.h"

bool parsed_info_holds(const struct parsed_info *info);
/*
 * Its texts end and have no control characters, its numbers are in range, and the file fd has the
 * bytes of each site there.
 */
bool parsed_plan_holds(const struct plan *plan, int fd);
/* With an array of marks for the text's size, and calls in order. */
bool parsed_callers_hold(const struct plan_callers *callers);
bool parsed_scope_holds(const struct plan_scope *scope);

#endif
