// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * One program for each probe point of a plan (user/plan/plan.h). What a plan knows is constant at
 * load time, so that nothing is interpreted on the hot path. The programs must not be sleepable:
 * the flip of the windows waits only for those that are not.
 */
#include "slicestat.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "regs.bpf.h"
#include "maps.bpf.h"
#include "fold.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/*
 * The stretch of growslice's frame that holds all wanted fields, in bytes from the stack pointer,
 * and the fields' words in it.
 */
const volatile __u32 frame_start = 0;
const volatile __u32 frame_size = SS_FRAME_MAX;
const volatile __u32 frame_base = 0;
const volatile __u32 frame_len = 0;
const volatile __u32 frame_cap = 0;
const volatile __u32 frame_caller = 0;

/* SS_TRAPS_EMULATED or SS_TRAPS_STEPPED, by probe point. */
const volatile __u32 price_grow_call = SS_TRAPS_EMULATED;
const volatile __u32 price_grow_ret = SS_TRAPS_STEPPED;
const volatile __u32 price_make_enter = SS_TRAPS_EMULATED;
const volatile __u32 price_make_ret = SS_TRAPS_STEPPED;

static __always_inline __u32 target_of(struct pt_regs *ctx)
{
	return SS_COOKIE_TARGET(bpf_get_attach_cookie(ctx));
}

static __always_inline int gate_open(void)
{
	const struct ss_control *c = control_get();

	return c && c->ready;
}

SEC("uprobe")
int grow_call(struct pt_regs *ctx)
{
	struct event e = {.op = SS_OP_GROW};
	__u64 frame[SS_FRAME_MAX / 8];

	count(price_grow_call);
	if (!gate_open())
		return 0;
	count(SS_SEEN);
	if (bpf_probe_read_user(frame, frame_size, (const void *)(GO_SP(ctx) + frame_start))) {
		count(SS_LOST_FAULT);
		return 0;
	}
	e.target = target_of(ctx);
	e.base = frame[frame_base];
	e.len = frame[frame_len];
	e.cap = frame[frame_cap];
	e.site = frame[frame_caller];
	count(event_fate(&e));
	return 0;
}

SEC("uprobe")
int grow_ret(struct pt_regs *ctx)
{
	struct event e = {.op = SS_OP_GROW};

	count(price_grow_ret);
	if (!gate_open())
		return 0;
	count(SS_SEEN);
	e.target = target_of(ctx);
	e.base = GO_REG0(ctx);
	e.len = GO_REG1(ctx);
	e.cap = GO_REG2(ctx);
	/* The header is whole without the caller: an unreadable one is an unknown site, no loss. */
	if (go_return_address(ctx, &e.site))
		e.site = 0;
	count(event_fate(&e));
	return 0;
}

SEC("uprobe")
int make_enter(struct pt_regs *ctx)
{
	struct ss_pending_key key = {.g = GO_G(ctx), .target = target_of(ctx)};
	struct ss_pending make = {};

	count(price_make_enter);
	if (!gate_open())
		return 0;
	count(SS_SEEN);
	make.type = GO_REG0(ctx);
	make.len = GO_REG1(ctx);
	make.cap = GO_REG2(ctx);
	if (go_return_address(ctx, &make.site))
		make.site = 0;
	make_begin(&key, &make);
	return 0;
}

/* Not gated: a make that was counted at its beginning may end after the gate has closed. */
SEC("uprobe")
int make_ret(struct pt_regs *ctx)
{
	struct ss_pending_key key = {.g = GO_G(ctx), .target = target_of(ctx)};
	struct event e = {.op = SS_OP_MAKE, .target = key.target, .base = GO_REG0(ctx)};

	count(price_make_ret);
	if (!make_end(&key, &e))
		count(event_fate(&e));
	return 0;
}
