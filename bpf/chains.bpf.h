/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Events added up by chains: a growth is linked to the array it grew, and moves its chain's sums
 * from that array's capacity to the new one's.
 */
#ifndef SS_CHAINS_BPF_H
#define SS_CHAINS_BPF_H

#include "event.bpf.h"

static __always_inline struct ss_life_key life_key(const struct ss_tail *t, __u32 target)
{
	return (struct ss_life_key){
		.pc = t->birth_site,
		.type = t->birth_type,
		.cap = t->cap,
		.target = target,
		.op = t->birth_op,
	};
}

/* sign is 1 or -1: the chain comes to, or leaves, its capacity. */
static __always_inline void life_add(struct ss_life *l, const struct ss_tail *t, __u64 sign)
{
	add(&l->chains, sign);
	add(&l->len_sum, sign * t->len);
	add(&l->steps, sign * t->steps);
	add(&l->copied, sign * t->copied);
	add(&l->dead, sign * t->dead);
}

static __always_inline void life_leave(const struct ss_tail *t, __u32 target)
{
	struct ss_life_key key = life_key(t, target);
	struct ss_life *l = bpf_map_lookup_elem(&lives, &key);

	if (l)
		life_add(l, t, -1ULL);
}

/* 0, or -1 where there is no room. */
static __always_inline int life_enter(const struct ss_tail *t, __u32 target)
{
	static const struct ss_life fresh = {};
	struct ss_life_key key = life_key(t, target);
	struct ss_life *l = bpf_map_lookup_elem(&lives, &key);

	if (!l) {
		/* Another CPU may have been first: then there is one as well. */
		bpf_map_update_elem(&lives, &key, &fresh, BPF_NOEXIST);
		l = bpf_map_lookup_elem(&lives, &key);
	}
	if (!l)
		return -1;
	l->size = t->size;
	life_add(l, t, 1);
	return 0;
}

/*
 * The array becomes the tail of its chain. A chain that is in no sum gets no tail: what it does
 * next is a new one. An array at an address that had one before replaces it: that one is dead.
 */
static __always_inline void tail_enter(const struct event *e, const struct ss_tail *t)
{
	struct ss_base_key key = {.base = e->base, .target = e->target};
	struct ss_base_key end = {.base = e->base + e->cap * t->size, .target = e->target};
	int lost = life_enter(t, e->target);

	if (lost)
		count(SS_CHAIN_LOST_LIVES);
	/* Without a size, what grows it could not be told to fit. The one before is dead all the
	 * same. */
	if (lost || !t->size) {
		bpf_map_delete_elem(&tails, &key);
		return;
	}
	if (bpf_map_update_elem(&tails, &key, t, BPF_ANY) ||
	    bpf_map_update_elem(&tail_ends, &end, &e->base, BPF_ANY))
		count(SS_CHAIN_LOST_TAILS);
	window_grown(0);
}

/* A chain begins with this event. */
static __always_inline struct ss_tail tail_born(const struct event *e)
{
	const struct ss_control *c = control_get();

	return (struct ss_tail){
		.len = e->len,
		.cap = e->cap,
		.size = e->size,
		.birth_site = e->site,
		.birth_type = e->type,
		.birth_op = e->op,
		.state = SS_TAIL_LIVE,
		.epoch = c ? c->epoch : 0,
	};
}

static __always_inline struct ss_tail *tail_at(__u32 target, __u64 base)
{
	struct ss_base_key key = {.base = base, .target = target};

	return bpf_map_lookup_elem(&tails, &key);
}

/* The slice that grew. */
struct old_slice {
	__u64 len;
	__u64 cap; /* SS_CAP_UNKNOWN: not less than len, but less than the new length */
};

/* Slices grow only when they are asked for more than their capacity: by one, when they are full. */
static __always_inline struct old_slice old_slice(const struct event *e)
{
	struct old_slice old = {.len = e->copied_bytes / e->size, .cap = e->old_cap};

	if (old.cap == SS_CAP_UNKNOWN && e->len == old.len + 1)
		old.cap = old.len;
	return old;
}

/*
 * The tail whose end the old slice shares, though it begins further on: its front was cut off.
 * Where the old capacity is unknown, the slice is taken for full. An empty one would have the end
 * of whatever lies before it.
 */
static __always_inline struct ss_tail *tail_of_queue(const struct event *e,
						     const struct old_slice *old, __u64 *begin)
{
	__u64 room = old->cap == SS_CAP_UNKNOWN ? old->len : old->cap;
	struct ss_base_key end = {.base = e->old_base + room * e->size, .target = e->target};
	__u64 *base = bpf_map_lookup_elem(&tail_ends, &end);
	struct ss_tail *t;

	if (!room || !base || *base >= e->old_base || (e->old_base - *base) % e->size)
		return NULL;
	t = tail_at(e->target, *base);
	if (!t || t->size != e->size || *base + t->cap * t->size != end.base)
		return NULL;
	*begin = *base;
	return t;
}

/* Whether the tail at the old slice's base can be that slice. */
static __always_inline int tail_fits(const struct ss_tail *t, const struct event *e,
				     const struct old_slice *old)
{
	if (t->size != e->size || old->len < t->len || old->len > t->cap)
		return 0;
	return old->cap == SS_CAP_UNKNOWN ? t->cap < e->len : t->cap == old->cap;
}

/*
 * What the growth is to its chain; with a copy in *from of the tail that it leaves where it leaves
 * one. The loader may forget arrays at any time, and the place of one be another's right after: the
 * copy is good if the tail is still found where it was. A known
 * end comes first: `tail_ends` has the newest array that ends there, while a tail at the base of a
 * queue is one of those that died before the collector cut the memory anew.
 */
static __always_inline __u32 tail_left(const struct event *e, struct ss_tail *from)
{
	struct ss_tail *at, *t = NULL;
	__u32 kind = SS_CHAIN_QUEUE;
	__u64 base = e->old_base;
	struct old_slice old;
	int fits;

	if (!e->old_base || !e->old_cap)
		return SS_CHAIN_FRESH;
	if (!e->size)
		return SS_CHAIN_UNSEEN;
	old = old_slice(e);
	if (!old.cap)
		return SS_CHAIN_FRESH;
	at = tail_at(e->target, e->old_base);
	fits = at && tail_fits(at, e, &old);
	if (!fits || old.cap != SS_CAP_UNKNOWN)
		t = tail_of_queue(e, &old, &base);
	if (!t && !fits)
		return at ? SS_CHAIN_MISMATCH : SS_CHAIN_UNSEEN;
	if (!t) {
		kind = SS_CHAIN_LINKED;
		t = at;
	}
	*from = *t;
	if (tail_at(e->target, base) != t)
		return SS_CHAIN_UNSEEN;
	if (__sync_val_compare_and_swap(&t->state, SS_TAIL_LIVE, SS_TAIL_GROWN) != SS_TAIL_LIVE)
		return SS_CHAIN_FORK;
	return kind;
}

static __always_inline void chain_grow(const struct event *e)
{
	struct ss_tail next = tail_born(e), from;
	__u32 kind = tail_left(e, &from);

	count(kind);
	next.steps = 1;
	next.copied = e->copied_bytes;
	if (kind == SS_CHAIN_LINKED || kind == SS_CHAIN_QUEUE) {
		next.birth_site = from.birth_site;
		next.birth_type = from.birth_type;
		next.birth_op = from.birth_op;
		next.steps += from.steps;
		next.copied += from.copied;
		next.dead = from.dead + from.cap * from.size;
		life_leave(&from, e->target);
	}
	tail_enter(e, &next);
}

/*
 * The fate of an event where chains are kept: its array is the next or the first of a chain. Not
 * inlined: it takes a third of a BPF stack.
 */
static __noinline __u32 chain_fold(const struct event *e)
{
	struct ss_tail first;

	if (e->op == SS_OP_GROW) {
		chain_grow(e);
		return SS_FOLDED;
	}
	first = tail_born(e);
	tail_enter(e, &first);
	return SS_FOLDED;
}

#endif
