// SPDX-License-Identifier: BSD-2-Clause
#include "metrics/members.h"

#include <stdlib.h>

#include "report/index.h"
#include "report/key.h"

struct members {
	struct member *list;
	size_t n, room, max;
	struct index by_key;
	double forgot_s; /* when all were looked at for idle ones */
};

struct members *members_new(size_t max)
{
	struct members *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->max = max;
	if (index_init(&m->by_key, max)) {
		members_free(m);
		return NULL;
	}
	return m;
}

void members_free(struct members *m)
{
	if (!m)
		return;
	index_destroy(&m->by_key);
	free(m->list);
	free(m);
}

struct wanted {
	const struct member *list;
	const struct report_key *key;
};

static bool is_wanted(const void *ctx, uint32_t row)
{
	const struct wanted *w = ctx;

	return report_key_same(&w->list[row].key, w->key);
}

static void enter(struct members *m, size_t i)
{
	const uint64_t hash = report_key_hash(&m->list[i].key);

	index_enter(&m->by_key, index_free_slot(&m->by_key, hash), hash, i);
}

/* Once at a time: it is a walk over all. */
static void forget_idle(struct members *m, double now_s, double idle_s)
{
	size_t kept = 0;

	if (m->forgot_s == now_s)
		return;
	m->forgot_s = now_s;
	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].active_s >= now_s - idle_s)
			m->list[kept++] = m->list[i];
	m->n = kept;
	index_clear(&m->by_key);
	for (size_t i = 0; i < m->n; i++)
		enter(m, i);
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

struct member *members_get(struct members *m, const struct report_key *key, double now_s,
			   double idle_s)
{
	const struct wanted wanted = {m->list, key};
	size_t i;

	if (index_find(&m->by_key, report_key_hash(key), is_wanted, &wanted, &i)) {
		m->list[i].active_s = now_s;
		return &m->list[i];
	}
	if (m->n == m->max)
		forget_idle(m, now_s, idle_s);
	if (m->n == m->max || (m->n == m->room && !grow(m)))
		return NULL;
	m->list[m->n] = (struct member){.key = *key, .series = MEMBER_OF_NONE, .active_s = now_s};
	enter(m, m->n);
	return &m->list[m->n++];
}

void members_leave_series(struct members *m, size_t series)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->list[i].series == series)
			m->list[i].series = MEMBER_OF_NONE;
}
