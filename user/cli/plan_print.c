// SPDX-License-Identifier: BSD-2-Clause
/* The verb `plan`: EXPLAIN for probes. */
#include "cli/plan_print.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>

#include "slicestat.h"

/* What a hit at each point stands for. */
static const char *const meanings[PLAN_POINTS] = {
	[PLAN_GROW_CALL] = "every growth, at its call of runtime.memmove: the results are final",
	[PLAN_GROW_RET] = "growths that return here, as with elements of size zero",
	[PLAN_MAKE_ENTER] = "every make, once",
	[PLAN_MAKE_RET] = "the same make, when it returns: joined by goroutine",
	[PLAN_COPY_ENTER] = "every call, once",
	[PLAN_SLICE_RET] = "calls that return here: the slice is in the result registers",
	[PLAN_STRING_RET] = "calls that return here: the string is in the result registers",
	[PLAN_CONV_ENTER] = "every slice boxed, once",
	[PLAN_TYPE_CALL] = "a call that passes a type known only as it runs",
	[PLAN_GROW_ENTER] = "the same growth, when it begins: joined by goroutine",
	[PLAN_FUNC_ENTER] = "every call, once",
};

static const bool counts_once[PLAN_POINTS] = {
	[PLAN_MAKE_ENTER] = true,
	[PLAN_COPY_ENTER] = true,
	[PLAN_CONV_ENTER] = true,
	[PLAN_FUNC_ENTER] = true,
};

/* With its operation planned, it is observed. */
static const struct unseen {
	enum ss_op op;
	const char *what;
	const char *why;
} unseen[] = {
	{SS_OP_NONE, "append within capacity", "inlined: no function is called"},
	{SS_OP_NONE, "slices that stay on the stack",
	 "no allocation; with Go 1.25+ also makes of at most 32 bytes,"},
	{SS_OP_NONE, "", "with Go 1.26+ also the first 32 bytes of a growing slice"},
	{SS_OP_NONE, "literals: []T{a, b}", "allocated as arrays, by runtime.newobject"},
	{SS_OP_NONE, "make then copy at once, no pointers", "allocated by runtime.mallocgc"},
	{SS_OP_COPY, "make then copy at once, pointers", "allocated by runtime.makeslicecopy"},
	{SS_OP_BYTES, "conversions: []byte(s), []rune(s)",
	 "runtime.stringtoslicebyte and the like"},
	{SS_OP_REFLECT, "reflect.MakeSlice", "allocated by reflect.unsafe_NewArray"},
};

const char *plan_price_words(enum plan_price price)
{
	return price == PLAN_EMULATED ? "emulated (1 trap)" : "stepped (2 traps)";
}

void plan_print_header(FILE *f, const char *path, const struct parsed_info *info,
		       const struct plan *plan)
{
	fprintf(f, "%s\n", path);
	fprintf(f, "  %s %s, %s, %s, %" PRIu64 " functions\n", plan->go, plan->arch,
		info->stripped ? "stripped" : "not stripped",
		info->pie ? "position-independent" : "fixed position", info->nfuncs);
}

static void print_meaning(FILE *f, const struct plan_site *site)
{
	const bool known = site->point < PLAN_POINTS;

	fprintf(f, "              %s", known ? meanings[site->point] : "?");
	if (known && counts_once[site->point])
		fputs(site->at_check ? ": where the stack check, which may run twice, goes on"
				     : ": behind the stack check, which may run twice",
		      f);
	fputc('\n', f);
}

static void print_site(FILE *f, const struct plan *plan, const struct plan_site *site)
{
	const struct plan_func *func = &plan->funcs[site->func];
	char fields[128];

	plan_describe_fields(plan, site, fields, sizeof(fields));
	fprintf(f, "  %-10s  0x%-10" PRIx64 " +0x%-5" PRIx64 " %-32s %s\n",
		plan_point_name(site->point), site->addr, site->addr - func->addr, site->insn,
		plan_price_words(site->price));
	print_meaning(f, site);
	fprintf(f, "              %s\n", fields);
}

static void print_func(FILE *f, const struct plan *plan, uint32_t index)
{
	const struct plan_func *func = &plan->funcs[index];

	if (func->refused) {
		fprintf(f, "\n%s: refused: %s\n", func->name, func->note);
		return;
	}
	fprintf(f, "\n%s  0x%" PRIx64 "-0x%" PRIx64 "\n", func->name, func->addr, func->end);
	for (uint32_t i = 0; i < plan->nsites; i++)
		if (plan->sites[i].func == index)
			print_site(f, plan, &plan->sites[i]);
	if (func->note[0])
		fprintf(f, "  note: %s\n", func->note);
}

void plan_print_zerobase(FILE *f, const struct plan *plan)
{
	if (plan->zerobase)
		fprintf(f,
			"\nruntime.zerobase  0x%" PRIx64 ": counted as zero_size, never a base\n",
			plan->zerobase);
	else
		fprintf(f, "\nruntime.zerobase: not proved; it may appear as a base\n");
}

static bool is_planned(const struct plan *plan, enum ss_op op)
{
	for (uint32_t i = 0; i < plan->nfuncs; i++)
		if (plan->funcs[i].op == op && !plan->funcs[i].refused)
			return true;
	return false;
}

/* Functions that the user named are seen wherever they are called. */
static bool only_named(const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->nfuncs; i++)
		if (plan->funcs[i].op != SS_OP_FUNC)
			return false;
	return true;
}

void plan_print_unseen_line(FILE *f, const char *what, const char *why)
{
	fprintf(f, "  %-36s %s\n", what, why);
}

void plan_print_unseen(FILE *f, const struct parsed_info *info, const struct plan *plan)
{
	fprintf(f, "\nNot observed:\n");
	if (only_named(plan)) {
		plan_print_unseen_line(f, "calls that the compiler inlined",
				       "no function is called: //go:noinline keeps it");
		return;
	}
	for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
		if (!is_planned(plan, unseen[i].op))
			plan_print_unseen_line(f, unseen[i].what, unseen[i].why);
	if (info->opens_plugins)
		plan_print_unseen_line(f, "slices of plugins",
				       "each has its own copies of these functions");
}

/* The calls of the functions planned that take a type for which no probe of theirs tells it. */
static void print_calls(FILE *f, const struct plan_callers *callers)
{
	if (!callers->nconstant_calls && !callers->ntype_calls)
		return;
	fprintf(f,
		"\nElement types: %zu calls pass a constant; %zu do not and are probed "
		"themselves,\n"
		"  emulated (1 trap): generic code, mostly\n",
		callers->nconstant_calls, callers->ntype_calls);
}

int plan_print(FILE *f, const char *path, const struct parsed_info *info, const struct plan *plan,
	       const struct plan_callers *callers)
{
	plan_print_header(f, path, info, plan);
	for (uint32_t i = 0; i < plan->nfuncs; i++)
		print_func(f, plan, i);
	print_calls(f, callers);
	plan_print_zerobase(f, plan);
	plan_print_unseen(f, info, plan);
	return fflush(f) || ferror(f) ? -EIO : 0;
}
