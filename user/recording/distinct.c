// SPDX-License-Identifier: BSD-2-Clause
#include "recording/distinct.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/index.h"

#define ROOM_FIRST 256

struct entry {
	void *bytes;
	size_t len;
	uint64_t hash;
};

struct distinct {
	struct entry *entries;
	size_t count, room; /* the index has room for as many */
	struct index index;
};

struct distinct *distinct_new(void)
{
	return calloc(1, sizeof(struct distinct));
}

void distinct_free(struct distinct *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->count; i++)
		free(d->entries[i].bytes);
	free(d->entries);
	index_destroy(&d->index);
	free(d);
}

/* FNV-1a, its bits mixed once more: the index looks at the highest and the lowest. */
static uint64_t hash_of(const unsigned char *bytes, size_t len)
{
	uint64_t h = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < len; i++)
		h = (h ^ bytes[i]) * 0x100000001b3ULL;
	return h ^ (h >> 29);
}

struct wanted {
	const struct distinct *d;
	const void *bytes;
	size_t len;
	uint64_t hash;
};

static bool is_wanted(const void *ctx, uint32_t row)
{
	const struct wanted *w = ctx;
	const struct entry *e = &w->d->entries[row];

	return e->hash == w->hash && e->len == w->len && !memcmp(e->bytes, w->bytes, w->len);
}

static int make_room(struct distinct *d)
{
	const size_t room = d->room ? 2 * d->room : ROOM_FIRST;
	struct entry *entries;
	struct index index;

	if (room > INDEX_ROWS_MAX)
		return -E2BIG;
	entries = reallocarray(d->entries, room, sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	d->entries = entries;
	if (index_init(&index, room)) {
		index_destroy(&index);
		return -ENOMEM;
	}
	for (size_t i = 0; i < d->count; i++)
		index_enter(&index, index_free_slot(&index, entries[i].hash), entries[i].hash, i);
	index_destroy(&d->index);
	d->index = index;
	d->room = room;
	return 0;
}

static int add_new(struct distinct *d, const struct wanted *w)
{
	/* One byte more: malloc(0) may be NULL. */
	void *copy;
	int err = d->count == d->room ? make_room(d) : 0;

	if (err)
		return err;
	copy = malloc(w->len + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, w->bytes, w->len);
	d->entries[d->count] = (struct entry){.bytes = copy, .len = w->len, .hash = w->hash};
	index_enter(&d->index, index_free_slot(&d->index, w->hash), w->hash, d->count);
	d->count++;
	return 0;
}

int distinct_add(struct distinct *d, const void *bytes, size_t len, uint32_t *number)
{
	const struct wanted wanted = {d, bytes, len, hash_of(bytes, len)};
	size_t at;
	int err;

	if (d->room && index_find(&d->index, wanted.hash, is_wanted, &wanted, &at)) {
		*number = (uint32_t)at;
		return 0;
	}
	err = add_new(d, &wanted);
	if (!err)
		*number = (uint32_t)(d->count - 1);
	return err;
}

size_t distinct_count(const struct distinct *d)
{
	return d->count;
}

const void *distinct_get(const struct distinct *d, size_t i, size_t *len)
{
	*len = d->entries[i].len;
	return d->entries[i].bytes;
}
