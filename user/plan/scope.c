// SPDX-License-Identifier: BSD-2-Clause
#include "plan/scope.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/callers.h"
#include "plan/callsites.h"
#include "plan/fips.h"
#include "plan/scope_names.h"
#include "plan/version.h"
#include "slicestat.h"

/* What the compiler calls; some of them call each other, which is no call of the user's. */
static const struct scope_func {
	const char *name;
	uint8_t op;   /* enum ss_op */
	uint8_t form; /* enum plan_scope_form */
	int type_arg;
} funcs[] = {
	{"runtime.growslice", SS_OP_GROW, SCOPE_GROW, 4},
	{"runtime.growsliceNoAlias", SS_OP_GROW, SCOPE_GROW, 4},
	{"runtime.growsliceBuf", SS_OP_GROW, SCOPE_GROW_BUF, 4},
	{"runtime.growsliceBufNoAlias", SS_OP_GROW, SCOPE_GROW_BUF, 4},
	{"runtime.makeslice", SS_OP_MAKE, SCOPE_MAKE, 0},
	{"runtime.makeslice64", SS_OP_MAKE, SCOPE_MAKE, 0},
	{"runtime.makeslicecopy", SS_OP_COPY, SCOPE_COPY, 0},
};

#define FUNCS (sizeof(funcs) / sizeof(funcs[0]))

/* As reasons name the operations. */
static const struct {
	enum ss_op op;
	const char *func;
} op_words[] = {
	{SS_OP_GROW, "growslice"},
	{SS_OP_MAKE, "makeslice"},
	{SS_OP_COPY, "makeslicecopy"},
};

#define OP_WORDS (sizeof(op_words) / sizeof(op_words[0]))

/*
 * Bodies looked at for all calls. Those of prometheus are inlined 5 deep, and more calls than can
 * be probed fit in; made up trees have 64 levels for each of a million calls.
 */
#define BODIES_MAX (1u << 22)

#define SCOPE_OPS (1u << SS_OP_GROW | 1u << SS_OP_MAKE | 1u << SS_OP_COPY)

/* What a function's name tells; kept for the next call, which is often of the same function. */
struct verdict {
	const char *func;
	bool wrapper;
	bool in_scope;
};

struct scoper {
	const struct gobin *bin;
	const struct plan_request *request;
	const struct plan_patterns *patterns;
	const char *const *skip;
	size_t nskip;
	struct scope_names *names;
	struct verdict verdict;

	struct callee callees[FUNCS];
	struct gobin_func bodies[FUNCS]; /* of the callees */
	size_t ncallees;

	struct callsite *sites;
	size_t nsites;
	size_t nbodies; /* looked at */
	struct plan_scope *scope;
};

static int no_memory(struct reason *why)
{
	return reason_set(why, -ENOMEM, "out of memory looking for calls");
}

static int check_request(const struct plan_request *request, struct reason *why)
{
	if (request->nrecords)
		return reason_set(why, -EINVAL,
				  "--in and --not-in choose callers of the runtime; a function "
				  "that is recorded by name cannot be requested with them");
	if (!request->ops || request->ops & ~SCOPE_OPS)
		return reason_set(why, -EINVAL,
				  "--in and --not-in can choose among calls that grow, make and "
				  "copy slices: request no other operations with them");
	return 0;
}

static int find_callee(struct scoper *s, uint32_t index, struct reason *why)
{
	struct gobin_func *body = &s->bodies[s->ncallees];
	int err = gobin_find_func(s->bin, funcs[index].name, body);

	if (err == -ENOENT)
		return 0;
	if (err)
		return reason_set(why, -EBADMSG,
				  "two functions of this executable bear the name %s",
				  funcs[index].name);
	s->callees[s->ncallees++] = (struct callee){
		.addr = body->addr, .type_arg = funcs[index].type_arg, .index = index};
	return 0;
}

/* "growslice or makeslice" */
static void name_ops(uint32_t ops, char *buf, size_t size)
{
	size_t used = 0;

	for (size_t i = 0; i < OP_WORDS && used < size; i++)
		if (ops & 1u << op_words[i].op)
			used += (size_t)snprintf(buf + used, size - used, "%s%s",
						 used ? " or " : "", op_words[i].func);
}

static int find_callees(struct scoper *s, struct reason *why)
{
	char ops[64] = "";
	int err = 0;

	for (uint32_t i = 0; i < FUNCS && !err; i++)
		if (s->request->ops & 1u << funcs[i].op)
			err = find_callee(s, i, why);
	if (err || s->ncallees)
		return err;
	name_ops(s->request->ops, ops, sizeof(ops));
	return reason_set(why, -ENOENT, "no %s in this executable", ops);
}

static const struct verdict *judge(struct scoper *s, const char *func)
{
	struct verdict *v = &s->verdict;

	/* Names live as long as the gobin. */
	if (v->func == func)
		return v;
	*v = (struct verdict){
		.func = func,
		.wrapper = plan_is_wrapper(func, s->skip, s->nskip),
		.in_scope = scope_names_have(s->names, func),
	};
	return v;
}

static bool is_in_callee(const struct scoper *s, uint64_t addr)
{
	for (size_t i = 0; i < s->ncallees; i++)
		if (addr >= s->bodies[i].addr && addr < s->bodies[i].end)
			return true;
	return false;
}

/* callsite_search.wants: by the name that reports show, as symbols_site finds it. */
static bool wants(void *ctx, uint64_t call)
{
	struct gobin_frame frames[GOBIN_FRAMES_MAX];
	struct scoper *s = ctx;
	int n;

	if (is_in_callee(s, call) || s->nbodies > BODIES_MAX)
		return false;
	n = gobin_bodies(s->bin, call, frames, GOBIN_FRAMES_MAX);
	s->nbodies += n > 0 ? (size_t)n : 0;
	for (int i = 0; i < n; i++)
		if (!frames[i].wrapper && !judge(s, frames[i].func)->wrapper)
			return judge(s, frames[i].func)->in_scope;
	return n > 0 && judge(s, frames[0].func)->in_scope;
}

static int find_sites(struct scoper *s, struct reason *why)
{
	struct callsite_search search = {.callees = s->callees,
					 .ncallees = s->ncallees,
					 .wants = wants,
					 .ctx = s,
					 .bases = true};
	int64_t n = callsites_search(s->bin, &search, &s->sites, why);

	if (n < 0)
		return (int)n;
	s->nsites = (size_t)n;
	s->scope->undecided = search.undecided;
	if (s->nbodies > BODIES_MAX)
		return reason_set(why, -EFBIG,
				  "more than %u bodies are inlined into each other at the calls; "
				  "the file is corrupt or made up",
				  BODIES_MAX);
	return 0;
}

static int find_offsets(const struct gobin *bin, struct plan_scope_call *call)
{
	int err = gobin_file_offset(bin, call->addr, &call->offset);

	if (!err && call->base.price != CALLSITE_NO_PROBE)
		err = gobin_file_offset(bin, call->base.addr, &call->base_offset);
	return err;
}

static void take_site(struct scoper *s, const struct fips_text *fips, const struct callsite *site)
{
	struct plan_scope_call *call = &s->scope->calls[s->scope->ncalls];

	/* The instruction where the base is had may be probed too. */
	if (fips_holds(fips, site->call, site->base.addr + 1)) {
		s->scope->fips++;
		return;
	}
	*call = (struct plan_scope_call){
		.addr = site->call,
		.ret = site->ret,
		.type = site->type,
		.op = funcs[site->index].op,
		.form = funcs[site->index].form,
		.base = site->base,
	};
	if (site->type) {
		call->size = site->elem.size;
		call->pointers = site->elem.ptr_bytes != 0;
	}
	if (find_offsets(s->bin, call))
		s->scope->undecided++;
	else
		s->scope->ncalls++;
}

static int take_sites(struct scoper *s, struct reason *why)
{
	const struct fips_text fips = fips_text_of(s->bin);

	s->scope->calls = calloc(s->nsites + 1, sizeof(*s->scope->calls));
	if (!s->scope->calls)
		return no_memory(why);
	for (size_t i = 0; i < s->nsites; i++)
		take_site(s, &fips, &s->sites[i]);
	return 0;
}

static bool is_any_in_scope(struct scoper *s)
{
	bool any = false;

	for (size_t i = 0; i < gobin_nfuncs(s->bin) && !any; i++) {
		struct gobin_func func;

		gobin_func(s->bin, i, &func);
		any = judge(s, func.name)->in_scope;
	}
	return any;
}

static int explain_none(struct scoper *s, struct reason *why)
{
	char scope[160], ops[64] = "";

	scope_names_describe(s->patterns, scope, sizeof(scope));
	name_ops(s->request->ops, ops, sizeof(ops));
	if (s->scope->fips)
		return reason_set(why, -ENOENT,
				  "all calls of %s in %s lie in the text that a FIPS program "
				  "checks for changes",
				  ops, scope);
	if (s->scope->undecided)
		return reason_set(why, -ENOENT,
				  "calls of %s in %s lie behind bytes that do not decode", ops,
				  scope);
	if (!is_any_in_scope(s))
		return reason_set(why, -ENOENT,
				  "no %s; write names as reports do: main.(*T).F, or main.*",
				  scope);
	return reason_set(why, -ENOENT,
			  "no call of %s in %s; their slices may stay on the stack, or be made by "
			  "what they call or have inlined",
			  ops, scope);
}

static int check_count(struct scoper *s, struct reason *why)
{
	if (!s->scope->ncalls)
		return explain_none(s, why);
	if (s->scope->ncalls > PLAN_SCOPE_CALLS_MAX)
		return reason_set(why, -E2BIG,
				  "%zu calls are in scope, but only %d can be probed; narrow --in, "
				  "or leave more out with --not-in",
				  s->scope->ncalls, PLAN_SCOPE_CALLS_MAX);
	return 0;
}

static int make_scope(struct scoper *s, struct reason *why)
{
	int err = find_callees(s, why);

	if (err)
		return err;
	s->scope = calloc(1, sizeof(*s->scope));
	if (!s->scope || scope_names_new(s->patterns, &s->names))
		return no_memory(why);
	s->scope->has_headers =
		version_has_headers(gobin_version(s->bin), gobin_version_text(s->bin));
	err = find_sites(s, why);
	if (!err)
		err = take_sites(s, why);
	if (!err)
		err = check_count(s, why);
	return err;
}

int plan_scope_make(const struct gobin *bin, const struct plan_request *request,
		    const struct plan_patterns *patterns, const char *const *skip, size_t nskip,
		    struct plan_scope **out, struct reason *why)
{
	struct scoper s = {
		.bin = bin, .request = request, .patterns = patterns, .skip = skip, .nskip = nskip};
	int err = check_request(request, why);

	if (!err)
		err = version_check(gobin_version(bin), gobin_version_text(bin), why);
	if (!err)
		err = make_scope(&s, why);
	scope_names_free(s.names);
	free(s.sites);
	if (err) {
		plan_scope_free(s.scope);
		return err;
	}
	*out = s.scope;
	return 0;
}

bool plan_scope_ends_at_next(const struct plan_scope *scope, size_t i)
{
	const struct plan_scope_call *call = &scope->calls[i];

	return i + 1 < scope->ncalls && call->base.price != CALLSITE_NO_PROBE &&
	       call->base.addr == call[1].addr;
}

size_t plan_scope_rets(const struct plan_scope *scope, uint8_t price)
{
	size_t n = 0;

	for (size_t i = 0; i < scope->ncalls; i++)
		n += scope->calls[i].base.price == price;
	return n;
}

void plan_scope_free(struct plan_scope *scope)
{
	if (!scope)
		return;
	free(scope->calls);
	free(scope);
}
