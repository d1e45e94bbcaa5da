/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run is kept in: opened, awaited, closed. */
#ifndef SS_TRACE_OPEN_H
#define SS_TRACE_OPEN_H

#include "trace/run.h"

/*
 * Begin to open the session, for so many targets at a time, and open what is kept here, with room
 * for so many in all. 0 or a negative errno with why set; that of the session comes when it is
 * awaited.
 */
int trace_open_session(struct trace *trace, size_t ntargets, size_t room, struct reason *why);
/* Meanwhile, load the programs for the executable's plan, where nothing more is needed for them. */
void trace_preload(struct trace *trace, const struct executable *exe);
/* Rows for a session that is picked up again. 0 or a negative errno with why set. */
int trace_reopen_session(struct trace *trace, size_t ntargets, bool readonly, struct reason *why);
/* Wait for the session, unless it is there. 0 or a negative errno with why set. */
int trace_await_session(struct trace *trace, struct reason *why);
void trace_close_session(struct trace *trace);
/*
 * Wait for what a trap costs, unless it is known. 0 or a negative errno with why set: this kernel
 * does not count every event.
 */
int trace_read_cost(struct trace *trace, struct reason *why);

#endif
