/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose a row is: of a process, or of all that run an executable. */
#ifndef SS_TRACE_GROUPS_H
#define SS_TRACE_GROUPS_H

#include "trace/run.h"

/* A row's group is the number of a target, else that of an executable. */
bool trace_rows_by_target(const struct trace *trace);
/* That of the target's rows. */
uint32_t trace_group_of(const struct trace *trace, const struct traced *t);
/* In trace.finest a process that is forgotten is not told from others of its executable any more.
 */
uint32_t trace_group_of_exe(const struct trace *trace, uint32_t exe);

#endif
