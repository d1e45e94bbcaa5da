/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What would become of a row's chains if each began with room for N elements: those that end at N
 * or below would never grow; the others would grow from N on, as append does.
 */
#ifndef SS_REPORT_PREALLOCATE_H
#define SS_REPORT_PREALLOCATE_H

#include <stdbool.h>
#include <stdint.h>

#include "report/chains.h"

struct preallocation {
	uint64_t cap;		 /* N */
	unsigned int percentile; /* N is the capacity of that percentile of the chains */
	/* Growths and bytes less than now; below 0 where there would be more. */
	double steps, copied, dead;
	double extra; /* bytes: capacity beyond what the chains have now */
};

struct preallocation preallocation_predict(const struct chain_row *row, uint64_t cap);

/* The N that saves most. False where each would take more than it is worth. */
bool preallocation_best(const struct chain_row *row, struct preallocation *best);

/*
 * Of a row's growths and bytes those that more capacity could save. Not those of chains that slide
 * along their array (s = s[1:]), nor what was copied from arrays that are in no chain.
 */
struct chain_end preallocation_savable(const struct chain_row *row);

#endif
