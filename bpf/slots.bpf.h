/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Open-addressing tables in array maps. A slot is claimed by compare and swap of its first word,
 * the slot key, and stays its key's until the loader has drained the quiet window.
 */
#ifndef SS_SLOTS_BPF_H
#define SS_SLOTS_BPF_H

#include "event.bpf.h"

/* The number of slots of a window less one; they are a power of two. */
SS_CONSTANT __u32 slot_mask = 0;

/* Of loops whose copies would be large. */
#ifdef __clang__
#define NOT_UNROLLED _Pragma("clang loop unroll(disable)")
#else
#define NOT_UNROLLED
#endif

/*
 * Where the search for a key begins, before it is cut to the number of slots. Two rounds: one alone
 * leaves the upper bits, which tell targets apart, out of the lower ones, and neighbours in steps.
 */
static __always_inline __u32 slot_hash(__u64 key)
{
	key *= 0x9e3779b97f4a7c15ULL;
	key ^= key >> 32;
	return (key * 0xbf58476d1ce4e5b9ULL) >> 32;
}

/* The key that holds the slot, which is free to be claimed: 0 where that is ours now. */
static __always_inline __u64 slot_claim(__u64 *held, __u64 key)
{
	return *(volatile __u64 *)held ?: __sync_val_compare_and_swap(held, 0, key);
}

#endif
