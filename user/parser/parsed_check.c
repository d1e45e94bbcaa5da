// SPDX-License-Identifier: BSD-2-Clause
#include "parser/parsed_check.h"

#include <string.h>
#include <unistd.h>

#include "log/controls.h"
#include "slicestat.h"

/* It ends, and can be printed. */
#define SHOWS(text) (strnlen(text, sizeof(text)) < sizeof(text) && !controls_has(text))

/* Go's text is reached by 32-bit distances. */
#define TEXT_MAX ((uint64_t)1 << 32)

/* It ends, and is in hex. */
static bool build_id_holds(const char id[GOBIN_BUILD_ID_SIZE])
{
	const size_t length = strnlen(id, GOBIN_BUILD_ID_SIZE);

	return length < GOBIN_BUILD_ID_SIZE && strspn(id, "0123456789abcdef") == length;
}

bool parsed_info_holds(const struct parsed_info *info)
{
	return build_id_holds(info->build_id) &&
	       info->text_mapping.start <= info->text_mapping.limit &&
	       info->code_start <= info->text_start && info->text_start <= info->text_end &&
	       info->types_start <= info->types_end && info->stripped <= 1 && info->pie <= 1 &&
	       info->opens_plugins <= 1 && SHOWS(info->program.package) &&
	       SHOWS(info->program.module) && SHOWS(info->program.version);
}

static bool func_holds(const struct plan_func *func)
{
	return SHOWS(func->name) && SHOWS(func->note) && func->op > 0 && func->op < SS_OPS &&
	       func->detail <= UINT16_MAX;
}

/* These are no sites of plans: calls are told by the callers and the scope. */
static bool is_of_calls(uint8_t point)
{
	return point == PLAN_TYPE_CALL || point == PLAN_SCOPE_CALL || point == PLAN_SCOPE_RET;
}

static bool site_holds(const struct plan *plan, const struct plan_site *site, int fd)
{
	uint8_t bytes[sizeof(site->bytes)];

	if (site->func >= plan->nfuncs || site->point >= PLAN_POINTS || is_of_calls(site->point) ||
	    site->price > PLAN_STEPPED || !site->len || site->len > sizeof(bytes) ||
	    site->at_check > 1 || !SHOWS(site->insn) || site->offset > INT64_MAX)
		return false;
	return pread(fd, bytes, site->len, (off_t)site->offset) == site->len &&
	       memcmp(bytes, site->bytes, site->len) == 0;
}

bool parsed_plan_holds(const struct plan *plan, int fd)
{
	if (!SHOWS(plan->go) || !SHOWS(plan->arch) || plan->nfuncs > PLAN_FUNCS_MAX ||
	    plan->nsites > PLAN_SITES_MAX)
		return false;
	for (uint32_t i = 0; i < plan->nfuncs; i++)
		if (!func_holds(&plan->funcs[i]))
			return false;
	for (uint32_t i = 0; i < plan->nsites; i++)
		if (!site_holds(plan, &plan->sites[i], fd))
			return false;
	return true;
}

bool parsed_callers_hold(const struct plan_callers *callers)
{
	if (callers->text_size > TEXT_MAX ||
	    callers->nmarks != plan_callers_words(callers->text_size))
		return false;
	for (size_t i = 0; i < callers->ntype_calls; i++)
		if (callers->type_calls[i].arg > UINT16_MAX)
			return false;
	for (size_t i = 1; i < callers->nconstant_calls; i++)
		if (callers->constant_calls[i - 1].ret >= callers->constant_calls[i].ret)
			return false;
	return true;
}

static bool call_holds(const struct plan_scope_call *call)
{
	return call->op > 0 && call->op < SS_OPS && call->pointers <= 1 &&
	       call->form <= SCOPE_COPY &&
	       (call->base.price <= PLAN_STEPPED || call->base.price == CALLSITE_NO_PROBE);
}

bool parsed_scope_holds(const struct plan_scope *scope)
{
	if (!scope->ncalls || scope->ncalls > PLAN_SCOPE_CALLS_MAX)
		return false;
	for (size_t i = 0; i < scope->ncalls; i++)
		if (!call_holds(&scope->calls[i]) ||
		    (i > 0 && scope->calls[i - 1].addr >= scope->calls[i].addr))
			return false;
	return true;
}
