// SPDX-License-Identifier: BSD-2-Clause
#include "metrics/sites.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "metrics/members.h"
#include "report/index.h"

/* What is smaller than one part in so many times the room is left to `other`. */
#define PARTS_A_PLACE 10

/* What had no events for so long may be retired. What comes once an hour is not. */
#define IDLE_S 4000.0

/* Rows that are of series: as many as a report has. */
#define MEMBERS_MAX 65536

struct sites {
	struct site_series *series;
	size_t n, max;
	struct index by_labels;
	struct members *members;
	struct report_sums other, retired;
	uint64_t intervals;
	bool has_new; /* a series came in the last interval: rows of none may be of it */
};

struct sites *sites_new(size_t max)
{
	struct sites *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->max = max;
	s->series = calloc(max + 1, sizeof(*s->series));
	s->members = members_new(MEMBERS_MAX);
	if (index_init(&s->by_labels, max) || !s->series || !s->members) {
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
	for (size_t i = 0; s->series && i < s->n; i++)
		clear_series(&s->series[i]);
	free(s->series);
	index_destroy(&s->by_labels);
	members_free(s->members);
	free(s);
}

/* FNV-1a, with an end of each label. */
static uint64_t hash_of(const char *const labels[SITE_LABELS])
{
	uint64_t h = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < SITE_LABELS; i++) {
		const char *c = labels[i];

		do
			h = (h ^ (uint8_t)*c) * 0x100000001b3ULL;
		while (*c++);
	}
	return h;
}

static bool has_labels(const struct site_series *series, const char *const labels[SITE_LABELS])
{
	size_t same = 0;

	while (same < SITE_LABELS && !strcmp(series->labels[same], labels[same]))
		same++;
	return same == SITE_LABELS;
}

struct wanted {
	const struct sites *sites;
	uint64_t hash;
	const char *const *labels;
};

static bool is_wanted(const void *ctx, uint32_t row)
{
	const struct wanted *w = ctx;
	const struct site_series *series = &w->sites->series[row];

	return series->hash == w->hash && has_labels(series, w->labels);
}

/* False: there is none. */
static bool find_series(const struct sites *s, uint64_t hash, const char *const labels[SITE_LABELS],
			size_t *number)
{
	const struct wanted wanted = {s, hash, labels};

	return index_find(&s->by_labels, hash, is_wanted, &wanted, number);
}

static void enter_series(struct sites *s, size_t i)
{
	const uint64_t hash = s->series[i].hash;

	index_enter(&s->by_labels, index_free_slot(&s->by_labels, hash), hash, i);
}

static bool is_idle(const struct site_series *series, const struct sites_interval *in)
{
	return series->active_s < in->end_s - IDLE_S;
}

/* For series that may come. */
static size_t room_of(const struct sites *s, const struct sites_interval *in)
{
	size_t room = s->max - s->n;

	for (size_t i = 0; i < s->n; i++)
		room += is_idle(&s->series[i], in);
	return room;
}

static void retire(struct sites *s, size_t i)
{
	report_sums_add(&s->retired, &s->series[i].sums);
	members_leave_series(s->members, i);
	clear_series(&s->series[i]);
	index_clear(&s->by_labels);
	for (size_t k = 0; k < s->n; k++)
		if (k != i)
			enter_series(s, k);
}

/* There is room. */
static size_t take_place(struct sites *s)
{
	size_t oldest = 0;

	if (s->n < s->max)
		return s->n++;
	for (size_t i = 1; i < s->n; i++)
		if (s->series[i].active_s < s->series[oldest].active_s)
			oldest = i;
	retire(s, oldest);
	return oldest;
}

static int add_series(struct sites *s, uint64_t hash, const char *const labels[SITE_LABELS],
		      double now_s, size_t *number)
{
	struct site_series new = {.hash = hash, .active_s = now_s};

	for (size_t i = 0; i < SITE_LABELS; i++) {
		new.labels[i] = strdup(labels[i]);
		if (!new.labels[i]) {
			clear_series(&new);
			return -ENOMEM;
		}
	}
	*number = take_place(s);
	s->series[*number] = new;
	enter_series(s, *number);
	return 0;
}

/* An interval in which little happened says little. */
static bool is_large(const struct sites *s, const struct report_row *row,
		     const struct sites_interval *in, size_t room)
{
	const uint64_t all = report_figure(&in->totals->sums, in->sort);
	const uint64_t now = report_figure(&in->totals->d, in->sort);
	const uint64_t parts = PARTS_A_PLACE * room;

	if (!parts)
		return false;
	return report_figure(&row->sums, in->sort) >= all / parts ||
	       (now >= all / s->intervals && report_figure(&row->d, in->sort) >= now / parts);
}

static bool has_begun(const struct report_row *row)
{
	return row->d.events == row->sums.events;
}

static void add(struct sites *s, size_t series, const struct report_row *row, double now_s)
{
	report_sums_add(&s->series[series].sums, &row->d);
	s->series[series].active_s = now_s;
}

/*
 * Whether its series is known. A row that began anew may be of another file, whose number is that
 * of one which is forgotten.
 */
static bool add_member(struct sites *s, const struct report_row *row,
		       const struct sites_interval *in)
{
	size_t series;

	if (!members_find(s->members, &row->key, in->end_s, &series))
		return false;
	if (has_begun(row)) {
		members_leave(s->members, &row->key);
		return false;
	}
	add(s, series, row, in->end_s);
	return true;
}

/*
 * A row of no series as yet: 1 where it is of one now, 0, or -ENOMEM. Its name is asked for when it
 * comes, when there are other series than before, and when it is large.
 */
static int add_other(struct sites *s, const struct report_row *row, const struct sites_interval *in,
		     size_t *room, bool *has_new)
{
	const bool large = is_large(s, row, in, *room);
	const char *labels[SITE_LABELS];
	uint64_t hash;
	size_t series;

	if (!large && !s->has_new && !has_begun(row))
		return 0;
	in->name(in->ctx, row, labels);
	hash = hash_of(labels);
	if (!find_series(s, hash, labels, &series)) {
		if (!large)
			return 0;
		if (add_series(s, hash, labels, in->end_s, &series))
			return -ENOMEM;
		(*room)--;
		*has_new = true;
	}
	if (!members_enter(s->members, &row->key, series, in->end_s, IDLE_S))
		return 0;
	add(s, series, row, in->end_s);
	return 1;
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

/* Where rows are of no series as yet; `rest` is what is left of them. */
static int add_others(struct sites *s, const struct sites_interval *in,
		      const struct report_row **rows, size_t n, struct report_sums *rest)
{
	size_t room = room_of(s, in);
	bool has_new = false;
	int err = 0;

	for (size_t i = 0; i < n; i++) {
		int added = add_other(s, rows[i], in, &room, &has_new);

		if (added < 0)
			err = added;
		else if (added)
			subtract(rest, &rows[i]->d);
	}
	s->has_new = has_new;
	return err;
}

int sites_update(struct sites *s, const struct sites_interval *in)
{
	const struct report_row **others = calloc(in->nrows + 1, sizeof(*others));
	struct report_sums rest = in->totals->d;
	size_t n = 0;
	int err = others ? 0 : -ENOMEM;

	s->intervals++;
	/* Those that have a series first: which are idle is known then. */
	for (size_t i = 0; i < in->nrows; i++) {
		if (add_member(s, in->rows[i], in))
			subtract(&rest, &in->rows[i]->d);
		else if (others)
			others[n++] = in->rows[i];
	}
	if (others)
		err = add_others(s, in, others, n, &rest);
	report_sums_add(&s->other, &rest);
	free(others);
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

const struct report_sums *sites_retired(const struct sites *s)
{
	return &s->retired;
}
