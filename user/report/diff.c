// SPDX-License-Identifier: BSD-2-Clause
#include "report/diff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/diff_align.h"

struct diff {
	struct diff_row *rows;
	size_t nrows;
	struct diff_row *changed;
};

static int compare_ints(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* By function, then by what moves together when lines are inserted, then by line. */
static int compare_sites(const void *one, const void *other)
{
	const struct diff_site *a = one, *b = other;
	int order = strcmp(a->func, b->func);

	if (!order)
		order = strcmp(a->elem, b->elem);
	if (!order)
		order = compare_ints(a->op, b->op);
	return order ? order : compare_ints(a->line, b->line);
}

/* The number of sites left. */
static size_t merge(struct diff_site *sites, size_t n)
{
	size_t kept = 0;

	if (!n)
		return 0;
	qsort(sites, n, sizeof(*sites), compare_sites);
	for (size_t i = 1; i < n; i++) {
		if (compare_sites(&sites[kept], &sites[i]))
			sites[++kept] = sites[i];
		else
			report_sums_add(&sites[kept].sums, &sites[i].sums);
	}
	return kept + 1;
}

/* Sites of one function: as many as are in both from i and j on. */
static size_t function_end(const struct diff_site *sites, size_t n, size_t from, const char *func)
{
	while (from < n && !strcmp(sites[from].func, func))
		from++;
	return from;
}

/* Walk both, function by function. */
static int align_all(struct diff *d, const struct diff_site *a, size_t na,
		     const struct diff_site *b, size_t nb)
{
	size_t i = 0, j = 0;
	int err = 0;

	while ((i < na || j < nb) && !err) {
		const bool from_a = j == nb || (i < na && strcmp(a[i].func, b[j].func) <= 0);
		const char *func = from_a ? a[i].func : b[j].func;
		const size_t end_a = function_end(a, na, i, func);
		const size_t end_b = function_end(b, nb, j, func);

		err = diff_align(a + i, end_a - i, b + j, end_b - j, d->rows, &d->nrows);
		i = end_a;
		j = end_b;
	}
	return err;
}

struct diff *diff_new(struct diff_site *a, size_t na, struct diff_site *b, size_t nb)
{
	struct diff *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	na = merge(a, na);
	nb = merge(b, nb);
	d->rows = calloc(na + nb + 1, sizeof(*d->rows));
	d->changed = calloc(na + nb + 1, sizeof(*d->changed));
	if (d->rows && d->changed && !align_all(d, a, na, b, nb))
		return d;
	diff_free(d);
	return NULL;
}

void diff_free(struct diff *d)
{
	if (!d)
		return;
	free(d->rows);
	free(d->changed);
	free(d);
}

uint64_t diff_figure(const struct report_sums *sums, enum report_sort key)
{
	return sums ? report_figure(sums, key) : 0;
}

static double change(const struct diff_row *row, enum report_sort key,
		     const struct diff_scale *scale)
{
	return (double)diff_figure(row->b ? &row->b->sums : NULL, key) / scale->b -
	       (double)diff_figure(row->a ? &row->a->sums : NULL, key) / scale->a;
}

static bool is_changed(const struct diff_row *row, enum report_sort key,
		       const struct diff_scale *scale)
{
	return change(row, key, scale) != 0 || change(row, REPORT_SORT_EVENTS, scale) != 0 ||
	       change(row, REPORT_SORT_ALLOCATED, scale) != 0 ||
	       change(row, REPORT_SORT_COPIED, scale) != 0;
}

struct order {
	enum report_sort key;
	const struct diff_scale *scale;
};

/* Ties by the site, so that the order is the same everywhere. */
static int compare_changes(const void *one, const void *other, void *ctx)
{
	const struct diff_row *a = one, *b = other;
	const struct order *o = ctx;
	const double change_a = fabs(change(a, o->key, o->scale));
	const double change_b = fabs(change(b, o->key, o->scale));

	if (change_a != change_b)
		return change_a > change_b ? -1 : 1;
	return compare_sites(a->b ? a->b : a->a, b->b ? b->b : b->a);
}

size_t diff_changed(struct diff *d, enum report_sort key, const struct diff_scale *scale,
		    const struct diff_row **rows)
{
	struct order order = {key, scale};
	size_t n = 0;

	for (size_t i = 0; i < d->nrows; i++)
		if (is_changed(&d->rows[i], key, scale))
			d->changed[n++] = d->rows[i];
	qsort_r(d->changed, n, sizeof(*d->changed), compare_changes, &order);
	*rows = d->changed;
	return n;
}

bool diff_exceeds(double a, double b, double whole, double percent)
{
	return b > a && (b - a) * 100 > percent * whole;
}
