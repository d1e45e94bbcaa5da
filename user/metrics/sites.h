/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which sites have series of their own. There are at most so many; all others are in one more,
 * `other`. What a site did before it got one stays in `other`, so that no series that is shown ever
 * falls. One that has long been idle can be retired where its place is needed: it is not shown any
 * more, and what it had is in `retired`; should it come again, it begins at 0. The series, `other`
 * and `retired` together are what has been folded, always and exactly.
 */
#ifndef SS_METRICS_SITES_H
#define SS_METRICS_SITES_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

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

/*
 * The labels of a row; they are borrowed until the next call. False: there is no time for that now,
 * and it is asked again in the next interval.
 */
typedef bool (*sites_name_fn)(void *ctx, const struct report_row *row,
			      const char *labels[SITE_LABELS]);

struct site_series {
	char *labels[SITE_LABELS];
	uint64_t hash;		 /* of the labels */
	struct report_sums sums; /* since it has been a series */
	struct timespec begin;	 /* CLOCK_REALTIME; since then it is one */
	double active_s;	 /* when it had events last */
};

/* An interval that is over. */
struct sites_interval {
	const struct report_row *const *rows; /* with events in it, by the sort key descending */
	size_t nrows;
	const struct report_totals *totals;
	enum report_sort sort;
	struct timespec begin; /* CLOCK_REALTIME */
	double end_s;	       /* since attach */
	sites_name_fn name;
	void *ctx;
};

struct sites;

/* At most so many series beside `other`. NULL without memory. */
struct sites *sites_new(size_t max);
void sites_free(struct sites *s);

/*
 * Rows' and totals' `d` are of the interval. A site comes to a series of its own when it makes up
 * one part in ten times the room that there is, of all since attach or, unless little happened in
 * it, of the interval: the first that come cannot take all the room. There is room in the place of
 * series that had no events for more than an hour. 0 or -ENOMEM: what then got no series is in
 * `other`.
 */
int sites_update(struct sites *s, const struct sites_interval *in);

size_t sites_count(const struct sites *s);
const struct site_series *sites_series(const struct sites *s, size_t i);
const struct report_sums *sites_other(const struct sites *s);
const struct report_sums *sites_retired(const struct sites *s);

#endif
