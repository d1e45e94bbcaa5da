/* SPDX-License-Identifier: BSD-2-Clause */
/* What the live view has to know of the run whose rows it shows. */
#ifndef SS_TOP_RUN_H
#define SS_TOP_RUN_H

#include "output/output.h"

/* Whose rows they are. All is borrowed for the call. */
struct top_run {
	const struct output_report *report; /* targets, executables, times and counts */
	struct output_names by_target, by_exe;
	/* The number of the executable that rows of this target are of. */
	uint32_t (*exe_of)(void *ctx, uint32_t group);
	/* The group of rows by site whose process is not told of any more. */
	uint32_t (*group_of_exe)(void *ctx, uint32_t exe);
	void *ctx;
};

/* The process of that number, 0 where there is none. */
int top_run_pid(const struct top_run *run, uint32_t group);

#endif
