/* SPDX-License-Identifier: BSD-2-Clause */
/* A run that picks up what another slicestat left to the kernel. */
#ifndef SS_TRACE_REOPEN_H
#define SS_TRACE_REOPEN_H

#include "session/pinned.h"
#include "trace/run.h"

/*
 * Pick up the session in trace.pins, which told this of itself, to look at it or to stop it: the
 * targets that still run, the executables as far as they are there, rows, cost. trace.opts are
 * those it was started with, but for what concerns reports. 0 or a negative errno with why set.
 */
int trace_reopen(struct trace *trace, const struct ss_session *session, bool readonly,
		 struct reason *why);
/*
 * As trace_stop, for a session picked up; it stays to be read once more. *session as in
 * trace_reopen.
 */
int trace_stop_pinned(struct trace *trace, struct ss_session *session, struct reason *why);

#endif
