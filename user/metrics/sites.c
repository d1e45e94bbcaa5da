// SPDX-License-Identifier: BSD-2-Clause
/*
 * A row is of an address; a series is of a line as people know it. So more than one row may come to
 * a series: those of rows that have are kept sorted.
 */
#include "metrics/sites.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "report/key.h"

/* What is smaller than one part in so many times the series is left to `other`. */
#define PARTS_A_SERIES 10
/* Rows that have a series, for each series. */
#define ROWS_A_SERIES 16

struct member {
	struct report_key key;
	size_t series;
};

struct sites {
	struct site_series *series;
	size_t n, max;
	struct member *members; /* by key */
	size_t nmembers, max_members;
	struct report_sums other;
};

struct sites *sites_new(size_t max)
{
	struct sites *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->max = max;
	s->max_members = max * ROWS_A_SERIES;
	s->series = calloc(max + 1, sizeof(*s->series));
	s->members = calloc(s->max_members + 1, sizeof(*s->members));
	if (!s->series || !s->members) {
		sites_free(s);
		return NULL;
	}
	return s;
}

static void clear_series(struct site_series *series)
{
	for (size_t i = 0; i < SITE_LABELS; i++)
		free(series->labels[i]);
	*series = (struct site_series){.labels = {NULL}};
}

void sites_free(struct sites *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		clear_series(&s->series[i]);
	free(s->series);
	free(s->members);
	free(s);
}

/* Where the key is, or would be. */
static size_t place_of(const struct sites *s, const struct report_key *key)
{
	size_t low = 0, high = s->nmembers;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (report_key_compare(&s->members[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_member(const struct sites *s, size_t place, const struct report_key *key)
{
	return place < s->nmembers && report_key_same(&s->members[place].key, key);
}

static void enter(struct sites *s, size_t place, const struct report_key *key, size_t series)
{
	memmove(&s->members[place + 1], &s->members[place],
		(s->nmembers - place) * sizeof(*s->members));
	s->members[place] = (struct member){*key, series};
	s->nmembers++;
}

static void leave(struct sites *s, size_t place)
{
	s->nmembers--;
	memmove(&s->members[place], &s->members[place + 1],
		(s->nmembers - place) * sizeof(*s->members));
}

static size_t find_series(const struct sites *s, const char *const labels[SITE_LABELS])
{
	for (size_t i = 0; i < s->n; i++) {
		size_t same = 0;

		while (same < SITE_LABELS && !strcmp(s->series[i].labels[same], labels[same]))
			same++;
		if (same == SITE_LABELS)
			return i;
	}
	return s->n;
}

static int add_series(struct sites *s, const char *const labels[SITE_LABELS])
{
	struct site_series *series = &s->series[s->n];

	for (size_t i = 0; i < SITE_LABELS; i++) {
		series->labels[i] = strdup(labels[i]);
		if (!series->labels[i]) {
			clear_series(series);
			return -ENOMEM;
		}
	}
	s->n++;
	return 0;
}

struct updating {
	const struct report_totals *totals;
	enum report_sort sort;
	sites_name_fn name;
	void *ctx;
};

static bool is_large(const struct sites *s, const struct report_row *row, const struct updating *u)
{
	const uint64_t all = report_figure(&u->totals->sums, u->sort);
	const uint64_t parts = PARTS_A_SERIES * s->max;

	return parts && report_figure(&row->sums, u->sort) >= all / parts;
}

/* Its series, or max for none. */
static int promote(struct sites *s, size_t place, const struct report_row *row,
		   const struct updating *u, size_t *series)
{
	const char *labels[SITE_LABELS];

	*series = s->max;
	if (s->nmembers == s->max_members || !is_large(s, row, u))
		return 0;
	u->name(u->ctx, row, labels);
	*series = find_series(s, labels);
	if (*series == s->max)
		return 0;
	if (*series == s->n && add_series(s, labels)) {
		*series = s->max;
		return -ENOMEM;
	}
	enter(s, place, &row->key, *series);
	return 0;
}

/* A row that began anew may be of another file, whose number is that of one which is forgotten. */
static int series_of(struct sites *s, const struct report_row *row, const struct updating *u,
		     size_t *series)
{
	const size_t place = place_of(s, &row->key);

	if (is_member(s, place, &row->key)) {
		*series = s->members[place].series;
		if (row->d.events != row->sums.events)
			return 0;
		leave(s, place);
	}
	return promote(s, place, row, u, series);
}

static void subtract(struct report_sums *from, const struct report_sums *sums)
{
	from->events -= sums->events;
	from->len_sum -= sums->len_sum;
	from->cap_sum -= sums->cap_sum;
	from->allocated -= sums->allocated;
	from->copied -= sums->copied;
	from->slack -= sums->slack;
	from->unsized -= sums->unsized;
}

int sites_update(struct sites *s, const struct report_row *const *rows, size_t nrows,
		 const struct report_totals *totals, enum report_sort sort, sites_name_fn name,
		 void *ctx)
{
	const struct updating u = {totals, sort, name, ctx};
	struct report_sums rest = totals->d;
	int err = 0;

	for (size_t i = 0; i < nrows; i++) {
		size_t series;
		int failed = series_of(s, rows[i], &u, &series);

		err = err ? err : failed;
		if (series == s->max)
			continue;
		report_sums_add(&s->series[series].sums, &rows[i]->d);
		subtract(&rest, &rows[i]->d);
	}
	report_sums_add(&s->other, &rest);
	return err;
}

size_t sites_count(const struct sites *s)
{
	return s->n;
}

const struct site_series *sites_series(const struct sites *s, size_t i)
{
	return &s->series[i];
}

const struct report_sums *sites_other(const struct sites *s)
{
	return &s->other;
}
