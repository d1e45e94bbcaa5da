// SPDX-License-Identifier: BSD-2-Clause
#include "cli/trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "log/log.h"

/* Goroutines inside makeslice at once, and those that panicked out of it and never came back. */
#define MAX_PENDING 65536

/* Rows kept in user space, in windows. */
#define ROWS_PER_WINDOW 2

/* Call sites a window holds, and rows of other views than bases: programs have some 10,000. */
#define MAX_SITES 16384
#define MAX_ROWS  65536

/* Beginnings of chains times the capacities they come to, of which there are some 70. */
#define MAX_LIVES 65536

static enum session_fold fold_of(const struct options *opts)
{
	switch (opts->view) {
	case OUTPUT_BY_BASE:
		return SESSION_FOLD_BASES;
	case OUTPUT_CHAINS:
		return SESSION_FOLD_CHAINS;
	default:
		return SESSION_FOLD_SITES;
	}
}

/* What snapshots are added up in. */
static bool open_rows(struct trace *trace)
{
	const struct options *opts = trace->opts;

	if (opts->view == OUTPUT_CHAINS)
		trace->chains = chains_new(MAX_LIVES);
	else if (opts->view == OUTPUT_BY_BASE)
		trace->report = report_new((size_t)opts->max_bases * ROWS_PER_WINDOW, false);
	else
		trace->report = report_new(MAX_ROWS, true);
	return trace->chains || trace->report;
}

int trace_open_session(struct trace *trace, size_t ntargets, struct reason *why)
{
	struct session_options so = {
		.fold = fold_of(trace->opts),
		.max_tails = trace->opts->max_bases,
		.max_lives = MAX_LIVES,
		.stacks = trace->opts->stacks,
		.max_sites = MAX_SITES,
		.max_bases = trace->opts->max_bases,
		.max_pending = MAX_PENDING,
		.max_targets = (uint32_t)ntargets,
	};
	int err = calibrate(SESSION_BEST, &trace->cost, why);

	if (err)
		return err;
	trace->targets = calloc(ntargets, sizeof(*trace->targets));
	trace->exes = calloc(ntargets, sizeof(*trace->exes));
	if (!trace->targets || !trace->exes)
		return reason_set(why, -ENOMEM, "out of memory");
	err = session_new(&so, &trace->session, why);
	if (err)
		return err;
	return open_rows(trace) ? 0 : reason_set(why, -ENOMEM, "out of memory: lower --max-bases");
}

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

static size_t memory_here(const struct trace *trace)
{
	return trace->report ? report_memory(trace->report) : chains_memory(trace->chains);
}

static void tell(const struct trace *trace)
{
	const struct traced *t = &trace->targets[0];
	char sites[256], more[48] = "";

	describe_sites(&t->exe->plan, sites, sizeof(sites));
	if (trace->ntargets > 1)
		snprintf(more, sizeof(more), " and %zu more", trace->ntargets - 1);
	log_info("tracing pid %d%s (%s, %s %s): %s; %s, %.1f MiB in maps, %.1f MiB here",
		 target_pid(t->target), more, target_exe(t->target), t->exe->plan.go,
		 t->exe->plan.arch, sites,
		 session_attach_by(trace->session) == SESSION_UPROBE_MULTI ? "uprobe_multi"
									   : "perf events",
		 (double)session_memory(trace->session) / 1048576.0,
		 (double)memory_here(trace) / 1048576.0);
	for (size_t i = 0; i < trace->nexes; i++)
		for (uint32_t f = 0; f < trace->exes[i]->plan.nfuncs; f++)
			if (trace->exes[i]->plan.funcs[f].refused)
				log_warn("%s is not traced: %s", trace->exes[i]->plan.funcs[f].name,
					 trace->exes[i]->plan.funcs[f].note);
}

int trace_start(struct trace *trace, struct reason *why)
{
	int err;

	clock_gettime(CLOCK_MONOTONIC, &trace->begin);
	session_start(trace->session);
	tell(trace);
	err = trace->command ? command_release(trace->command) : 0;
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
	return 0;
}

int trace_drain(struct trace *trace, struct reason *why)
{
	switch (trace->opts->view) {
	case OUTPUT_BY_BASE:
		return session_snapshot(trace->session, trace_fold_base, trace, why);
	case OUTPUT_CHAINS:
		chains_clear(trace->chains);
		return session_snapshot(trace->session, trace_fold_chain, trace, why);
	default:
		return session_snapshot(trace->session,
					trace->opts->stacks ? trace_fold_stack : trace_fold_site,
					trace, why);
	}
}

int trace_snapshot(struct trace *trace, struct reason *why)
{
	int err = read_counts(trace, why);

	return err ? err : trace_drain(trace, why);
}

int trace_stop(struct trace *trace, struct reason *why)
{
	int err;

	trace_check_targets(trace);
	err = session_stop(trace->session);
	if (err)
		log_warn("detaching: %s", strerror(-err));
	return trace_snapshot(trace, why);
}

size_t trace_running(const struct trace *trace)
{
	size_t n = 0;

	for (size_t i = 0; i < trace->ntargets; i++)
		n += !trace->targets[i].gone;
	return n;
}

void trace_check_targets(struct trace *trace)
{
	for (size_t i = 0; i < trace->ntargets; i++) {
		struct traced *t = &trace->targets[i];
		enum target_state state = t->gone ? TARGET_RUNNING : target_state(t->target);

		if (state == TARGET_RUNNING)
			continue;
		t->gone = true;
		if (state == TARGET_EXECED) {
			session_detach(trace->session, (uint32_t)i);
			log_warn("pid %d runs another program now: its tracing ends here",
				 target_pid(t->target));
		}
	}
}

void trace_free(struct trace *trace)
{
	session_free(trace->session);
	for (size_t i = 0; i < trace->ntargets; i++)
		target_free(trace->targets[i].target);
	for (size_t i = 0; i < trace->nexes; i++)
		executable_free(trace->exes[i]);
	free(trace->targets);
	free(trace->exes);
	report_free(trace->report);
	chains_free(trace->chains);
	command_free(trace->command);
}
