/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The capacity that growslice is going to give, where only its arguments are known: as
 * src/runtime/slice.go (growslice, nextslicecap) and src/runtime/msize.go (roundupsize) from Go
 * 1.20 to 1.27.
 */
#ifndef SS_GROWTH_BPF_H
#define SS_GROWTH_BPF_H

#include "event.bpf.h"
#include "size_classes.h"

/* HEADER_SIZE where this Go version's objects have headers, else 0. */
SS_CONSTANT __u32 header_size = HEADER_SIZE;

/* Steps by a quarter, and more, that lead to the double. */
#define QUARTERS_MAX 4

static __always_inline __u64 next_cap(__u64 new_len, __u64 old_cap)
{
	__u64 cap = old_cap;

	if (new_len > 2 * old_cap)
		return new_len;
	if (old_cap < DOUBLING_BELOW)
		return 2 * old_cap;
	for (int i = 0; i < QUARTERS_MAX; i++) {
		cap += (cap + 3ULL * DOUBLING_BELOW) >> 2;
		if (cap >= new_len)
			break;
	}
	return cap;
}

/* The smallest size class that holds so many bytes, at most SMALL_SIZE_MAX of them. */
__u64 class_room(__u64 bytes);
VERIFIED_ONCE __u64 class_room(__u64 bytes)
{
	__u32 at = 0;

	/* All classes below at are too small. */
	for (__u32 step = 64; step; step /= 2)
		if (at + step <= SIZE_CLASSES && size_classes[at + step - 1] < bytes)
			at += step;
	return at < SIZE_CLASSES ? size_classes[at] : 0;
}

static __always_inline __u64 heap_room(__u64 bytes, __u32 pointers)
{
	__u64 head = 0;

	if (bytes > SMALL_SIZE_MAX - HEADER_SIZE)
		return (bytes + HEAP_PAGE_SIZE - 1) & ~(HEAP_PAGE_SIZE - 1ULL);
	if (pointers && bytes > HEADER_MIN_SIZE)
		head = header_size;
	return class_room(bytes + head) - head;
}

/* size is that of an element, not 0. What growslice does not survive gives SS_CAP_UNKNOWN. */
static __always_inline __u64 grown_cap(__u64 new_len, __u64 old_cap, __u64 size, __u32 pointers)
{
	__u64 cap;

	if (new_len > SS_CAP_MAX || old_cap > SS_CAP_MAX)
		return SS_CAP_UNKNOWN;
	cap = next_cap(new_len, old_cap);
	if ((cap | size) >> 24 && cap > SS_CAP_MAX / size)
		return SS_CAP_UNKNOWN;
	return heap_room(cap * size, pointers) / size;
}

#endif
