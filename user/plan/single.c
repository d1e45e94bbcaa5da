// SPDX-License-Identifier: BSD-2-Clause
/*
 * Functions of which one point tells all: their result registers at the RETs hold a new slice or
 * string, or their arguments are the slice.
 */
#include "plan/enter.h"
#include "plan/probes.h"

int slice_result_probes(const struct code *code, const struct callees *callees, struct probes *out,
			struct reason *why)
{
	(void)callees;
	return probes_add_returns(out, code, PLAN_SLICE_RET, why);
}

int string_result_probes(const struct code *code, const struct callees *callees, struct probes *out,
			 struct reason *why)
{
	(void)callees;
	return probes_add_returns(out, code, PLAN_STRING_RET, why);
}

int conv_probes(const struct code *code, const struct callees *callees, struct probes *out,
		struct reason *why)
{
	return enter_add(code, callees, PLAN_CONV_ENTER, out, why);
}
