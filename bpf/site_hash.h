/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The slot key of a site: user space tells by it whether a slot's key has been written whole. */
#ifndef SS_SITE_HASH_H
#define SS_SITE_HASH_H

#include "slicestat.h"

/* Never 0. Keys differ in few bits, which must reach all of the result's: it stands for the key. */
static inline __attribute__((always_inline)) __u64 site_hash(const struct ss_site_key *key)
{
	__u64 h = key->pc * 0x9e3779b97f4a7c15ULL;

	h = (h ^ h >> 32 ^ key->type) * 0xbf58476d1ce4e5b9ULL;
	h = (h ^ h >> 29 ^ ((__u64)key->target << 32 | key->stack)) * 0x94d049bb133111ebULL;
	h = (h ^ h >> 32 ^ (__u64)(key->op << 8 | key->shard)) * 0x9e3779b97f4a7c15ULL;
	return h ^ h >> 32 ?: 1;
}

#endif
