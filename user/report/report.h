/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows by base since attach: folds what each snapshot brings, bounded in memory, and picks the
 * rows to show. Pure data: no stdio, no BPF.
 */
#ifndef SS_REPORT_REPORT_H
#define SS_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slicestat.h"

struct report;

enum report_sort {
	REPORT_SORT_EVENTS,
	REPORT_SORT_LEN,
	REPORT_SORT_CAP,
};

/* Sums in elements; `d_` = of the interval, i.e. since the last report_interval_end. */
struct report_row {
	uint32_t target;
	uint32_t op; /* enum ss_op, of the last event; so are len, cap, site, type */
	uint64_t base;
	uint64_t events, len_sum, cap_sum, reused;
	uint64_t d_events, d_len_sum, d_cap_sum;
	uint64_t len, cap;
	uint64_t site; /* run-time return address */
	uint64_t type; /* run-time address of the type descriptor, 0 unknown */
};

/* Everything that is in no shown row; rows + other = folded. */
struct report_other {
	uint64_t rows, events, len_sum, cap_sum;
	/* Of rows: those given up for want of room. Their bases begin anew when they come again. */
	uint64_t evicted;
};

/* max_rows bounds the memory: all of it is allocated here. NULL when it cannot be had. */
struct report *report_new(size_t max_rows);
void report_free(struct report *r);
size_t report_memory(const struct report *r); /* bytes */

/*
 * Add what one window held for one base. When there is no room, the rows with the fewest events
 * (ties: fewest cap_sum) are folded into `other`, at least a quarter of all at once; totals stay
 * exact. Never fails.
 */
void report_add(struct report *r, const struct ss_base_key *key, const struct ss_base *val);

/*
 * The rows to show: at most top (0 = all), by `sort` descending, on the interval's figures when
 * `interval` (rows without an event in it are left out), else on the sums. Ties are broken by
 * the sum of capacities, then by target and base, so that the order is the same everywhere. *rows
 * points into r and is valid until the next call on r. *other gets the sums of all that is not
 * among them (cumulative sums in both cases).
 */
size_t report_rows(struct report *r, enum report_sort sort, bool interval, size_t top,
		   const struct report_row **rows, struct report_other *other);

/* The next interval begins: d_ fields count from here. Cheap: no walk over the rows. */
void report_interval_end(struct report *r);

/* Sums over everything ever added, and over this interval (d_). */
struct report_totals {
	uint64_t rows; /* distinct bases held */
	uint64_t events, len_sum, cap_sum, reused;
	uint64_t d_rows, d_events, d_len_sum, d_cap_sum;
};
struct report_totals report_totals(const struct report *r);

#endif
