// SPDX-License-Identifier: BSD-2-Clause
#include "metrics/sites.h"

#include <errno.h>
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
	uint64_t came; /* series in all, and 1: what rows of none have been looked for in */
};

struct sites *sites_new(size_t max)
{
	struct sites *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->max = max;
	s->came = 1;
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
		      const struct sites_interval *in, size_t *number)
{
	struct site_series new = {.hash = hash, .begin = in->begin, .active_s = in->end_s};

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
	s->came++;
	return 0;
}

/* One part in so many; what has nothing makes up nothing. */
static bool makes_up(uint64_t figure, uint64_t all, uint64_t parts)
{
	return figure > 0 && figure >= all / parts;
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
	return makes_up(report_figure(&row->sums, in->sort), all, parts) ||
	       (now >= all / s->intervals &&
		makes_up(report_figure(&row->d, in->sort), now, parts));
}

static struct member *member_of(const struct sites *s, const struct report_row *row,
				const struct sites_interval *in)
{
	return members_get(s->members, &row->key, in->end_s, IDLE_S);
}

static void add(struct sites *s, size_t series, const struct report_row *row,
		const struct sites_interval *in)
{
	struct member *m = member_of(s, row, in);

	if (m)
		m->series = series;
	report_sums_add(&s->series[series].sums, &row->d);
	s->series[series].active_s = in->end_s;
}

/*
 * Whether its series is known. A row that began anew may be of another file, whose number is that
 * of one which is forgotten.
 */
static bool add_known(struct sites *s, const struct report_row *row,
		      const struct sites_interval *in)
{
	struct member *m = member_of(s, row, in);

	if (m && row->d.events == row->sums.events) {
		m->series = MEMBER_OF_NONE;
		m->asked_of = 0;
	}
	if (!m || m->series == MEMBER_OF_NONE)
		return false;
	add(s, m->series, row, in);
	return true;
}

/* Whether there is a series of its line. Its name is asked for where there are others than before.
 */
static bool add_named(struct sites *s, const struct report_row *row,
		      const struct sites_interval *in)
{
	struct member *m = member_of(s, row, in);
	const char *labels[SITE_LABELS];
	size_t series;

	if (!s->n || (m && m->asked_of == s->came) || !in->name(in->ctx, row, labels))
		return false;
	if (m)
		m->asked_of = s->came;
	if (!find_series(s, hash_of(labels), labels, &series))
		return false;
	add(s, series, row, in);
	return true;
}

/* Whether it has a series now; or -ENOMEM. */
static int add_large(struct sites *s, const struct report_row *row, const struct sites_interval *in,
		     size_t *room)
{
	const char *labels[SITE_LABELS];
	uint64_t hash;
	size_t series;

	if (!is_large(s, row, in, *room) || !in->name(in->ctx, row, labels))
		return 0;
	hash = hash_of(labels);
	if (!find_series(s, hash, labels, &series)) {
		if (add_series(s, hash, labels, in, &series))
			return -ENOMEM;
		(*room)--;
	}
	add(s, series, row, in);
	return 1;
}

typedef bool (*add_fn)(struct sites *s, const struct report_row *row,
		       const struct sites_interval *in);

/* Those of the rows that this adds are taken from `rest`; how many are left. */
static size_t add_those(struct sites *s, const struct sites_interval *in, add_fn fn,
			const struct report_row **rows, size_t n, struct report_sums *rest)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		if (fn(s, rows[i], in))
			report_sums_subtract(rest, &rows[i]->d);
		else
			rows[left++] = rows[i];
	}
	return left;
}

static int add_newcomers(struct sites *s, const struct sites_interval *in,
			 const struct report_row **rows, size_t n, struct report_sums *rest)
{
	size_t room = room_of(s, in);
	int err = 0;

	for (size_t i = 0; i < n; i++) {
		const int added = add_large(s, rows[i], in, &room);

		if (added < 0)
			err = added;
		else if (added)
			report_sums_subtract(rest, &rows[i]->d);
	}
	return err;
}

/* Which series are idle, and may go, is known when all rows of those there are have been added. */
static int add_rows(struct sites *s, const struct sites_interval *in,
		    const struct report_row **rows, struct report_sums *rest)
{
	size_t n = add_those(s, in, add_known, rows, in->nrows, rest);

	n = add_those(s, in, add_named, rows, n, rest);
	return add_newcomers(s, in, rows, n, rest);
}

int sites_update(struct sites *s, const struct sites_interval *in)
{
	const struct report_row **rows = calloc(in->nrows + 1, sizeof(const struct report_row *));
	struct report_sums rest = in->totals->d;
	int err = -ENOMEM;

	s->intervals++;
	if (rows) {
		memcpy(rows, in->rows, in->nrows * sizeof(const struct report_row *));
		err = add_rows(s, in, rows, &rest);
	}
	report_sums_add(&s->other, &rest);
	free(rows);
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
