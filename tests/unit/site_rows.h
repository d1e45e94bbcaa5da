/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows for metrics/sites.h, and what has become of them. */
#ifndef TEST_SITE_ROWS_H
#define TEST_SITE_ROWS_H

#include <stdio.h>
#include <string.h>

#include "metrics/sites.h"

static inline void add(struct report *r, uint64_t addr, uint64_t events)
{
	const struct report_key key = {.addr = addr, .op = SS_OP_GROW};
	const struct report_delta delta = {.sums = {.events = events,
						    .len_sum = 2 * events,
						    .cap_sum = 3 * events,
						    .allocated = 8 * events,
						    .copied = events,
						    .slack = 5 * events,
						    .unsized = events}};

	report_add(r, &key, &delta);
}

/* A function for each hundred of addresses. */
static inline bool name_hundreds(void *ctx, const struct report_row *row,
				 const char *labels[SITE_LABELS])
{
	static char func[32];

	(void)ctx;
	for (size_t i = 0; i < SITE_LABELS; i++)
		labels[i] = "";
	snprintf(func, sizeof(func), "f%llu", (unsigned long long)row->key.addr / 100);
	labels[SITE_FUNC] = func;
	return true;
}

/* An interval that ends then is over. */
static inline void update_at(struct sites *s, struct report *r, double end_s, sites_name_fn name,
			     void *ctx)
{
	const struct report_query query = {.sort = REPORT_SORT_EVENTS, .interval = true};
	const struct report_row *const *rows;
	struct report_other other;
	size_t n = report_rows(r, &query, &rows, &other);
	const struct report_totals totals = report_totals(r);
	const struct sites_interval interval = {
		.rows = rows,
		.nrows = n,
		.totals = &totals,
		.sort = REPORT_SORT_EVENTS,
		.begin = {.tv_sec = (time_t)(1000 + end_s)},
		.end_s = end_s,
		.name = name,
		.ctx = ctx,
	};

	assert_int_equal(sites_update(s, &interval), 0);
	report_interval_end(r);
}

static inline void update(struct sites *s, struct report *r)
{
	update_at(s, r, 1, name_hundreds, NULL);
}

/* Its events; the series must be there. */
static inline uint64_t events_of(const struct sites *s, const char *func)
{
	for (size_t i = 0; i < sites_count(s); i++)
		if (!strcmp(sites_series(s, i)->labels[SITE_FUNC], func))
			return sites_series(s, i)->sums.events;
	fail_msg("no series of %s", func);
	return 0;
}

static inline void assert_adds_up(const struct sites *s, struct report *r)
{
	const struct report_sums all = report_totals(r).sums;
	struct report_sums sums = *sites_other(s);

	report_sums_add(&sums, sites_retired(s));
	for (size_t i = 0; i < sites_count(s); i++)
		report_sums_add(&sums, &sites_series(s, i)->sums);
	assert_memory_equal(&sums, &all, sizeof(all));
}

#endif
