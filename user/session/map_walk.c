// SPDX-License-Identifier: BSD-2-Clause
#include "session/map_walk.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include <bpf/bpf.h>

/* Entries a call brings at most. One bucket must fit: far more than hashing makes likely. */
#define BATCH 4096

int map_walk(int fd, size_t key_size, size_t val_size, map_entry_fn fn, void *ctx)
{
	char *keys = calloc(BATCH, key_size);
	char *vals = calloc(BATCH, val_size);
	int err = keys && vals ? 0 : -ENOMEM;
	uint32_t cursor = 0;

	for (bool first = true; !err; first = false) {
		uint32_t n = BATCH;

		err = bpf_map_lookup_batch(fd, first ? NULL : &cursor, &cursor, keys, vals, &n,
					   NULL);
		for (uint32_t i = 0; i < n && (!err || err == -ENOENT); i++)
			fn(ctx, keys + i * key_size, vals + i * val_size);
	}
	free(keys);
	free(vals);
	return err == -ENOENT ? 0 : err;
}
