/* SPDX-License-Identifier: BSD-2-Clause */
/* A report's inside: for what adds to it and for what asks it, not for others. */
#ifndef SS_REPORT_ROWS_H
#define SS_REPORT_ROWS_H

#include "report/index.h"
#include "report/rank.h"
#include "report/report.h"

struct row {
	struct report_row shown;
	uint64_t epoch; /* interval that shown.d belongs to */
};

/*
 * Adds that are put off while the CPU fetches their places in the index: in a large one each is a
 * cache miss, and so these overlap.
 */
#define WAITING_MAX 16

struct waiting {
	struct report_key key;
	struct report_delta delta;
	uint64_t hash;
};

struct report {
	struct row *rows;
	size_t nrows, max_rows;
	struct index index;
	struct rank *ranks;
	const struct report_row **shown; /* what report_rows hands out */
	uint64_t *lens;			 /* SS_LEN_BUCKETS for each row, or NULL */
	struct report_lengths by_op[SS_OPS];
	uint64_t epoch;
	uint64_t evicted; /* rows */
	uint64_t interval_rows;
	uint64_t reused;
	struct report_sums totals, before;   /* now, and when the interval began */
	struct waiting waiting[WAITING_MAX]; /* a ring */
	size_t nwaiting, oldest;
};

/* Do what was put off. */
void rows_settle(struct report *r);

#endif
