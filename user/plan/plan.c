// SPDX-License-Identifier: BSD-2-Clause
/* The planner: which functions are wanted, and the sites as data. */
#include "plan/plan.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "plan/enter.h"
#include "plan/planner.h"
#include "plan/record.h"
#include "slicestat.h"

/* The functions that do an operation; those of one operation stand together. */
static const struct op_func {
	enum ss_op op;
	int since; /* N of the first Go 1.N that has it; 0: all that are known */
	uint32_t detail;
	const char *name;
	int (*probes)(const struct code *code, const struct callees *callees, struct probes *out,
		      struct reason *why);
} op_funcs[] = {
	{SS_OP_GROW, 0, 0, "runtime.growslice", growslice_probes},
	{SS_OP_MAKE, 0, 0, "runtime.makeslice", makeslice_probes},
	{SS_OP_COPY, 0, 0, "runtime.makeslicecopy", makeslicecopy_probes},
	{SS_OP_MOVE, 26, 0, "runtime.moveSlice", slice_result_probes},
	{SS_OP_MOVE, 26, 0, "runtime.moveSliceNoScan", slice_result_probes},
	{SS_OP_MOVE, 26, 0, "runtime.moveSliceNoCap", slice_result_probes},
	{SS_OP_MOVE, 26, 0, "runtime.moveSliceNoCapNoScan", slice_result_probes},
	{SS_OP_NOZERO, 0, SS_ELEM_UINT8, "internal/bytealg.MakeNoZero", slice_result_probes},
	{SS_OP_REFLECT, 0, 0, "reflect.unsafe_NewArray", makeslicecopy_probes},
	{SS_OP_BYTES, 0, SS_ELEM_UINT8, "runtime.stringtoslicebyte", slice_result_probes},
	{SS_OP_BYTES, 0, SS_ELEM_INT32, "runtime.stringtoslicerune", slice_result_probes},
	{SS_OP_BYTES, 24, SS_ELEM_UINT8, "runtime.concatbytes", slice_result_probes},
	{SS_OP_STRING, 0, SS_ELEM_UINT8 | SS_DETAIL_STATIC_ONE, "runtime.slicebytetostring",
	 string_result_probes},
	{SS_OP_STRING, 0, SS_ELEM_UINT8, "runtime.slicerunetostring", string_result_probes},
	{SS_OP_CONV, 0, 0, "runtime.convTslice", conv_probes},
};

#define OP_FUNCS (sizeof(op_funcs) / sizeof(op_funcs[0]))
_Static_assert(OP_FUNCS <= PLAN_FUNCS_MAX, "a plan has room for all functions");

/* -ENOENT, without a cause: whether that is a refusal, only the whole operation tells. */
static int find_func(const struct planner *planner, struct plan_func *func, struct reason *why)
{
	struct gobin_func found;
	int err = gobin_find_func(planner->bin, func->name, &found);

	if (err == -ENOTUNIQ)
		return reason_set(why, err, "two functions of this executable bear the name");
	if (err)
		return -ENOENT;
	func->addr = found.addr;
	func->end = found.end;
	return planner_check_text(planner, func, why);
}

static int plan_code(struct planner *planner, const struct op_func *row, const struct code *code,
		     struct plan_func *func, struct reason *why)
{
	struct probes probes = {0};
	int err = row->probes(code, &planner->callees, &probes, why);

	if (!err && row->op == SS_OP_GROW && planner->old_caps)
		err = enter_add(code, &planner->callees, PLAN_GROW_ENTER, &probes, why);
	if (!err)
		err = planner_add_sites(planner, code, &probes, why);
	if (err)
		return err;
	if (probes.has_frame)
		planner->plan->grow_frame = probes.frame;
	if (probes.zerobase)
		planner->plan->zerobase = probes.zerobase;
	snprintf(func->note, sizeof(func->note), "%.*s", (int)sizeof(func->note) - 1,
		 probes.note.text);
	return 0;
}

/* -ENOENT as find_func. */
static int plan_func(struct planner *planner, const struct op_func *row, struct plan_func *func,
		     struct reason *why)
{
	struct code *code = NULL;
	int err;

	*func = (struct plan_func){.op = row->op, .detail = row->detail};
	snprintf(func->name, sizeof(func->name), "%s", row->name);
	err = find_func(planner, func, why);
	if (!err)
		err = planner_decode(planner, func, PLANNER_WHOLE, &code, why);
	if (!err)
		err = plan_code(planner, row, code, func, why);
	code_free(code);
	return err;
}

/* Should nothing be planned, why tells of the first function whose code is there, else of any. */
static void refuse(struct planner *planner, struct plan_func *func, int err,
		   const struct reason *cause, struct reason *why)
{
	func->refused = 1;
	snprintf(func->note, sizeof(func->note), "%.*s", (int)sizeof(func->note) - 1, cause->text);
	if (planner->refusal == -EBADMSG)
		return;
	planner->refusal = err == -ENOENT ? -ENOENT : -EBADMSG;
	reason_set(why, err, "%s cannot be probed: %s", func->name, cause->text);
}

/* The first function stands for an operation of which there is none. */
static void refuse_absent(struct planner *planner, const struct op_func *row, struct reason *why)
{
	struct plan_func *func = &planner->plan->funcs[planner->plan->nfuncs++];
	struct reason cause;

	*func = (struct plan_func){.op = row->op, .detail = row->detail};
	snprintf(func->name, sizeof(func->name), "%s", row->name);
	if (gobin_version(planner->bin).minor < row->since)
		reason_set(&cause, 0, "Go before 1.%d has no such function", row->since);
	else
		reason_set(&cause, 0, "not in this executable");
	refuse(planner, func, -ENOENT, &cause, why);
}

/*
 * A function that cannot be planned is an answer; running out of memory is none. One that is not
 * there takes no place in the plan.
 */
static int plan_row(struct planner *planner, const struct op_func *row, struct reason *why)
{
	struct plan_func *func = &planner->plan->funcs[planner->plan->nfuncs];
	struct reason cause;
	int err = plan_func(planner, row, func, &cause);

	if (err == -ENOMEM)
		return reason_set(why, err, "%s", cause.text);
	if (err == -ENOENT) {
		*func = (struct plan_func){0};
		return 0;
	}
	if (err)
		refuse(planner, func, err, &cause, why);
	planner->plan->nfuncs++;
	return 0;
}

/* All functions of the operation whose rows begin at first. */
static int plan_op(struct planner *planner, const struct op_func *first, struct reason *why)
{
	uint32_t before = planner->plan->nfuncs;
	int err = 0;

	for (const struct op_func *row = first;
	     row < op_funcs + OP_FUNCS && row->op == first->op && !err; row++)
		err = plan_row(planner, row, why);
	if (!err && planner->plan->nfuncs == before)
		refuse_absent(planner, first, why);
	return err;
}

static bool begins_op(size_t row)
{
	return !row || op_funcs[row].op != op_funcs[row - 1].op;
}

/* Makes end at runtime.zerobase too, but only growslice's code shows where it lies. */
static void learn_zerobase(struct planner *planner)
{
	struct plan_func func = {.name = "runtime.growslice"};
	struct probes probes = {0};
	struct code *code = NULL;
	struct reason unproved;

	if (!find_func(planner, &func, &unproved) &&
	    !planner_decode(planner, &func, PLANNER_WHOLE, &code, &unproved) &&
	    !growslice_probes(code, &planner->callees, &probes, &unproved))
		planner->plan->zerobase = probes.zerobase;
	code_free(code);
}

int plan_make(const struct gobin *bin, const struct plan_request *request, struct plan *out,
	      struct reason *why)
{
	struct planner planner;
	int err = planner_init(&planner, bin, out, why);

	planner.old_caps = request->old_caps;
	for (size_t i = 0; i < OP_FUNCS && !err; i++)
		if (begins_op(i) && request->ops & (1u << op_funcs[i].op))
			err = plan_op(&planner, &op_funcs[i], why);
	for (size_t i = 0; i < request->nrecords && !err; i++)
		err = record_plan(&planner, &request->records[i], why);
	if (err)
		return err;
	if (!out->nfuncs)
		return reason_set(why, -EINVAL, "no operation to plan");
	if (!out->zerobase)
		learn_zerobase(&planner);
	return out->nsites ? 0 : planner.refusal;
}
