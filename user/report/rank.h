/* SPDX-License-Identifier: BSD-2-Clause */
/* Orders rows by a key without moving them: selection in O(n), sorting in place. */
#ifndef SS_REPORT_RANK_H
#define SS_REPORT_RANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Compared by first, second, third, fourth, fifth, row: ascending, and no two of a set are equal.
 */
struct rank {
	uint64_t first;
	uint64_t second;
	uint64_t fourth;
	uint64_t fifth;
	uint32_t third;
	uint32_t row; /* index of the row ranked */
};

static inline bool rank_before(const struct rank *a, const struct rank *b)
{
	if (a->first != b->first)
		return a->first < b->first;
	if (a->second != b->second)
		return a->second < b->second;
	if (a->third != b->third)
		return a->third < b->third;
	if (a->fourth != b->fourth)
		return a->fourth < b->fourth;
	if (a->fifth != b->fifth)
		return a->fifth < b->fifth;
	return a->row < b->row;
}

/* Bring the k-th of n (from 0, k < n) to ranks[k], all before it to its left. O(n) on average. */
void rank_select(struct rank *ranks, size_t n, size_t k);

/* Ascending, without memory of its own (qsort may allocate as much again). */
void rank_sort(struct rank *ranks, size_t n);

#endif
