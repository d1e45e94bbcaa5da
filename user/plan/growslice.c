// SPDX-License-Identifier: BSD-2-Clause
/*
 * runtime.growslice. Its main path ends `call runtime.memmove`, loads of the results from the
 * frame, epilogue, RET: one cheap site knows all. Elements of size zero leave by another RET.
 */
#include "plan/probes.h"

#include <errno.h>

#include "plan/tail.h"

static bool same_frame(const struct plan_frame *a, const struct plan_frame *b)
{
	return a->base == b->base && a->len == b->len && a->cap == b->cap && a->caller == b->caller;
}

/* The index of the call that is sure to see what the RET returns. */
static int prove_call(const struct code *code, const struct callees *callees, size_t ret,
		      struct probes *out, size_t *call, struct reason *why)
{
	struct plan_frame frame;
	int err = tail_prove(code, ret, callees, call, &frame, why);

	if (err)
		return err;
	if (out->has_frame && !same_frame(&frame, &out->frame))
		return reason_set(why, -EBADMSG,
				  "its results lie elsewhere than those of the first");
	out->frame = frame;
	out->has_frame = true;
	return 0;
}

static int cover_return(const struct code *code, const struct callees *callees, size_t ret,
			struct probes *out, struct reason *why)
{
	struct reason doubt;
	size_t call;

	if (!prove_call(code, callees, ret, out, &call, &doubt))
		return probes_add(out, call, PLAN_GROW_CALL, why);
	if (!tail_returned_constant(code, ret) && !out->note.text[0])
		reason_set(&out->note, 0, "the return at +0x%llx is probed itself: %s",
			   (unsigned long long)code_offset(code, ret), doubt.text);
	return probes_add(out, ret, PLAN_GROW_RET, why);
}

/* All that return a constant must return the same one. */
static uint64_t find_zerobase(const struct code *code, const struct probes *probes)
{
	uint64_t found = 0;

	for (size_t i = 0; i < probes->count; i++) {
		uint64_t constant = 0;

		if (probes->at[i].point == PLAN_GROW_RET)
			constant = tail_returned_constant(code, probes->at[i].insn);
		if (constant && found && constant != found)
			return 0;
		if (constant)
			found = constant;
	}
	return found;
}

int growslice_probes(const struct code *code, const struct callees *callees, struct probes *out,
		     struct reason *why)
{
	for (size_t i = 0; i < code_count(code); i++) {
		int err = 0;

		if (code_insn(code, i)->kind == INSN_RET)
			err = cover_return(code, callees, i, out, why);
		if (err)
			return err;
	}
	if (!out->count)
		return reason_set(why, -EBADMSG, "it has no return instruction");
	out->zerobase = find_zerobase(code, out);
	return 0;
}
