// SPDX-License-Identifier: BSD-2-Clause
#include "session/map_walk.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

/* Entries a call brings at most. One bucket must fit: far more than hashing makes likely. */
#define BATCH 4096

/* The kernel's internal ENOTSUPP: this type of map knows no batches. */
#define KERNEL_ENOTSUPP 524

static int walk_batches(int fd, size_t key_size, size_t val_size, map_entry_fn fn, void *ctx)
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

struct keys {
	char *list;
	size_t size; /* of a key */
	size_t count;
	size_t room;
};

/*
 * All keys, in the kernel's order. Behind one that was deleted meanwhile the kernel begins again:
 * keys may be there twice, and not more than there is room for.
 */
static int read_keys(int fd, struct keys *keys)
{
	int err = 0;

	while (keys->count < keys->room && !err) {
		char *next = keys->list + keys->count * keys->size;

		err = bpf_map_get_next_key(fd, keys->count ? next - keys->size : NULL, next);
		keys->count += !err;
	}
	return err == -ENOENT ? 0 : err;
}

static int compare_keys(const void *a, const void *b, void *size)
{
	return memcmp(a, b, *(const size_t *)size);
}

static int hand_over(int fd, const struct keys *keys, void *val, map_entry_fn fn, void *ctx)
{
	for (size_t i = 0; i < keys->count; i++) {
		const char *key = keys->list + i * keys->size;
		int err;

		if (i > 0 && !memcmp(key - keys->size, key, keys->size))
			continue;
		err = bpf_map_lookup_elem(fd, key, val);
		if (!err)
			fn(ctx, key, val);
		else if (err != -ENOENT)
			return err;
	}
	return 0;
}

static int walk_keys(int fd, struct keys *keys, size_t val_size, map_entry_fn fn, void *ctx)
{
	void *val = calloc(1, val_size);
	int err;

	keys->list = calloc(keys->room, keys->size);
	err = keys->list && val ? read_keys(fd, keys) : -ENOMEM;
	if (!err) {
		qsort_r(keys->list, keys->count, keys->size, compare_keys, &keys->size);
		err = hand_over(fd, keys, val, fn, ctx);
	}
	free(keys->list);
	free(val);
	return err;
}

int map_walk(int fd, size_t key_size, size_t val_size, map_entry_fn fn, void *ctx)
{
	int err = walk_batches(fd, key_size, val_size, fn, ctx);
	struct bpf_map_info info = {0};
	__u32 size = sizeof(info);
	struct keys keys;

	/* Kernels before 5.6 do not know the call, for all that is used here it exists since then.
	 */
	if (err != -EINVAL && err != -KERNEL_ENOTSUPP)
		return err;
	err = bpf_map_get_info_by_fd(fd, &info, &size);
	if (err)
		return err;
	/* As often again as there are entries, for keys that come twice. */
	keys = (struct keys){.size = key_size, .room = 2 * (size_t)info.max_entries};
	return walk_keys(fd, &keys, val_size, fn, ctx);
}
