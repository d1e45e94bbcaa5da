// SPDX-License-Identifier: BSD-2-Clause
/* The architectures that have a planner. */
#include "plan/arch.h"

#include <string.h>

static const struct plan_arch *const arches[] = {
	&plan_arch_amd64,
	&plan_arch_arm64,
};

#define ARCHES (sizeof(arches) / sizeof(arches[0]))

const struct plan_arch *plan_arch_by_id(enum gobin_arch id)
{
	for (size_t i = 0; i < ARCHES; i++)
		if (arches[i]->id == id)
			return arches[i];
	return NULL;
}

const struct plan_arch *plan_arch_by_name(const char *name)
{
	for (size_t i = 0; i < ARCHES; i++)
		if (!strcmp(arches[i]->name, name))
			return arches[i];
	return NULL;
}
