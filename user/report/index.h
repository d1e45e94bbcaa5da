/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An open-addressing index: from hashes to numbers of rows that lie elsewhere. Nothing is ever
 * deleted one by one, so no tombstones are needed.
 */
#ifndef SS_REPORT_INDEX_H
#define SS_REPORT_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct index {
	/*
	 * Twice as many slots as rows, a power of two. The tags alone tell most misses, and are
	 * few enough to stay in a cache; the row numbers beside them are read for a likely match.
	 */
	uint8_t *tags;
	uint32_t *rows;
	size_t nslots;
};

/* The most rows that can be numbered. */
#define INDEX_ROWS_MAX (UINT32_MAX / 2)

/* Room for max_rows rows, which are at most INDEX_ROWS_MAX. 0 or -ENOMEM. */
int index_init(struct index *ix, size_t max_rows);
void index_destroy(struct index *ix);
/* Bytes that index_init takes for so many rows. */
size_t index_memory(size_t max_rows);
void index_clear(struct index *ix);

/* Whether row number row is the one that is looked for. */
typedef bool (*index_is)(const void *ctx, uint32_t row);

/* True with the row's number; false with the slot where it is to be entered. */
bool index_find(const struct index *ix, uint64_t hash, index_is is, const void *ctx, size_t *found);
/* Have the CPU fetch what index_find is going to look at. */
void index_prefetch(const struct index *ix, uint64_t hash);
/* The slot for a hash whose row is known not to be there. */
size_t index_free_slot(const struct index *ix, uint64_t hash);
void index_enter(struct index *ix, size_t slot, uint64_t hash, size_t row);

#endif
