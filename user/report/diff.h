/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What changed from one run (A) to another (B), of another build maybe: sites are told by function,
 * line, element type and operation, and where lines have moved, by their order. Pure data.
 */
#ifndef SS_REPORT_DIFF_H
#define SS_REPORT_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/report.h"

/* What one run had at a line. The texts are borrowed. */
struct diff_site {
	const char *func;
	const char *file; /* NULL unknown; for people: it does not tell sites apart */
	int line;	  /* 0 unknown */
	const char *elem;
	uint32_t op; /* enum ss_op */
	struct report_sums sums;
};

struct diff_row {
	const struct diff_site *a, *b; /* NULL: that run had nothing there */
};

struct diff;

/*
 * Several sites of one function, line, type and operation (inlined copies, generic instances,
 * processes) are one. The arrays are put in order and added up in place, and must outlive the diff.
 * NULL: out of memory.
 */
struct diff *diff_new(struct diff_site *a, size_t na, struct diff_site *b, size_t nb);
void diff_free(struct diff *d);

/* Seconds that each run took where rates are compared; 1 and 1 for totals. */
struct diff_scale {
	double a, b;
};

/*
 * The rows whose events, bytes allocated, bytes copied or key differ, those with the largest change
 * of the key first. *rows lives until the next call.
 */
size_t diff_changed(struct diff *d, enum report_sort key, const struct diff_scale *scale,
		    const struct diff_row **rows);

/* The figure of these sums; 0 where sums is NULL. */
uint64_t diff_figure(const struct report_sums *sums, enum report_sort key);

/* Whether b is more than percent of whole larger than a; of whole 0 anything is more. */
bool diff_exceeds(double a, double b, double whole, double percent);

#endif
