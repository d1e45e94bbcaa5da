// SPDX-License-Identifier: BSD-2-Clause
#include "report/rank.h"

#define SHORT_RUN 16

/* The pivot's place is drawn, so that no order of arrival makes the cost quadratic. */
static size_t draw_below(uint64_t *state, size_t n)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (*state >> 33) % n;
}

static void swap(struct rank *a, struct rank *b)
{
	struct rank saved = *a;

	*a = *b;
	*b = saved;
}

/*
 * Hoare's partition of n >= 2: returns how many lie in the left part (1 to n - 1), none of which
 * comes behind any of the right part. The last element is never the pivot: the left part would
 * then be the whole.
 */
static size_t partition(struct rank *ranks, size_t n, uint64_t *state)
{
	struct rank pivot = ranks[draw_below(state, n - 1)];
	size_t left = 0, right = n - 1;

	for (;;) {
		while (rank_before(&ranks[left], &pivot))
			left++;
		while (rank_before(&pivot, &ranks[right]))
			right--;
		if (left >= right)
			return right + 1;
		swap(&ranks[left++], &ranks[right--]);
	}
}

void rank_select(struct rank *ranks, size_t n, size_t k)
{
	uint64_t state = n;

	while (n > 1) {
		size_t left = partition(ranks, n, &state);

		if (k < left) {
			n = left;
		} else {
			ranks += left;
			k -= left;
			n -= left;
		}
	}
}

static void sort_short(struct rank *ranks, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct rank r = ranks[i];
		size_t at = i;

		for (; at > 0 && rank_before(&r, &ranks[at - 1]); at--)
			ranks[at] = ranks[at - 1];
		ranks[at] = r;
	}
}

/* Recursion goes into the smaller part only: its depth is at most log2(n). */
static void sort_part(struct rank *ranks, size_t n, uint64_t *state)
{
	while (n > SHORT_RUN) {
		size_t left = partition(ranks, n, state), right = n - left;

		if (left < right) {
			sort_part(ranks, left, state);
			ranks += left;
			n = right;
		} else {
			sort_part(ranks + left, right, state);
			n = left;
		}
	}
	sort_short(ranks, n);
}

void rank_sort(struct rank *ranks, size_t n)
{
	uint64_t state = n;

	sort_part(ranks, n, &state);
}
