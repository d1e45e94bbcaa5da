// SPDX-License-Identifier: BSD-2-Clause
#include "trace/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "trace/audit.h"
#include "trace/budget.h"
#include "trace/comings.h"
#include "trace/drain.h"
#include "trace/follow.h"
#include "trace/open.h"
#include "trace/rights.h"
#include "trace/targets.h"
#include "log/log.h"
#include "session/pinned.h"

/* From here on it is said at the start how long the end will take. */
#define SLOW_DETACH_S 2

/* "growslice 1 emulated + 1 stepped site" for the log line. */
static void describe_sites(const struct plan *plan, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (uint32_t f = 0; f < plan->nfuncs; f++) {
		unsigned int n[2] = {0};

		for (uint32_t i = 0; i < plan->nsites; i++)
			if (plan->sites[i].func == f)
				n[plan->sites[i].price != PLAN_EMULATED]++;
		used += (size_t)snprintf(buf + used, size - used, "%s%s %u emulated + %u stepped",
					 f ? ", " : "", plan->funcs[f].name, n[0], n[1]);
		if (used >= size)
			return;
	}
}

/* "120 calls in scope, emulated" and, by base, "behind them 100 emulated + 20 stepped". */
static void describe_scope(const struct plan_scope *scope, bool by_base, char *buf, size_t size)
{
	const size_t emulated = plan_scope_rets(scope, PLAN_EMULATED);
	const size_t stepped = plan_scope_rets(scope, PLAN_STEPPED);

	if (by_base)
		snprintf(buf, size,
			 "%zu calls in scope, emulated, and behind them %zu emulated + %zu stepped",
			 emulated + stepped, emulated, stepped);
	else
		snprintf(buf, size, "%zu calls in scope, emulated", scope->ncalls);
}

static size_t memory_here(const struct trace *trace)
{
	size_t finest = trace->finest ? report_memory(trace->finest) : 0;

	return finest +
	       (trace->report ? report_memory(trace->report) : chains_memory(trace->chains));
}

/* Of a file that is followed nobody may be there yet, or any more. */
static void describe_processes(const struct trace *trace, char *buf, size_t size)
{
	const size_t n = trace_running(trace);
	const struct traced *t = trace->targets;

	if (n == 0) {
		snprintf(buf, size, "what will run");
		return;
	}
	while (t->gone)
		t++;
	if (n == 1)
		snprintf(buf, size, "pid %d", t->pid);
	else
		snprintf(buf, size, "pid %d and %zu more", t->pid, n - 1);
}

/* Of memory, and how probes are attached. */
static void describe_cost(const struct trace *trace, char *buf, size_t size)
{
	snprintf(buf, size, "%s, %.1f MiB in maps, %.1f MiB here",
		 session_attach_by(trace->session) == SESSION_UPROBE_MULTI ? "uprobe_multi"
									   : "perf events",
		 (double)session_memory(trace->session) / 1048576.0,
		 (double)memory_here(trace) / 1048576.0);
}

static void tell(const struct trace *trace)
{
	const struct executable *exe = trace->nexes ? trace->exes[0] : NULL;
	char sites[256], processes[48], cost[96];

	describe_cost(trace, cost, sizeof(cost));
	if (!exe) {
		log_info("tracing nobody yet: %s is waited for, in all containers; %s",
			 trace->opts->exe, cost);
		return;
	}
	if (exe->scope)
		describe_scope(exe->scope, trace->opts->view == OUTPUT_BY_BASE, sites,
			       sizeof(sites));
	else
		describe_sites(&exe->plan, sites, sizeof(sites));
	describe_processes(trace, processes, sizeof(processes));
	log_info("tracing %s (%s, %s %s): %s; %s", processes, exe->path, exe->plan.go,
		 exe->plan.arch, sites, cost);
	if (session_detach_s(trace->session) >= SLOW_DETACH_S)
		log_warn("to take these probes off will take about %.0f s: perf events are slow in "
			 "that",
			 session_detach_s(trace->session));
	/* Where only a part is traced, functions are not probed. */
	for (size_t i = 0; i < trace->nexes && !exe->scope; i++)
		for (uint32_t f = 0; f < trace->exes[i]->plan.nfuncs; f++)
			if (trace->exes[i]->plan.funcs[f].refused)
				log_warn("%s is not traced: %s", trace->exes[i]->plan.funcs[f].name,
					 trace->exes[i]->plan.funcs[f].note);
}

/* Without a budget nobody waits for what a trap costs: that is measured from now on. */
static int open_gate(struct trace *trace, struct reason *why)
{
	const double budget = trace->opts->budget;
	int err = budget > 0 ? trace_budget_start(trace, budget, why) : 0;

	if (err)
		return err;
	clock_gettime(CLOCK_MONOTONIC, &trace->begin);
	session_start(trace->session);
	tell(trace);
	if (budget <= 0 && !trace->calibrated)
		calibrator_start(trace->calibrator);
	return 0;
}

int trace_start(struct trace *trace, struct reason *why)
{
	int err = trace_rights_run(trace, why);

	if (!err)
		err = open_gate(trace, why);
	if (err)
		return err;
	audit_begin(trace);
	if (!trace->command)
		return 0;
	err = command_release(trace->command);
	if (err)
		reason_set(why, err, "cannot let %s run: %s", trace->opts->command[0],
			   strerror(-err));
	return err;
}

/* Right before the flip, so that counters and rows tell of the same events but for a few. */
static int read_counts(struct trace *trace, struct reason *why)
{
	int64_t unreturned = session_pending(trace->session);
	int err = unreturned < 0 ? (int)unreturned : session_counts(trace->session, trace->counts);

	if (err)
		return reason_set(why, err, "cannot read the counters: %s", strerror(-err));
	trace->unreturned = (uint64_t)unreturned;
	if (trace->comings)
		trace->unreturned += trace_comings_unreturned(trace->comings);
	return 0;
}

int trace_snapshot(struct trace *trace, struct reason *why)
{
	int err = read_counts(trace, why);

	if (err)
		return err;
	return trace->budget ? trace_budget_drain(trace, why) : trace_drain(trace, why);
}

int trace_stop(struct trace *trace, struct reason *why)
{
	int err;

	trace_check_targets(trace);
	if (trace->budget)
		trace_budget_end(trace);
	err = session_stop(trace->session);
	if (err)
		log_warn("detaching: %s", strerror(-err));
	err = trace_snapshot(trace, why);
	audit_end(trace);
	return err;
}

void trace_free(struct trace *trace)
{
	trace_close_session(trace);
	trace_follow_free(trace->follow);
	trace_comings_free(trace->comings);
	calibrator_free(trace->calibrator);
	for (size_t i = 0; i < trace->ntargets; i++)
		trace_target_clear(&trace->targets[i]);
	for (size_t i = 0; i < trace->nexes; i++)
		executable_free(trace->exes[i]);
	parser_free(trace->parser);
	free(trace->targets);
	free(trace->exes);
	report_free(trace->report);
	report_free(trace->finest);
	chains_free(trace->chains);
	command_free(trace->command);
	pinned_free(trace->pinned);
	pins_free(trace->pins);
	trace_budget_free(trace->budget);
}
