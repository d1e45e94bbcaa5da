/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Events at calls, where only a part of the program is traced: all is told by the arguments, in
 * registers, and by what is known of the call. Only a type that the run alone knows is read from
 * the target.
 */
#ifndef SS_SCOPE_BPF_H
#define SS_SCOPE_BPF_H

#include "event.bpf.h"
#include "fold.bpf.h"
#include "callers.bpf.h"
#include "growth.bpf.h"
#include "regs.bpf.h"

/* The first two words of internal/abi.Type. */
struct type_head {
	__u64 size;
	__u64 pointer_bytes;
};

/* growsliceBuf grows nothing while its buffer lasts. Lengths are signed. */
static __always_inline int scope_stays_in_buffer(struct pt_regs *ctx, const struct ss_scoped *s)
{
	return s->form == SS_FORM_GROW_BUF && (__s64)GO_REG1(ctx) <= (__s64)GO_REG6(ctx);
}

/* growslice's event; its fate where it has none: growslice panics, or its type cannot be read. */
static __always_inline __u32 scope_grow(struct pt_regs *ctx, const struct ss_scoped *s,
					struct event *e)
{
	struct type_head type = {.size = s->size, .pointer_bytes = s->pointers};

	e->type = GO_REG4(ctx);
	e->len = GO_REG1(ctx);
	if (!s->type && bpf_probe_read_user(&type, sizeof(type), (const void *)e->type))
		return SS_LOST_FAULT;
	if (!type.size)
		return SS_ZERO_SIZE;
	e->cap = grown_cap(e->len, GO_REG2(ctx), type.size, type.pointer_bytes != 0);
	e->copied_bytes = (e->len - GO_REG3(ctx)) * type.size;
	return e->cap == SS_CAP_UNKNOWN ? SS_PANICKED : SS_FOLDED;
}

static __always_inline __u32 scope_make(struct pt_regs *ctx, const struct ss_scoped *s,
					struct event *e)
{
	__u64 from = GO_REG2(ctx);

	e->type = GO_REG0(ctx);
	e->len = GO_REG1(ctx);
	e->cap = s->form == SS_FORM_COPY ? e->len : from;
	if (s->form == SS_FORM_COPY)
		e->copied_elems = from < e->len ? from : e->len;
	return make_panics(e) ? SS_PANICKED : SS_FOLDED;
}

static __always_inline __u8 scope_op(const struct ss_scoped *s)
{
	switch (s->form) {
	case SS_FORM_MAKE:
		return SS_OP_MAKE;
	case SS_FORM_COPY:
		return SS_OP_COPY;
	default:
		return SS_OP_GROW;
	}
}

static __always_inline long scope_base(struct pt_regs *ctx, const struct ss_scoped *s, __u64 *base)
{
	if (s->home == SS_HOME_SLOT)
		return bpf_probe_read_user(base, sizeof(*base),
					   (const void *)(GO_SP(ctx) + (__s64)s->slot));
	*base = machine_reg(ctx, s->home);
	return 0;
}

/*
 * Where the base is had. Right behind the call code may come here without it too, but then nothing
 * is under way from there.
 */
static __always_inline void scope_ends(struct pt_regs *ctx, const struct ss_scoped *s, __u32 target)
{
	struct ss_pending_key key = {.g = GO_G(ctx), .target = target};
	struct event e = {.op = scope_op(s), .target = target};

	if (make_end_at(&key, GO_PC(ctx) - s->behind, &e))
		return;
	if (scope_base(ctx, s, &e.base)) {
		count(SS_LOST_FAULT);
		return;
	}
	/* The header that growslice returns is what was computed. */
	if (!s->behind && e.op == SS_OP_GROW)
		e.cap = GO_REG2(ctx);
	count(event_fate(&e));
}

/* The call before this one, where its base is had at this one. */
static __always_inline void scope_ends_one(struct pt_regs *ctx, __u32 call, __u32 target)
{
	const struct ss_scoped *s;

	call--;
	s = bpf_map_lookup_elem(&scoped, &call);
	if (s)
		scope_ends(ctx, s, target);
}

/* A call that is not noted. */
static __always_inline void scope_passes(struct pt_regs *ctx, __u32 target)
{
	struct ss_pending_key key = {.g = GO_G(ctx), .target = target};

	if (!by_site)
		make_forget(&key, GO_PC(ctx) + GO_CALL_BYTES);
}

/* The base is wanted: an instruction behind the call will have it. */
static __always_inline void scope_pends(struct pt_regs *ctx, const struct event *e, __u64 ret)
{
	struct ss_pending_key key = {.g = GO_G(ctx), .target = e->target};
	const struct ss_pending made = {
		.len = e->len, .cap = e->cap, .type = e->type, .site = e->site, .ret = ret};

	make_begin(&key, &made);
}

/* event_fate of an event by site. */
__u32 scope_fate(const struct event *e);
VERIFIED_ONCE __u32 scope_fate(const struct event *e)
{
	return e && by_site ? event_fate(e) : SS_LOST_BUSY;
}

static __always_inline void scope_begins(struct pt_regs *ctx, const struct ss_scoped *s,
					 struct event *e)
{
	__u64 ret = GO_PC(ctx) + GO_CALL_BYTES;
	__u32 fate;

	if (s->form == SS_FORM_GROW || s->form == SS_FORM_GROW_BUF)
		fate = scope_grow(ctx, s, e);
	else
		fate = scope_make(ctx, s, e);
	if (fate != SS_FOLDED) {
		count(fate);
		scope_passes(ctx, e->target);
		return;
	}
	e->site = ret;
	event_caller(ctx, e, 0);
	if (!by_site) {
		scope_pends(ctx, e, ret);
		return;
	}
	event_stack(ctx, e);
	count(scope_fate(e));
}

#endif
