// SPDX-License-Identifier: BSD-2-Clause
#include "plan/enter.h"

#include <errno.h>
#include <stdbool.h>

#include "plan/arch.h"

static bool calls_morestack(const struct insn *insn, const struct callees *callees)
{
	return insn->kind == INSN_CALL &&
	       (callees->is(callees->ctx, insn->target, "runtime.morestack_noctxt") ||
		callees->is(callees->ctx, insn->target, "runtime.morestack"));
}

/*
 * From where the stack check's branches lead on: save the arguments, call morestack, restore, start
 * again. Nothing else leads there.
 */
static bool is_morestack_path(const struct code *code, const struct callees *callees,
			      uint64_t start, uint32_t branches)
{
	uint64_t entry = code_insn(code, 0)->addr;
	bool called = false;
	size_t first;

	if (code_find(code, start, &first))
		return false;
	for (size_t i = first; i < code_count(code); i++) {
		const struct insn *insn = code_insn(code, i);

		if (insn->entered != (i == first ? branches : 0))
			return false;
		switch (insn->kind) {
		case INSN_JUMP:
			return called && insn->target == entry;
		case INSN_CALL:
			if (called || !calls_morestack(insn, callees))
				return false;
			called = true;
			break;
		case INSN_RET:
		case INSN_BRANCH:
		case INSN_TRAP:
			return false;
		default:
			break;
		}
	}
	return false;
}

/* Only the given number of branches may lead to the start, none to the rest up to the site. */
static bool entered_only_at_start(const struct code *code, size_t site, uint32_t times)
{
	for (size_t i = 0; i <= site; i++)
		if (code_insn(code, i)->entered != (i ? 0 : times))
			return false;
	return true;
}

/* The branches of the stack check, all of which must lead to the same place: 0 where not. */
static uint32_t count_branches(const struct code *code, size_t check, uint64_t *target)
{
	uint32_t n = 0;

	*target = code_insn(code, check - 1)->target;
	for (size_t i = 0; i < check; i++) {
		const struct insn *insn = code_insn(code, i);

		if (insn->kind == INSN_BRANCH && insn->target != *target)
			return 0;
		n += insn->kind == INSN_BRANCH;
	}
	return n;
}

static bool leads_to_morestack(const struct code *code, const struct callees *callees, size_t check)
{
	uint64_t target;
	uint32_t branches = count_branches(code, check, &target);

	return branches && is_morestack_path(code, callees, target, branches);
}

static struct probe choose_site(const struct code *code, size_t check)
{
	const bool at_check = check && code_arch(code)->counts_at_check;

	return (struct probe){.insn = at_check ? check - 1 : check, .at_check = at_check};
}

static int find_enter(const struct code *code, const struct callees *callees, struct probe *probe,
		      struct reason *why)
{
	size_t check = code_arch(code)->stack_check(code);

	if (check == code_count(code))
		return reason_set(why, -EBADMSG, "nothing follows its stack check");
	if (check && !leads_to_morestack(code, callees, check))
		return reason_set(why, -EBADMSG,
				  "its stack check does not lead to runtime.morestack and back");
	*probe = choose_site(code, check);
	if (!entered_only_at_start(code, probe->insn, check ? 1 : 0))
		return reason_set(why, -EBADMSG,
				  "a branch leads back to its start: calls would count twice");
	return 0;
}

static void note_price(const struct code *code, size_t site, struct probes *out)
{
	const struct insn *insn = code_insn(code, site);
	char text[64];

	if (code_arch(code)->price(code_bytes(code, site), insn->len) != PLAN_STEPPED)
		return;
	code_text(code, site, text, sizeof(text));
	reason_set(&out->note, 0,
		   "the first instruction where calls can be counted, `%s`, is stepped", text);
}

int enter_add(const struct code *code, const struct callees *callees, enum plan_point point,
	      struct probes *out, struct reason *why)
{
	struct probe probe = {0};
	int err = find_enter(code, callees, &probe, why);

	if (!err)
		err = probes_add(out, probe.insn, point, why);
	if (err)
		return err;
	out->at[out->count - 1].at_check = probe.at_check;
	note_price(code, probe.insn, out);
	return 0;
}
