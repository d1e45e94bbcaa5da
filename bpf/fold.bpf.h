/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What happens to an event once its fields are known: it is added to its base, or ends in a
 * counter that names why not. No registers here: this file is also compiled for the host and
 * tested there.
 *
 * Every addition to shared memory is atomic, also on per-CPU maps: uprobe programs can be
 * preempted by another traced thread of the same CPU.
 */
#ifndef SS_FOLD_BPF_H
#define SS_FOLD_BPF_H

#define E2BIG  7
#define ENOMEM 12
#define EEXIST 17

struct event {
	__u64 base;
	__u64 len;
	__u64 cap;
	__u64 site;
	__u64 type;
	__u32 target;
	__u8 op;
};

static __always_inline void add(__u64 *sum, __u64 n)
{
	__sync_fetch_and_add(sum, n);
}

static __always_inline void count(__u32 slot)
{
	__u64 *n = bpf_map_lookup_elem(&counts, &slot);

	if (n)
		add(n, 1);
}

static __always_inline struct ss_control *control_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&control, &zero);
}

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

/* One more base in the window; at half of it the loader is woken. */
static __always_inline void window_grown(void)
{
	struct ss_control *c = control_get();
	__u32 note = 1;

	if (c && __sync_fetch_and_add(&c->fill, 1) + 1 == c->wake_at)
		bpf_ringbuf_output(&wake, &note, sizeof(note), 0);
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

/* The fate of an event whose header was read. */
static __always_inline __u32 event_fate(const struct event *e)
{
	struct ss_target *t = bpf_map_lookup_elem(&targets, &e->target);

	if (!e->base)
		return SS_BAD_HEADER;
	/* First: elements of size zero may come in any number. */
	if (t && t->zerobase == e->base)
		return SS_ZERO_SIZE;
	if (e->len > e->cap || e->cap > SS_CAP_MAX)
		return SS_BAD_HEADER;
	return base_fold(e);
}

/*
 * A make begins: remember it until its goroutine returns from it. A goroutine that left one
 * unfinished has panicked out of it: makeslice never calls itself on one goroutine.
 */
static __always_inline void make_begin(const struct ss_pending_key *key,
				       const struct ss_pending *make)
{
	struct ss_pending *old = bpf_map_lookup_elem(&pending, key);
	long err;

	if (old) {
		count(SS_PANICKED);
		*old = *make;
		return;
	}
	err = bpf_map_update_elem(&pending, key, make, BPF_NOEXIST);
	if (err == -E2BIG || err == -ENOMEM)
		count(SS_LOST_PENDING_FULL);
	else if (err)
		count(SS_LOST_BUSY);
}

/* A make returns: 0 with what its beginning knew in *e, or -1 where that was not seen. */
static __always_inline int make_end(const struct ss_pending_key *key, struct event *e)
{
	struct ss_pending *make = bpf_map_lookup_elem(&pending, key);

	if (!make)
		return -1;
	e->len = make->len;
	e->cap = make->cap;
	e->type = make->type;
	e->site = make->site;
	/*
	 * Copied before it is deleted: the slot can be another goroutine's right after. What cannot
	 * be deleted stays under way, and is no event yet: it must not have two fates.
	 */
	return bpf_map_delete_elem(&pending, key) ? -1 : 0;
}

#endif
