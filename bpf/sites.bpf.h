/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Events added up by call site. */
#ifndef SS_SITES_BPF_H
#define SS_SITES_BPF_H

#include "event.bpf.h"

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
	add(&s->lens[len_bucket(e->len) & (SS_LEN_BUCKETS - 1)], 1);
}

/* The entry of the key, made where there is none; else NULL, with the fate of the event. */
static __always_inline struct ss_site *site_get(void *window, const struct ss_site_key *key,
						__u32 *fate)
{
	static const struct ss_site fresh = {};
	struct ss_site *s = bpf_map_lookup_elem(window, key);
	long err;

	if (s)
		return s;
	err = bpf_map_update_elem(window, key, &fresh, BPF_NOEXIST);
	if (err == -E2BIG || err == -ENOMEM) {
		*fate = SS_LOST_SITES_FULL;
		return NULL;
	}
	if (!err)
		window_grown();
	*fate = SS_LOST_BUSY;
	return bpf_map_lookup_elem(window, key);
}

static __always_inline __u32 site_fold(const struct event *e)
{
	struct ss_site_key key = {
		.pc = e->site,
		.type = e->type,
		.target = e->target,
		.stack = e->stack,
		.op = e->op,
		.shard = bpf_get_smp_processor_id() & shard_mask,
	};
	__u32 zero = 0, fate = SS_LOST_BUSY;
	void *window = bpf_map_lookup_elem(&site_windows, &zero);
	struct ss_site *s = window ? site_get(window, &key, &fate) : NULL;

	if (!s)
		return fate;
	site_add(s, e);
	return SS_FOLDED;
}

#endif
