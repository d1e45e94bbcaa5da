// SPDX-License-Identifier: BSD-2-Clause
#include "metrics/members.h"

#include <stdlib.h>
#include <string.h>

#include "report/key.h"

struct member {
	struct report_key key;
	size_t series;
	double active_s; /* when it had events last */
};

struct members {
	struct member *list; /* by key */
	size_t n, room, max;
};

struct members *members_new(size_t max)
{
	struct members *m = calloc(1, sizeof(*m));

	if (m)
		m->max = max;
	return m;
}

void members_free(struct members *m)
{
	if (!m)
		return;
	free(m->list);
	free(m);
}

/* Where the key is, or would be. */
static size_t place_of(const struct members *m, const struct report_key *key)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (report_key_compare(&m->list[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct member *find(const struct members *m, const struct report_key *key)
{
	const size_t place = place_of(m, key);

	return place < m->n && report_key_same(&m->list[place].key, key) ? &m->list[place] : NULL;
}

bool members_find(struct members *m, const struct report_key *key, double now_s, size_t *series)
{
	struct member *found = find(m, key);

	if (!found)
		return false;
	found->active_s = now_s;
	*series = found->series;
	return true;
}

static void forget_idle(struct members *m, double before_s)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].active_s >= before_s)
			m->list[kept++] = m->list[i];
	m->n = kept;
}

static bool grow(struct members *m)
{
	const size_t wanted = m->room ? 2 * m->room : 64, room = wanted < m->max ? wanted : m->max;
	struct member *list = realloc(m->list, room * sizeof(*list));

	if (!list)
		return false;
	m->list = list;
	m->room = room;
	return true;
}

bool members_enter(struct members *m, const struct report_key *key, size_t series, double now_s,
		   double idle_s)
{
	size_t place;

	if (m->n == m->max)
		forget_idle(m, now_s - idle_s);
	if (m->n == m->max || (m->n == m->room && !grow(m)))
		return false;
	place = place_of(m, key);
	memmove(&m->list[place + 1], &m->list[place], (m->n - place) * sizeof(*m->list));
	m->list[place] = (struct member){*key, series, now_s};
	m->n++;
	return true;
}

void members_leave(struct members *m, const struct report_key *key)
{
	struct member *found = find(m, key);

	if (!found)
		return;
	m->n--;
	memmove(found, found + 1, (size_t)(m->list + m->n - found) * sizeof(*found));
}

void members_leave_series(struct members *m, size_t series)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].series != series)
			m->list[kept++] = m->list[i];
	m->n = kept;
}
