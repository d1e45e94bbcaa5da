/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lives of slices, added up by where they began: how often they grew, what that copied and left
 * behind, and which capacities they came to. Pure data: no stdio, no BPF.
 */
#ifndef SS_REPORT_CHAINS_H
#define SS_REPORT_CHAINS_H

#include <stddef.h>
#include <stdint.h>

#include "report/report.h"

/* Chains of one beginning that are at one capacity. A chain's final length is from len to cap. */
struct chain_end {
	uint64_t cap;	  /* elements */
	uint64_t chains;  /* how many; the other fields are sums over them */
	uint64_t len_sum; /* elements, when the last array was made */
	uint64_t steps;	  /* growths */
	uint64_t copied;  /* bytes */
	uint64_t dead;	  /* bytes of the arrays left behind */
};

struct chain_row {
	struct report_key key;	      /* as of a row by site: where the chains began */
	uint64_t elem_size;	      /* bytes */
	struct chain_end total;	      /* cap is the sum of the capacities here */
	const struct chain_end *ends; /* ascending by cap, none without chains */
	size_t nends;
};

enum chains_sort {
	CHAINS_SORT_COPIED,
	CHAINS_SORT_DEAD,
	CHAINS_SORT_STEPS,
	CHAINS_SORT_CHAINS,
	CHAINS_SORTS,
};

struct chains;

/*
 * max_ends bounds the memory, all of which is taken here: so many can be added until the next
 * chains_clear, what is kept among them. NULL when it cannot be had.
 */
struct chains *chains_new(size_t max_ends);
void chains_free(struct chains *c);
size_t chains_memory(const struct chains *c); /* bytes */

/* Begin anew, with what is kept: what is added next is the rest of the picture as it is now. */
void chains_clear(struct chains *c);
/*
 * Add what chains of this beginning are at end->cap; several times for one key and cap is fine. The
 * key's stack is not looked at. What there is no room for is in the total only.
 */
void chains_add(struct chains *c, const struct report_key *key, uint64_t elem_size,
		const struct chain_end *end);

/*
 * chains_add of chains that have come to their end, which chains_clear keeps: max_ends of them, for
 * different keys and caps.
 */
void chains_keep(struct chains *c, const struct report_key *key, uint64_t elem_size,
		 const struct chain_end *end);
/* What is kept of these groups, from the next chains_clear on, is in the total only. */
void chains_forget(struct chains *c, report_group_fn is_over, void *ctx);

/*
 * All rows, by sort descending (ties by the key). *rows points into c and is valid until the next
 * call on c. *total gets the sums over all rows (cap as in chain_row.total).
 */
size_t chains_rows(struct chains *c, enum chains_sort sort, const struct chain_row **rows,
		   struct chain_end *total);

/*
 * The smallest capacity that this percentage of the row's chains does not exceed, 0 to 100; 0 for a
 * row without chains.
 */
uint64_t chain_row_cap_at(const struct chain_row *row, unsigned int percent);

#endif
