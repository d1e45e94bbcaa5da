/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a programmer should change, from the lives of slices: for each place where it pays, one
 * proposal with what it would save and what it would cost. Pure data.
 */
#ifndef SS_REPORT_ADVISE_H
#define SS_REPORT_ADVISE_H

#include <stddef.h>
#include <stdint.h>

#include "report/chains.h"

enum advice_kind {
	ADVICE_PREALLOCATE, /* begin with make([]T, 0, N) */
	ADVICE_REUSE,	    /* keep the array: s = s[:0], or a sync.Pool */
	ADVICE_CLIP,	    /* move to an array of its length: slices.Clip(slices.Clone(s)) */
	ADVICE_KINDS,
};

struct advice {
	const struct chain_row *row;
	enum advice_kind kind;
	/*
	 * N, in elements: the capacity that this percentage of the chains ends at or below. For
	 * ADVICE_REUSE what to begin with where arrays cannot be kept.
	 */
	uint64_t cap;
	unsigned int percentile;
	double share; /* of all bytes copied and left behind, 0 to 1 */
	/* Predicted for the time observed, in growths and bytes. */
	uint64_t steps_saved;
	uint64_t copied_saved;
	uint64_t dead_saved;
	uint64_t held_saved; /* of last arrays: all (reuse), or at most what is not used (clip) */
	uint64_t extra;	     /* capacity beyond that of now; of a kept array: its size */
};

/* Sites below these are not worth a word. */
struct advise_limits {
	double min_share;    /* of all bytes copied and left behind; for slack: of all held */
	uint64_t min_chains; /* fewer tell nothing about the next one */
};

extern const struct advise_limits advise_default_limits;

/*
 * Proposals for rows (all of them, in any order), those with the most bytes copied and left behind
 * first, at most max of them. Their number. A row for which every proposal would do harm (it
 * allocates more than it saves) gets none. What is proposed points to the rows.
 */
size_t advise(const struct chain_row *rows, size_t nrows, const struct chain_end *total,
	      const struct advise_limits *limits, struct advice *out, size_t max);

#endif
