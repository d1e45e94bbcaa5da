/* SPDX-License-Identifier: BSD-2-Clause */
/* A kind of map that events can be added up in: how it is made, filled and emptied. */
#ifndef SS_BENCH_MAP_KIND_H
#define SS_BENCH_MAP_KIND_H

#include <stddef.h>
#include <stdint.h>

enum map_kind {
	KIND_HASH,
	KIND_LRU,
	KIND_PERCPU,
	KIND_WIDE,
	KIND_LINE,
	KIND_NOTHING, /* the loop alone */
	KINDS,
};

/* A map of one kind, with the programs to fill it. */
struct bench_map;

/* Ends the program, with the cause, on an error; so do the functions below. */
struct bench_map *bench_map_open(enum map_kind kind, uint32_t keys);
void bench_map_free(struct bench_map *m);

/* What the table for people calls it. */
const char *bench_map_name(enum map_kind kind);

int bench_map_program(const struct bench_map *m);

/* What a drain found. */
struct drained {
	uint64_t keys;
	uint64_t events;
};

/* Read and remove all entries, as at the end of a window. */
struct drained bench_map_drain(struct bench_map *m);

/* Events that found no place since it was opened. */
uint64_t bench_map_failed(const struct bench_map *m);

#endif
