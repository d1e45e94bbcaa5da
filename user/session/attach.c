// SPDX-License-Identifier: BSD-2-Clause
#include "session/attach.h"

#include <errno.h>
#include <string.h>

/* All sites of one function, or none of them. */
static int attach_func(const struct attach *a, struct links_request *req)
{
	size_t mark = links_count(a->links);

	for (int point = 0; point < PLAN_POINTS; point++) {
		int err;

		req->point = point;
		req->prog = programs_at(a->programs, point);
		err = req->prog ? links_attach(a->links, req) : 0;
		if (err) {
			links_detach_from(a->links, mark);
			return err;
		}
	}
	return 0;
}

/*
 * Types can be done without, events cannot: dozens of perf events would cost the target more than
 * they tell (each is paid for at every context switch, and takes 0.1 s to detach).
 */
static int attach_type_calls(const struct attach *a, const struct links_request *req,
			     struct reason *cause)
{
	size_t n = a->target->callers->ntype_calls;
	int err = -ENOTSUP;

	if (!n)
		return 0;
	if (a->by == SESSION_UPROBE_MULTI)
		err = links_attach_type_calls(a->links, req,
					      programs_at(a->programs, PLAN_TYPE_CALL));
	if (err != -ENOTSUP)
		return err;
	if (!cause->text[0])
		reason_set(cause, err, "the element types of %zu calls, which only the run knows",
			   n);
	return 0;
}

static int explain_attach(int err, const struct session_target *t, const char *func,
			  struct reason *why)
{
	switch (err) {
	case -ESRCH:
		return reason_set(why, err, "process %d ended while slicestat attached", t->pid);
	case -EPERM:
	case -EACCES:
		return reason_set(why, err,
				  "not permitted to attach to process %d: run as root (slicestat "
				  "check says what is missing)",
				  t->pid);
	case -ENOTSUP:
		return reason_set(why, err, "%s: the kernel refuses to probe its instruction",
				  func);
	default:
		return reason_set(why, err, "cannot attach to %s in process %d: %s", func, t->pid,
				  strerror(-err));
	}
}

/* Functions are attached whole or not at all; cause names the last one that the kernel refused. */
static int attach_funcs(const struct attach *a, struct reason *cause, struct reason *why)
{
	struct links_request req = {.by = a->by, .target = a->target, .plan = a->plan};
	uint32_t attached = 0;
	int err;

	for (req.func = 0; req.func < a->plan->nfuncs; req.func++) {
		const struct plan_func *func = &a->plan->funcs[req.func];

		if (func->refused)
			continue;
		err = attach_func(a, &req);
		if (err == -ENOTSUP) {
			explain_attach(err, a->target, func->name, cause);
			continue;
		}
		if (err)
			return explain_attach(err, a->target, func->name, why);
		attached++;
	}
	if (attached > 0 && a->target->callers) {
		err = attach_type_calls(a, &req, cause);
		if (err)
			return explain_attach(err, a->target, "a call of growslice", why);
	}
	if (attached == 0)
		return reason_set(why, -ENOTSUP, "%s",
				  cause->text[0] ? cause->text : "nothing to attach to");
	return 0;
}

/* Thousands of perf events would cost the target more than the whole functions do. */
static int attach_scope(const struct attach *a, struct reason *cause, struct reason *why)
{
	struct links_request req = {.by = a->by, .target = a->target, .plan = a->plan};
	size_t refused = 0;
	int err;

	if (a->by != SESSION_UPROBE_MULTI)
		return reason_set(why, -ENOTSUP,
				  "a part of a program can only be traced where the kernel has "
				  "uprobe_multi (slicestat check says whether): leave --in and "
				  "--not-in out");
	err = links_attach_scope(a->links, &req, programs_at(a->programs, PLAN_SCOPE_CALL),
				 programs_at(a->programs, PLAN_SCOPE_RET), &refused);
	if (err)
		return explain_attach(err, a->target, "the calls in scope", why);
	if (refused)
		reason_set(cause, 0,
			   "%zu calls, for the kernel refuses to probe the instruction behind them",
			   refused);
	return 0;
}

int attach_all(const struct attach *a, struct reason *refused, struct reason *why)
{
	struct reason cause = {.text = ""};
	int err = a->target->scope ? attach_scope(a, &cause, why) : attach_funcs(a, &cause, why);

	if (refused)
		*refused = err ? (struct reason){.text = ""} : cause;
	return err;
}
