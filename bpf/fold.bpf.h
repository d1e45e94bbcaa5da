/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What happens to an event once its fields are known: it is added to its base or its site, or ends
 * in a counter that names why not.
 */
#ifndef SS_FOLD_BPF_H
#define SS_FOLD_BPF_H

#include "event.bpf.h"
#include "bases.bpf.h"
#include "sites.bpf.h"
#include "chains.bpf.h"

/* The fate of an event whose header was read. */
static __always_inline __u32 event_fate(const struct event *e)
{
	/* A copy, on the stack: in scope_fate old kernels take no other memory for a key. */
	const __u32 target = e->target;
	struct ss_target *t = bpf_map_lookup_elem(&targets, &target);

	if ((!e->base && !by_site) || e->base >> SS_ADDR_BITS)
		return SS_BAD_HEADER;
	/* First: elements of size zero may come in any number. */
	if (t && e->base && t->zerobase == e->base)
		return SS_ZERO_SIZE;
	if (e->len > e->cap || e->cap > SS_CAP_MAX)
		return SS_BAD_HEADER;
	if (by_chain)
		return chain_fold(e);
	if (!by_site)
		return base_fold(e, site_distance(t, e->site));
	/* Where the base is not known: what asks for nothing is given zerobase. */
	return e->base || e->cap ? site_fold(e) : SS_ZERO_SIZE;
}

/*
 * What makeslice does not survive (runtime.makeslice, all versions): a negative or too large cap, a
 * len beyond it, more bytes than there are addresses.
 */
static __always_inline int make_panics(const struct event *e)
{
	__u64 size;

	if (e->len > e->cap || e->cap > SS_CAP_MAX)
		return 1;
	/* Few makes are as large: the type is not read for the others. */
	if (e->cap < SS_CAP_MAX / SS_TYPE_SIZE_MAX)
		return 0;
	return !bpf_probe_read_user(&size, sizeof(size), (const void *)e->type) && size &&
	       e->cap > SS_CAP_MAX / size;
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

static __always_inline int make_take(const struct ss_pending_key *key,
				     const struct ss_pending *make, struct event *e)
{
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

/* A make returns: 0 with what its beginning knew in *e, or -1 where that was not seen. */
static __always_inline int make_end(const struct ss_pending_key *key, struct event *e)
{
	const struct ss_pending *make = bpf_map_lookup_elem(&pending, key);

	return make ? make_take(key, make, e) : -1;
}

/* The same for what was called from one place: whatever else is under way stays so. */
static __always_inline int make_end_at(const struct ss_pending_key *key, __u64 ret, struct event *e)
{
	const struct ss_pending *make = bpf_map_lookup_elem(&pending, key);

	return make && make->ret == ret ? make_take(key, make, e) : -1;
}

/*
 * This call will not be under way, but comes back to where the base of those that are is had: one
 * that is said to be has panicked.
 */
static __always_inline void make_forget(const struct ss_pending_key *key, __u64 ret)
{
	const struct ss_pending *make = bpf_map_lookup_elem(&pending, key);

	if (make && make->ret == ret && !bpf_map_delete_elem(&pending, key))
		count(SS_PANICKED);
}

#endif
