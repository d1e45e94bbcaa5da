/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one header shared by the BPF programs and user space: what lies in the maps. Fixed widths,
 * named padding, sizes asserted, so that both compilers and bpftool see the same bytes.
 */
#ifndef SLICESTAT_H
#define SLICESTAT_H

#ifdef __BPF__
#include "vmlinux.h"
#else
#include <linux/types.h>
#endif

/* What a Go function did to a slice. */
enum ss_op {
	SS_OP_NONE = 0,
	SS_OP_GROW = 1,
	SS_OP_MAKE = 2,
	SS_OPS = 3,
};

/*
 * Slots of the map `counts`. SS_SEEN is bumped first; every seen event ends in exactly one of the
 * fates behind it (SS_FOLDED to SS_PANICKED), or is a make still under way in `pending`.
 */
enum ss_count {
	SS_SEEN = 0,
	SS_FOLDED = 1,		  /* added to its base */
	SS_LOST_BASES_FULL = 2,	  /* the window had no room for a new base */
	SS_LOST_PENDING_FULL = 3, /* `pending` had no room for a make under way */
	SS_LOST_BUSY = 4,	  /* a map refused for another reason than being full */
	SS_LOST_FAULT = 5,	  /* the target's stack could not be read */
	SS_BAD_HEADER = 6,	  /* no slice has this len and cap */
	SS_ZERO_SIZE = 7,	  /* shares runtime.zerobase: not an address of its own */
	SS_PANICKED = 8,	  /* a make that did not return before its goroutine made again */
	SS_TRAPS_EMULATED = 9,	  /* price of the probes, not a fate */
	SS_TRAPS_STEPPED = 10,
	SS_COUNTS = 11,
};

/* Longest stretch of a frame that is read at once; a plan that needs more is refused. */
#define SS_FRAME_MAX 256

/* No Go slice is larger (the heap has 48 address bits). */
#define SS_CAP_MAX (1ULL << 48)

/* A target is one exec of one process; its number comes with the attach cookie. */
struct ss_base_key {
	__u64 base;
	__u32 target;
	__u32 zero;
};

/* Sums are in elements. The last seven fields but `reused` are of one event, not sums. */
struct ss_base {
	__u64 events;
	__u64 len_sum;
	__u64 cap_sum;
	__u64 reused; /* events that came with another op or site than the one before */
	__u64 len;
	__u64 cap;
	__u64 site;	  /* return address into the caller, as mapped in the target */
	__u64 type;	  /* address of the element type's descriptor, 0 where unknown */
	__u64 first_site; /* of the first event: joins this window to the one before */
	__u8 op;
	__u8 first_op;
	__u8 zero[6];
};

struct ss_pending_key {
	__u64 g; /* address of the goroutine's runtime.g: goroutines move between threads */
	__u32 target;
	__u32 zero;
};

struct ss_pending {
	__u64 len;
	__u64 cap;
	__u64 type;
	__u64 site;
};

struct ss_target {
	__u64 zerobase; /* address of runtime.zerobase as mapped in the target, 0 where unknown */
};

struct ss_control {
	__u64 fill;    /* bases inserted since the last flip, about */
	__u64 wake_at; /* at this fill the loader is woken to flip early */
	__u32 ready;   /* 0: no new event is counted */
	__u32 zero;
};

#define SS_ASSERT_SIZE(type, size) _Static_assert(sizeof(type) == (size), #type)
SS_ASSERT_SIZE(struct ss_base_key, 16);
SS_ASSERT_SIZE(struct ss_base, 80);
SS_ASSERT_SIZE(struct ss_pending_key, 16);
SS_ASSERT_SIZE(struct ss_pending, 32);
SS_ASSERT_SIZE(struct ss_target, 8);
SS_ASSERT_SIZE(struct ss_control, 24);

/* Attach cookie: whose event it is. */
#define SS_COOKIE(target, site)	 (((__u64)(target) << 32) | (__u32)(site))
#define SS_COOKIE_TARGET(cookie) ((__u32)((cookie) >> 32))

#endif
