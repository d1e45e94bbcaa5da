// SPDX-License-Identifier: BSD-2-Clause
#include "plan/basepoint.h"

/* Bytes behind the call that are looked at: hardly any straight line is longer. */
#define REACH 1024

static uint8_t price_at(const struct flow *flow, const struct plan_arch *arch, size_t at,
			struct step *step)
{
	int price;

	*step = (struct step){.kind = STEP_END};
	if (at >= flow->decoded || !arch->calls->step(&flow->text, at, step))
		return CALLSITE_NO_PROBE;
	price = arch->price(flow->text.bytes + at, step->len);
	return price < 0 ? CALLSITE_NO_PROBE : (uint8_t)price;
}

static bool is_entered(const struct flow *flow, size_t at)
{
	return at < flow->decoded && flow->marks[at] & FLOW_ENTERED;
}

/* False where the base lies in none. */
static bool choose_home(const struct calls_arch *arch, const struct homes *homes,
			struct basepoint *point)
{
	const uint32_t regs = homes->regs & ~arch->reserved;

	point->reg = regs ? (uint8_t)__builtin_ctz(regs) : BASEPOINT_SLOT;
	point->slot = regs ? 0 : homes->slot;
	return regs || homes->spilled;
}

/* Whether an emulated instruction is found: homes only become fewer behind the first one. */
static bool find_emulated(const struct flow *flow, const struct plan_arch *arch, size_t ret,
			  struct basepoint *point)
{
	struct homes homes = {.regs = 1u << arch->results[0]};
	struct step step;

	for (size_t at = ret; at - ret < REACH && !is_entered(flow, at); at += step.len) {
		point->price = price_at(flow, arch, at, &step);
		if (point->price == PLAN_EMULATED) {
			point->addr = flow->text.addr + at;
			return choose_home(arch->calls, &homes, point);
		}
		if (step.kind != STEP_ON || !arch->calls->carry(&flow->text, at, &homes))
			return false;
	}
	return false;
}

struct basepoint basepoint_find(const struct flow *flow, const struct plan_arch *arch, size_t ret)
{
	struct basepoint point = {.addr = 0};
	struct step step;

	if (flow->whole && find_emulated(flow, arch, ret, &point))
		return point;
	return (struct basepoint){
		.addr = flow->text.addr + ret,
		.reg = arch->results[0],
		.price = price_at(flow, arch, ret, &step),
	};
}
