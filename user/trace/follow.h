/* SPDX-License-Identifier: BSD-2-Clause */
/* The processes of an executable, now and later, as a part of a run of tracing. */
#ifndef SS_TRACE_FOLLOW_H
#define SS_TRACE_FOLLOW_H

#include "trace/run.h"

struct trace_follow;
struct trace_missed;

/*
 * Trace all processes that run the file of -e, and those that will, files that come to its place
 * included; with --containers, files that any process has at that path. 0 or a negative errno with
 * why set.
 */
int trace_follow_file(struct trace *trace, struct reason *why);
void trace_follow_free(struct trace_follow *f);

/* Readable when processes came or left; what then is to be called. 0 or a negative errno. */
int trace_follow_fd(const struct trace *trace);
int trace_follow_look(struct trace *trace, struct reason *why);

/* To be called sometimes: what nobody told is looked for. */
void trace_follow_check(struct trace *trace);
/* Behind a report: forget files that nobody runs, but for a few. 0 or a negative errno with why
 * set. */
int trace_follow_trim(struct trace *trace, struct reason *why);

/*
 * Readable when another file may have come to the path; what then is to be called.
 * Negative: its directory is not there, in which containers may have theirs.
 */
int trace_follow_path_fd(const struct trace *trace);
void trace_follow_path(struct trace *trace);

/*
 * Readable when other processes may have come to run a file at that path; what then is to be
 * called. Negative: only the file that is here is followed.
 */
int trace_follow_sightings_fd(const struct trace *trace);
void trace_follow_sightings(struct trace *trace);

/* Before probes are put on anew that have been off. */
void trace_follow_before_resume(struct trace *trace);

/*
 * Readable when a file that is followed is to be written into; what then is to be called. 0 or a
 * negative errno with why set.
 */
int trace_follow_leases_fd(const struct trace *trace);
int trace_follow_leases(struct trace *trace, struct reason *why);

/* As trace_sightings_missed; NULL: only the file that is here is followed. */
const struct trace_missed *trace_follow_missed(const struct trace *trace);
/* Processes that had ended and are not told of any more. */
uint64_t trace_follow_forgotten(const struct trace *trace);

#endif
