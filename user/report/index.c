// SPDX-License-Identifier: BSD-2-Clause
#include "report/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static size_t slots_for(size_t max_rows)
{
	size_t n = 4;

	while (n < 2 * max_rows)
		n *= 2;
	return n;
}

int index_init(struct index *ix, size_t max_rows)
{
	ix->nslots = slots_for(max_rows);
	ix->tags = calloc(ix->nslots, sizeof(*ix->tags));
	ix->rows = calloc(ix->nslots, sizeof(*ix->rows));
	return ix->tags && ix->rows ? 0 : -ENOMEM;
}

void index_destroy(struct index *ix)
{
	free(ix->tags);
	free(ix->rows);
}

size_t index_memory(size_t max_rows)
{
	return slots_for(max_rows) * (sizeof(uint8_t) + sizeof(uint32_t));
}

void index_clear(struct index *ix)
{
	memset(ix->tags, 0, ix->nslots * sizeof(*ix->tags));
}

/* Of hash bits that do not choose the slot; 0 marks an empty slot. */
static uint8_t tag_of(uint64_t hash)
{
	uint8_t tag = (uint8_t)(hash >> 56);

	return tag ? tag : 1;
}

bool index_find(const struct index *ix, uint64_t hash, index_is is, const void *ctx, size_t *found)
{
	const size_t mask = ix->nslots - 1;
	const uint8_t tag = tag_of(hash);
	size_t slot;

	for (slot = hash & mask; ix->tags[slot]; slot = (slot + 1) & mask) {
		if (ix->tags[slot] != tag || !is(ctx, ix->rows[slot]))
			continue;
		*found = ix->rows[slot];
		return true;
	}
	*found = slot;
	return false;
}

void index_prefetch(const struct index *ix, uint64_t hash)
{
	const size_t slot = hash & (ix->nslots - 1);

	__builtin_prefetch(&ix->tags[slot]);
	__builtin_prefetch(&ix->rows[slot], 1);
}

size_t index_free_slot(const struct index *ix, uint64_t hash)
{
	const size_t mask = ix->nslots - 1;
	size_t slot = hash & mask;

	while (ix->tags[slot])
		slot = (slot + 1) & mask;
	return slot;
}

void index_enter(struct index *ix, size_t slot, uint64_t hash, size_t row)
{
	ix->tags[slot] = tag_of(hash);
	ix->rows[slot] = (uint32_t)row;
}
