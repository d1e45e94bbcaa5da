/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* What programs at all probe points do: whose hit it is, whether it counts, what registers hold. */
#ifndef SS_PROBE_BPF_H
#define SS_PROBE_BPF_H

#include "arrive.bpf.h"
#include "event.bpf.h"
#include "callers.bpf.h"
#include "regs.bpf.h"

/* Always 0, of which the compiler knows nothing. */
const volatile __u8 never = 0;

/*
 * What every program begins with. Since Linux 6.13 a program of this type has its stack in memory
 * of its CPU, as if no other thread could run it there meanwhile (bpf_enable_priv_stack in
 * kernel/bpf/verifier.c); but where the kernel can be preempted, one can, and then each has the
 * other's event. A program with a tail call has no such stack: the verifier looks for calls before
 * it takes out what is never reached, so that this one costs nothing.
 */
static __always_inline void hit(struct pt_regs *ctx, __u32 price)
{
	if (never)
		bpf_tail_call(ctx, (void *)0, 0);
	count(price);
}

/* Probes are those of a file, whichever process runs it: who it is, `processes` tells. */
SS_CONSTANT __u8 following = 0;

/*
 * The first event of a process that is not known yet: where files are followed, the cookie has the
 * file's number in the target's place. A function of its own: programs need their stack.
 */
static __noinline __u32 newcomer(__u32 exe)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return arrive(BPF_CORE_READ(task, group_leader), BPF_CORE_READ(task, mm), exe);
}

static __always_inline __u32 target_of(struct pt_regs *ctx)
{
	__u32 number = SS_COOKIE_TARGET(bpf_get_attach_cookie(ctx));
	__u32 tgid, *target;

	if (!following)
		return number;
	tgid = bpf_get_current_pid_tgid() >> 32;
	target = bpf_map_lookup_elem(&processes, &tgid);
	return target ? *target : newcomer(number);
}

static __always_inline __u8 op_of(struct pt_regs *ctx)
{
	return SS_COOKIE_OP(bpf_get_attach_cookie(ctx));
}

static __always_inline __u32 detail_of(struct pt_regs *ctx)
{
	return SS_COOKIE_DETAIL(bpf_get_attach_cookie(ctx));
}

/*
 * A pass of a function's stack check that leads to runtime.morestack, which starts the function
 * again: that one will count.
 */
static __always_inline int is_false_start(struct pt_regs *ctx)
{
	return go_check_branches(ctx) && (bpf_get_attach_cookie(ctx) & SS_COOKIE_AT_CHECK);
}

static __always_inline int gate_open(void)
{
	const struct ss_control *c = control_get();

	return c && c->ready;
}

/* Whether it counts; then it has been counted as seen. */
static __always_inline int event_begins(const struct event *e)
{
	if (!gate_open() || (following && e->target == NOT_OURS))
		return 0;
	count(SS_SEEN);
	if (!following || e->target != NO_TARGET)
		return 1;
	count(SS_LOST_UNKNOWN_TARGET);
	return 0;
}

/* The caller at the edges of a function. Without it the header is whole: an unknown site, no loss.
 */
static __always_inline void edge_caller(struct pt_regs *ctx, struct event *e)
{
	if (go_return_address(ctx, &e->site))
		e->site = 0;
	event_caller(ctx, e, 0);
}

/* first is the number of the argument or result register that the header begins in. */
static __always_inline void header_in_registers(struct pt_regs *ctx, struct event *e, __u32 first)
{
	e->base = go_reg(ctx, first);
	e->len = go_reg(ctx, first + 1);
	e->cap = go_reg(ctx, first + 2);
}

/* g.stack is {lo, hi}, the first field of runtime.g (src/runtime/runtime2.go, all versions). */
static __always_inline int on_own_stack(struct pt_regs *ctx, __u64 base)
{
	__u64 stack[2];

	if (bpf_probe_read_user(stack, sizeof(stack), (const void *)GO_G(ctx)))
		return 0;
	return base >= stack[0] && base < stack[1];
}

#endif
