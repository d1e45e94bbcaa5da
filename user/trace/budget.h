/* SPDX-License-Identifier: BSD-2-Clause */
/* A run under a budget: probes are taken off and on again, and what that hides is estimated. */
#ifndef SS_TRACE_BUDGET_H
#define SS_TRACE_BUDGET_H

#include <stdbool.h>

#include "trace/run.h"
#include "log/reason.h"

struct trace_budget;

/* What is estimated beside the exact counts. */
enum trace_estimate {
	TRACE_EST_EVENTS, /* folded */
	TRACE_EST_LEN_SUM,
	TRACE_EST_CAP_SUM,
	TRACE_EST_ALLOCATED, /* bytes, as the next two */
	TRACE_EST_COPIED,
	TRACE_EST_SLACK,
	TRACE_ESTS,
};

/* From now on, tracing may take that share of the targets' CPU time. 0 or a negative errno. */
int trace_budget_start(struct trace *trace, double share, struct reason *why);
void trace_budget_free(struct trace_budget *b);

/*
 * Do what the budget asks for now; *wait_s is when to come again. *ended: it is used up where
 * it takes too long to take probes off and on again, so that the run ends here. 0 or a negative
 * errno.
 */
int trace_budget_turn(struct trace *trace, double *wait_s, bool *ended, struct reason *why);
/* It is used up, and the run has ended for that. NULL: there is none. */
bool trace_budget_gave_up(const struct trace_budget *b);
/* trace_drain, of which the estimates take notice. */
int trace_budget_drain(struct trace *trace, struct reason *why);
/* Right before the last detaching: estimates are of the time up to here. */
void trace_budget_end(struct trace *trace);

struct trace_est {
	double total, error;
};

/* The share of the targets' useful CPU time that was traced; 1: all of it. */
double trace_budget_exposure(const struct trace_budget *b);
/* The same in seconds of CPU time, of what was traced and of all. They may fall by a clock's tick.
 */
double trace_budget_traced_s(const struct trace_budget *b);
double trace_budget_useful_s(const struct trace_budget *b);
struct trace_est trace_budget_est(const struct trace_budget *b, enum trace_estimate which);

#endif
