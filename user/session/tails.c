// SPDX-License-Identifier: BSD-2-Clause
#include "session/tails.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <bpf/bpf.h>

#include "slicestat.h"

#define BATCH 4096

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
	struct ss_base_key *keys; /* BATCH of each */
	struct ss_tail *vals;
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
	t->keys = calloc(BATCH, sizeof(*t->keys));
	t->vals = calloc(BATCH, sizeof(*t->vals));
	if (!t->list || !t->keys || !t->vals) {
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
	free(t->keys);
	free(t->vals);
	free(t);
}

uint64_t tails_forgotten(const struct tails *t)
{
	return t->forgotten;
}

/* Call take for all entries of a map; those that come and go meanwhile may be missed. */
static int walk(struct tails *t, int fd, void (*take)(struct tails *t, uint32_t i))
{
	uint32_t cursor = 0;
	int err = 0;

	for (bool first = true; !err; first = false) {
		uint32_t n = BATCH;

		err = bpf_map_lookup_batch(fd, first ? NULL : &cursor, &cursor, t->keys, t->vals,
					   &n, NULL);
		for (uint32_t i = 0; i < n && (!err || err == -ENOENT); i++)
			take(t, i);
	}
	return err == -ENOENT ? 0 : err;
}

static void take_tail(struct tails *t, uint32_t i)
{
	const struct ss_tail *tail = &t->vals[i];

	if (t->count == t->max_entries)
		return;
	t->list[t->count++] = (struct seen){
		.key = t->keys[i],
		.end = t->keys[i].base + tail->cap * tail->size,
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

static void forget(struct tails *t, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct seen *seen = &t->list[i];

		bpf_map_delete_elem(t->tails_fd, &seen->key);
		seen->gone = true;
		t->forgotten += !seen->left;
	}
}

/* Of arrays that are on no list, being new since the walk, or whose end the list has of another. */
static bool ends_there(const struct tails *t, uint64_t base, const struct ss_base_key *end)
{
	const struct ss_base_key key = {.base = base, .target = end->target};
	struct ss_tail tail;

	return !bpf_map_lookup_elem(t->tails_fd, &key, &tail) &&
	       base + tail.cap * tail.size == end->base;
}

/* An end goes with its array, or when that has another one by now. Its value is a base. */
static void take_end(struct tails *t, uint32_t i)
{
	const uint64_t *bases = (const uint64_t *)(const void *)t->vals;
	const struct seen wanted = {.key.target = t->keys[i].target, .end = t->keys[i].base};
	const struct seen *found = bsearch(&wanted, t->list, t->count, sizeof(*t->list), by_end);
	bool kept;

	if (found && found->key.base == bases[i])
		kept = !found->gone;
	else
		kept = ends_there(t, bases[i], &t->keys[i]);
	if (!kept)
		bpf_map_delete_elem(t->ends_fd, &t->keys[i]);
}

int tails_prune(struct tails *t)
{
	size_t keep = t->max_entries / 2;
	int err;

	t->count = 0;
	err = walk(t, t->tails_fd, take_tail);
	if (err)
		return err;
	qsort(t->list, t->count, sizeof(*t->list), by_worth);
	forget(t, t->count > keep ? t->count - keep : 0);
	qsort(t->list, t->count, sizeof(*t->list), by_end);
	return walk(t, t->ends_fd, take_end);
}
