// SPDX-License-Identifier: BSD-2-Clause
/* A number for all that a plan says which the maps' figures are understood by. */
#include "trace/executable.h"

#include <string.h>

/* FNV-1a: not against malice, who can write to the maps can do worse. */
#define FNV_BASIS 0xcbf29ce484222325ULL
#define FNV_PRIME 0x100000001b3ULL

static void add(uint64_t *sum, const void *data, size_t n)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < n; i++)
		*sum = (*sum ^ p[i]) * FNV_PRIME;
}

static void add_number(uint64_t *sum, uint64_t n)
{
	add(sum, &n, sizeof(n));
}

static void add_plan(uint64_t *sum, const struct plan *plan)
{
	add(sum, plan->go, strlen(plan->go));
	add(sum, plan->arch, strlen(plan->arch));
	add_number(sum, plan->zerobase);
	for (uint32_t i = 0; i < plan->nfuncs; i++) {
		add_number(sum, plan->funcs[i].addr);
		add_number(sum, plan->funcs[i].op);
		add_number(sum, plan->funcs[i].detail);
	}
	for (uint32_t i = 0; i < plan->nsites; i++) {
		add_number(sum, plan->sites[i].addr);
		add_number(sum, plan->sites[i].offset);
		add_number(sum, plan->sites[i].point);
	}
}

static void add_callers(uint64_t *sum, const struct plan_callers *callers)
{
	add_number(sum, callers->text);
	add_number(sum, callers->text_size);
	add(sum, callers->marks, callers->nmarks * sizeof(callers->marks[0]));
	for (size_t i = 0; i < callers->nconstant_calls; i++) {
		add_number(sum, callers->constant_calls[i].ret);
		add_number(sum, callers->constant_calls[i].type);
		add_number(sum, callers->constant_calls[i].size);
	}
	for (size_t i = 0; i < callers->ntype_calls; i++)
		add_number(sum, callers->type_calls[i].offset);
}

uint64_t executable_plan_sum(const struct executable *exe)
{
	uint64_t sum = FNV_BASIS;

	add_plan(&sum, &exe->plan);
	add_callers(&sum, exe->callers);
	for (size_t i = 0; exe->scope && i < exe->scope->ncalls; i++) {
		add_number(&sum, exe->scope->calls[i].ret);
		add_number(&sum, exe->scope->calls[i].type);
		add_number(&sum, exe->scope->calls[i].op);
	}
	return sum;
}
