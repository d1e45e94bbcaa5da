// SPDX-License-Identifier: BSD-2-Clause
#include "session/attach_sites.h"

#include <errno.h>

#include "session/site_list.h"

int attach_func_sites(const struct attach *a, uint32_t func, enum plan_point point)
{
	const struct plan_func *f = &a->plan->funcs[func];
	struct bpf_program *prog = programs_at(a->programs, point);
	struct site_list sites;
	int err;

	if (!prog)
		return 0;
	err = site_list_new(&sites, prog, a->plan->nsites);
	for (uint32_t i = 0; i < a->plan->nsites && !err; i++) {
		const struct plan_site *site = &a->plan->sites[i];

		if (site->func == func && site->point == point)
			site_list_add(&sites, site->offset,
				      SS_COOKIE(a->target->id, f->op, f->detail) |
					      (site->at_check ? SS_COOKIE_AT_CHECK : 0));
	}
	if (!err)
		err = site_list_attach(&sites, a);
	site_list_free(&sites);
	return err;
}

int attach_type_calls(const struct attach *a)
{
	const struct plan_callers *callers = a->target->callers;
	struct bpf_program *prog = programs_at(a->programs, PLAN_TYPE_CALL);
	struct site_list sites;
	int err;

	if (!prog)
		return 0;
	err = site_list_new(&sites, prog, callers->ntype_calls);
	for (size_t i = 0; i < callers->ntype_calls && !err; i++)
		site_list_add(&sites, callers->type_calls[i].offset,
			      SS_COOKIE(a->target->id, SS_OP_NONE, callers->type_calls[i].arg));
	if (!err)
		err = site_list_attach(&sites, a);
	site_list_free(&sites);
	return err;
}

static void add_scope_call(struct site_list *sites, const struct attach *a, size_t i,
			   uint64_t offset)
{
	site_list_add(sites, offset, SS_COOKIE(a->target->id, a->target->scope->calls[i].op, i));
}

/* Where bases are had, but for those at other calls; what is attached remains in the list. */
static int attach_bases(const struct attach *a, struct site_list *bases)
{
	const struct plan_scope *scope = a->target->scope;

	for (size_t i = 0; i < scope->ncalls; i++)
		if (scope->calls[i].base.price != CALLSITE_NO_PROBE &&
		    !plan_scope_ends_at_next(scope, i))
			add_scope_call(bases, a, i, scope->calls[i].base_offset);
	return site_list_attach_most(bases, a);
}

/* Those whose base will be had; bases is what was attached, in the order of the calls. */
static void add_ending_calls(struct site_list *calls, const struct attach *a,
			     const struct site_list *bases)
{
	const struct plan_scope *scope = a->target->scope;
	size_t b = 0;

	for (size_t i = 0; i < scope->ncalls; i++) {
		size_t last = i;

		/* A call at which the base of the one before it is had is left out with it. */
		while (plan_scope_ends_at_next(scope, last))
			last++;
		while (b < bases->count && SS_COOKIE_DETAIL(bases->cookies[b]) < last)
			b++;
		if (b < bases->count && SS_COOKIE_DETAIL(bases->cookies[b]) == last)
			add_scope_call(calls, a, i, scope->calls[i].offset);
	}
}

static int attach_scope(const struct attach *a, struct site_list *calls, struct site_list *bases)
{
	const struct plan_scope *scope = a->target->scope;
	int err = 0;

	if (bases->prog)
		err = attach_bases(a, bases);
	if (err)
		return err;
	if (bases->prog)
		add_ending_calls(calls, a, bases);
	for (size_t i = 0; i < scope->ncalls && !bases->prog; i++)
		add_scope_call(calls, a, i, scope->calls[i].offset);
	return calls->count ? site_list_attach(calls, a) : -ENOTSUP;
}

int attach_scope_calls(const struct attach *a, size_t *refused)
{
	const size_t ncalls = a->target->scope->ncalls;
	struct site_list calls = {0}, bases = {0};
	int err = site_list_new(&calls, programs_at(a->programs, PLAN_SCOPE_CALL), ncalls);

	if (!err)
		err = site_list_new(&bases, programs_at(a->programs, PLAN_SCOPE_RET), ncalls);
	if (!err)
		err = attach_scope(a, &calls, &bases);
	*refused = ncalls - calls.count;
	site_list_free(&calls);
	site_list_free(&bases);
	return err;
}
