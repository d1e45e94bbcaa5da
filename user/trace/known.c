// SPDX-License-Identifier: BSD-2-Clause
#include "trace/known.h"

#include <stdlib.h>
#include <string.h>

#include "trace/groups.h"
#include "trace/targets.h"

struct trace_known {
	struct trace *trace;
	uint32_t *unused; /* indices in trace->targets, below ntargets */
	size_t nunused;
	uint32_t *ended; /* those that may be forgotten, in the order in which they ended */
	size_t nended;
	uint64_t forgotten;
};

struct trace_known *trace_known_new(struct trace *trace)
{
	struct trace_known *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	k->trace = trace;
	k->unused = calloc(trace->room, sizeof(*k->unused));
	k->ended = calloc(trace->room, sizeof(*k->ended));
	if (k->unused && k->ended)
		return k;
	trace_known_free(k);
	return NULL;
}

void trace_known_free(struct trace_known *k)
{
	if (!k)
		return;
	free(k->unused);
	free(k->ended);
	free(k);
}

static bool is_over_target(void *ctx, uint32_t group)
{
	const struct trace *trace = ctx;

	return trace->targets[group].over;
}

/* Its stacks are addresses of a process that nothing is known of any more. */
static uint32_t group_of_kept(void *ctx, uint32_t group, uint32_t *stack)
{
	const struct trace *trace = ctx;

	if (group >= trace->room || !trace->targets[group].over)
		return group;
	*stack = 0;
	return trace_group_of_exe(trace, trace->targets[group].exe_number);
}

/* Those marked as over. */
static void forget_marked(struct trace_known *k)
{
	struct trace *trace = k->trace;
	size_t kept = 0;

	if (trace->report && trace_rows_by_target(trace))
		report_forget(trace->report, is_over_target, trace);
	if (trace->finest)
		report_regroup(trace->finest, group_of_kept, trace);
	for (size_t i = 0; i < k->nended; i++) {
		struct traced *t = &trace->targets[k->ended[i]];

		if (!t->over) {
			k->ended[kept++] = k->ended[i];
			continue;
		}
		trace_target_clear(t);
		k->unused[k->nunused++] = k->ended[i];
		k->forgotten++;
	}
	k->nended = kept;
}

/* Half of them, so that the walks over all rows are shared by many new ones. */
static void forget_oldest(struct trace_known *k)
{
	for (size_t i = 0; i < (k->nended + 1) / 2; i++)
		k->trace->targets[k->ended[i]].over = true;
	forget_marked(k);
}

struct traced *trace_known_take(struct trace_known *k)
{
	struct trace *trace = k->trace;

	if (!k->nunused && trace->ntargets == trace->room)
		forget_oldest(k);
	if (k->nunused)
		return &trace->targets[k->unused[--k->nunused]];
	return trace->ntargets < trace->room ? &trace->targets[trace->ntargets++] : NULL;
}

void trace_known_ended(struct trace_known *k, struct traced *t)
{
	k->ended[k->nended++] = (uint32_t)(t - k->trace->targets);
}

static size_t count_processes(const struct trace *trace, const uint32_t *list, size_t n,
			      uint32_t exe)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct traced *t = &trace->targets[list ? list[i] : i];

		count += t->exe && t->exe_number == exe;
	}
	return count;
}

bool trace_known_has_processes(const struct trace_known *k, uint32_t exe)
{
	const struct trace *trace = k->trace;

	return count_processes(trace, NULL, trace->ntargets, exe) >
	       count_processes(trace, k->ended, k->nended, exe);
}

static bool is_of_executable(void *ctx, uint32_t group)
{
	return group == *(const uint32_t *)ctx;
}

void trace_known_forget_executable(struct trace_known *k, uint32_t exe)
{
	struct trace *trace = k->trace;
	uint32_t finest_group = trace_group_of_exe(trace, exe);

	for (size_t i = 0; i < k->nended; i++)
		if (trace->targets[k->ended[i]].exe_number == exe)
			trace->targets[k->ended[i]].over = true;
	forget_marked(k);
	if (trace->report && !trace_rows_by_target(trace))
		report_forget(trace->report, is_of_executable, &exe);
	if (trace->finest)
		report_forget(trace->finest, is_of_executable, &finest_group);
	if (trace->chains)
		chains_forget(trace->chains, is_of_executable, &exe);
	executable_free(trace->exes[exe]);
	trace->exes[exe] = NULL;
}

uint64_t trace_known_forgotten(const struct trace_known *k)
{
	return k->forgotten;
}
