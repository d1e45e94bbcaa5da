/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows since attach, by base, site, type or process: folds what each snapshot brings, bounded in
 * memory, and picks the rows to show. Pure data: no stdio, no BPF.
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
	REPORT_SORT_ALLOCATED,
	REPORT_SORT_COPIED,
	REPORT_SORT_SLACK,
	REPORT_SORTS,
};

/* What tells rows apart; a view leaves at 0 what it does not tell apart. */
struct report_key {
	uint64_t addr;	/* of a base, or of a call site */
	uint32_t group; /* number of a process, or of an executable */
	uint32_t type;	/* number of an element type, 0 unknown */
	uint32_t stack;
	uint32_t op; /* enum ss_op */
};

/* len_sum and cap_sum in elements; the next three in bytes, of events whose element size is known.
 */
struct report_sums {
	uint64_t events, len_sum, cap_sum;
	uint64_t allocated, copied, slack;
	uint64_t unsized; /* events whose element size is not known */
};

/* What the last event of a base was. */
struct report_last {
	uint64_t len, cap;
	uint64_t site; /* return address */
	uint32_t op, type;
};

struct report_row {
	struct report_key key;
	struct report_sums sums;
	struct report_sums d; /* of the interval, i.e. since the last report_interval_end */
	struct report_last last;
	uint64_t
		reused; /* events of a base that came with another op or site than the one before */
	const uint64_t *lens; /* events by length, SS_LEN_BUCKETS of them; NULL: not kept */
};

/* What they are sorted by. */
uint64_t report_figure(const struct report_sums *sums, enum report_sort sort);

/* What happened to a row's key in a window. */
struct report_delta {
	struct report_sums sums;
	/* The rest is of bases only. */
	struct report_last last;
	uint64_t reused;
	uint64_t first_site;
	uint32_t first_op;
	const __u32 *lens;	     /* where lengths are kept */
	const uint64_t *lens_before; /* the same, of more than one window; or NULL */
};

/* Everything that is in no shown row; rows + other = folded. */
struct report_other {
	uint64_t rows, events, len_sum, cap_sum;
	/* Of rows: those given up. Their keys begin anew when they come again. */
	uint64_t evicted;
	/* Of rows: those that would be shown, were it not for the query's top. */
	uint64_t beyond_top;
};

/* max_rows bounds the memory: all of it is allocated here. NULL when it cannot be had. */
struct report *report_new(size_t max_rows, bool with_lens);
void report_free(struct report *r);
size_t report_memory(const struct report *r); /* bytes */

/*
 * Add what one window held for one key. When there is no room, the rows with the fewest events
 * (ties: fewest cap_sum) are folded into `other`, three quarters of all at once; totals stay
 * exact. Never fails.
 */
void report_add(struct report *r, const struct report_key *key, const struct report_delta *delta);

/* As if so many rows with these sums had been added and folded into `other` since. */
void report_add_evicted(struct report *r, const struct report_sums *sums, uint64_t rows);

void report_sums_add(struct report_sums *to, const struct report_sums *from);
/* What is taken is a part of it. */
void report_sums_subtract(struct report_sums *from, const struct report_sums *part);

/* Whether rows of this group are to be given up. */
typedef bool (*report_group_fn)(void *ctx, uint32_t group);

/* Fold all rows of these groups into `other`; totals stay exact. */
void report_forget(struct report *r, report_group_fn is_over, void *ctx);

/* The group that rows of this group, and with this stack, are to be of; *stack may be changed. */
typedef uint32_t (*report_regroup_fn)(void *ctx, uint32_t group, uint32_t *stack);

/* Give all rows their new groups; those that have one key then become one row. */
void report_regroup(struct report *r, report_regroup_fn group_of, void *ctx);

/* Which rows are wanted. */
struct report_query {
	enum report_sort sort;
	bool interval; /* by the interval's figures; rows without an event in it are left out, */
	bool idle;     /* or come last */
	size_t top;    /* at most so many, 0 = all */
	uint64_t min_bytes; /* rows known to have allocated less are left out */
	/* Rows for which it is false are left out. NULL: none. */
	bool (*has)(const void *ctx, const struct report_row *row);
	const void *ctx;
};

/*
 * The rows to show, by the query's sort descending. Ties are broken by the sum of capacities, then
 * by the key, so that the order is the same everywhere. *rows points into r and is valid until the
 * next call on r. *other gets the sums of all that is not among them (since attach in any case).
 */
size_t report_rows(struct report *r, const struct report_query *query,
		   const struct report_row *const **rows, struct report_other *other);

/* The next interval begins: d counts from here. Cheap: no walk over the rows. */
void report_interval_end(struct report *r);

/* Sums over everything ever added, and over this interval (d). */
struct report_totals {
	uint64_t rows; /* distinct keys held */
	uint64_t d_rows;
	uint64_t reused;
	struct report_sums sums, d;
};
struct report_totals report_totals(struct report *r);

/* Lengths of all events of an operation ever added: in no row any more, too. */
struct report_lengths {
	uint64_t lens[SS_LEN_BUCKETS];
	uint64_t events, len_sum;
};
/* SS_OPS of them, by operation; all 0 where lengths are not kept. */
const struct report_lengths *report_lengths(struct report *r);

#endif
