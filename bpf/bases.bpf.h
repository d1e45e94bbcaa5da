/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Events added up by base address. */
#ifndef SS_BASES_BPF_H
#define SS_BASES_BPF_H

#include "event.bpf.h"
#include "slots.bpf.h"

/* 0 where it is not in Go's text, as far as that is known. */
static __always_inline __u32 site_distance(const struct ss_target *t, __u64 site)
{
	__u64 distance = t ? site - t->text : 0;

	return distance >> 32 ? 0 : distance;
}

/* The last four fields as one word: taken one by one, there is more for the verifier to see. */
typedef __u64 __attribute__((may_alias)) base_word;

static __always_inline base_word *base_last_word(struct ss_base *b)
{
	return (base_word *)&b->type_low;
}

static __always_inline void base_last(struct ss_base *b, const struct event *e, __u32 site,
				      __u64 first_op)
{
	b->len = e->len;
	b->cap = e->cap;
	b->site = site;
	*base_last_word(b) = (e->type & ((1ULL << SS_ADDR_BITS) - 1)) |
			     (__u64)e->op << SS_ADDR_BITS | first_op << 56;
}

static __always_inline void base_sum(struct ss_base *b, const struct event *e)
{
	add32(&b->events, 1);
	add(&b->len_sum, e->len);
	add(&b->cap_sum, e->cap);
}

static __always_inline void base_first(struct ss_base *b, const struct event *e, __u32 site)
{
	base_sum(b, e);
	b->first_site = site;
	base_last(b, e, site, e->op);
}

static __always_inline void base_again(struct ss_base *b, const struct event *e, __u32 site)
{
	const __u64 word = *base_last_word(b);

	base_sum(b, e);
	if ((word >> SS_ADDR_BITS & 0xff) != e->op || b->site != site)
		add32(&b->reused, 1);
	base_last(b, e, site, word >> 56);
}

/*
 * Have the CPU fetch the slot that the base most likely has, while the rest of the event is read
 * from the target: in a large table each is a cache and a TLB miss, a tenth of the whole event.
 */
static __always_inline void base_touch(__u64 base, __u32 target)
{
	__u32 slot = slot_hash(SS_SLOT_KEY(base, target)) & slot_mask, zero = 0;
	void *window = bpf_map_lookup_elem(&windows, &zero);
	struct ss_base *b = window ? bpf_map_lookup_elem(window, &slot) : NULL;

	if (b)
		(void)*(volatile __u64 *)&b->slot_key;
}

static __always_inline __u32 base_insert(const struct event *e, __u32 site)
{
	__u64 key = SS_SLOT_KEY(e->base, e->target);
	__u32 start = slot_hash(key), zero = 0;
	void *window = bpf_map_lookup_elem(&windows, &zero);

	if (!window)
		return SS_LOST_BUSY;
	NOT_UNROLLED
	for (__u32 i = 0; i < SS_SLOT_PROBES; i++) {
		__u32 slot = (start + i) & slot_mask;
		struct ss_base *b = bpf_map_lookup_elem(window, &slot);
		__u64 held;

		if (!b)
			return SS_LOST_BUSY;
		held = slot_claim(&b->slot_key, key);
		if (!held) {
			base_first(b, e, site);
			window_grown(slot);
			return SS_FOLDED;
		}
		if (held == key) {
			base_again(b, e, site);
			return SS_FOLDED;
		}
	}
	return SS_LOST_BASES_FULL;
}

/* site is a site_distance. */
__u32 base_fold(const struct event *e, __u32 site);
VERIFIED_ONCE __u32 base_fold(const struct event *e, __u32 site)
{
	return e && !by_site && !by_chain ? base_insert(e, site) : SS_LOST_BUSY;
}

#endif
