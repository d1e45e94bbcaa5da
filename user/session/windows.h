/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two windows of bases or sites: one is being filled by the programs, the other is empty. A
 * flip swaps them and waits until nobody writes into the full one any more; then it is drained in
 * peace.
 */
#ifndef SS_SESSION_WINDOWS_H
#define SS_SESSION_WINDOWS_H

#include <stddef.h>
#include <stdint.h>

struct windows;

/* The maps of a pair; the fds stay the caller's. */
struct windows_maps {
	int outer; /* the map of maps, which holds a now */
	int a, b;
	size_t key_size, val_size;
	uint32_t max_entries;
};

/* NULL: no memory. */
struct windows *windows_new(const struct windows_maps *maps);
void windows_free(struct windows *w);

typedef void (*windows_entry_fn)(void *ctx, const void *key, const void *val);

/*
 * Flip, and hand over all entries of the window that was full until now; it is empty after that.
 * 0 or a negative errno; a failed drain is taken up again by the next call, nothing is lost.
 */
int windows_drain(struct windows *w, windows_entry_fn fn, void *ctx);

#endif
