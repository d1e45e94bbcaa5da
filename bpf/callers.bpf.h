/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Who caused an event: the first caller that is no wrapper, the type that a call passed, the stack.
 * Most callers bear no mark and cost one array lookup here.
 */
#ifndef SS_CALLERS_BPF_H
#define SS_CALLERS_BPF_H

#include "event.bpf.h"
#include "regs.bpf.h"

/* Wrappers that are stepped over; what lies deeper is taken as the user's. */
#define WRAPPERS_MAX 16

/* Bytes of Go's text that `marks` covers; 0: there are no marks. */
SS_CONSTANT __u64 marked_size = 0;
/* Keep the user stack of every event. */
SS_CONSTANT __u8 with_stacks = 0;

/* Two words at each frame pointer: the caller's frame pointer, the return address into it. */
struct frame_link {
	__u64 fp;
	__u64 pc;
};

/* A return address may be the first of the next function: the call before it counts. */
static __always_inline __u32 marks_at(const struct ss_target *t, __u64 pc)
{
	__u64 at = pc - 1 - t->text;
	__u32 i = at >> SS_MARK_WORD_SHIFT;
	__u64 *word;

	if (at >= marked_size)
		return 0;
	word = bpf_map_lookup_elem(&marks, &i);
	return word ? (*word >> ((at >> SS_MARK_SHIFT) % 32 * 2)) & 3 : 0;
}

static __always_inline __u64 passed_type(struct pt_regs *ctx, const struct event *e)
{
	struct ss_pending_key key = {.g = GO_G(ctx), .target = e->target};
	struct ss_passed *p = bpf_map_lookup_elem(&passed, &key);
	__u64 type;

	if (!p || p->site != e->site)
		return 0;
	type = p->type;
	bpf_map_delete_elem(&passed, &key);
	return type;
}

static __always_inline struct ss_call *constant_call(const struct ss_target *t, __u64 ret)
{
	__u64 at = t ? ret - t->text : 0;

	return bpf_map_lookup_elem(&calls, &at);
}

/* fp is the frame of the function that e->site lies in. Stacks grow down: frames only go up. */
static __always_inline void step_over_wrappers(const struct ss_target *t, struct event *e, __u64 fp)
{
	for (int i = 0; i < WRAPPERS_MAX; i++) {
		struct frame_link link;

		if (!(marks_at(t, e->site) & SS_MARK_WRAPPER))
			return;
		if (bpf_probe_read_user(&link, sizeof(link), (const void *)fp) || link.fp <= fp)
			return;
		e->site = link.pc;
		fp = link.fp;
	}
}

/*
 * own_frame: the probed function has made its frame, so that the frame pointer is not its caller's
 * yet.
 */
static __always_inline void event_caller(struct pt_regs *ctx, struct event *e, int own_frame)
{
	struct ss_target *t = bpf_map_lookup_elem(&targets, &e->target);
	__u64 fp = GO_FP(ctx);
	__u32 here;

	if (!t || !marked_size)
		return;
	here = marks_at(t, e->site);
	/* A mark is for 16 bytes: another call may end in them, whose event knows its type. */
	if ((here & SS_MARK_PASSES_TYPE) && !e->type)
		e->type = passed_type(ctx, e);
	if (!(here & SS_MARK_WRAPPER))
		return;
	/* The call that is shown instead of this one would not tell this one's type. */
	if (!e->type) {
		struct ss_call *c = constant_call(t, e->site);

		e->type = c ? t->text + c->type : 0;
	}
	if (own_frame && bpf_probe_read_user(&fp, sizeof(fp), (const void *)fp))
		return;
	step_over_wrappers(t, e, fp);
}

/* growslice(oldPtr, newLen, oldCap, num, et), since Go 1.20. */
#define GROW_TYPE_ARG 4

/* The element's size from its type's descriptor, which the runtime has just read; 0 unknown. */
static __always_inline __u64 type_size(__u64 type)
{
	__u64 size;

	switch (type) {
	case SS_ELEM_UINT8:
		return 1;
	case SS_ELEM_INT32:
		return 4;
	}
	return type && !bpf_probe_read_user(&size, sizeof(size), (const void *)type) ? size : 0;
}

/* The same of a call with this return address: told by its type, or by the call alone. */
static __always_inline __u64 call_size(const struct ss_target *t, __u64 call, __u64 type)
{
	struct ss_call *c;

	if (type)
		return type_size(type);
	c = constant_call(t, call);
	return c ? c->size : 0;
}

/* The type and, in the event, the old capacity where growslice's beginning was probed; else 0. */
static __always_inline __u64 grow_began(struct pt_regs *ctx, struct event *e)
{
	struct ss_pending_key key = {.g = GO_G(ctx), .target = e->target};
	struct ss_growing *g = bpf_map_lookup_elem(&growing, &key);
	__u64 type;

	if (!g)
		return 0;
	e->old_cap = g->old_cap;
	type = g->type;
	bpf_map_delete_elem(&growing, &key);
	return type;
}

/*
 * A stack has only one place in the map, by its hash: where another one is there already, it is
 * tried without its first address, that of the probe, which has another hash.
 */
static __always_inline void event_stack(struct pt_regs *ctx, struct event *e)
{
	__u32 short_by = 0;
	long id;

	if (!with_stacks)
		return;
	id = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
	if (id == -EEXIST) {
		short_by = SS_STACK_SHORT;
		id = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK | 1);
	}
	if (id < 0)
		count(SS_STACKLESS);
	else
		e->stack = (id + 1) | short_by;
}

#endif
