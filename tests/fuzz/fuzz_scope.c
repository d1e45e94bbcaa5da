// SPDX-License-Identifier: BSD-2-Clause
/*
 * Calls in chosen functions: search, flow, constant types, where the base is had. Input: the
 * layout, the operations, what is skipped, the pattern, patches.
 */
#include <string.h>

#include "plan/callsites.h"
#include "plan/scope.h"
#include "slicestat.h"

#include "input.h"
#include "layouts.h"
#include "program.h"
#include "require.h"
#include "scratch.h"

static const uint32_t ops[] = {
	1u << SS_OP_GROW | 1u << SS_OP_MAKE | 1u << SS_OP_COPY,
	1u << SS_OP_GROW,
	1u << SS_OP_MAKE,
	1u << SS_OP_COPY,
};

/* That the bytes are a direct call is what a probe there relies on. */
static void check_is_call(const struct gobin *bin, const struct plan_scope_call *call)
{
	uint8_t bytes[8];
	const size_t len = call->ret - call->addr;

	require(len <= sizeof(bytes) && gobin_read(bin, call->addr, bytes, len) == 0);
	if (gobin_arch(bin) == GOBIN_AMD64)
		require(len == 5 && bytes[0] == 0xe8);
	else
		require(len == 4 && bytes[3] >> 2 == 0x25);
}

static void check_base(const struct gobin *bin, const struct plan_scope_call *call)
{
	struct gobin_func in, at;
	uint64_t offset;

	require(call->base.addr >= call->ret);
	if (call->base.price == CALLSITE_NO_PROBE)
		return;
	require(call->base.price <= 1 && call->base.addr != call->addr);
	require(gobin_func_at(bin, call->addr, &in) == 0);
	require(gobin_func_at(bin, call->base.addr, &at) == 0 && in.addr == at.addr);
	require(gobin_file_offset(bin, call->base.addr, &offset) == 0);
	require(offset == call->base_offset);
	require(call->base.reg < 32 || (call->base.reg == BASEPOINT_SLOT && call->base.slot >= 0));
}

static void check_scope(const struct gobin *bin, const struct plan_scope *scope)
{
	require(scope->ncalls > 0 && scope->ncalls <= PLAN_SCOPE_CALLS_MAX);
	for (size_t i = 0; i < scope->ncalls; i++) {
		const struct plan_scope_call *call = &scope->calls[i];
		struct gobin_type type;

		require(i == 0 || call[-1].addr < call->addr);
		check_is_call(bin, call);
		check_base(bin, call);
		(void)plan_scope_ends_at_next(scope, i);
		if (call->type) {
			require(gobin_type_at(bin, NULL, call->type, &type) == 0);
			require(type.size == call->size);
		}
	}
}

static void look_at_scope(const struct gobin *bin, uint32_t wanted, const char *pattern,
			  uint8_t skips)
{
	static const char *const skip[] = {"main.(*T)*"};
	const struct plan_request request = {.ops = wanted};
	const struct plan_patterns patterns = {.in = &pattern,
					       .nin = skips & 2 ? 0 : 1,
					       .not_in = &pattern,
					       .nnot_in = skips >> 1 & 1};
	struct plan_scope *scope = NULL;
	struct reason why = {""};

	if (plan_scope_make(bin, &request, &patterns, skip, skips & 1, &scope, &why))
		require(!scope && why.text[0] && !strchr(why.text, '\n'));
	else
		check_scope(bin, scope);
	plan_scope_free(scope);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	const struct img_layout *row = layout_of(input_byte(&in));
	const uint32_t wanted = ops[input_byte(&in) % (sizeof(ops) / sizeof(ops[0]))];
	const uint8_t skips = input_byte(&in);
	struct go_image img;
	struct gobin *bin;
	char pattern[64];

	input_text(&in, pattern, sizeof(pattern));
	program_make(&programs[PROGRAM_CALLS], row, &in, &img);
	bin = scratch_open(img.b, sizeof(img.b));
	if (bin)
		look_at_scope(bin, wanted, pattern[0] ? pattern : "main.*", skips);
	gobin_free(bin);
	return 0;
}
