/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is known of the processes and executables of a run that follows files: bounded, so that it
 * can run for weeks. Where room is short, those that ended first are forgotten: their rows fold
 * into `other`, and totals stay exact.
 */
#ifndef SS_TRACE_KNOWN_H
#define SS_TRACE_KNOWN_H

#include "trace/run.h"

struct trace_known;

/* For the targets that trace has room for; NULL: out of memory. To be freed by the next. */
struct trace_known *trace_known_new(struct trace *trace);
void trace_known_free(struct trace_known *k);

/* An unused one of trace.targets, to be filled in; NULL where all run. */
struct traced *trace_known_take(struct trace_known *k);
/* It has ended, and all that it did has been drained: from now on it may be forgotten. */
void trace_known_ended(struct trace_known *k, struct traced *t);

/* Whether there are processes of an executable that may not be forgotten. */
bool trace_known_has_processes(const struct trace_known *k, uint32_t exe);
/*
 * Forget it with its processes, of which there are only such that may be forgotten; its probes are
 * off. Its number becomes another one's.
 */
void trace_known_forget_executable(struct trace_known *k, uint32_t exe);

/* Processes that have been forgotten. */
uint64_t trace_known_forgotten(const struct trace_known *k);

#endif
