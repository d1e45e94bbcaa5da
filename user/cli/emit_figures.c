// SPDX-License-Identifier: BSD-2-Clause
#include "cli/emit_figures.h"

#include "trace/budget.h"
#include "trace/counts.h"

static double seconds_between(const struct timespec *a, const struct timespec *b)
{
	return (double)(b->tv_sec - a->tv_sec) + 1e-9 * (double)(b->tv_nsec - a->tv_nsec);
}

/* Where files are followed, the target is freed when it has ended. */
static const char *exe_of(const struct traced *t)
{
	if (t->path)
		return t->path;
	return t->target ? target_exe(t->target) : t->exe->path;
}

void fill_targets(const struct trace *trace, struct output_target *list)
{
	/* Of a file that is not there any more. */
	static const struct parsed_info nothing;

	for (size_t i = 0; i < trace->ntargets; i++) {
		const struct traced *t = &trace->targets[i];
		const struct parsed_info *info;

		list[i].forgotten = !t->exe;
		if (!t->exe)
			continue;
		info = t->exe->parsed ? parsed_info(t->exe->parsed) : &nothing;
		list[i] = (struct output_target){
			.pid = t->pid,
			.exe = exe_of(t),
			.exe_number = t->exe_number,
			.go = t->exe->plan.go,
			.arch = t->exe->plan.arch,
			.cgroup = t->cgroup,
			.gone = t->gone,
			.stripped = info->stripped,
			.text_start = info->text_mapping.start,
			.text_limit = info->text_mapping.limit,
			.text_offset = info->text_mapping.offset,
			.build_id = info->build_id,
			.package = info->program.package,
			.module = info->program.module,
			.module_version = info->program.version,
		};
	}
}

static uint64_t at_most(uint64_t value, uint64_t most)
{
	return value < most ? value : most;
}

/* Seen first, then every fate. What is still in `pending` has not returned yet, or never will. */
size_t fill_counts(const struct trace *trace, struct output_count list[COUNTS_MAX])
{
	size_t n = SS_UNALLOCATED + 1; /* seen, and the fates */
	uint64_t zero, gone;

	for (size_t i = 0; i < n; i++)
		list[i] = (struct output_count){.name = trace_count_names[i],
						.value = trace->counts[i]};
	/* Rows are newer than the counters by some events, but for the last report. */
	gone = at_most(trace->unknown, list[SS_FOLDED].value);
	zero = at_most(trace->zero_sized, list[SS_FOLDED].value - gone);
	list[SS_FOLDED].value -= zero + gone;
	list[SS_ZERO_SIZE].value += zero;
	list[n++] = (struct output_count){.name = "lost_detached",
					  .value = session_abandoned(trace->session)};
	list[n++] = (struct output_count){
		.name = "lost_unknown_target",
		.value = trace->counts[SS_LOST_UNKNOWN_TARGET] + gone,
	};
	list[n++] = (struct output_count){.name = "unreturned", .value = trace->unreturned};
	return n;
}

void fill_ests(const struct trace *trace, struct output_est *list, struct output_report *r)
{
	static const char *const names[TRACE_ESTS] = {
		[TRACE_EST_EVENTS] = "events",	     [TRACE_EST_LEN_SUM] = "len_sum",
		[TRACE_EST_CAP_SUM] = "cap_sum",     [TRACE_EST_ALLOCATED] = "bytes_allocated",
		[TRACE_EST_COPIED] = "bytes_copied", [TRACE_EST_SLACK] = "bytes_slack",
	};

	if (!trace->budget)
		return;
	for (int i = 0; i < TRACE_ESTS; i++) {
		const struct trace_est est = trace_budget_est(trace->budget, i);

		/* By base nobody counts what is copied. */
		if (i == TRACE_EST_COPIED && trace->opts->view == OUTPUT_BY_BASE)
			continue;
		list[r->nests++] = (struct output_est){names[i], est.total, est.error};
	}
	r->exposure = trace_budget_exposure(trace->budget);
	r->ests = list;
}

void fill_times(struct emitted *last, const struct trace *trace, struct output_report *r)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &r->time);
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (last->time.tv_sec == 0)
		last->time = trace->begin;
	r->elapsed_s = seconds_between(&trace->begin, &now);
	r->interval_s = seconds_between(&last->time, &now);
	last->time = now;
}

void fill_cost(struct emitted *last, const struct trace *trace, struct output_report *r)
{
	const uint64_t *counts = trace->counts;

	r->traps = counts[SS_TRAPS_EMULATED] + counts[SS_TRAPS_STEPPED];
	r->cost_s = (double)counts[SS_TRAPS_EMULATED] * trace->cost.emulated_s +
		    (double)counts[SS_TRAPS_STEPPED] * trace->cost.stepped_s;
	r->d_cost_s = r->cost_s - last->cost_s;
	r->d_seen = counts[SS_SEEN] - last->seen;
	last->cost_s = r->cost_s;
	last->seen = counts[SS_SEEN];
}

size_t fill_chain_counts(const struct trace *trace, struct output_count list[CHAIN_COUNTS_MAX])
{
	static const struct {
		enum ss_count slot;
		const char *name;
	} kinds[] = {
		{SS_CHAIN_LINKED, "linked"},	     {SS_CHAIN_FRESH, "fresh"},
		{SS_CHAIN_QUEUE, "queue"},	     {SS_CHAIN_FORK, "fork"},
		{SS_CHAIN_MISMATCH, "mismatch"},     {SS_CHAIN_UNSEEN, "unseen"},
		{SS_CHAIN_LOST_TAILS, "lost_tails"}, {SS_CHAIN_LOST_LIVES, "lost_lives"},
		{SS_CHAIN_INEXACT, "inexact"},
	};
	size_t n = sizeof(kinds) / sizeof(kinds[0]);

	for (size_t i = 0; i < n; i++)
		list[i] = (struct output_count){.name = kinds[i].name,
						.value = trace->counts[kinds[i].slot]};
	list[n] = (struct output_count){.name = "forgotten",
					.value = session_forgotten(trace->session)};
	return n + 1;
}
