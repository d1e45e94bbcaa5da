/* SPDX-License-Identifier: BSD-2-Clause */
/* A Go executable with the plan for it; shared by all targets that run the file. */
#ifndef SS_CLI_EXECUTABLE_H
#define SS_CLI_EXECUTABLE_H

#include <stdint.h>

#include "gobin/gobin.h"
#include "log/reason.h"
#include "plan/plan.h"

struct executable {
	int fd; /* a duplicate: outlives the target it came from */
	struct gobin *bin;
	struct plan plan;
};

/* Read the executable behind fd. 0 or a negative errno as gobin_open; nothing is planned yet. */
int executable_open(int fd, struct executable **out, struct reason *why);
/* Fill exe->plan; 0 or a negative errno as plan_make. */
int executable_plan(struct executable *exe, uint32_t ops, struct reason *why);
void executable_free(struct executable *exe);

/* Size in bytes of the type whose descriptor lies at the link-time address, -1 where unknown. */
int64_t executable_type_size(const struct executable *exe, uint64_t type);

#endif
