// SPDX-License-Identifier: BSD-2-Clause
/* A plan's parts in words. */
#include "plan/plan.h"

#include <stdio.h>
#include <string.h>

#include "plan/arch.h"

static const char *const point_names[PLAN_POINTS] = {
	[PLAN_GROW_CALL] = "grow_call",	  [PLAN_GROW_RET] = "grow_ret",
	[PLAN_MAKE_ENTER] = "make_enter", [PLAN_MAKE_RET] = "make_ret",
	[PLAN_COPY_ENTER] = "copy_enter", [PLAN_SLICE_RET] = "slice_ret",
	[PLAN_STRING_RET] = "string_ret", [PLAN_CONV_ENTER] = "conv_enter",
	[PLAN_TYPE_CALL] = "type_call",	  [PLAN_FUNC_ENTER] = "func_enter",
	[PLAN_GROW_ENTER] = "grow_enter", [PLAN_SCOPE_CALL] = "scope_call",
	[PLAN_SCOPE_RET] = "scope_ret",
};

const char *plan_point_name(enum plan_point point)
{
	return (unsigned int)point < PLAN_POINTS ? point_names[point] : "?";
}

const char *plan_price_name(enum plan_price price)
{
	return price == PLAN_EMULATED ? "emulated" : "stepped";
}

static void describe_frame(const struct plan_frame *frame, const char *sp, char *buf, size_t size)
{
	snprintf(buf, size, "base [%s+0x%x], len [%s+0x%x], cap [%s+0x%x], caller [%s+0x%x]", sp,
		 (unsigned int)frame->base, sp, (unsigned int)frame->len, sp,
		 (unsigned int)frame->cap, sp, (unsigned int)frame->caller);
}

static void describe_args(const struct plan_arch *arch, uint32_t first, char *buf, size_t size)
{
	if (first + 2 >= arch->calls->nargs)
		snprintf(buf, size, "?");
	else
		snprintf(buf, size, "base %s, len %s, cap %s, caller %s", arch->arg_names[first],
			 arch->arg_names[first + 1], arch->arg_names[first + 2], arch->caller_name);
}

static void append(char *buf, size_t size, const char *text)
{
	const size_t used = strlen(buf);

	snprintf(buf + used, size - used, "%s", text);
}

void plan_describe_fields(const struct plan *plan, const struct plan_site *site, char *buf,
			  size_t size)
{
	const struct plan_arch *arch = plan_arch_by_name(plan->arch);

	if (!arch || site->point >= PLAN_POINTS)
		snprintf(buf, size, "?");
	else if (site->point == PLAN_GROW_CALL)
		describe_frame(&plan->grow_frame, arch->sp_name, buf, size);
	else if (site->point == PLAN_FUNC_ENTER)
		describe_args(arch, plan->funcs[site->func].detail, buf, size);
	else
		snprintf(buf, size, "%s", arch->fields[site->point]);
	if (site->at_check)
		append(buf, size, "; counted where it is not taken");
}
