// SPDX-License-Identifier: BSD-2-Clause
#include "top/history.h"

#include <stdlib.h>
#include <string.h>

#include "report/index.h"
#include "report/key.h"

/* Of all keys, so many at least are forgotten at once: each time takes a walk over all. */
#define FORGOTTEN_SHARE 64

struct entry {
	struct report_key key;
	int owner;
	uint64_t last; /* interval of the last rate */
	float rates[TOP_INTERVALS];
};

struct top_history {
	struct entry *entries;
	size_t n, max;
	struct index index;
	uint64_t now, lost;
};

struct top_history *top_history_new(size_t max_keys)
{
	struct top_history *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->max = max_keys;
	h->now = TOP_INTERVALS;
	h->entries = calloc(max_keys, sizeof(*h->entries));
	if (index_init(&h->index, max_keys) || !h->entries) {
		top_history_free(h);
		return NULL;
	}
	return h;
}

void top_history_free(struct top_history *h)
{
	if (!h)
		return;
	free(h->entries);
	index_destroy(&h->index);
	free(h);
}

void top_history_clear(struct top_history *h)
{
	h->n = 0;
	h->lost = 0;
	index_clear(&h->index);
}

void top_history_next(struct top_history *h)
{
	h->now++;
	h->lost = 0;
}

struct wanted {
	const struct entry *entries;
	const struct report_key *key;
};

static bool is_wanted(const void *ctx, uint32_t row)
{
	const struct wanted *w = ctx;

	return report_key_same(&w->entries[row].key, w->key);
}

static bool find(const struct top_history *h, const struct report_key *key, size_t *at)
{
	const struct wanted wanted = {h->entries, key};

	return index_find(&h->index, report_key_hash(key), is_wanted, &wanted, at);
}

static void enter(struct top_history *h, size_t i)
{
	const uint64_t hash = report_key_hash(&h->entries[i].key);

	index_enter(&h->index, index_free_slot(&h->index, hash), hash, i);
}

/* Intervals since it did something; from TOP_INTERVALS on they are all the same. */
static size_t idle_of(const struct top_history *h, const struct entry *e)
{
	return e->last + TOP_INTERVALS <= h->now ? TOP_INTERVALS : (size_t)(h->now - e->last);
}

/* Those idle for longer than *edge are to go, and of those idle for that long so many; or none. */
static size_t choose_idle(const struct top_history *h, size_t *edge)
{
	const size_t wanted = h->max / FORGOTTEN_SHARE + 1;
	size_t idle[TOP_INTERVALS + 1] = {0}, found = 0;

	for (size_t i = 0; i < h->n; i++)
		idle[idle_of(h, &h->entries[i])]++;
	/* What did nothing in any interval is no loss. */
	for (*edge = TOP_INTERVALS; *edge > 0; (*edge)--) {
		found += idle[*edge];
		if (found >= wanted)
			break;
	}
	if (*edge == 0)
		return 0;
	return *edge == TOP_INTERVALS ? idle[*edge] : idle[*edge] - (found - wanted);
}

/* Rows are added largest first: of those as idle as each other the last are the smallest. */
static void forget_idle(struct top_history *h)
{
	size_t edge, at_edge = 0, kept = 0, of_edge = 0;
	const size_t gone_of_edge = choose_idle(h, &edge);

	for (size_t i = 0; i < h->n; i++)
		at_edge += idle_of(h, &h->entries[i]) == edge;
	index_clear(&h->index);
	for (size_t i = 0; i < h->n; i++) {
		const size_t idle = idle_of(h, &h->entries[i]);

		if (idle > edge || (idle == edge && of_edge++ >= at_edge - gone_of_edge))
			continue;
		if (kept != i)
			h->entries[kept] = h->entries[i];
		enter(h, kept++);
	}
	h->n = kept;
}

static struct entry *entry_of(struct top_history *h, const struct report_key *key, int owner)
{
	size_t at;

	if (find(h, key, &at)) {
		struct entry *e = &h->entries[at];

		if (e->owner != owner)
			*e = (struct entry){.key = *key, .owner = owner, .last = h->now};
		return e;
	}
	/* Where a row of this interval has found no room there is none for the next. */
	if (h->n == h->max && !h->lost)
		forget_idle(h);
	if (h->n == h->max)
		return NULL;
	at = h->n++;
	h->entries[at] = (struct entry){.key = *key, .owner = owner, .last = h->now};
	enter(h, at);
	return &h->entries[at];
}

/* The entry goes on to that interval: of those between, it did nothing in them. */
static void bring_to(struct entry *e, uint64_t interval)
{
	if (e->last + TOP_INTERVALS <= interval)
		memset(e->rates, 0, sizeof(e->rates));
	else
		for (uint64_t i = e->last + 1; i <= interval; i++)
			e->rates[i % TOP_INTERVALS] = 0;
	e->last = interval;
}

void top_history_add(struct top_history *h, const struct report_key *key, int owner, double rate)
{
	struct entry *e = entry_of(h, key, owner);

	if (!e) {
		h->lost++;
		return;
	}
	bring_to(e, h->now);
	e->rates[h->now % TOP_INTERVALS] += (float)rate;
}

static void merge(struct entry *e, struct entry *other)
{
	if (e->owner != other->owner)
		return;
	if (e->last < other->last)
		bring_to(e, other->last);
	else
		bring_to(other, e->last);
	for (size_t i = 0; i < TOP_INTERVALS; i++)
		e->rates[i] += other->rates[i];
}

void top_history_regroup(struct top_history *h, top_history_whose whose, void *ctx)
{
	size_t kept = 0, at;

	index_clear(&h->index);
	for (size_t i = 0; i < h->n; i++) {
		struct entry e = h->entries[i];

		if (!whose(ctx, &e.key, &e.owner))
			continue;
		if (find(h, &e.key, &at)) {
			merge(&h->entries[at], &e);
			continue;
		}
		h->entries[kept] = e;
		enter(h, kept++);
	}
	h->n = kept;
}

void top_history_sum(const struct top_history *h, const struct report_key *key, int owner,
		     double sums[TOP_INTERVALS])
{
	const struct entry *e;
	size_t at;

	if (!find(h, key, &at) || h->entries[at].owner != owner)
		return;
	e = &h->entries[at];
	for (size_t i = 0; i < TOP_INTERVALS; i++) {
		const uint64_t interval = h->now + 1 + i - TOP_INTERVALS;

		if (interval <= e->last && interval + TOP_INTERVALS > e->last)
			sums[i] += (double)e->rates[interval % TOP_INTERVALS];
	}
}

uint64_t top_history_lost(const struct top_history *h)
{
	return h->lost;
}
