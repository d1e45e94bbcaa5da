// SPDX-License-Identifier: BSD-2-Clause
#include "trace/budget.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "budget/budget.h"
#include "budget/estimate.h"
#include "clock/clock.h"
#include "trace/drain.h"
#include "trace/follow.h"
#include "trace/open.h"
#include "trace/targets.h"
#include "log/log.h"

/*
 * By how much a trap may cost more or less in the target than in the calibration's loop: other code
 * around it, caches and TLBs it has to share. Measured: see tests/live/budget.sh.
 */
#define COST_DOUBT 0.15

/* What comes before a gap stands for it: the sums are brought up to date this often. */
#define FEED_S 0.25

/* Nothing else is done while probes are taken off. */
#define PAUSE_MAX_S 2.0

_Static_assert(TRACE_ESTS <= ESTIMATE_COUNTERS, "an estimate for each");

struct trace_budget {
	struct budget *budget;
	struct estimate *estimate;
	bool attached;
	bool gave_up;
	bool ended;
	struct budget_reading end; /* when counting ended */
	double fed_s;		   /* when the estimates last took notice */
};

static int read_budget(const struct trace *trace, struct budget_reading *out, struct reason *why)
{
	uint64_t counts[SS_COUNTS];
	int err = session_counts(trace->session, counts);

	if (err)
		return reason_set(why, err, "cannot read the counters: %s", strerror(-err));
	*out = (struct budget_reading){
		.now_s = clock_now_s(),
		.cpu_s = trace_cpu_s(trace),
		.trap_s = (double)counts[SS_TRAPS_EMULATED] * trace->cost.emulated_s +
			  (double)counts[SS_TRAPS_STEPPED] * trace->cost.stepped_s,
	};
	return 0;
}

/* What the report holds, at a time told by the budget's reading. */
static struct estimate_reading estimate_reading(const struct trace *trace,
						const struct budget_reading *at)
{
	const struct report_sums sums = report_totals(trace->report).sums;

	return (struct estimate_reading){
		.cpu_s = at->cpu_s,
		.trap_s = at->trap_s,
		.counts = {[TRACE_EST_EVENTS] = sums.events,
			   [TRACE_EST_LEN_SUM] = sums.len_sum,
			   [TRACE_EST_CAP_SUM] = sums.cap_sum,
			   [TRACE_EST_ALLOCATED] = sums.allocated,
			   [TRACE_EST_COPIED] = sums.copied,
			   [TRACE_EST_SLACK] = sums.slack},
	};
}

int trace_budget_start(struct trace *trace, double share, struct reason *why)
{
	struct trace_budget *b = calloc(1, sizeof(*b));
	struct budget_reading now = {0};
	struct estimate_reading begin;
	int err;

	trace->budget = b;
	if (!b)
		return reason_set(why, -ENOMEM, "out of memory");
	err = trace_read_cost(trace, why);
	if (!err)
		err = read_budget(trace, &now, why);
	if (err)
		return err;
	begin = estimate_reading(trace, &now);
	b->attached = true;
	b->budget =
		budget_new(share, session_detach_s(trace->session), (uint64_t)(now.now_s * 1e9));
	b->estimate = estimate_new(COST_DOUBT, &begin);
	return b->budget && b->estimate ? 0 : reason_set(why, -ENOMEM, "out of memory");
}

void trace_budget_free(struct trace_budget *b)
{
	if (!b)
		return;
	budget_free(b->budget);
	estimate_free(b->estimate);
	free(b);
}

/* Events count up to the closing of the gate: the reading is of right before it. */
static int pause_tracing(struct trace *trace, const struct budget_reading *at, struct reason *why)
{
	struct estimate_reading reading;
	int err = session_pause(trace->session);

	if (err)
		return reason_set(why, err, "cannot detach: %s", strerror(-err));
	err = trace_drain(trace, why);
	if (err)
		return err;
	reading = estimate_reading(trace, at);
	estimate_add(trace->budget->estimate, &reading, true);
	trace->budget->attached = false;
	return 0;
}

static int resume_tracing(struct trace *trace, struct reason *why)
{
	struct estimate_reading reading;
	struct budget_reading now = {0};
	int err;

	/* What a process's number stands for may have changed. */
	trace_check_targets(trace);
	if (trace->follow)
		trace_follow_before_resume(trace);
	err = session_resume(trace->session, why);
	if (!err)
		err = read_budget(trace, &now, why);
	if (err)
		return err;
	session_start(trace->session);
	reading = estimate_reading(trace, &now);
	estimate_add(trace->budget->estimate, &reading, false);
	trace->budget->attached = true;
	trace->budget->fed_s = now.now_s;
	return 0;
}

static int give_up(struct trace *trace, bool *ended)
{
	log_warn(
		"the budget is used up, and it takes about %.0f s to take these probes off and on "
		"again, as perf events are slow: tracing ends here; choose fewer (--ops, --in), or "
		"--budget off",
		session_detach_s(trace->session));
	trace->budget->gave_up = true;
	*ended = true;
	return 0;
}

static int step(struct trace *trace, enum budget_step what, const struct budget_reading *at,
		bool *ended, struct reason *why)
{
	switch (what) {
	case BUDGET_PAUSE:
		if (session_detach_s(trace->session) > PAUSE_MAX_S)
			return give_up(trace, ended);
		return pause_tracing(trace, at, why);
	case BUDGET_RESUME:
		return resume_tracing(trace, why);
	case BUDGET_STAY:
		break;
	}
	return 0;
}

int trace_budget_turn(struct trace *trace, double *wait_s, bool *ended, struct reason *why)
{
	struct trace_budget *b = trace->budget;
	struct budget_reading now = {0};
	struct budget_answer answer;
	int err = read_budget(trace, &now, why);

	if (err)
		return err;
	answer = budget_ask(b->budget, &now, b->attached);
	*wait_s = answer.step == BUDGET_STAY ? answer.next_s - now.now_s : 0;
	if (answer.step != BUDGET_STAY)
		return step(trace, answer.step, &now, ended, why);
	return b->attached && now.now_s - b->fed_s >= FEED_S ? trace_budget_drain(trace, why) : 0;
}

int trace_budget_drain(struct trace *trace, struct reason *why)
{
	struct trace_budget *b = trace->budget;
	struct estimate_reading reading;
	struct budget_reading now = b->end;
	int err = b->ended ? 0 : read_budget(trace, &now, why);

	if (!err)
		err = trace_drain(trace, why);
	if (err)
		return err;
	reading = estimate_reading(trace, &now);
	estimate_add(b->estimate, &reading, b->attached);
	b->fed_s = now.now_s;
	return 0;
}

void trace_budget_end(struct trace *trace)
{
	struct trace_budget *b = trace->budget;
	struct reason unread;

	b->ended = !read_budget(trace, &b->end, &unread);
}

bool trace_budget_gave_up(const struct trace_budget *b)
{
	return b && b->gave_up;
}

double trace_budget_exposure(const struct trace_budget *b)
{
	return estimate_exposure(b->estimate);
}

double trace_budget_traced_s(const struct trace_budget *b)
{
	return estimate_attached_s(b->estimate);
}

double trace_budget_useful_s(const struct trace_budget *b)
{
	return estimate_useful_s(b->estimate);
}

struct trace_est trace_budget_est(const struct trace_budget *b, enum trace_estimate which)
{
	struct estimate_total t = estimate_total(b->estimate, which);

	return (struct trace_est){.total = t.total, .error = t.error};
}
