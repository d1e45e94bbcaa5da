// SPDX-License-Identifier: BSD-2-Clause
#include "plan/probes.h"

#include <errno.h>

int probes_add(struct probes *probes, size_t insn, enum plan_point point, struct reason *why)
{
	if (probes->count == PLAN_SITES_MAX)
		return reason_set(why, -EBADMSG, "it needs more than %d probes", PLAN_SITES_MAX);
	probes->at[probes->count++] = (struct probe){.insn = insn, .point = point};
	return 0;
}

int probes_add_returns(struct probes *probes, const struct code *code, enum plan_point point,
		       struct reason *why)
{
	size_t before = probes->count;
	int err = 0;

	for (size_t i = 0; i < code_count(code) && !err; i++)
		if (code_insn(code, i)->kind == INSN_RET)
			err = probes_add(probes, i, point, why);
	if (!err && probes->count == before)
		return reason_set(why, -EBADMSG, "it has no return instruction");
	return err;
}
