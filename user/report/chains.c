// SPDX-License-Identifier: BSD-2-Clause
/*
 * Entries are kept as they come. For a report they are put in order, so that those of one row, and
 * of one capacity in it, are neighbours.
 */
#include "report/chains.h"

#include <stdlib.h>
#include <string.h>

#include "report/rank.h"

/* A rank has 32 bits for the number of an entry. */
#define ENDS_LIMIT UINT32_MAX

struct entry {
	struct report_key key;
	uint64_t elem_size;
	struct chain_end end;
};

struct chains {
	struct entry *entries;
	size_t nentries, max_entries;
	struct entry *kept; /* what entries begin with */
	size_t nkept;
	struct chain_end kept_total;
	struct rank *ranks;
	struct chain_end *ends;
	struct chain_row *rows;
	struct chain_end total;
};

struct chains *chains_new(size_t max_ends)
{
	struct chains *c;

	if (max_ends == 0)
		max_ends = 1;
	if (max_ends > ENDS_LIMIT)
		return NULL;
	c = calloc(1, sizeof(*c));
	if (!c)
		return NULL;
	c->max_entries = max_ends;
	c->entries = calloc(max_ends, sizeof(*c->entries));
	c->kept = calloc(max_ends, sizeof(*c->kept));
	c->ranks = calloc(max_ends, sizeof(*c->ranks));
	c->ends = calloc(max_ends, sizeof(*c->ends));
	c->rows = calloc(max_ends, sizeof(*c->rows));
	if (!c->entries || !c->kept || !c->ranks || !c->ends || !c->rows) {
		chains_free(c);
		return NULL;
	}
	return c;
}

void chains_free(struct chains *c)
{
	if (!c)
		return;
	free(c->entries);
	free(c->kept);
	free(c->ranks);
	free(c->ends);
	free(c->rows);
	free(c);
}

size_t chains_memory(const struct chains *c)
{
	size_t entry =
		2 * sizeof(*c->entries) + sizeof(*c->ranks) + sizeof(*c->ends) + sizeof(*c->rows);

	return sizeof(*c) + c->max_entries * entry;
}

static void sums_add(struct chain_end *to, const struct chain_end *from)
{
	to->chains += from->chains;
	to->len_sum += from->len_sum;
	to->steps += from->steps;
	to->copied += from->copied;
	to->dead += from->dead;
}

/* The total's cap is the sum of the capacities. */
static void total_add(struct chain_end *total, const struct chain_end *end)
{
	total->cap += end->cap * end->chains;
	sums_add(total, end);
}

void chains_add(struct chains *c, const struct report_key *key, uint64_t elem_size,
		const struct chain_end *end)
{
	struct entry *entry;

	total_add(&c->total, end);
	if (c->nentries == c->max_entries)
		return;
	entry = &c->entries[c->nentries++];
	*entry = (struct entry){.key = *key, .elem_size = elem_size, .end = *end};
	entry->key.stack = 0;
}

static bool is_same_row(const struct report_key *a, const struct report_key *b)
{
	return a->addr == b->addr && a->group == b->group && a->type == b->type && a->op == b->op;
}

static void rank_entries(struct chains *c, const struct entry *entries, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct entry *entry = &entries[i];
		const struct report_key *key = &entry->key;

		c->ranks[i] = (struct rank){
			.first = key->addr,
			.second = (uint64_t)key->group << 32 | key->type,
			.third = key->op,
			.fourth = entry->end.cap,
			.row = (uint32_t)i,
		};
	}
	rank_sort(c->ranks, n);
}

/* Add up those of one row and capacity. */
static void merge_kept(struct chains *c)
{
	size_t n = 0;

	rank_entries(c, c->kept, c->nkept);
	for (size_t i = 0; i < c->nkept; i++) {
		const struct entry *entry = &c->kept[c->ranks[i].row];
		struct entry *last = n ? &c->entries[n - 1] : NULL;

		if (last && is_same_row(&last->key, &entry->key) &&
		    last->end.cap == entry->end.cap && last->elem_size == entry->elem_size)
			sums_add(&last->end, &entry->end);
		else
			c->entries[n++] = *entry;
	}
	memcpy(c->kept, c->entries, n * sizeof(*c->kept));
	c->nkept = n;
}

/* Half of the room is for those that live: of what is kept, what copied least goes. */
static void cut_kept(struct chains *c)
{
	const size_t most = (c->max_entries + 1) / 2;

	if (c->nkept <= most)
		return;
	for (size_t i = 0; i < c->nkept; i++)
		c->ranks[i] = (struct rank){.first = ~c->kept[i].end.copied, .row = (uint32_t)i};
	rank_sort(c->ranks, c->nkept);
	for (size_t i = 0; i < most; i++)
		c->entries[i] = c->kept[c->ranks[i].row];
	memcpy(c->kept, c->entries, most * sizeof(*c->kept));
	c->nkept = most;
}

void chains_clear(struct chains *c)
{
	merge_kept(c);
	cut_kept(c);
	memcpy(c->entries, c->kept, c->nkept * sizeof(*c->kept));
	c->nentries = c->nkept;
	c->total = c->kept_total;
}

void chains_keep(struct chains *c, const struct report_key *key, uint64_t elem_size,
		 const struct chain_end *end)
{
	chains_add(c, key, elem_size, end);
	total_add(&c->kept_total, end);
	if (c->nkept == c->max_entries)
		return;
	c->kept[c->nkept] = (struct entry){.key = *key, .elem_size = elem_size, .end = *end};
	c->kept[c->nkept++].key.stack = 0;
}

void chains_forget(struct chains *c, report_group_fn is_over, void *ctx)
{
	size_t n = 0;

	for (size_t i = 0; i < c->nkept; i++)
		if (!is_over(ctx, c->kept[i].key.group))
			c->kept[n++] = c->kept[i];
	c->nkept = n;
}

/* Add an entry that comes in order; *end is one behind the last end of all rows. */
static void row_add(struct chain_row *row, struct chain_end **end, const struct entry *entry)
{
	/* Sizes differ only where types are not known: the largest hides no memory. */
	if (entry->elem_size > row->elem_size)
		row->elem_size = entry->elem_size;
	total_add(&row->total, &entry->end);
	if (row->nends > 0 && (*end)[-1].cap == entry->end.cap) {
		sums_add(&(*end)[-1], &entry->end);
		return;
	}
	*(*end)++ = entry->end;
	row->nends++;
}

/* The rows in the order of their keys. */
static size_t group_entries(struct chains *c)
{
	struct chain_end *end = c->ends;
	size_t nrows = 0;

	for (size_t i = 0; i < c->nentries; i++) {
		const struct entry *entry = &c->entries[c->ranks[i].row];

		if (nrows == 0 || !is_same_row(&c->rows[nrows - 1].key, &entry->key))
			c->rows[nrows++] = (struct chain_row){.key = entry->key, .ends = end};
		row_add(&c->rows[nrows - 1], &end, entry);
	}
	return nrows;
}

static uint64_t sort_key(const struct chain_end *total, enum chains_sort sort)
{
	switch (sort) {
	case CHAINS_SORT_DEAD:
		return total->dead;
	case CHAINS_SORT_STEPS:
		return total->steps;
	case CHAINS_SORT_CHAINS:
		return total->chains;
	case CHAINS_SORT_COPIED:
	case CHAINS_SORTS:
		break;
	}
	return total->copied;
}

/* Bring each row to its rank's place, along the cycles of that permutation. */
static void move_rows(struct chains *c, size_t nrows)
{
	for (size_t i = 0; i < nrows; i++) {
		struct chain_row first = c->rows[i];
		size_t at = i, from;

		while ((from = c->ranks[at].row) != i) {
			c->rows[at] = c->rows[from];
			c->ranks[at].row = (uint32_t)at;
			at = from;
		}
		c->rows[at] = first;
		c->ranks[at].row = (uint32_t)at;
	}
}

size_t chains_rows(struct chains *c, enum chains_sort sort, const struct chain_row **rows,
		   struct chain_end *total)
{
	size_t nrows;

	rank_entries(c, c->entries, c->nentries);
	nrows = group_entries(c);
	for (size_t i = 0; i < nrows; i++)
		c->ranks[i] = (struct rank){.first = ~sort_key(&c->rows[i].total, sort),
					    .row = (uint32_t)i};
	rank_sort(c->ranks, nrows);
	move_rows(c, nrows);
	*rows = c->rows;
	*total = c->total;
	return nrows;
}

uint64_t chain_row_cap_at(const struct chain_row *row, unsigned int percent)
{
	double wanted = (double)row->total.chains * percent / 100;
	uint64_t chains = 0;

	for (size_t i = 0; i < row->nends; i++) {
		chains += row->ends[i].chains;
		if (chains > 0 && (double)chains >= wanted)
			return row->ends[i].cap;
	}
	return row->nends ? row->ends[row->nends - 1].cap : 0;
}
