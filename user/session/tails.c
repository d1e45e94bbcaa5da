// SPDX-License-Identifier: BSD-2-Clause
#include "session/tails.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <bpf/bpf.h>

#include "session/map_walk.h"
#include "slicestat.h"

/* What a walk remembers of an array. */
struct seen {
	struct ss_base_key key;
	uint64_t end;
	uint32_t epoch;
	bool left;
	bool gone; /* forgotten by this walk */
};

struct tails {
	int tails_fd, ends_fd;
	uint32_t max_entries;
	struct seen *list;
	size_t count;
	uint64_t forgotten;
};

struct tails *tails_new(int tails_fd, int ends_fd, uint32_t max_entries)
{
	struct tails *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->tails_fd = tails_fd;
	t->ends_fd = ends_fd;
	t->max_entries = max_entries;
	t->list = calloc(max_entries, sizeof(*t->list));
	if (!t->list) {
		tails_free(t);
		return NULL;
	}
	return t;
}

void tails_free(struct tails *t)
{
	if (!t)
		return;
	free(t->list);
	free(t);
}

uint64_t tails_forgotten(const struct tails *t)
{
	return t->forgotten;
}

static void take_tail(void *ctx, const void *key, const void *val)
{
	struct tails *t = ctx;
	const struct ss_base_key *k = key;
	const struct ss_tail *tail = val;

	if (t->count == t->max_entries)
		return;
	t->list[t->count++] = (struct seen){
		.key = *k,
		.end = k->base + tail->cap * tail->size,
		.epoch = tail->epoch,
		.left = tail->state == SS_TAIL_GROWN,
	};
}

/* Those to be forgotten first: left before live, older before newer. */
static int by_worth(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	if (x->left != y->left)
		return x->left ? -1 : 1;
	return x->epoch < y->epoch ? -1 : x->epoch > y->epoch;
}

static int by_end(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return x->key.target < y->key.target ? -1 : x->key.target > y->key.target;
}

/*
 * Since the walk the array may have died and its place be another's. What came since goes back, and
 * counts as forgotten all the same: a growth may have missed it meanwhile.
 */
static void forget_one(struct tails *t, struct seen *seen)
{
	struct ss_tail tail;
	bool live;

	seen->gone = true;
	if (bpf_map_lookup_and_delete_elem(t->tails_fd, &seen->key, &tail))
		return;
	live = tail.state == SS_TAIL_LIVE;
	t->forgotten += live;
	if (live && (seen->left || tail.epoch != seen->epoch))
		seen->gone = bpf_map_update_elem(t->tails_fd, &seen->key, &tail, BPF_NOEXIST) != 0;
}

static void forget(struct tails *t, size_t n)
{
	for (size_t i = 0; i < n; i++)
		forget_one(t, &t->list[i]);
}

/* Of arrays that are on no list, being new since the walk, or whose end the list has of another. */
static bool ends_there(const struct tails *t, uint64_t base, const struct ss_base_key *end)
{
	const struct ss_base_key key = {.base = base, .target = end->target};
	struct ss_tail tail;

	return !bpf_map_lookup_elem(t->tails_fd, &key, &tail) &&
	       base + tail.cap * tail.size == end->base;
}

/* Since it was looked at, another array may have come to end there: as with arrays. */
static void forget_end(struct tails *t, const struct ss_base_key *end, uint64_t base)
{
	uint64_t now;

	if (bpf_map_lookup_and_delete_elem(t->ends_fd, end, &now))
		return;
	if (now == base && !ends_there(t, now, end))
		return;
	t->forgotten++;
	bpf_map_update_elem(t->ends_fd, end, &now, BPF_NOEXIST);
}

/* An end goes with its array, or when that has another one by now. Its value is a base. */
static void take_end(void *ctx, const void *key, const void *val)
{
	struct tails *t = ctx;
	const struct ss_base_key *end = key;
	const uint64_t *base = val;
	const struct seen wanted = {.key.target = end->target, .end = end->base};
	const struct seen *found = bsearch(&wanted, t->list, t->count, sizeof(*t->list), by_end);
	bool kept;

	if (found && found->key.base == *base)
		kept = !found->gone;
	else
		kept = ends_there(t, *base, end);
	if (!kept)
		forget_end(t, end, *base);
}

int tails_prune(struct tails *t)
{
	size_t keep = t->max_entries / 2;
	int err;

	t->count = 0;
	err = map_walk(t->tails_fd, sizeof(struct ss_base_key), sizeof(struct ss_tail), take_tail,
		       t);
	if (err)
		return err;
	qsort(t->list, t->count, sizeof(*t->list), by_worth);
	forget(t, t->count > keep ? t->count - keep : 0);
	qsort(t->list, t->count, sizeof(*t->list), by_end);
	return map_walk(t->ends_fd, sizeof(struct ss_base_key), sizeof(uint64_t), take_end, t);
}
