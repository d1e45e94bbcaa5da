/* SPDX-License-Identifier: BSD-2-Clause */
/* A plan in the making: what all functions to be planned have in common. */
#ifndef SS_PLAN_PLANNER_H
#define SS_PLAN_PLANNER_H

#include <stdbool.h>

#include "gobin/gobin.h"
#include "log/reason.h"
#include "plan/arch.h"
#include "plan/code.h"
#include "plan/fips.h"
#include "plan/plan.h"
#include "plan/probes.h"

struct planner {
	const struct gobin *bin;
	const struct plan_arch *arch;
	struct callees callees;
	struct fips_text fips;
	struct plan *plan;
	bool old_caps; /* plan_request's */
	int refusal; /* what plan_make answers where nothing could be planned; 0: nothing refused */
};

/* Begin with an empty plan. -ENOTSUP for a Go version or an architecture without a planner. */
int planner_init(struct planner *planner, const struct gobin *bin, struct plan *plan,
		 struct reason *why);

/* What the plan knows of the next function, number plan->nfuncs; func has address and end. */

/* -EBADMSG where a probe in it would end a FIPS program. */
int planner_check_text(const struct planner *planner, const struct plan_func *func,
		       struct reason *why);

enum planner_decoding {
	PLANNER_WHOLE, /* code_decode */
	PLANNER_START, /* code_decode_open */
};

/* The function's code, to be freed with code_free; errors as code_decode, or of reading. */
int planner_decode(const struct planner *planner, const struct plan_func *func,
		   enum planner_decoding decoding, struct code **out, struct reason *why);
/* Add all sites of the function to the plan, or none: -EBADMSG where that cannot be done. */
int planner_add_sites(struct planner *planner, const struct code *code, const struct probes *probes,
		      struct reason *why);

#endif
