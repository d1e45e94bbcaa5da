/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * An event and the counters. No registers here and in the files that include this one but the
 * programs': they are also compiled for the host and tested there.
 *
 * Every addition to shared memory is atomic, also on per-CPU maps: uprobe programs can be
 * preempted by another traced thread of the same CPU.
 */
#ifndef SS_EVENT_BPF_H
#define SS_EVENT_BPF_H

#define E2BIG  7
#define ENOMEM 12
#define EEXIST 17

/* Set by the loader, constant when programs are verified; tests on the host set it as they go. */
#ifndef SS_CONSTANT
#define SS_CONSTANT const volatile
#endif

/* Events are added to their sites, or to their chains; else to their bases. */
SS_CONSTANT __u8 by_site = 0;
SS_CONSTANT __u8 by_chain = 0;

/*
 * Of functions in which a search for a slot is: many paths lead there, and each would have it
 * verified anew. The verifier looks at a global function once for each program. It does not know
 * that a pointer that is passed is not NULL; and kernels before 6.8 look at all that the program
 * could call, were its constants others: so these functions ask for the constants too.
 */
#define VERIFIED_ONCE __noinline

struct event {
	__u64 base; /* 0 unknown: where events are added to sites, many are counted before it is */
	__u64 len;
	__u64 cap;
	__u64 site;
	__u64 type;
	__u64 copied_bytes;
	__u64 copied_elems;
	/* Where chains are kept: of an element in bytes, 0 unknown; of the slice that grew. */
	__u64 size;
	__u64 old_base;
	__u64 old_cap; /* SS_CAP_UNKNOWN where it was not seen */
	__u32 target;
	__u32 stack;
	__u8 op;
};

#define SS_CAP_UNKNOWN (~0ULL)

static __always_inline void add(__u64 *sum, __u64 n)
{
	__sync_fetch_and_add(sum, n);
}

static __always_inline void add32(__u32 *sum, __u32 n)
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

/*
 * Of entries only those with a number that has none of these bits are counted, each for all that
 * share the rest: CPUs do not fight for the counter. 0 counts all.
 */
SS_CONSTANT __u32 fill_mask = 0;

/* One more entry, number n, in the window; at half of it the loader is woken. */
static __always_inline void window_grown(__u32 n)
{
	struct ss_control *c;
	__u32 note = 1;
	__u64 before;

	if (n & fill_mask)
		return;
	c = control_get();
	if (!c)
		return;
	before = __sync_fetch_and_add(&c->fill, fill_mask + 1);
	if (before < c->wake_at && before + fill_mask + 1 >= c->wake_at)
		bpf_ringbuf_output(&wake, &note, sizeof(note), 0);
}

#endif
