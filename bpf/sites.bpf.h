/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Events added up by call site. */
#ifndef SS_SITES_BPF_H
#define SS_SITES_BPF_H

#include "event.bpf.h"
#include "site_hash.h"
#include "slots.bpf.h"

/* A power of two less one: how many shards a site has. */
SS_CONSTANT __u32 shard_mask = 0;

/* The number of bits of len; all above the last bucket are one. */
static __always_inline __u32 len_bucket(__u64 len)
{
	__u32 bits = 0;

	if (len >> (SS_LEN_BUCKETS - 1))
		return SS_LEN_BUCKETS - 1;
	for (__u32 step = 16; step; step /= 2) {
		if (len >> step) {
			len >>= step;
			bits += step;
		}
	}
	return bits + (len != 0);
}

static __always_inline void site_add(struct ss_site *s, const struct event *e)
{
	add(&s->events, 1);
	add(&s->len_sum, e->len);
	add(&s->cap_sum, e->cap);
	if (e->copied_bytes)
		add(&s->copied_bytes, e->copied_bytes);
	if (e->copied_elems)
		add(&s->copied_elems, e->copied_elems);
	add32(&s->lens[len_bucket(e->len) & (SS_LEN_BUCKETS - 1)], 1);
}

/*
 * Whether the slot of this hash is the key's. Another CPU may have claimed it and not written its
 * key yet: then the hash alone must do.
 */
static __always_inline int site_is(const struct ss_site *s, const struct ss_site_key *key)
{
	__u64 pc = *(volatile const __u64 *)&s->key.pc;

	return !pc || pc == key->pc;
}

static __always_inline __u32 site_add_to(void *window, const struct ss_site_key *key,
					 const struct event *e)
{
	__u64 hash = site_hash(key);

	NOT_UNROLLED
	for (__u32 i = 0; i < SS_SLOT_PROBES; i++) {
		__u32 slot = (slot_hash(hash) + i) & slot_mask;
		struct ss_site *s = bpf_map_lookup_elem(window, &slot);
		__u64 held;

		if (!s)
			return SS_LOST_BUSY;
		held = slot_claim(&s->slot_key, hash);
		if (!held) {
			s->key = *key;
			window_grown(slot);
		}
		if (!held || (held == hash && site_is(s, key))) {
			site_add(s, e);
			return SS_FOLDED;
		}
	}
	return SS_LOST_SITES_FULL;
}

static __always_inline __u32 site_insert(const struct event *e)
{
	struct ss_site_key key = {
		.pc = e->site,
		.type = e->type,
		.target = e->target,
		.stack = e->stack,
		.op = e->op,
		.shard = bpf_get_smp_processor_id() & shard_mask,
	};
	__u32 zero = 0;
	void *window = bpf_map_lookup_elem(&site_windows, &zero);

	return window ? site_add_to(window, &key, e) : SS_LOST_BUSY;
}

__u32 site_fold(const struct event *e);
VERIFIED_ONCE __u32 site_fold(const struct event *e)
{
	return e && by_site ? site_insert(e) : SS_LOST_BUSY;
}

#endif
