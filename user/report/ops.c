// SPDX-License-Identifier: BSD-2-Clause
#include "report/ops.h"

#include <string.h>

#include "slicestat.h"

static const char *const names[SS_OPS] = {
	[SS_OP_GROW] = "grow",	 [SS_OP_MAKE] = "make",	    [SS_OP_COPY] = "copy",
	[SS_OP_MOVE] = "move",	 [SS_OP_NOZERO] = "nozero", [SS_OP_REFLECT] = "reflect",
	[SS_OP_BYTES] = "bytes", [SS_OP_STRING] = "string", [SS_OP_CONV] = "conv",
	[SS_OP_FUNC] = "func",
};

const char *op_name(uint32_t op)
{
	return op < SS_OPS && names[op] ? names[op] : "?";
}

uint32_t op_by_name(const char *name)
{
	for (uint32_t op = SS_OP_NONE + 1; op < SS_OPS; op++)
		if (!strcmp(name, names[op]))
			return op;
	return SS_OP_NONE;
}
