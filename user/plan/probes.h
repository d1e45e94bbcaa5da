/* SPDX-License-Identifier: BSD-2-Clause */
/* What the planners of single functions choose: sites by instruction, and what was proved there. */
#ifndef SS_PLAN_PROBES_H
#define SS_PLAN_PROBES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log/reason.h"
#include "plan/code.h"
#include "plan/plan.h"

/* Whether a function of this name starts at addr. More than one may bear it: ABI wrappers do. */
struct callees {
	bool (*is)(const void *ctx, uint64_t addr, const char *name);
	const void *ctx;
};

struct probe {
	size_t insn; /* index into the code */
	enum plan_point point;
	bool at_check; /* only passes that do not take this branch count */
};

struct probes {
	size_t count;
	struct probe at[PLAN_SITES_MAX];
	bool has_frame; /* there is a PLAN_GROW_CALL; all of them have this frame */
	struct plan_frame frame;
	uint64_t zerobase;  /* 0 where not proved */
	struct reason note; /* why a dearer site had to do; empty where none had to */
};

/*
 * Choose the sites for one function's code: 0 with *out (zeroed before) filled, so that each call
 * that returns passes exactly one site of its kind; -EBADMSG with the cause in why where that
 * could not be proved.
 */
int growslice_probes(const struct code *code, const struct callees *callees, struct probes *out,
		     struct reason *why);
int makeslice_probes(const struct code *code, const struct callees *callees, struct probes *out,
		     struct reason *why);
int makeslicecopy_probes(const struct code *code, const struct callees *callees, struct probes *out,
			 struct reason *why);
int slice_result_probes(const struct code *code, const struct callees *callees, struct probes *out,
			struct reason *why);
int string_result_probes(const struct code *code, const struct callees *callees, struct probes *out,
			 struct reason *why);
int conv_probes(const struct code *code, const struct callees *callees, struct probes *out,
		struct reason *why);

/* -EBADMSG when the table is full. */
int probes_add(struct probes *probes, size_t insn, enum plan_point point, struct reason *why);
/* Every RET as a point. -EBADMSG when the table is full, or when there is no RET. */
int probes_add_returns(struct probes *probes, const struct code *code, enum plan_point point,
		       struct reason *why);

#endif
