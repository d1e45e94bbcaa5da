/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes of files that are followed, by the numbers that they have in the maps for a time. */
#ifndef SS_TRACE_COMINGS_H
#define SS_TRACE_COMINGS_H

#include "trace/trace.h"
#include "trace/known.h"
#include "session/follow.h"

struct trace_comings;

/* Both are borrowed; NULL: out of memory. To be freed by the next. */
struct trace_comings *trace_comings_new(struct trace *trace, struct trace_known *known);
void trace_comings_free(struct trace_comings *c);

/* Take notice of what the kernel tells. 0 or a negative errno with why set. */
int trace_comings_look(struct trace_comings *c, struct follow *kernel, struct reason *why);

/* The process that has the number; NULL: nobody. */
struct traced *trace_comings_target(const struct trace_comings *c, uint32_t number);

/* How many have left whose numbers are not released yet. */
int trace_comings_left(const struct trace_comings *c);
/*
 * Release the numbers of the n that left first: all that they did has been drained. What the
 * session still holds of them goes.
 */
void trace_comings_release(struct trace_comings *c, struct follow *kernel, int n);
/* Whether the number is one of those n. */
bool trace_comings_is_leaving(const struct trace_comings *c, int n, uint32_t number);

/* Makes that processes had begun which then ended. */
uint64_t trace_comings_unreturned(const struct trace_comings *c);

#endif
