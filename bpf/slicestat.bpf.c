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
#include "callers.bpf.h"
#include "probe.bpf.h"
#include "scope.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/*
 * The stretch of growslice's frame that holds all wanted fields, in bytes from the stack pointer,
 * and the fields' words in it. By site the base is none of them: elements of size zero, which it
 * would tell, leave growslice elsewhere.
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
const volatile __u32 price_copy_enter = SS_TRAPS_EMULATED;
const volatile __u32 price_slice_ret = SS_TRAPS_STEPPED;
const volatile __u32 price_string_ret = SS_TRAPS_STEPPED;
const volatile __u32 price_conv_enter = SS_TRAPS_EMULATED;
const volatile __u32 price_type_call = SS_TRAPS_EMULATED;
const volatile __u32 price_func_enter = SS_TRAPS_EMULATED;
const volatile __u32 price_grow_enter = SS_TRAPS_EMULATED;
const volatile __u32 price_scope_call = SS_TRAPS_EMULATED;

/* What a chain needs to know of the slice that grows. memmove's second argument is its array. */
static __always_inline void grow_chain(struct pt_regs *ctx, struct event *e, __u64 call)
{
	struct ss_target *t = bpf_map_lookup_elem(&targets, &e->target);
	__u64 type = grow_began(ctx, e);

	e->size = type ? type_size(type) : call_size(t, call, e->type);
	e->old_base = GO_REG1(ctx);
	/* No array of its own: made of nothing, or in a buffer of its function's. */
	if ((t && e->old_base == t->zerobase) || on_own_stack(ctx, e->old_base))
		e->old_base = 0;
}

/* The slice in growslice's frame. A function of its own: the frame takes half of a BPF stack. */
static __noinline long read_grown(struct pt_regs *ctx, struct event *e)
{
	__u64 frame[SS_FRAME_MAX / 8];

	if (bpf_probe_read_user(frame, frame_size, (const void *)(GO_SP(ctx) + frame_start)))
		return -1;
	if (!by_site)
		e->base = frame[frame_base];
	e->len = frame[frame_len];
	e->cap = frame[frame_cap];
	e->site = frame[frame_caller];
	return 0;
}

SEC("uprobe")
int grow_call(struct pt_regs *ctx)
{
	struct event e = {.op = SS_OP_GROW, .target = target_of(ctx), .old_cap = SS_CAP_UNKNOWN};
	__u64 call;

	hit(ctx, price_grow_call);
	if (!event_begins(&e))
		return 0;
	/* The new array is the first argument of memmove too. */
	if (!by_site && !by_chain)
		base_touch(GO_REG0(ctx), e.target);
	if (read_grown(ctx, &e)) {
		count(SS_LOST_FAULT);
		return 0;
	}
	call = e.site;
	/* The third argument of memmove. */
	e.copied_bytes = GO_REG2(ctx);
	event_caller(ctx, &e, 1);
	if (by_chain)
		grow_chain(ctx, &e, call);
	event_stack(ctx, &e);
	count(event_fate(&e));
	return 0;
}

SEC("uprobe")
int grow_ret(struct pt_regs *ctx)
{
	/* What it grew is not known here any more: 1 is the base of nothing. */
	struct event e = {.op = SS_OP_GROW,
			  .target = target_of(ctx),
			  .old_base = 1,
			  .old_cap = SS_CAP_UNKNOWN};

	hit(ctx, price_grow_ret);
	if (!event_begins(&e))
		return 0;
	header_in_registers(ctx, &e, 0);
	edge_caller(ctx, &e);
	event_stack(ctx, &e);
	count(event_fate(&e));
	return 0;
}

/*
 * A function that takes a type and a size and returns only the base: begin a pair, or, where the
 * base is not wanted, count the event now.
 */
static __always_inline void allocation_begins(struct pt_regs *ctx, struct event *e)
{
	struct ss_pending_key key = {.g = GO_G(ctx), .target = e->target};
	struct ss_pending make = {};

	edge_caller(ctx, e);
	if (by_site) {
		event_stack(ctx, e);
		count(make_panics(e) ? SS_PANICKED : event_fate(e));
		return;
	}
	make.type = e->type;
	make.len = e->len;
	make.cap = e->cap;
	make.site = e->site;
	make_begin(&key, &make);
}

SEC("uprobe")
int make_enter(struct pt_regs *ctx)
{
	struct event e = {.op = SS_OP_MAKE, .target = target_of(ctx)};

	hit(ctx, price_make_enter);
	if (is_false_start(ctx) || !event_begins(&e))
		return 0;
	e.type = GO_REG0(ctx);
	e.len = GO_REG1(ctx);
	e.cap = GO_REG2(ctx);
	allocation_begins(ctx, &e);
	return 0;
}

/* makeslicecopy(et, tolen, fromlen, from), reflect.unsafe_NewArray(type, n). */
SEC("uprobe")
int copy_enter(struct pt_regs *ctx)
{
	struct event e = {.op = op_of(ctx), .target = target_of(ctx)};
	__u64 from = GO_REG2(ctx);

	hit(ctx, price_copy_enter);
	if (is_false_start(ctx) || !event_begins(&e))
		return 0;
	e.type = GO_REG0(ctx);
	e.len = e.cap = GO_REG1(ctx);
	if (e.op == SS_OP_COPY)
		e.copied_elems = from < e.len ? from : e.len;
	allocation_begins(ctx, &e);
	return 0;
}

/* Not gated: a make that was counted at its beginning may end after the gate has closed. */
SEC("uprobe")
int make_ret(struct pt_regs *ctx)
{
	struct ss_pending_key key = {.g = GO_G(ctx), .target = target_of(ctx)};
	struct event e = {.op = op_of(ctx), .target = key.target, .base = GO_REG0(ctx)};

	hit(ctx, price_make_ret);
	if (make_end(&key, &e))
		return 0;
	if (by_chain)
		e.size = type_size(e.type);
	count(event_fate(&e));
	return 0;
}

/* Conversions may use a buffer of their caller's. */
static __always_inline void conversion_ends(struct pt_regs *ctx, struct event *e)
{
	edge_caller(ctx, e);
	event_stack(ctx, e);
	if (!e->cap)
		count(SS_ZERO_SIZE);
	else if (on_own_stack(ctx, e->base))
		count(SS_UNALLOCATED);
	else
		count(event_fate(e));
}

static __always_inline __u64 slice_ret_size(struct pt_regs *ctx, const struct event *e)
{
	struct ss_target *t = bpf_map_lookup_elem(&targets, &e->target);
	__u64 call = 0;

	go_return_address(ctx, &call);
	return call_size(t, call, e->type);
}

SEC("uprobe")
int slice_ret(struct pt_regs *ctx)
{
	struct event e = {
		.op = op_of(ctx), .target = target_of(ctx), .type = SS_DETAIL_ELEM(detail_of(ctx))};

	hit(ctx, price_slice_ret);
	if (!event_begins(&e))
		return 0;
	header_in_registers(ctx, &e, 0);
	if (e.op == SS_OP_MOVE)
		e.copied_elems = e.len;
	if (e.op == SS_OP_BYTES)
		e.copied_bytes = e.len;
	if (by_chain)
		e.size = slice_ret_size(ctx, &e);
	conversion_ends(ctx, &e);
	return 0;
}

SEC("uprobe")
int string_ret(struct pt_regs *ctx)
{
	struct event e = {.op = SS_OP_STRING,
			  .target = target_of(ctx),
			  .type = SS_DETAIL_ELEM(detail_of(ctx))};

	hit(ctx, price_string_ret);
	if (!event_begins(&e))
		return 0;
	e.base = GO_REG0(ctx);
	e.len = e.cap = e.copied_bytes = GO_REG1(ctx);
	if (e.len == 1 && (detail_of(ctx) & SS_DETAIL_STATIC_ONE)) {
		count(SS_UNALLOCATED);
		return 0;
	}
	conversion_ends(ctx, &e);
	return 0;
}

/* A slice that was made before and is an argument now; a nil one takes no memory. */
static __always_inline void slice_passed(struct pt_regs *ctx, struct event *e)
{
	edge_caller(ctx, e);
	event_stack(ctx, e);
	count(e->base ? event_fate(e) : SS_UNALLOCATED);
}

/* convTslice boxes the header; that of a nil slice takes no memory. */
SEC("uprobe")
int conv_enter(struct pt_regs *ctx)
{
	struct event e = {.op = SS_OP_CONV, .target = target_of(ctx)};

	hit(ctx, price_conv_enter);
	if (is_false_start(ctx) || !event_begins(&e))
		return 0;
	header_in_registers(ctx, &e, 0);
	slice_passed(ctx, &e);
	return 0;
}

/* A slice among the arguments of a function that the user named. */
SEC("uprobe")
int func_enter(struct pt_regs *ctx)
{
	struct event e = {.op = SS_OP_FUNC, .target = target_of(ctx)};

	hit(ctx, price_func_enter);
	if (is_false_start(ctx) || !event_begins(&e))
		return 0;
	header_in_registers(ctx, &e, detail_of(ctx));
	slice_passed(ctx, &e);
	return 0;
}

/* A call whose type argument is no constant of the call: noted for the event inside of the call. */
SEC("uprobe")
int type_call(struct pt_regs *ctx)
{
	struct ss_pending_key key = {.g = GO_G(ctx), .target = target_of(ctx)};
	struct ss_passed passing = {
		.site = GO_PC(ctx) + GO_CALL_BYTES,
		.type = go_reg(ctx, detail_of(ctx)),
	};

	hit(ctx, price_type_call);
	if (gate_open() && key.target < NO_TARGETS &&
	    bpf_map_update_elem(&passed, &key, &passing, BPF_ANY))
		count(SS_TYPELESS);
	return 0;
}

/* Behind growslice's stack check: what its result does not tell, for where chains must be exact. */
SEC("uprobe")
int grow_enter(struct pt_regs *ctx)
{
	struct ss_pending_key key = {.g = GO_G(ctx), .target = target_of(ctx)};
	struct ss_growing grow = {.old_cap = GO_REG2(ctx), .type = go_reg(ctx, GROW_TYPE_ARG)};

	hit(ctx, price_grow_enter);
	if (!is_false_start(ctx) && gate_open() && key.target < NO_TARGETS &&
	    bpf_map_update_elem(&growing, &key, &grow, BPF_ANY))
		count(SS_CHAIN_INEXACT);
	return 0;
}

/* A call in scope, in the place of the function that it calls. */
SEC("uprobe")
int scope_call(struct pt_regs *ctx)
{
	struct event e = {.op = op_of(ctx), .target = target_of(ctx)};
	struct ss_scoped *s;
	__u32 call = detail_of(ctx);

	hit(ctx, price_scope_call);
	s = bpf_map_lookup_elem(&scoped, &call);
	if (!s)
		return 0;
	if (s->ends_one && !by_site)
		scope_ends_one(ctx, call, e.target);
	if (!gate_open() || scope_stays_in_buffer(ctx, s)) {
		scope_passes(ctx, e.target);
		return 0;
	}
	if (event_begins(&e))
		scope_begins(ctx, s, &e);
	return 0;
}

/* Behind a call in scope. Not gated, as make_ret. */
SEC("uprobe")
int scope_ret(struct pt_regs *ctx)
{
	__u32 call = detail_of(ctx);
	struct ss_scoped *s = bpf_map_lookup_elem(&scoped, &call);

	hit(ctx, s ? s->trap : SS_TRAPS_STEPPED);
	if (s)
		scope_ends(ctx, s, target_of(ctx));
	return 0;
}
