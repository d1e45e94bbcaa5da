/* SPDX-License-Identifier: BSD-2-Clause */
/* A run whose maps have names (--pin), and that may go on without its slicestat (--detach). */
#ifndef SS_TRACE_LEAVE_H
#define SS_TRACE_LEAVE_H

#include "trace/run.h"

/* Make the directory of --pin, if there is one. 0 or a negative errno with why set. */
int trace_pin_make(struct trace *trace, struct reason *why);
/*
 * With everything attached and the gate closed: pin the maps, to be left the probes too. 0 or a
 * negative errno with why set.
 */
int trace_pin(struct trace *trace, struct reason *why);
/* With the gate open: tell since when. To be left, it is left. 0 or a negative errno, why set. */
int trace_pin_begin(struct trace *trace, struct reason *why);

#endif
