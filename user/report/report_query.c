// SPDX-License-Identifier: BSD-2-Clause
/* What a report is asked for: the rows to show, sums, intervals. */
#include "report/report.h"

#include <string.h>

#include "report/rows.h"

uint64_t report_figure(const struct report_sums *sums, enum report_sort sort)
{
	switch (sort) {
	case REPORT_SORT_LEN:
		return sums->len_sum;
	case REPORT_SORT_CAP:
		return sums->cap_sum;
	case REPORT_SORT_ALLOCATED:
		return sums->allocated;
	case REPORT_SORT_COPIED:
		return sums->copied;
	case REPORT_SORT_SLACK:
		return sums->slack;
	case REPORT_SORT_EVENTS:
	case REPORT_SORTS:
		break;
	}
	return sums->events;
}

/* What the query is about; of an interval in which the row has nothing, nothing. */
static const struct report_sums *sums_of(const struct report *r, const struct report_query *query,
					 const struct row *row)
{
	static const struct report_sums nothing;

	if (!query->interval)
		return &row->shown.sums;
	return row->epoch == r->epoch ? &row->shown.d : &nothing;
}

static bool is_asked_for(const struct report_query *query, const struct report_row *row,
			 const struct report_sums *sums)
{
	if (query->interval && !query->idle && sums->events == 0)
		return false;
	if (sums->allocated < query->min_bytes && !sums->unsized)
		return false;
	return !query->has || query->has(query->ctx, row);
}

static size_t rank_rows(struct report *r, const struct report_query *query)
{
	size_t n = 0;

	for (size_t i = 0; i < r->nrows; i++) {
		const struct report_row *row = &r->rows[i].shown;
		const struct report_sums *sums = sums_of(r, query, &r->rows[i]);

		if (!is_asked_for(query, row, sums))
			continue;
		r->ranks[n++] = (struct rank){
			.first = ~report_figure(sums, query->sort),
			.second = ~(sums->events ? sums : &row->sums)->cap_sum,
			.third = row->key.group,
			.fourth = row->key.addr,
			.fifth = (uint64_t)row->key.type << 40 | (uint64_t)row->key.op << 32 |
				 row->key.stack,
			.row = (uint32_t)i,
		};
	}
	return n;
}

static void show(struct report *r, size_t at, struct row *row, struct report_other *other)
{
	const struct report_sums *sums = &row->shown.sums;

	if (row->epoch != r->epoch)
		memset(&row->shown.d, 0, sizeof(row->shown.d));
	r->shown[at] = &row->shown;
	other->events -= sums->events;
	other->len_sum -= sums->len_sum;
	other->cap_sum -= sums->cap_sum;
}

size_t report_rows(struct report *r, const struct report_query *query,
		   const struct report_row *const **rows, struct report_other *other)
{
	size_t n, all;

	rows_settle(r);
	n = all = rank_rows(r, query);
	if (query->top > 0 && query->top < n) {
		rank_select(r->ranks, n, query->top - 1);
		n = query->top;
	}
	rank_sort(r->ranks, n);
	*other = (struct report_other){
		.rows = r->evicted + r->nrows - n,
		.events = r->totals.events,
		.len_sum = r->totals.len_sum,
		.cap_sum = r->totals.cap_sum,
		.evicted = r->evicted,
		.beyond_top = all - n,
	};
	for (size_t i = 0; i < n; i++)
		show(r, i, &r->rows[r->ranks[i].row], other);
	*rows = r->shown;
	return n;
}

void report_interval_end(struct report *r)
{
	rows_settle(r);
	r->epoch++;
	r->interval_rows = 0;
	r->before = r->totals;
}

static struct report_sums sums_less(const struct report_sums *a, const struct report_sums *b)
{
	return (struct report_sums){
		.events = a->events - b->events,
		.len_sum = a->len_sum - b->len_sum,
		.cap_sum = a->cap_sum - b->cap_sum,
		.allocated = a->allocated - b->allocated,
		.copied = a->copied - b->copied,
		.slack = a->slack - b->slack,
		.unsized = a->unsized - b->unsized,
	};
}

struct report_totals report_totals(struct report *r)
{
	rows_settle(r);
	return (struct report_totals){
		.rows = r->nrows,
		.d_rows = r->interval_rows,
		.reused = r->reused,
		.sums = r->totals,
		.d = sums_less(&r->totals, &r->before),
	};
}

const struct report_lengths *report_lengths(struct report *r)
{
	rows_settle(r);
	return r->by_op;
}
