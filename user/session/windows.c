// SPDX-License-Identifier: BSD-2-Clause
#include "session/windows.h"

#include <errno.h>
#include <stdlib.h>

#include <bpf/bpf.h>

/* Entries a batch call brings at most. One bucket must fit: far more than hashing makes likely. */
#define BATCH_MAX 8192

struct windows {
	int outer;
	int fds[2];
	int active; /* index of the window that is being filled */
	bool dirty; /* the inactive one still holds entries: a drain has failed */
	size_t key_size, val_size;
	char *keys;
	char *vals;
	uint32_t batch;
};

struct windows *windows_new(const struct windows_maps *maps)
{
	struct windows *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->outer = maps->outer;
	w->fds[0] = maps->a;
	w->fds[1] = maps->b;
	w->key_size = maps->key_size;
	w->val_size = maps->val_size;
	w->batch = maps->max_entries < BATCH_MAX ? maps->max_entries : BATCH_MAX;
	w->keys = calloc(w->batch, w->key_size);
	w->vals = calloc(w->batch, w->val_size);
	if (!w->keys || !w->vals) {
		windows_free(w);
		return NULL;
	}
	return w;
}

void windows_free(struct windows *w)
{
	if (!w)
		return;
	free(w->keys);
	free(w->vals);
	free(w);
}

/*
 * The update returns after a grace period (maybe_wait_bpf_programs in kernel/bpf/syscall.c), so
 * that no program holds the old window any more.
 */
static int flip(struct windows *w)
{
	uint32_t zero = 0;
	int idle = !w->active;
	int err = bpf_map_update_elem(w->outer, &zero, &w->fds[idle], BPF_ANY);

	if (err)
		return err;
	w->active = idle;
	w->dirty = true;
	return 0;
}

/* Deleting while reading is exact here: the window is quiet. */
static int drain(struct windows *w, windows_entry_fn fn, void *ctx)
{
	int fd = w->fds[!w->active];
	bool first = true;
	uint32_t cursor = 0;
	int err;

	do {
		uint32_t count = w->batch;

		err = bpf_map_lookup_and_delete_batch(fd, first ? NULL : &cursor, &cursor, w->keys,
						      w->vals, &count, NULL);
		/* What a call brings is deleted, also where it ends in an error (but -EFAULT). */
		for (uint32_t i = 0; i < count && err != -EFAULT; i++)
			fn(ctx, w->keys + i * w->key_size, w->vals + i * w->val_size);
		if (err && err != -ENOENT)
			return err;
		first = false;
	} while (!err);
	w->dirty = false;
	return 0;
}

int windows_drain(struct windows *w, windows_entry_fn fn, void *ctx)
{
	int err = w->dirty ? drain(w, fn, ctx) : 0;

	if (!err)
		err = flip(w);
	return err ? err : drain(w, fn, ctx);
}
