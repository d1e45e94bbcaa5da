/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which sites have series of their own. There are at most so many; all others are in one more,
 * `other`. A site that has got one keeps it for the session. What it did before stays in `other`,
 * so that no series ever falls, and their sum is what has been folded, always and exactly.
 */
#ifndef SS_METRICS_SITES_H
#define SS_METRICS_SITES_H

#include <stddef.h>

#include "report/report.h"

/* Sites that have these in common are one series. Texts are borrowed, "" where not known. */
enum site_label {
	SITE_PID,
	SITE_EXE,
	SITE_OP,
	SITE_ELEM,
	SITE_FUNC,
	SITE_FILE,
	SITE_LINE,
	SITE_LABELS,
};

/* The labels of a row; they are borrowed until the next call. */
typedef void (*sites_name_fn)(void *ctx, const struct report_row *row,
			      const char *labels[SITE_LABELS]);

struct site_series {
	char *labels[SITE_LABELS];
	struct report_sums sums; /* since it has been a series */
};

struct sites;

/* At most so many series beside `other`. NULL without memory. */
struct sites *sites_new(size_t max);
void sites_free(struct sites *s);

/*
 * An interval is over: rows are those with events in it, by the sort key descending; their `d` and
 * the totals' are of it. A site comes to a series of its own when it makes up one part in ten times
 * `max` of all since attach, while there is room: what is too small to be looked for takes none
 * from what comes later. 0 or -ENOMEM: the interval is then all in `other`, but for series that are
 * there.
 */
int sites_update(struct sites *s, const struct report_row *const *rows, size_t nrows,
		 const struct report_totals *totals, enum report_sort sort, sites_name_fn name,
		 void *ctx);

size_t sites_count(const struct sites *s);
const struct site_series *sites_series(const struct sites *s, size_t i);
const struct report_sums *sites_other(const struct sites *s);

#endif
