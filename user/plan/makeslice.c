// SPDX-License-Identifier: BSD-2-Clause
/*
 * runtime.makeslice and its kin (runtime.makeslicecopy, reflect.unsafe_NewArray): the arguments are
 * known behind the stack check, the base at the RETs, where nothing else is left.
 */
#include "plan/enter.h"
#include "plan/probes.h"

static int add_pair(const struct code *code, const struct callees *callees, enum plan_point enter,
		    struct probes *out, struct reason *why)
{
	int err = enter_add(code, callees, enter, out, why);

	return err ? err : probes_add_returns(out, code, PLAN_MAKE_RET, why);
}

int makeslice_probes(const struct code *code, const struct callees *callees, struct probes *out,
		     struct reason *why)
{
	return add_pair(code, callees, PLAN_MAKE_ENTER, out, why);
}

int makeslicecopy_probes(const struct code *code, const struct callees *callees, struct probes *out,
			 struct reason *why)
{
	return add_pair(code, callees, PLAN_COPY_ENTER, out, why);
}
