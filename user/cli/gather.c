// SPDX-License-Identifier: BSD-2-Clause
#include "cli/gather.h"

#include <errno.h>
#include <stdlib.h>

#include "trace/follow.h"

int gather_targets(const struct trace *trace, struct gathered *g, struct reason *why)
{
	struct output_report *r = &g->report;

	gather_free(g);
	g->targets = calloc(trace->ntargets + 1, sizeof(*g->targets));
	g->exes = calloc(trace->nexes + 1, sizeof(*g->exes));
	if (!g->targets || !g->exes)
		return reason_set(why, -ENOMEM, "out of memory");
	fill_targets(trace, g->targets);
	for (size_t i = 0; i < trace->nexes; i++)
		g->exes[i] = trace->exes[i] ? trace->exes[i]->path : NULL;
	r->targets = g->targets;
	r->ntargets = trace->ntargets;
	r->exes = g->exes;
	r->nexes = trace->nexes;
	r->forgotten = trace->follow ? trace_follow_forgotten(trace) : 0;
	return 0;
}

void gather_figures(const struct trace *trace, struct emitted *last, struct gathered *g)
{
	struct output_report *r = &g->report;

	r->stackless = trace->counts[SS_STACKLESS];
	r->typeless = trace->counts[SS_TYPELESS];
	r->stacks_cut = trace->stacks_cut;
	r->counts = g->counts;
	r->ncounts = fill_counts(trace, g->counts);
	r->nests = 0;
	fill_times(last, trace, r);
	fill_ests(trace, g->ests, r);
	fill_cost(last, trace, r);
}

void gather_free(struct gathered *g)
{
	free(g->targets);
	free(g->exes);
	g->targets = NULL;
	g->exes = NULL;
}
