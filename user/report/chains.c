// SPDX-License-Identifier: BSD-2-Clause
/*
 * Entries are kept as they come. For a report they are put in order, so that those of one row, and
 * of one capacity in it, are neighbours.
 */
#include "report/chains.h"

#include <stdlib.h>

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
	c->ranks = calloc(max_ends, sizeof(*c->ranks));
	c->ends = calloc(max_ends, sizeof(*c->ends));
	c->rows = calloc(max_ends, sizeof(*c->rows));
	if (!c->entries || !c->ranks || !c->ends || !c->rows) {
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
	free(c->ranks);
	free(c->ends);
	free(c->rows);
	free(c);
}

size_t chains_memory(const struct chains *c)
{
	size_t entry =
		sizeof(*c->entries) + sizeof(*c->ranks) + sizeof(*c->ends) + sizeof(*c->rows);

	return sizeof(*c) + c->max_entries * entry;
}

void chains_clear(struct chains *c)
{
	c->nentries = 0;
	c->total = (struct chain_end){0};
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

static void rank_entries(struct chains *c)
{
	for (size_t i = 0; i < c->nentries; i++) {
		const struct entry *entry = &c->entries[i];
		const struct report_key *key = &entry->key;

		c->ranks[i] = (struct rank){
			.first = key->addr,
			.second = (uint64_t)key->group << 32 | key->type,
			.third = key->op,
			.fourth = entry->end.cap,
			.row = (uint32_t)i,
		};
	}
	rank_sort(c->ranks, c->nentries);
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

	rank_entries(c);
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
