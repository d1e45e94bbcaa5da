// SPDX-License-Identifier: BSD-2-Clause
#include "output/intern.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "report/index.h"

#define FIRST_KEYS  256
#define FIRST_BYTES 16384
#define ALIGNMENT   8

struct key {
	size_t at, size;
	uint64_t hash;
};

struct intern {
	struct key *keys;
	size_t nkeys, room;
	uint8_t *bytes;
	size_t used, bytes_room;
	struct index index; /* for room keys */
};

struct intern *intern_new(void)
{
	struct intern *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->room = FIRST_KEYS;
	t->bytes_room = FIRST_BYTES;
	t->keys = calloc(t->room, sizeof(*t->keys));
	t->bytes = malloc(t->bytes_room);
	if (index_init(&t->index, t->room) || !t->keys || !t->bytes) {
		intern_free(t);
		return NULL;
	}
	return t;
}

void intern_free(struct intern *t)
{
	if (!t)
		return;
	index_destroy(&t->index);
	free(t->keys);
	free(t->bytes);
	free(t);
}

/* FNV-1a, its upper bits mixed into the lower ones, which choose the slot. */
static uint64_t hash_of(const uint8_t *bytes, size_t size)
{
	uint64_t h = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < size; i++)
		h = (h ^ bytes[i]) * 0x100000001b3ULL;
	return h ^ (h >> 32);
}

struct wanted {
	const struct intern *in;
	const void *key;
	size_t size;
	uint64_t hash;
};

static bool is_wanted(const void *ctx, uint32_t row)
{
	const struct wanted *w = ctx;
	const struct key *key = &w->in->keys[row];

	return key->hash == w->hash && key->size == w->size &&
	       memcmp(w->in->bytes + key->at, w->key, w->size) == 0;
}

static int room_for_key(struct intern *t)
{
	const size_t room = 2 * t->room;
	struct index index;
	struct key *keys;

	if (t->nkeys < t->room)
		return 0;
	if (room > INDEX_ROWS_MAX)
		return -ENOMEM;
	keys = reallocarray(t->keys, room, sizeof(*keys));
	if (!keys)
		return -ENOMEM;
	t->keys = keys;
	if (index_init(&index, room)) {
		index_destroy(&index);
		return -ENOMEM;
	}
	for (size_t i = 0; i < t->nkeys; i++)
		index_enter(&index, index_free_slot(&index, keys[i].hash), keys[i].hash, i);
	index_destroy(&t->index);
	t->index = index;
	t->room = room;
	return 0;
}

static int room_for_bytes(struct intern *t, size_t size)
{
	size_t room = t->bytes_room;
	uint8_t *bytes;

	while (room - t->used < size)
		room *= 2;
	if (room == t->bytes_room)
		return 0;
	bytes = realloc(t->bytes, room);
	if (!bytes)
		return -ENOMEM;
	t->bytes = bytes;
	t->bytes_room = room;
	return 0;
}

static int add(struct intern *t, const struct wanted *w)
{
	const size_t padded = (w->size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);

	if (room_for_key(t) || room_for_bytes(t, padded))
		return -ENOMEM;
	index_enter(&t->index, index_free_slot(&t->index, w->hash), w->hash, t->nkeys);
	memcpy(t->bytes + t->used, w->key, w->size);
	t->keys[t->nkeys++] = (struct key){t->used, w->size, w->hash};
	t->used += padded;
	return 0;
}

int intern_number(struct intern *t, const void *key, size_t size, uint32_t *number)
{
	const struct wanted w = {t, key, size, hash_of(key, size)};
	size_t found = t->nkeys;

	if (!index_find(&t->index, w.hash, is_wanted, &w, &found)) {
		found = t->nkeys;
		if (add(t, &w))
			return -ENOMEM;
	}
	*number = (uint32_t)found;
	return 0;
}

size_t intern_count(const struct intern *t)
{
	return t->nkeys;
}

const void *intern_key(const struct intern *t, size_t i, size_t *size)
{
	*size = t->keys[i].size;
	return t->bytes + t->keys[i].at;
}
