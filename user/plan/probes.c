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
