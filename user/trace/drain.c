// SPDX-License-Identifier: BSD-2-Clause
#include "trace/drain.h"

#include "trace/comings.h"
#include "trace/fold.h"

static int drain(struct trace *trace, struct reason *why)
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

static int drain_and_release(struct trace *trace, bool all, struct reason *why)
{
	struct trace_comings *comings = trace->comings;
	int err = comings ? trace_comings_before_drain(comings, all, why) : 0;

	if (!err)
		err = drain(trace, why);
	if (!err && comings)
		trace_comings_after_drain(comings);
	return err;
}

int trace_drain(struct trace *trace, struct reason *why)
{
	return drain_and_release(trace, false, why);
}

int trace_drain_all(struct trace *trace, struct reason *why)
{
	return drain_and_release(trace, true, why);
}
