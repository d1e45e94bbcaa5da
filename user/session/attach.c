// SPDX-License-Identifier: BSD-2-Clause
#include "session/attach.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "session/attach_sites.h"

static bool has_room(const struct attach *a, size_t sites)
{
	return a->by == SESSION_UPROBE_MULTI ||
	       links_count(a->links) + sites <= SESSION_PERF_EVENTS_MAX;
}

/* All sites of one function, or none of them. */
static int attach_func(const struct attach *a, uint32_t func)
{
	const size_t mark = links_count(a->links);
	int err = 0;

	for (int point = 0; point < PLAN_POINTS && !err; point++)
		err = attach_func_sites(a, func, point);
	if (err)
		links_detach_from(a->links, mark);
	return err;
}

/* Types can be done without, events cannot. */
static int attach_types(const struct attach *a, struct reason *cause)
{
	const size_t n = a->target->callers ? a->target->callers->ntype_calls : 0;
	const bool room = has_room(a, n);
	int err;

	if (!n)
		return 0;
	err = room ? attach_type_calls(a) : -ENOTSUP;
	if (err != -ENOTSUP)
		return err;
	if (!cause->text[0])
		reason_set(cause, err, "the element types of %zu calls, which only the run knows%s",
			   n, room ? "" : ": too many without uprobe_multi");
	return 0;
}

static int explain_attach(int err, const struct attach *a, const char *func, struct reason *why)
{
	const bool perf_events = a->by == SESSION_PERF_EVENT;
	char whom[32] = "the executable";

	if (a->target->pid != SESSION_ANY_PROCESS)
		snprintf(whom, sizeof(whom), "process %d", a->target->pid);
	switch (err) {
	case -ESRCH:
		return reason_set(why, err, "%s ended while slicestat attached", whom);
	case -EPERM:
	case -EACCES:
		return reason_set(
			why, err,
			"not permitted to attach to %s: run as root, or with %s (slicestat "
			"check says more)",
			whom,
			perf_events ? "CAP_SYS_ADMIN, for perf-event uprobes"
				    : "CAP_BPF and CAP_PERFMON");
	case -EMFILE:
		return reason_set(why, err,
				  "too many probes for the limit on open files: raise ulimit -n");
	case -ENOTSUP:
		return reason_set(why, err, "%s: the kernel refuses to probe its instruction",
				  func);
	default:
		return reason_set(why, err, "cannot attach to %s in %s: %s", func, whom,
				  strerror(-err));
	}
}

/* Functions are attached whole or not at all; cause names the last one that the kernel refused. */
static int attach_funcs(const struct attach *a, struct reason *cause, struct reason *why)
{
	uint32_t attached = 0;
	int err;

	for (uint32_t i = 0; i < a->plan->nfuncs; i++) {
		const struct plan_func *func = &a->plan->funcs[i];

		if (func->refused)
			continue;
		err = attach_func(a, i);
		if (err == -ENOTSUP) {
			explain_attach(err, a, func->name, cause);
			continue;
		}
		if (err)
			return explain_attach(err, a, func->name, why);
		attached++;
	}
	if (attached == 0)
		return reason_set(why, -ENOTSUP, "%s",
				  cause->text[0] ? cause->text : "nothing to attach to");
	err = attach_types(a, cause);
	return err ? explain_attach(err, a, "a call of growslice", why) : 0;
}

static int attach_scope(const struct attach *a, struct reason *cause, struct reason *why)
{
	const size_t ncalls = a->target->scope->ncalls;
	const size_t each = programs_at(a->programs, PLAN_SCOPE_RET) ? 2 : 1;
	size_t refused = 0;
	int err;

	if (!has_room(a, each * ncalls))
		return reason_set(
			why, -E2BIG,
			"%zu calls are in scope, too many without uprobe_multi, which this "
			"kernel may lack (slicestat check): at most %zu can be probed; "
			"choose fewer with --in and --not-in%s",
			ncalls, SESSION_PERF_EVENTS_MAX / each,
			each > 1 ? ", or use --by site, which takes twice as many" : "");
	err = attach_scope_calls(a, &refused);
	if (err)
		return explain_attach(err, a, "the calls in scope", why);
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
