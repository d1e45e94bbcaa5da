// SPDX-License-Identifier: BSD-2-Clause
/*
 * An open-addressing index over rows that lie densely in one array. Nothing is ever deleted one
 * by one: an eviction compacts the array and builds the index anew, so no tombstones are needed.
 */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "report/rank.h"

/* A row number takes 32 bits, and there are at least two slots a row. */
#define ROWS_LIMIT (UINT32_MAX / 2)

struct row {
	struct report_row sums;
	uint64_t epoch; /* interval that the d_ fields belong to */
};

struct report {
	struct row *rows;
	size_t nrows, max_rows;
	/*
	 * Twice as many slots as rows, a power of two. The tags alone tell most misses, and are
	 * few enough to stay in a cache; the row numbers beside them are read for a likely match.
	 */
	uint8_t *tags;
	uint32_t *slots; /* row numbers */
	size_t nslots;
	struct rank *ranks;
	struct report_row *shown; /* what report_rows hands out */
	uint64_t epoch;
	uint64_t evicted; /* rows */
	uint64_t interval_rows;
	struct report_totals totals, before; /* now, and when the interval began */
};

static size_t slots_for(size_t max_rows)
{
	size_t n = 4;

	while (n < 2 * max_rows)
		n *= 2;
	return n;
}

struct report *report_new(size_t max_rows)
{
	struct report *r;

	if (max_rows == 0)
		max_rows = 1;
	if (max_rows > ROWS_LIMIT)
		return NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->max_rows = max_rows;
	r->nslots = slots_for(max_rows);
	r->epoch = 1;
	r->rows = calloc(max_rows, sizeof(*r->rows));
	r->tags = calloc(r->nslots, sizeof(*r->tags));
	r->slots = calloc(r->nslots, sizeof(*r->slots));
	r->ranks = calloc(max_rows, sizeof(*r->ranks));
	r->shown = calloc(max_rows, sizeof(*r->shown));
	if (!r->rows || !r->tags || !r->slots || !r->ranks || !r->shown) {
		report_free(r);
		return NULL;
	}
	return r;
}

void report_free(struct report *r)
{
	if (!r)
		return;
	free(r->rows);
	free(r->tags);
	free(r->slots);
	free(r->ranks);
	free(r->shown);
	free(r);
}

size_t report_memory(const struct report *r)
{
	size_t row = sizeof(*r->rows) + sizeof(*r->ranks) + sizeof(*r->shown);
	size_t slot = sizeof(*r->tags) + sizeof(*r->slots);

	return sizeof(*r) + r->max_rows * row + r->nslots * slot;
}

/* The finalizer of splitmix64: bases differ in few bits, and neighbours must not cluster. */
static uint64_t hash_key(uint32_t target, uint64_t base)
{
	uint64_t h = base ^ (target * 0x9e3779b97f4a7c15ULL);

	h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9ULL;
	h = (h ^ (h >> 27)) * 0x94d049bb133111ebULL;
	return h ^ (h >> 31);
}

/* Of hash bits that do not choose the slot; 0 marks an empty slot. */
static uint8_t hash_tag(uint64_t hash)
{
	uint8_t tag = (uint8_t)(hash >> 56);

	return tag ? tag : 1;
}

static struct row *row_find(const struct report *r, uint64_t hash, uint32_t target, uint64_t base)
{
	size_t mask = r->nslots - 1;
	uint8_t tag = hash_tag(hash);

	for (size_t i = hash & mask; r->tags[i]; i = (i + 1) & mask) {
		struct row *row;

		if (r->tags[i] != tag)
			continue;
		row = &r->rows[r->slots[i]];
		if (row->sums.base == base && row->sums.target == target)
			return row;
	}
	return NULL;
}

static void slot_enter(struct report *r, uint64_t hash, size_t row)
{
	size_t mask = r->nslots - 1, i = hash & mask;

	while (r->tags[i])
		i = (i + 1) & mask;
	r->tags[i] = hash_tag(hash);
	r->slots[i] = (uint32_t)row;
}

static struct rank rank_by_weight(const struct report *r, size_t i)
{
	const struct report_row *row = &r->rows[i].sums;

	return (struct rank){.first = row->events, .second = row->cap_sum, .row = (uint32_t)i};
}

/*
 * Keep the rows that come behind `last` in weight. Their order stays, so that among rows of one
 * weight the older go first.
 */
static void keep_behind(struct report *r, struct rank last)
{
	size_t kept = 0;

	memset(r->tags, 0, r->nslots * sizeof(*r->tags));
	for (size_t i = 0; i < r->nrows; i++) {
		const struct row *row = &r->rows[i];
		struct rank rank = rank_by_weight(r, i);

		if (!rank_before(&last, &rank))
			continue;
		slot_enter(r, hash_key(row->sums.target, row->sums.base), kept);
		if (kept != i)
			r->rows[kept] = *row;
		kept++;
	}
	r->evicted += r->nrows - kept;
	r->nrows = kept;
}

/*
 * A half, so that the walks over all rows are shared by many new ones. The sums of what goes need
 * no adding up: `other` is what the totals hold beyond the shown rows.
 */
static void evict_half(struct report *r)
{
	size_t half = r->nrows - r->nrows / 2;

	for (size_t i = 0; i < r->nrows; i++)
		r->ranks[i] = rank_by_weight(r, i);
	rank_select(r->ranks, r->nrows, half - 1);
	keep_behind(r, r->ranks[half - 1]);
}

static struct row *row_add(struct report *r, const struct ss_base_key *key)
{
	struct row *row = &r->rows[r->nrows++];

	memset(row, 0, sizeof(*row));
	row->sums.target = key->target;
	row->sums.base = key->base;
	return row;
}

static void row_enter_interval(struct report *r, struct row *row)
{
	if (row->epoch == r->epoch)
		return;
	row->epoch = r->epoch;
	row->sums.d_events = row->sums.d_len_sum = row->sums.d_cap_sum = 0;
	r->interval_rows++;
}

static void row_merge(struct report_row *row, const struct ss_base *val)
{
	row->events += val->events;
	row->len_sum += val->len_sum;
	row->cap_sum += val->cap_sum;
	row->d_events += val->events;
	row->d_len_sum += val->len_sum;
	row->d_cap_sum += val->cap_sum;
	row->len = val->len;
	row->cap = val->cap;
	row->op = val->op;
	row->site = val->site;
	row->type = val->type;
}

void report_add(struct report *r, const struct ss_base_key *key, const struct ss_base *val)
{
	uint64_t hash = hash_key(key->target, key->base), reused = val->reused;
	struct row *row = row_find(r, hash, key->target, key->base);

	if (row) {
		reused += row->sums.op != val->first_op || row->sums.site != val->first_site;
	} else {
		if (r->nrows == r->max_rows)
			evict_half(r);
		slot_enter(r, hash, r->nrows);
		row = row_add(r, key);
	}
	row_enter_interval(r, row);
	row_merge(&row->sums, val);
	row->sums.reused += reused;
	r->totals.events += val->events;
	r->totals.len_sum += val->len_sum;
	r->totals.cap_sum += val->cap_sum;
	r->totals.reused += reused;
}

static uint64_t sort_key(const struct report_row *row, enum report_sort sort, bool interval)
{
	switch (sort) {
	case REPORT_SORT_LEN:
		return interval ? row->d_len_sum : row->len_sum;
	case REPORT_SORT_CAP:
		return interval ? row->d_cap_sum : row->cap_sum;
	case REPORT_SORT_EVENTS:
		break;
	}
	return interval ? row->d_events : row->events;
}

static size_t rank_rows(struct report *r, enum report_sort sort, bool interval)
{
	size_t n = 0;

	for (size_t i = 0; i < r->nrows; i++) {
		const struct report_row *row = &r->rows[i].sums;

		if (interval && (r->rows[i].epoch != r->epoch || row->d_events == 0))
			continue;
		r->ranks[n++] = (struct rank){
			.first = ~sort_key(row, sort, interval),
			.second = ~sort_key(row, REPORT_SORT_CAP, interval),
			.third = row->target,
			.fourth = row->base,
			.row = (uint32_t)i,
		};
	}
	return n;
}

static void show(struct report *r, size_t at, const struct row *row, struct report_other *other)
{
	struct report_row *shown = &r->shown[at];

	*shown = row->sums;
	if (row->epoch != r->epoch)
		shown->d_events = shown->d_len_sum = shown->d_cap_sum = 0;
	other->events -= shown->events;
	other->len_sum -= shown->len_sum;
	other->cap_sum -= shown->cap_sum;
}

size_t report_rows(struct report *r, enum report_sort sort, bool interval, size_t top,
		   const struct report_row **rows, struct report_other *other)
{
	size_t n = rank_rows(r, sort, interval);

	if (top > 0 && top < n) {
		rank_select(r->ranks, n, top - 1);
		n = top;
	}
	rank_sort(r->ranks, n);
	*other = (struct report_other){
		.rows = r->evicted + r->nrows - n,
		.events = r->totals.events,
		.len_sum = r->totals.len_sum,
		.cap_sum = r->totals.cap_sum,
		.evicted = r->evicted,
	};
	for (size_t i = 0; i < n; i++)
		show(r, i, &r->rows[r->ranks[i].row], other);
	*rows = r->shown;
	return n;
}

void report_interval_end(struct report *r)
{
	r->epoch++;
	r->interval_rows = 0;
	r->before = r->totals;
}

struct report_totals report_totals(const struct report *r)
{
	struct report_totals t = r->totals;

	t.rows = r->nrows;
	t.d_rows = r->interval_rows;
	t.d_events = t.events - r->before.events;
	t.d_len_sum = t.len_sum - r->before.len_sum;
	t.d_cap_sum = t.cap_sum - r->before.cap_sum;
	return t;
}
