// SPDX-License-Identifier: BSD-2-Clause
#include "answer_check.h"

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "plan/callsites.h"
#include "slicestat.h"

#include "require.h"

/* The most that the kernel has. */
#define ERRNO_MAX 4095

#define MARK_WORD_BYTES ((uint64_t)1 << SS_MARK_WORD_SHIFT)
#define MARKS_ALL	(SS_MARK_WRAPPER | SS_MARK_PASSES_TYPE)

/* It ends within size, and moves no cursor. */
static void check_text(const char *text, size_t size)
{
	const size_t len = strnlen(text, size);

	require(len < size);
	for (size_t i = 0; i < len; i++)
		require(!iscntrl((unsigned char)text[i]));
}

void check_refusal(int err, const struct reason *why)
{
	require(err <= 0 && err >= -ERRNO_MAX);
	if (!err || !why)
		return;
	require(why->text[0]);
	check_text(why->text, sizeof(why->text));
}

void check_info(const struct parsed_info *info)
{
	require(info->code_start <= info->text_start && info->text_start <= info->text_end);
	require(info->types_start <= info->types_end);
	require(info->text_mapping.start <= info->text_mapping.limit);
	check_text(info->build_id, sizeof(info->build_id));
	require(info->stripped <= 1 && info->pie <= 1 && info->opens_plugins <= 1);
}

static void check_func(const struct plan_func *func)
{
	check_text(func->name, sizeof(func->name));
	check_text(func->note, sizeof(func->note));
	require(func->op > SS_OP_NONE && func->op < SS_OPS && func->detail <= UINT16_MAX);
}

/* A probe is put there: the bytes must be what was looked at. */
static void check_site(const struct plan *plan, const struct plan_site *site, int fd)
{
	uint8_t bytes[sizeof(site->bytes)];
	char words[128];

	require(site->func < plan->nfuncs && site->price <= PLAN_STEPPED && site->at_check <= 1);
	/* These are probed at calls, not by a plan's sites. */
	require(site->point < PLAN_POINTS && site->point != PLAN_TYPE_CALL &&
		site->point != PLAN_SCOPE_CALL && site->point != PLAN_SCOPE_RET);
	require(site->len > 0 && site->len <= sizeof(bytes));
	require(pread(fd, bytes, site->len, (off_t)site->offset) == site->len);
	require(memcmp(bytes, site->bytes, site->len) == 0);
	check_text(site->insn, sizeof(site->insn));
	plan_describe_fields(plan, site, words, sizeof(words));
	check_text(words, sizeof(words));
}

void check_plan(const struct plan *plan, int fd)
{
	check_text(plan->go, sizeof(plan->go));
	check_text(plan->arch, sizeof(plan->arch));
	require(plan->nfuncs <= PLAN_FUNCS_MAX && plan->nsites <= PLAN_SITES_MAX);
	for (uint32_t i = 0; i < plan->nfuncs; i++)
		check_func(&plan->funcs[i]);
	for (uint32_t i = 0; i < plan->nsites; i++)
		check_site(plan, &plan->sites[i], fd);
}

/* There are as many as the text has, and none beyond. */
static void check_marks(const struct plan_callers *callers)
{
	const uint64_t end = callers->text + callers->nmarks * MARK_WORD_BYTES;

	require(callers->nmarks == plan_callers_words(callers->text_size));
	require(end - callers->text > callers->text_size);
	require(plan_callers_marks(callers, callers->text + 1) <= MARKS_ALL);
	require(plan_callers_marks(callers, end) <= MARKS_ALL);
	require(plan_callers_marks(callers, end + 1) == 0);
	require(plan_callers_marks(callers, callers->text) == 0);
}

void check_callers(const struct plan_callers *callers)
{
	check_marks(callers);
	for (size_t i = 0; i < callers->ntype_calls; i++)
		require(callers->type_calls[i].arg <= UINT16_MAX);
	for (size_t i = 0; i < callers->nconstant_calls; i++) {
		const struct plan_constant_call *call = &callers->constant_calls[i];

		require(i == 0 || call[-1].ret < call->ret);
		require(plan_callers_type(callers, call->ret) == call->type);
		require(plan_callers_marks(callers, call->ret) <= MARKS_ALL);
	}
}

static void check_call(const struct plan_scope_call *call)
{
	require(call->op > SS_OP_NONE && call->op < SS_OPS);
	require(call->form <= SCOPE_COPY && call->pointers <= 1);
	require(call->base.price <= PLAN_STEPPED || call->base.price == CALLSITE_NO_PROBE);
}

void check_scope(const struct plan_scope *scope)
{
	require(scope->ncalls > 0 && scope->ncalls <= PLAN_SCOPE_CALLS_MAX);
	for (size_t i = 0; i < scope->ncalls; i++) {
		require(i == 0 || scope->calls[i - 1].addr < scope->calls[i].addr);
		check_call(&scope->calls[i]);
		require(!plan_scope_ends_at_next(scope, i) || i + 1 < scope->ncalls);
	}
}

void check_frames(const struct gobin_frame *frames, int n, size_t max)
{
	require(n < 0 || (n > 0 && (size_t)n <= max));
	for (int i = 0; i < n; i++) {
		require(frames[i].func && frames[i].line >= 0);
		(void)strlen(frames[i].func);
		(void)(frames[i].file ? strlen(frames[i].file) : 0);
	}
}
