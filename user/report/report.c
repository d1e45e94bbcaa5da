// SPDX-License-Identifier: BSD-2-Clause
/* Rows lie densely in one array: an eviction compacts it and builds their index anew. */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "report/key.h"
#include "report/rows.h"

struct report *report_new(size_t max_rows, bool with_lens)
{
	struct report *r;

	if (max_rows == 0)
		max_rows = 1;
	if (max_rows > INDEX_ROWS_MAX)
		return NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->max_rows = max_rows;
	r->epoch = 1;
	r->rows = calloc(max_rows, sizeof(*r->rows));
	r->ranks = calloc(max_rows, sizeof(*r->ranks));
	r->shown = calloc(max_rows, sizeof(*r->shown));
	if (with_lens)
		r->lens = calloc(max_rows, SS_LEN_BUCKETS * sizeof(*r->lens));
	if (index_init(&r->index, max_rows) || !r->rows || !r->ranks || !r->shown ||
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
	index_destroy(&r->index);
	free(r->ranks);
	free(r->shown);
	free(r->lens);
	free(r);
}

size_t report_memory(const struct report *r)
{
	size_t row = sizeof(*r->rows) + sizeof(*r->ranks) + sizeof(*r->shown);

	if (r->lens)
		row += SS_LEN_BUCKETS * sizeof(*r->lens);
	return sizeof(*r) + r->max_rows * row + index_memory(r->max_rows);
}

struct wanted {
	const struct row *rows;
	const struct report_key *key;
};

static bool is_wanted(const void *ctx, uint32_t row)
{
	const struct wanted *w = ctx;

	return report_key_same(&w->rows[row].shown.key, w->key);
}

/* True with the number of the key's row; else false with the slot where it would be entered. */
static bool row_find(const struct report *r, uint64_t hash, const struct report_key *key,
		     size_t *at)
{
	const struct wanted wanted = {r->rows, key};

	return index_find(&r->index, hash, is_wanted, &wanted, at);
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

typedef bool (*is_kept_fn)(const struct report *r, size_t row, void *ctx);

/*
 * Their order stays, so that among rows of one weight the older go first. The sums of what goes
 * need no adding up: `other` is what the totals hold beyond the shown rows.
 */
static void keep(struct report *r, is_kept_fn is_kept, void *ctx)
{
	size_t kept = 0;

	index_clear(&r->index);
	for (size_t i = 0; i < r->nrows; i++) {
		uint64_t hash;

		if (!is_kept(r, i, ctx))
			continue;
		hash = report_key_hash(&r->rows[i].shown.key);
		index_enter(&r->index, index_free_slot(&r->index, hash), hash, kept);
		if (kept != i)
			move_row(r, kept, i);
		kept++;
	}
	r->evicted += r->nrows - kept;
	r->nrows = kept;
}

/* Of those that come behind `last` in weight. */
static bool is_behind(const struct report *r, size_t row, void *last)
{
	struct rank rank = rank_by_weight(r, row);

	return rank_before(last, &rank);
}

/* Three quarters, so that the walks over all rows are shared by many new ones. */
static void evict_most(struct report *r)
{
	size_t kept = (r->nrows + 3) / 4;
	size_t most = kept < r->nrows ? r->nrows - kept : 1;
	struct rank last;

	for (size_t i = 0; i < r->nrows; i++)
		r->ranks[i] = rank_by_weight(r, i);
	rank_select(r->ranks, r->nrows, most - 1);
	last = r->ranks[most - 1];
	keep(r, is_behind, &last);
}

struct forgetting {
	report_group_fn is_over;
	void *ctx;
};

static bool is_not_over(const struct report *r, size_t row, void *ctx)
{
	const struct forgetting *f = ctx;

	return !f->is_over(f->ctx, r->rows[row].shown.key.group);
}

static void row_enter_interval(struct report *r, struct row *row)
{
	if (row->epoch == r->epoch)
		return;
	row->epoch = r->epoch;
	memset(&row->shown.d, 0, sizeof(row->shown.d));
	r->interval_rows++;
}

void report_sums_add(struct report_sums *to, const struct report_sums *from)
{
	to->events += from->events;
	to->len_sum += from->len_sum;
	to->cap_sum += from->cap_sum;
	to->allocated += from->allocated;
	to->copied += from->copied;
	to->slack += from->slack;
	to->unsized += from->unsized;
}

void report_sums_subtract(struct report_sums *from, const struct report_sums *part)
{
	from->events -= part->events;
	from->len_sum -= part->len_sum;
	from->cap_sum -= part->cap_sum;
	from->allocated -= part->allocated;
	from->copied -= part->copied;
	from->slack -= part->slack;
	from->unsized -= part->unsized;
}

static void row_merge(struct report *r, struct row *row, const struct report_delta *delta)
{
	row_enter_interval(r, row);
	report_sums_add(&row->shown.sums, &delta->sums);
	report_sums_add(&row->shown.d, &delta->sums);
	row->shown.last = delta->last;
}

static struct row *row_add(struct report *r, const struct report_key *key,
			   const struct report_delta *delta)
{
	size_t i = r->nrows++;

	r->rows[i] = (struct row){
		.shown = {.key = *key,
			  .sums = delta->sums,
			  .d = delta->sums,
			  .last = delta->last,
			  .lens = lens_of(r, i)},
		.epoch = r->epoch,
	};
	r->interval_rows++;
	if (r->lens)
		memset(lens_of(r, i), 0, SS_LEN_BUCKETS * sizeof(*r->lens));
	return &r->rows[i];
}

static struct row *row_make(struct report *r, const struct report_key *key, uint64_t hash,
			    size_t slot, const struct report_delta *delta)
{
	if (r->nrows == r->max_rows) {
		evict_most(r);
		slot = index_free_slot(&r->index, hash);
	}
	index_enter(&r->index, slot, hash, r->nrows);
	return row_add(r, key, delta);
}

static void lens_add(const struct report *r, const struct row *row,
		     const struct report_delta *delta)
{
	uint64_t *sums = lens_of(r, (size_t)(row - r->rows));

	for (size_t i = 0; sums && delta->lens && i < SS_LEN_BUCKETS; i++)
		sums[i] += delta->lens[i];
	for (size_t i = 0; sums && delta->lens_before && i < SS_LEN_BUCKETS; i++)
		sums[i] += delta->lens_before[i];
}

static void lengths_add(struct report *r, uint32_t op, const struct report_delta *delta)
{
	struct report_lengths *l = &r->by_op[op < SS_OPS ? op : SS_OP_NONE];

	l->events += delta->sums.events;
	l->len_sum += delta->sums.len_sum;
	for (size_t i = 0; delta->lens && i < SS_LEN_BUCKETS; i++)
		l->lens[i] += delta->lens[i];
	for (size_t i = 0; delta->lens_before && i < SS_LEN_BUCKETS; i++)
		l->lens[i] += delta->lens_before[i];
}

static void add_now(struct report *r, const struct waiting *w)
{
	uint64_t reused = w->delta.reused;
	struct row *row;
	size_t at;

	if (row_find(r, w->hash, &w->key, &at)) {
		const struct report_last *last = &r->rows[at].shown.last;

		row = &r->rows[at];
		reused += last->op != w->delta.first_op || last->site != w->delta.first_site;
		row_merge(r, row, &w->delta);
	} else {
		row = row_make(r, &w->key, w->hash, at, &w->delta);
	}
	lens_add(r, row, &w->delta);
	if (r->lens)
		lengths_add(r, w->key.op, &w->delta);
	row->shown.reused += reused;
	r->reused += reused;
}

static void add_oldest(struct report *r)
{
	add_now(r, &r->waiting[r->oldest]);
	r->oldest = (r->oldest + 1) % WAITING_MAX;
	r->nwaiting--;
}

void rows_settle(struct report *r)
{
	while (r->nwaiting)
		add_oldest(r);
}

/* The lengths are only borrowed: where they are kept, nothing waits. */
void report_add(struct report *r, const struct report_key *key, const struct report_delta *delta)
{
	struct waiting *w;

	if (r->nwaiting == WAITING_MAX)
		add_oldest(r);
	w = &r->waiting[(r->oldest + r->nwaiting++) % WAITING_MAX];
	*w = (struct waiting){.key = *key, .delta = *delta, .hash = report_key_hash(key)};
	report_sums_add(&r->totals, &delta->sums);
	if (r->lens)
		rows_settle(r);
	else
		index_prefetch(&r->index, w->hash);
}

void report_forget(struct report *r, report_group_fn is_over, void *ctx)
{
	struct forgetting f = {is_over, ctx};

	rows_settle(r);
	keep(r, is_not_over, &f);
}

void report_add_evicted(struct report *r, const struct report_sums *sums, uint64_t rows)
{
	report_sums_add(&r->totals, sums);
	r->evicted += rows;
}

/* Row i, which is not in the index any more, comes to the rows kept, or to one of them. */
static size_t rekey(struct report *r, size_t kept, size_t i)
{
	const struct report_key key = r->rows[i].shown.key;
	const uint64_t hash = report_key_hash(&key);
	struct report_delta before = {.lens_before = lens_of(r, i)};
	struct row *row;
	size_t at;

	if (!row_find(r, hash, &key, &at)) {
		index_enter(&r->index, at, hash, kept);
		if (kept != i)
			move_row(r, kept, i);
		return kept + 1;
	}
	row = &r->rows[at];
	report_sums_add(&row->shown.sums, &r->rows[i].shown.sums);
	if (r->rows[i].epoch == r->epoch) {
		row_enter_interval(r, row);
		report_sums_add(&row->shown.d, &r->rows[i].shown.d);
	}
	row->shown.reused += r->rows[i].shown.reused;
	lens_add(r, row, &before);
	return kept;
}

void report_regroup(struct report *r, report_regroup_fn group_of, void *ctx)
{
	size_t kept = 0;

	rows_settle(r);
	index_clear(&r->index);
	for (size_t i = 0; i < r->nrows; i++) {
		struct report_key *key = &r->rows[i].shown.key;

		key->group = group_of(ctx, key->group, &key->stack);
		kept = rekey(r, kept, i);
	}
	r->nrows = kept;
}
