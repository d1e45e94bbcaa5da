/* SPDX-License-Identifier: BSD-2-Clause */
/* All entries of a live hash map. */
#ifndef SS_SESSION_MAP_WALK_H
#define SS_SESSION_MAP_WALK_H

#include <stddef.h>

typedef void (*map_entry_fn)(void *ctx, const void *key, const void *val);

/*
 * Call fn for every entry; those that come and go meanwhile may be missed. Bucket by bucket: a walk
 * from key to key would start again whenever its key is deleted. fn may delete entries. 0 or a
 * negative errno.
 */
int map_walk(int fd, size_t key_size, size_t val_size, map_entry_fn fn, void *ctx);

#endif
