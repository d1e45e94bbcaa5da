/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes of files that are followed, by the numbers that they have in the maps for a time. */
#ifndef SS_TRACE_COMINGS_H
#define SS_TRACE_COMINGS_H

#include "trace/known.h"
#include "session/follow.h"

struct trace_comings;

/* All are borrowed; NULL: out of memory. To be freed by the next. */
struct trace_comings *trace_comings_new(struct trace *trace, struct trace_known *known,
					struct follow *kernel);
void trace_comings_free(struct trace_comings *c);

/* Take notice of what the kernel tells. 0 or a negative errno with why set. */
int trace_comings_look(struct trace_comings *c, struct reason *why);
/* Of a file that is followed from now on: find those that came before that, and look into them. */
void trace_comings_find_newcomers(struct trace_comings *c);

/* The process that has the number; NULL: nobody. */
struct traced *trace_comings_find(struct trace_comings *c, uint32_t number);

/* Processes may soon come for which there are no numbers: a drain frees them. */
bool trace_comings_are_short(const struct trace_comings *c);
/*
 * Before and after a drain, which holds all that some of those did that have left by then: their
 * numbers are released. `all`: of all that have left, however few they are. 0 or a negative errno
 * with why set.
 */
int trace_comings_before_drain(struct trace_comings *c, bool all, struct reason *why);
void trace_comings_after_drain(struct trace_comings *c);
/* Between the two: whether the number is one of these. */
bool trace_comings_is_leaving(const struct trace_comings *c, uint32_t number);

/* Makes that processes had begun which then ended. */
uint64_t trace_comings_unreturned(const struct trace_comings *c);

#endif
