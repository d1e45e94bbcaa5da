/* SPDX-License-Identifier: BSD-2-Clause */
/* What each row's rate was in the last intervals, bounded in memory. */
#ifndef SS_TOP_HISTORY_H
#define SS_TOP_HISTORY_H

#include "report/report.h"

/* Intervals that are remembered. */
#define TOP_INTERVALS 24

struct top_history;

/* All memory is taken here, for so many keys. NULL when it cannot be had. */
struct top_history *top_history_new(size_t max_keys);
void top_history_free(struct top_history *h);
void top_history_clear(struct top_history *h);

/* The next interval begins: what is added from here on is its. */
void top_history_next(struct top_history *h);
/*
 * The key's rate in this interval; owner is the process that its group is the number of, or 0:
 * another one's history is not that of the next with its number. Where there is no room, keys that
 * have been idle longest are forgotten, of these the last that were added; where all have been
 * added in this interval, the new key finds none, and is counted.
 */
void top_history_add(struct top_history *h, const struct report_key *key, int owner, double rate);

/* Whose a history is from now on; false: nobody's. */
typedef bool (*top_history_whose)(void *ctx, struct report_key *key, int *owner);

/* Ask for each. Histories that come to be of the same key and owner become one, as long as the
 * longer.
 */
void top_history_regroup(struct top_history *h, top_history_whose whose, void *ctx);
/* Add the key's rates to sums, the oldest interval first. A key that is not known adds none. */
void top_history_sum(const struct top_history *h, const struct report_key *key, int owner,
		     double sums[TOP_INTERVALS]);
/* Rates of this interval that found no room. */
uint64_t top_history_lost(const struct top_history *h);

#endif
