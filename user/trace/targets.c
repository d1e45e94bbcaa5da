// SPDX-License-Identifier: BSD-2-Clause
#include "trace/targets.h"

#include <stdlib.h>

#include "log/log.h"
#include "symbol/process_types.h"

void trace_target_clear(struct traced *t)
{
	target_free(t->target);
	process_types_free(t->types);
	free(t->path);
	free(t->cgroup);
	*t = (struct traced){.gone = true};
}

double trace_target_cpu_s(const struct traced *t)
{
	return t->target ? target_cpu_s(t->target) - t->cpu_from_s : 0;
}

double trace_cpu_s(const struct trace *trace)
{
	double sum = trace->ended_cpu_s;

	for (size_t i = 0; i < trace->ntargets; i++)
		sum += trace_target_cpu_s(&trace->targets[i]);
	return sum;
}

size_t trace_running(const struct trace *trace)
{
	size_t n = 0;

	for (size_t i = 0; i < trace->ntargets; i++)
		n += !trace->targets[i].gone;
	return n;
}

static void leave_target(struct trace *trace, size_t i, bool ended)
{
	trace->targets[i].gone = true;
	session_detach(trace->session, (uint32_t)i, ended);
}

void trace_target_gone(struct trace *trace, size_t i)
{
	leave_target(trace, i, true);
}

/* Where files are followed, the kernel tells. */
void trace_check_targets(struct trace *trace)
{
	if (trace->follow)
		return;
	for (size_t i = 0; i < trace->ntargets; i++) {
		const struct traced *t = &trace->targets[i];
		enum target_state state = t->gone ? TARGET_RUNNING : target_state(t->target);

		if (state == TARGET_RUNNING)
			continue;
		leave_target(trace, i, state == TARGET_GONE);
		if (state == TARGET_EXECED)
			log_warn("pid %d runs another program now%s", t->pid,
				 trace->picked_up ? "" : ": its tracing ends here");
	}
}
