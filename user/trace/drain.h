/* SPDX-License-Identifier: BSD-2-Clause */
/* What the window holds, into rows. */
#ifndef SS_TRACE_DRAIN_H
#define SS_TRACE_DRAIN_H

#include "trace/run.h"

/* Numbers of processes that have left are released by it. 0 or a negative errno with why set. */
int trace_drain(struct trace *trace, struct reason *why);
/* One that releases all of these, however long that takes. 0 or a negative errno with why set. */
int trace_drain_all(struct trace *trace, struct reason *why);

#endif
