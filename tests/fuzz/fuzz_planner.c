// SPDX-License-Identifier: BSD-2-Clause
/*
 * The planner: decoding, the proofs at starts and ends of functions, functions recorded by name.
 * Input: the layout, the program, the operations (16 bits), FLAG_*, the argument's number, the
 * recorded function's name, patches.
 */
#include <string.h>

#include "plan/callers.h"
#include "plan/plan.h"
#include "slicestat.h"

#include "input.h"
#include "layouts.h"
#include "program.h"
#include "require.h"
#include "scratch.h"

#define FLAG_OLD_CAPS 1
#define FLAG_RECORD   2

static void check_site(const struct gobin *bin, const struct plan *plan,
		       const struct plan_site *site)
{
	uint8_t bytes[sizeof(site->bytes)];
	const struct plan_func *func = &plan->funcs[site->func];
	uint64_t offset;
	char words[256];

	require(site->func < plan->nfuncs && !func->refused);
	require(site->len > 0 && site->len <= sizeof(site->bytes));
	require(site->addr >= func->addr && site->addr + site->len <= func->end);
	require(gobin_file_offset(bin, site->addr, &offset) == 0 && offset == site->offset);
	require(gobin_read(bin, site->addr, bytes, site->len) == 0);
	require(memcmp(bytes, site->bytes, site->len) == 0);
	require(site->point < PLAN_POINTS && plan_point_name(site->point));
	require(site->price <= PLAN_STEPPED && plan_price_name(site->price));
	require(memchr(site->insn, '\0', sizeof(site->insn)));
	plan_describe_fields(plan, site, words, sizeof(words));
	require(memchr(words, '\0', sizeof(words)));
}

static void check_frame(const struct plan_frame *frame)
{
	const int32_t words[] = {frame->base, frame->len, frame->cap, frame->caller};

	for (size_t i = 0; i < 4; i++)
		for (size_t j = i + 1; j < 4; j++)
			require(words[i] - words[j] <= SS_FRAME_MAX &&
				words[j] - words[i] <= SS_FRAME_MAX);
}

static void check_plan(const struct gobin *bin, const struct plan *plan)
{
	require(plan->nfuncs <= PLAN_FUNCS_MAX && plan->nsites <= PLAN_SITES_MAX);
	for (uint32_t i = 0; i < plan->nsites; i++)
		check_site(bin, plan, &plan->sites[i]);
	for (uint32_t i = 0; i < plan->nfuncs; i++) {
		require(memchr(plan->funcs[i].name, '\0', sizeof(plan->funcs[i].name)));
		require(!strpbrk(plan->funcs[i].name, "\n\r\033"));
		require(memchr(plan->funcs[i].note, '\0', sizeof(plan->funcs[i].note)));
		require(!plan->funcs[i].refused || plan->funcs[i].note[0]);
	}
	check_frame(&plan->grow_frame);
}

static void check_callers(const struct gobin *bin, const struct plan *plan)
{
	static const char *const skip[] = {"main.(*T)*", "crypto.?"};
	struct plan_callers *callers = NULL;
	struct reason why = {""};

	if (plan_callers_make(bin, plan, skip, 2, &callers, &why)) {
		require(!callers && why.text[0]);
		return;
	}
	for (size_t i = 0; i < callers->nconstant_calls; i++) {
		const struct plan_constant_call *call = &callers->constant_calls[i];

		require(i == 0 || call[-1].ret < call->ret);
		require(plan_callers_type(callers, call->ret) == call->type);
		(void)plan_callers_marks(callers, call->ret);
	}
	plan_callers_free(callers);
}

static void look_at_plan(const struct gobin *bin, const struct plan_request *request)
{
	struct plan plan;
	struct reason why = {""};

	if (plan_make(bin, request, &plan, &why)) {
		require(why.text[0] && !strchr(why.text, '\n'));
		return;
	}
	check_plan(bin, &plan);
	check_callers(bin, &plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	const struct img_layout *row = layout_of(input_byte(&in));
	const struct program *program = &programs[input_byte(&in) % PROGRAMS];
	const uint16_t ops = input_u16(&in);
	const uint8_t flags = input_byte(&in);
	char name[64];
	struct plan_record record = {.func = name, .arg = input_byte(&in)};
	struct plan_request request = {.ops = ops ? ops : UINT16_MAX};
	struct go_image img;
	struct gobin *bin;

	input_text(&in, name, sizeof(name));
	request.old_caps = flags & FLAG_OLD_CAPS;
	request.records = flags & FLAG_RECORD ? &record : NULL;
	request.nrecords = flags & FLAG_RECORD ? 1 : 0;
	program_make(program, row, &in, &img);
	bin = scratch_open(img.b, sizeof(img.b));
	if (bin)
		look_at_plan(bin, &request);
	gobin_free(bin);
	return 0;
}
