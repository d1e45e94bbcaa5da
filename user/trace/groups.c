// SPDX-License-Identifier: BSD-2-Clause
#include "trace/groups.h"

bool trace_rows_by_target(const struct trace *trace)
{
	/* Those who watch want to know which of the processes it is; of -e there is no end. */
	if (options_served(trace->opts) && !trace->opts->exe)
		return true;
	/* A stack's addresses are those of one process. */
	return trace->opts->view == OUTPUT_BY_BASE || trace->opts->view == OUTPUT_BY_PROCESS ||
	       trace->opts->stacks;
}

uint32_t trace_group_of(const struct trace *trace, const struct traced *t)
{
	return trace_rows_by_target(trace) ? (uint32_t)(t - trace->targets) : t->exe_number;
}

uint32_t trace_group_of_exe(const struct trace *trace, uint32_t exe)
{
	return (uint32_t)trace->room + exe;
}
