/* SPDX-License-Identifier: BSD-2-Clause */
/* The processes of a run: those that run, their CPU time, those that end. */
#ifndef SS_TRACE_TARGETS_H
#define SS_TRACE_TARGETS_H

#include "trace/run.h"

/* Forget it, and free what it has. */
void trace_target_clear(struct traced *t);
/* CPU time that it used since it came to be traced, as of some ms ago; 0 where it has ended. */
double trace_target_cpu_s(const struct traced *t);
/* The same of all, also of those that have ended. It never falls. */
double trace_cpu_s(const struct trace *trace);
size_t trace_running(const struct trace *trace);
/* Target number i has ended. */
void trace_target_gone(struct trace *trace, size_t i);
/* Notice targets that ended or run another program now; the latter are detached, with a warning. */
void trace_check_targets(struct trace *trace);

#endif
