/* SPDX-License-Identifier: BSD-2-Clause */
/* What the maps that are compared hold: shaped as slicestat's bases, whatever these look like. */
#ifndef SS_BENCH_MAPS_H
#define SS_BENCH_MAPS_H

#ifdef __BPF__
#include "vmlinux.h"
#else
#include <linux/types.h>
#endif

struct map_key {
	__u64 base;
	__u32 target;
	__u32 zero;
};

struct map_value {
	__u64 events;
	__u64 len_sum;
	__u64 cap_sum;
	__u64 reused;
	__u64 len;
	__u64 cap;
	__u64 site;
	__u64 type;
	__u64 first_site;
	__u64 op;
};

/* The same in a table of our own; the key's target is in its upper 16 bits, 0 is a free slot. */
struct wide_slot {
	__u64 key;
	struct map_value value;
};

/* The least that is wanted, in one cache line. */
struct line_slot {
	__u64 key;
	__u64 events;
	__u64 len_sum;
	__u64 cap_sum;
	__u64 len;
	__u64 cap;
	__u64 site;
	__u32 type;
	__u16 op;
	__u16 reused;
};

/* Slots looked at before a table is called full. */
#define MAP_PROBES 128

/* Arguments of the programs: event i is of key number ((first + i) * step) & mask. */
enum map_arg {
	MAP_FIRST,
	MAP_COUNT,
	MAP_STEP,
	MAP_MASK,
	MAP_ARGS,
};

#define MAP_BASE   0xc000000000ULL /* where Go's heap began up to 1.25 */
#define MAP_STRIDE 64		   /* bytes from one base to the next */

_Static_assert(sizeof(struct map_key) == 16, "map_key");
_Static_assert(sizeof(struct map_value) == 80, "map_value");
_Static_assert(sizeof(struct line_slot) == 64, "line_slot");

#endif
