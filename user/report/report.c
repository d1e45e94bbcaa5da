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
	struct report_row shown;
	uint64_t epoch; /* interval that shown.d belongs to */
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
	const struct report_row **shown; /* what report_rows hands out */
	uint64_t *lens;			 /* SS_LEN_BUCKETS for each row, or NULL */
	uint64_t epoch;
	uint64_t evicted; /* rows */
	uint64_t interval_rows;
	uint64_t reused;
	struct report_sums totals, before; /* now, and when the interval began */
};

static size_t slots_for(size_t max_rows)
{
	size_t n = 4;

	while (n < 2 * max_rows)
		n *= 2;
	return n;
}

struct report *report_new(size_t max_rows, bool with_lens)
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
	if (with_lens)
		r->lens = calloc(max_rows, SS_LEN_BUCKETS * sizeof(*r->lens));
	if (!r->rows || !r->tags || !r->slots || !r->ranks || !r->shown ||
	    (with_lens && !r->lens)) {
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
	free(r->lens);
	free(r);
}

size_t report_memory(const struct report *r)
{
	size_t row = sizeof(*r->rows) + sizeof(*r->ranks) + sizeof(*r->shown);
	size_t slot = sizeof(*r->tags) + sizeof(*r->slots);

	if (r->lens)
		row += SS_LEN_BUCKETS * sizeof(*r->lens);
	return sizeof(*r) + r->max_rows * row + r->nslots * slot;
}

/* The finalizer of splitmix64: bases differ in few bits, and neighbours must not cluster. */
static uint64_t hash_key(const struct report_key *key)
{
	uint64_t rest = ((uint64_t)key->type << 32 | key->stack) ^ (uint64_t)key->op << 56;
	uint64_t h =
		key->addr ^ (key->group * 0x9e3779b97f4a7c15ULL) ^ (rest * 0xd6e8feb86659fd93ULL);

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

static bool same_key(const struct report_key *a, const struct report_key *b)
{
	return a->addr == b->addr && a->group == b->group && a->type == b->type &&
	       a->stack == b->stack && a->op == b->op;
}

static struct row *row_find(const struct report *r, uint64_t hash, const struct report_key *key)
{
	size_t mask = r->nslots - 1;
	uint8_t tag = hash_tag(hash);

	for (size_t i = hash & mask; r->tags[i]; i = (i + 1) & mask) {
		struct row *row;

		if (r->tags[i] != tag)
			continue;
		row = &r->rows[r->slots[i]];
		if (same_key(&row->shown.key, key))
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
	const struct report_sums *sums = &r->rows[i].shown.sums;

	return (struct rank){.first = sums->events, .second = sums->cap_sum, .row = (uint32_t)i};
}

static uint64_t *lens_of(const struct report *r, size_t i)
{
	return r->lens ? r->lens + i * SS_LEN_BUCKETS : NULL;
}

static void move_row(struct report *r, size_t to, size_t from)
{
	r->rows[to] = r->rows[from];
	r->rows[to].shown.lens = lens_of(r, to);
	if (r->lens)
		memcpy(lens_of(r, to), lens_of(r, from), SS_LEN_BUCKETS * sizeof(*r->lens));
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
		slot_enter(r, hash_key(&row->shown.key), kept);
		if (kept != i)
			move_row(r, kept, i);
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

static struct row *row_add(struct report *r, const struct report_key *key)
{
	size_t i = r->nrows++;
	struct row *row = &r->rows[i];

	memset(row, 0, sizeof(*row));
	row->shown.key = *key;
	row->shown.lens = lens_of(r, i);
	if (r->lens)
		memset(lens_of(r, i), 0, SS_LEN_BUCKETS * sizeof(*r->lens));
	return row;
}

static void row_enter_interval(struct report *r, struct row *row)
{
	if (row->epoch == r->epoch)
		return;
	row->epoch = r->epoch;
	memset(&row->shown.d, 0, sizeof(row->shown.d));
	r->interval_rows++;
}

static void sums_add(struct report_sums *to, const struct report_sums *from)
{
	to->events += from->events;
	to->len_sum += from->len_sum;
	to->cap_sum += from->cap_sum;
	to->allocated += from->allocated;
	to->copied += from->copied;
	to->slack += from->slack;
	to->unsized += from->unsized;
}

static void row_merge(struct report *r, struct row *row, const struct report_delta *delta)
{
	uint64_t *lens = lens_of(r, (size_t)(row - r->rows));

	sums_add(&row->shown.sums, &delta->sums);
	sums_add(&row->shown.d, &delta->sums);
	row->shown.last = delta->last;
	for (size_t i = 0; lens && delta->lens && i < SS_LEN_BUCKETS; i++)
		lens[i] += delta->lens[i];
}

void report_add(struct report *r, const struct report_key *key, const struct report_delta *delta)
{
	uint64_t hash = hash_key(key), reused = delta->reused;
	struct row *row = row_find(r, hash, key);

	if (row) {
		const struct report_last *last = &row->shown.last;

		reused += last->op != delta->first_op || last->site != delta->first_site;
	} else {
		if (r->nrows == r->max_rows)
			evict_half(r);
		slot_enter(r, hash, r->nrows);
		row = row_add(r, key);
	}
	row_enter_interval(r, row);
	row_merge(r, row, delta);
	row->shown.reused += reused;
	r->reused += reused;
	sums_add(&r->totals, &delta->sums);
}

static uint64_t sort_key(const struct report_sums *sums, enum report_sort sort)
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

static size_t rank_rows(struct report *r, const struct report_query *query)
{
	size_t n = 0;

	for (size_t i = 0; i < r->nrows; i++) {
		const struct report_row *row = &r->rows[i].shown;
		const struct report_sums *sums = query->interval ? &row->d : &row->sums;

		if (query->interval && (r->rows[i].epoch != r->epoch || sums->events == 0))
			continue;
		if (sums->allocated < query->min_bytes && !sums->unsized)
			continue;
		r->ranks[n++] = (struct rank){
			.first = ~sort_key(sums, query->sort),
			.second = ~sums->cap_sum,
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
	size_t n = rank_rows(r, query);

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

struct report_totals report_totals(const struct report *r)
{
	return (struct report_totals){
		.rows = r->nrows,
		.d_rows = r->interval_rows,
		.reused = r->reused,
		.sums = r->totals,
		.d = sums_less(&r->totals, &r->before),
	};
}
