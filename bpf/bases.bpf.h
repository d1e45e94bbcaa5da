/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Events added up by base address. */
#ifndef SS_BASES_BPF_H
#define SS_BASES_BPF_H

#include "event.bpf.h"

static __always_inline void base_last(struct ss_base *b, const struct event *e)
{
	b->len = e->len;
	b->cap = e->cap;
	b->site = e->site;
	b->type = e->type;
	b->op = e->op;
}

static __always_inline void base_again(struct ss_base *b, const struct event *e)
{
	add(&b->events, 1);
	add(&b->len_sum, e->len);
	add(&b->cap_sum, e->cap);
	if (b->op != e->op || b->site != e->site)
		add(&b->reused, 1);
	base_last(b, e);
}

static __always_inline __u32 base_insert(void *window, const struct ss_base_key *key,
					 const struct event *e)
{
	struct ss_base fresh = {
		.events = 1,
		.len_sum = e->len,
		.cap_sum = e->cap,
		.first_site = e->site,
		.first_op = e->op,
	};
	struct ss_base *b;
	long err;

	base_last(&fresh, e);
	err = bpf_map_update_elem(window, key, &fresh, BPF_NOEXIST);
	if (!err) {
		window_grown();
		return SS_FOLDED;
	}
	if (err == -E2BIG || err == -ENOMEM)
		return SS_LOST_BASES_FULL;
	if (err != -EEXIST)
		return SS_LOST_BUSY;
	/* Another CPU was first with this base. */
	b = bpf_map_lookup_elem(window, key);
	if (!b)
		return SS_LOST_BUSY;
	base_again(b, e);
	return SS_FOLDED;
}

static __always_inline __u32 base_fold(const struct event *e)
{
	struct ss_base_key key = {.base = e->base, .target = e->target};
	struct ss_base *b;
	void *window;
	__u32 zero = 0;

	window = bpf_map_lookup_elem(&windows, &zero);
	if (!window)
		return SS_LOST_BUSY;
	b = bpf_map_lookup_elem(window, &key);
	if (!b)
		return base_insert(window, &key, e);
	base_again(b, e);
	return SS_FOLDED;
}

#endif
