// SPDX-License-Identifier: BSD-2-Clause
#include "plan/record.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "log/controls.h"
#include "plan/enter.h"
#include "plan/flow.h"
#include "plan/funcname.h"
#include "slicestat.h"

/* Compilers make a few of a name; to look at the inlining of each of a million takes minutes. */
#define WRAPPERS_MAX 1024

/* Registers of a slice: base, len, cap. */
#define SLICE_WORDS 3

/*
 * Compilers and linkers make wrappers of a function's name for other calling conventions, and for
 * calls of generic functions without their dictionary. They call the function that is meant.
 */
static bool is_wrapper(const struct gobin *bin, const struct gobin_func *func)
{
	struct gobin_frame frames[GOBIN_FRAMES_MAX];
	int n = gobin_bodies(bin, func->addr, frames, GOBIN_FRAMES_MAX);

	return n > 0 && frames[n - 1].wrapper;
}

/* How many registers the dictionary takes before the argument word: 0 or 1, or -EBADMSG. */
static int count_hidden(const char *name, uint32_t arg, struct reason *why)
{
	switch (funcname_dictionary(name)) {
	case DICTIONARY_NONE:
		return 0;
	case DICTIONARY_FIRST:
	case DICTIONARY_BEHIND_POINTER:
		return 1;
	case DICTIONARY_BEHIND_VALUE:
		if (!arg)
			return 0;
		return reason_set(why, -EBADMSG,
				  "only word 0 can be: its receiver, a value of a generic type, "
				  "takes a number of words that is not known");
	case DICTIONARY_UNKNOWN:
		break;
	}
	return reason_set(why, -EBADMSG,
			  "its name does not tell whether it takes a dictionary of type arguments");
}

/* The number of the register in which the slice begins. */
static int find_register(const struct planner *planner, const char *name, uint32_t arg,
			 uint32_t *reg, struct reason *why)
{
	int hidden;

	if (!arg && funcname_has_pointer(name))
		return reason_set(why, -EBADMSG,
				  "word 0 is its receiver, a pointer; put the word where the "
				  "slice begins behind the name, as in :1");
	hidden = count_hidden(name, arg, why);
	if (hidden < 0)
		return hidden;
	if ((uint64_t)arg + (uint64_t)hidden + SLICE_WORDS > planner->arch->calls->nargs)
		return reason_set(why, -EBADMSG,
				  "a slice that begins in word %u is passed on the stack", arg);
	*reg = arg + (uint32_t)hidden;
	return 0;
}

static bool is_planned(const struct plan *plan, uint64_t addr, uint32_t reg)
{
	for (uint32_t i = 0; i < plan->nfuncs; i++)
		if (plan->funcs[i].op == SS_OP_FUNC && plan->funcs[i].addr == addr &&
		    plan->funcs[i].detail == reg)
			return true;
	return false;
}

static bool has_escape(const struct code *code)
{
	for (size_t i = 0; i < code_count(code); i++)
		if (code_insn(code, i)->kind == INSN_ESCAPE)
			return true;
	return false;
}

/*
 * That no jump table leads to the site. Before it lies the stack check, if any: no switch of the
 * source can lead there, as the frame is made behind it.
 */
static int check_jump_tables(const struct planner *planner, const struct gobin_func *func,
			     const struct code *code, size_t site, struct reason *why)
{
	struct flow flow = {0};
	int err;

	if (!has_escape(code))
		return 0;
	err = flow_read(&flow, planner->arch->calls, planner->bin, func);
	if (err)
		reason_set(why, err, "its code cannot be read: %s", strerror(-err));
	else if (!flow.whole)
		err = reason_set(why, -EBADMSG, "it has a jump whose goals the code does not tell");
	else if (flow.marks[code_offset(code, site)] & FLOW_ENTERED)
		err = reason_set(why, -EBADMSG,
				 "a jump table leads back to its start: calls would count twice");
	flow_free(&flow);
	return err;
}

static int plan_sites(struct planner *planner, const struct gobin_func *found,
		      struct plan_func *func, struct reason *why)
{
	struct probes probes = {0};
	struct code *code = NULL;
	int err = planner_decode(planner, func, PLANNER_START, &code, why);

	if (!err)
		err = enter_add(code, &planner->callees, PLAN_FUNC_ENTER, &probes, why);
	if (!err)
		err = check_jump_tables(planner, found, code, probes.at[0].insn, why);
	if (!err)
		err = planner_add_sites(planner, code, &probes, why);
	if (!err)
		snprintf(func->note, sizeof(func->note), "%.*s", (int)sizeof(func->note) - 1,
			 probes.note.text);
	code_free(code);
	return err;
}

static int plan_body(struct planner *planner, const struct gobin_func *found, uint32_t arg,
		     struct reason *why)
{
	struct plan *plan = planner->plan;
	struct plan_func *func = &plan->funcs[plan->nfuncs];
	uint32_t reg = 0;
	int err = find_register(planner, found->name, arg, &reg, why);

	if (err || is_planned(plan, found->addr, reg))
		return err;
	if (plan->nfuncs == PLAN_FUNCS_MAX)
		return reason_set(why, -EBADMSG, "it has more instantiations than can be recorded");
	if (gobin_is_assembly(planner->bin, found->addr))
		return reason_set(why, -EBADMSG,
				  "it is written in assembly: its arguments need "
				  "not be in registers");
	*func = (struct plan_func){
		.addr = found->addr, .end = found->end, .op = SS_OP_FUNC, .detail = reg};
	snprintf(func->name, sizeof(func->name), "%s", found->name);
	controls_hide(func->name);
	err = planner_check_text(planner, func, why);
	if (!err)
		err = plan_sites(planner, found, func, why);
	if (!err)
		plan->nfuncs++;
	return err;
}

/* What the name stands for in this executable. */
struct found {
	size_t bodies;
	size_t wrappers;
};

static int plan_bodies(struct planner *planner, const struct plan_record *record,
		       struct found *found, struct reason *why)
{
	int err = 0;

	for (size_t i = 0; i < gobin_nfuncs(planner->bin) && !err; i++) {
		struct gobin_func func;

		gobin_func(planner->bin, i, &func);
		if (!funcname_matches(func.name, record->func))
			continue;
		if (is_wrapper(planner->bin, &func)) {
			if (found->wrappers++ < WRAPPERS_MAX)
				continue;
			return reason_set(why, -EBADMSG,
					  "more than %d wrappers of this executable bear the name",
					  WRAPPERS_MAX);
		}
		if (found->bodies++ && funcname_dictionary(func.name) == DICTIONARY_NONE)
			return reason_set(why, -EBADMSG,
					  "two functions of this executable bear the name");
		err = plan_body(planner, &func, record->arg, why);
	}
	return err;
}

int record_plan(struct planner *planner, const struct plan_record *record, struct reason *why)
{
	struct found found = {0};
	struct reason cause;
	int err = plan_bodies(planner, record, &found, &cause);

	if (!err && !found.bodies)
		err = reason_set(&cause, -ENOENT, "%s",
				 found.wrappers
					 ? "the compiler made it; name the function that it calls"
					 : "no such function in this executable (the compiler may "
					   "have inlined it everywhere: //go:noinline keeps it)");
	if (err)
		reason_set(why, err, "%.80s cannot be recorded: %s", record->func, cause.text);
	return err;
}
