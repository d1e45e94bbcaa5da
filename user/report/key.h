/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of rows as those of an index. */
#ifndef SS_REPORT_KEY_H
#define SS_REPORT_KEY_H

#include <stddef.h>

#include "report/report.h"

/* The finalizer of splitmix64: bases differ in few bits, and neighbours must not cluster. */
static inline uint64_t report_key_hash(const struct report_key *key)
{
	uint64_t rest = ((uint64_t)key->type << 32 | key->stack) ^ (uint64_t)key->op << 56;
	uint64_t h =
		key->addr ^ (key->group * 0x9e3779b97f4a7c15ULL) ^ (rest * 0xd6e8feb86659fd93ULL);

	h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9ULL;
	h = (h ^ (h >> 27)) * 0x94d049bb133111ebULL;
	return h ^ (h >> 31);
}

static inline bool report_key_same(const struct report_key *a, const struct report_key *b)
{
	return a->addr == b->addr && a->group == b->group && a->type == b->type &&
	       a->stack == b->stack && a->op == b->op;
}

/* Below 0, 0 or above 0: by address first; 0 is the same key. */
static inline int report_key_compare(const struct report_key *a, const struct report_key *b)
{
	const uint64_t left[] = {a->addr, a->group, a->type, a->op, a->stack};
	const uint64_t right[] = {b->addr, b->group, b->type, b->op, b->stack};

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	return 0;
}

#endif
