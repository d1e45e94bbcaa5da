// SPDX-License-Identifier: BSD-2-Clause
#include "top/history.h"

#include <stdlib.h>
#include <string.h>

#include "report/index.h"
#include "report/key.h"

struct entry {
	struct report_key key;
	uint64_t last; /* interval of the last rate */
	float rates[TOP_INTERVALS];
};

struct top_history {
	struct entry *entries;
	size_t n, max;
	struct index index;
	uint64_t now, lost;
	uint64_t tidied; /* the interval in which idle ones were forgotten last */
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

static void forget_idle(struct top_history *h)
{
	size_t kept = 0;

	index_clear(&h->index);
	for (size_t i = 0; i < h->n; i++) {
		if (h->entries[i].last + TOP_INTERVALS <= h->now)
			continue;
		if (kept != i)
			h->entries[kept] = h->entries[i];
		enter(h, kept++);
	}
	h->n = kept;
	h->tidied = h->now;
}

static struct entry *entry_of(struct top_history *h, const struct report_key *key)
{
	size_t at;

	if (find(h, key, &at))
		return &h->entries[at];
	if (h->n == h->max && h->tidied != h->now)
		forget_idle(h);
	if (h->n == h->max)
		return NULL;
	at = h->n++;
	h->entries[at] = (struct entry){.key = *key, .last = h->now};
	enter(h, at);
	return &h->entries[at];
}

void top_history_add(struct top_history *h, const struct report_key *key, double rate)
{
	struct entry *e = entry_of(h, key);

	if (!e) {
		h->lost++;
		return;
	}
	/* Of the intervals between, in which it did nothing. */
	if (e->last + TOP_INTERVALS <= h->now)
		memset(e->rates, 0, sizeof(e->rates));
	else
		for (uint64_t i = e->last + 1; i <= h->now; i++)
			e->rates[i % TOP_INTERVALS] = 0;
	e->last = h->now;
	e->rates[h->now % TOP_INTERVALS] += (float)rate;
}

void top_history_sum(const struct top_history *h, const struct report_key *key,
		     double sums[TOP_INTERVALS])
{
	const struct entry *e;
	size_t at;

	if (!find(h, key, &at))
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
