// SPDX-License-Identifier: BSD-2-Clause
#include "plan/callers.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "plan/callsites.h"
#include "plan/fips.h"
#include "slicestat.h"

#define MARK_BITS      2
#define MARKS_PER_WORD (64 / MARK_BITS)

/*
 * They hand a slice of their caller's on to the functions that are probed. The compiler's runtime
 * calls as in src/cmd/compile/internal/walk/builtin.go; all of reflect makes slices for others.
 */
static const char *const wrappers[] = {
	"runtime.growsliceBuf",	       "runtime.growsliceNoAlias",
	"runtime.growsliceBufNoAlias", "runtime.makeslice64",
	"runtime.rawbyteslice",	       "runtime.rawruneslice",
	"runtime.concatbyte?",	       "reflect.*",
	"internal/reflectlite.*",
};

#define WRAPPERS (sizeof(wrappers) / sizeof(wrappers[0]))

/* Functions that take the *abi.Type of the elements, and as which integer argument. */
static const struct typed {
	const char *func;
	int arg;
} typed[] = {
	{"runtime.growslice", 4},
	{"runtime.moveSlice", 0},
	{"runtime.moveSliceNoCap", 0},
};

#define TYPED (sizeof(typed) / sizeof(typed[0]))

static bool is_wild(char c)
{
	return c == '*' || c == '?' || c == '[';
}

/* Whether the name matches as far as the pattern is plain text: most do not, at once. */
static bool may_match(const char *pattern, const char *func)
{
	while (*pattern && *pattern == *func && !is_wild(*pattern)) {
		pattern++;
		func++;
	}
	return *pattern == *func || is_wild(*pattern);
}

static bool matches(const char *func, const char *const *patterns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (may_match(patterns[i], func) && !fnmatch(patterns[i], func, FNM_NOESCAPE))
			return true;
	return false;
}

bool plan_is_wrapper(const char *func, const char *const *skip, size_t nskip)
{
	return matches(func, wrappers, WRAPPERS) || matches(func, skip, nskip);
}

static void mark(struct plan_callers *c, uint64_t start, uint64_t end, uint64_t bits)
{
	uint64_t first = (start - c->text) >> SS_MARK_SHIFT;
	uint64_t last = (end - 1 - c->text) >> SS_MARK_SHIFT;

	for (uint64_t i = first; i <= last && i / MARKS_PER_WORD < c->nmarks; i++)
		c->marks[i / MARKS_PER_WORD] |= bits << (i % MARKS_PER_WORD * MARK_BITS);
}

static void mark_wrappers(struct plan_callers *c, const struct gobin *bin, const char *const *skip,
			  size_t nskip)
{
	for (size_t i = 0; i < gobin_nfuncs(bin); i++) {
		struct gobin_func func;

		gobin_func(bin, i, &func);
		if (func.addr < func.end && plan_is_wrapper(func.name, skip, nskip))
			mark(c, func.addr, func.end, SS_MARK_WRAPPER);
	}
}

static size_t find_callees(const struct plan *plan, struct callee callees[TYPED])
{
	size_t n = 0;

	for (uint32_t f = 0; f < plan->nfuncs; f++) {
		if (plan->funcs[f].refused || plan->funcs[f].op == SS_OP_FUNC)
			continue;
		for (size_t i = 0; i < TYPED; i++)
			if (!strcmp(plan->funcs[f].name, typed[i].func))
				callees[n++] = (struct callee){.addr = plan->funcs[f].addr,
							       .type_arg = typed[i].arg,
							       .index = (uint32_t)typed[i].arg};
	}
	return n;
}

static void take_constant(struct plan_callers *c, const struct callsite *site)
{
	c->constant_calls[c->nconstant_calls++] = (struct plan_constant_call){
		.ret = site->ret, .type = site->type, .size = site->elem.size};
}

/* A call in text that a FIPS program checks must not be probed: its type stays unknown. */
static void take_call(struct plan_callers *c, const struct gobin *bin, const struct fips_text *fips,
		      const struct callsite *site)
{
	struct plan_type_call *call = &c->type_calls[c->ntype_calls];

	if (site->type) {
		take_constant(c, site);
		return;
	}
	if (fips_holds(fips, site->call, site->ret) ||
	    gobin_file_offset(bin, site->call, &call->offset))
		return;
	call->arg = site->index;
	c->ntype_calls++;
	mark(c, site->ret - 1, site->ret, SS_MARK_PASSES_TYPE);
}

static int look_at_calls(struct plan_callers *c, const struct gobin *bin, const struct plan *plan,
			 struct reason *why)
{
	const struct fips_text fips = fips_text_of(bin);
	struct callee callees[TYPED];
	struct callsite *sites = NULL;
	size_t ncallees = find_callees(plan, callees);
	int64_t n = ncallees ? callsites_find(bin, callees, ncallees, &sites, why) : 0;

	if (n < 0)
		return (int)n;
	c->type_calls = calloc((size_t)n + 1, sizeof(*c->type_calls));
	c->constant_calls = calloc((size_t)n + 1, sizeof(*c->constant_calls));
	if (c->type_calls && c->constant_calls)
		for (int64_t i = 0; i < n; i++)
			take_call(c, bin, &fips, &sites[i]);
	free(sites);
	return c->type_calls && c->constant_calls ? 0 : reason_set(why, -ENOMEM, "out of memory");
}

size_t plan_callers_words(uint64_t text_size)
{
	return (size_t)(text_size >> SS_MARK_WORD_SHIFT) + 1;
}

int plan_callers_make(const struct gobin *bin, const struct plan *plan, const char *const *skip,
		      size_t nskip, struct plan_callers **out, struct reason *why)
{
	struct plan_callers *c = calloc(1, sizeof(*c));
	uint64_t end;
	int err;

	if (!c)
		return reason_set(why, -ENOMEM, "out of memory");
	gobin_text_range(bin, &c->text, &end);
	c->text_size = end - c->text;
	c->nmarks = plan_callers_words(c->text_size);
	c->marks = calloc(c->nmarks, sizeof(*c->marks));
	if (!c->marks) {
		err = reason_set(why, -ENOMEM, "out of memory");
	} else {
		mark_wrappers(c, bin, skip, nskip);
		err = look_at_calls(c, bin, plan, why);
	}
	if (err) {
		plan_callers_free(c);
		return err;
	}
	*out = c;
	return 0;
}

void plan_callers_free(struct plan_callers *callers)
{
	if (!callers)
		return;
	free(callers->marks);
	free(callers->type_calls);
	free(callers->constant_calls);
	free(callers);
}

uint64_t plan_callers_type(const struct plan_callers *callers, uint64_t ret)
{
	size_t lo = 0, hi = callers->nconstant_calls;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (callers->constant_calls[mid].ret < ret)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < callers->nconstant_calls && callers->constant_calls[lo].ret == ret)
		return callers->constant_calls[lo].type;
	return 0;
}

uint32_t plan_callers_marks(const struct plan_callers *callers, uint64_t ret)
{
	uint64_t at = (ret - 1 - callers->text) >> SS_MARK_SHIFT;

	if (at / MARKS_PER_WORD >= callers->nmarks)
		return 0;
	return callers->marks[at / MARKS_PER_WORD] >> (at % MARKS_PER_WORD * MARK_BITS) &
	       ((1u << MARK_BITS) - 1);
}
