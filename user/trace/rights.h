/* SPDX-License-Identifier: BSD-2-Clause */
/* The capabilities of a run: they become fewer with what is left to do. */
#ifndef SS_TRACE_RIGHTS_H
#define SS_TRACE_RIGHTS_H

#include "trace/run.h"

/*
 * Keep what finding and attaching to targets may take; when a command has been started, which has
 * the caller's own rights. 0 or a negative errno with why set.
 */
int trace_rights_set_up(const struct trace *trace, struct reason *why);
/* Raise the priority and keep what it takes to go on, with all targets attached. As above. */
int trace_rights_run(const struct trace *trace, struct reason *why);

#endif
