// SPDX-License-Identifier: BSD-2-Clause
#include "top/run.h"

int top_run_pid(const struct top_run *run, uint32_t group)
{
	const struct output_report *r = run->report;

	return group < r->ntargets && !r->targets[group].forgotten ? r->targets[group].pid : 0;
}
