// SPDX-License-Identifier: BSD-2-Clause
#include "report/diff_align.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * Pairs of sites that are looked at for how far lines have moved, each a few hundred times at most:
 * those of a function with 256 sites in both runs.
 */
#define PAIRS_MAX (1U << 16)

struct lists {
	const struct diff_site *a, *b;
	size_t na, nb;
};

/* How far a line of A has moved. */
static int64_t shift_of(const struct diff_site *a, const struct diff_site *b)
{
	return (int64_t)b->line - a->line;
}

static bool same_kind(const struct diff_site *a, const struct diff_site *b)
{
	return a->op == b->op && !strcmp(a->elem, b->elem);
}

static int compare_kinds(const struct diff_site *a, const struct diff_site *b)
{
	int order = strcmp(a->elem, b->elem);

	return order ? order : (a->op > b->op) - (a->op < b->op);
}

static int compare_shifts(const void *one, const void *other)
{
	const int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

	return (a > b) - (a < b);
}

/* The most frequent; of equally many the one nearest to 0. */
static int64_t most_frequent(const int64_t *shifts, size_t n)
{
	int64_t best = 0;
	size_t most = 0;

	for (size_t i = 0; i < n;) {
		size_t end = i;

		while (end < n && shifts[end] == shifts[i])
			end++;
		if (end - i > most || (end - i == most && llabs(shifts[i]) < llabs(best))) {
			most = end - i;
			best = shifts[i];
		}
		i = end;
	}
	return best;
}

/* How far most sites of the function have moved. 0 or -ENOMEM. */
static int find_shift(const struct lists *l, int64_t *shift)
{
	int64_t *shifts;
	size_t n = 0;

	*shift = 0;
	if (!l->na || !l->nb || l->na > PAIRS_MAX / l->nb)
		return 0;
	shifts = calloc(l->na * l->nb, sizeof(*shifts));
	if (!shifts)
		return -ENOMEM;
	for (size_t i = 0; i < l->na; i++)
		for (size_t j = 0; j < l->nb; j++)
			if (same_kind(&l->a[i], &l->b[j]))
				shifts[n++] = shift_of(&l->a[i], &l->b[j]);
	qsort(shifts, n, sizeof(*shifts), compare_shifts);
	*shift = most_frequent(shifts, n);
	free(shifts);
	return 0;
}

static void put(struct diff_row *rows, size_t *nrows, const struct diff_site *a,
		const struct diff_site *b)
{
	rows[(*nrows)++] = (struct diff_row){a, b};
}

/* In order, where there are as many; else each is alone. */
static void pair_in_order(const struct lists *l, struct diff_row *rows, size_t *nrows)
{
	for (size_t i = 0; i < l->na; i++)
		put(rows, nrows, &l->a[i], l->na == l->nb ? &l->b[i] : NULL);
	for (size_t j = 0; j < l->nb && l->na != l->nb; j++)
		put(rows, nrows, NULL, &l->b[j]);
}

static int align_kind(struct lists l, int64_t shift, struct diff_row *rows, size_t *nrows);

/* What lies between two pairs: lines there may have moved by themselves. */
static int align_gap(const struct lists *l, struct diff_row *rows, size_t *nrows)
{
	int64_t shift;
	int err;

	if (l->na == l->nb || !l->na || !l->nb || l->na > PAIRS_MAX / l->nb) {
		pair_in_order(l, rows, nrows);
		return 0;
	}
	err = find_shift(l, &shift);
	return err ? err : align_kind(*l, shift, rows, nrows);
}

/*
 * Sites of one kind. Those that moved by shift divide the others. A gap's own shift is that of two
 * of its sites, so that gaps become smaller.
 */
static int align_kind(struct lists l, int64_t shift, struct diff_row *rows, size_t *nrows)
{
	size_t i = 0, j = 0;
	int err = 0;

	while (l.na != l.nb && i < l.na && j < l.nb && !err) {
		const int64_t off = shift_of(&l.a[i], &l.b[j]) - shift;

		if (off == 0) {
			const struct lists before = {l.a, l.b, i, j};

			err = align_gap(&before, rows, nrows);
			put(rows, nrows, &l.a[i], &l.b[j]);
			l = (struct lists){l.a + i + 1, l.b + j + 1, l.na - i - 1, l.nb - j - 1};
			i = j = 0;
		} else if (off < 0) {
			j++;
		} else {
			i++;
		}
	}
	return err ? err : align_gap(&l, rows, nrows);
}

static size_t kind_end(const struct diff_site *sites, size_t n, const struct diff_site *kind)
{
	size_t end = 0;

	while (end < n && same_kind(&sites[end], kind))
		end++;
	return end;
}

int diff_align(const struct diff_site *a, size_t na, const struct diff_site *b, size_t nb,
	       struct diff_row *rows, size_t *nrows)
{
	struct lists left = {a, b, na, nb};
	int64_t shift;
	int err = find_shift(&left, &shift);

	while (!err && (left.na || left.nb)) {
		const bool from_a = !left.nb || (left.na && compare_kinds(left.a, left.b) <= 0);
		const struct diff_site *kind = from_a ? left.a : left.b;
		const size_t ends[] = {kind_end(left.a, left.na, kind),
				       kind_end(left.b, left.nb, kind)};
		const struct lists of_kind = {left.a, left.b, ends[0], ends[1]};

		err = align_kind(of_kind, shift, rows, nrows);
		left = (struct lists){left.a + ends[0], left.b + ends[1], left.na - ends[0],
				      left.nb - ends[1]};
	}
	return err;
}
