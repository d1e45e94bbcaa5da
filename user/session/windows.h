/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two windows of bases or sites: one is being filled by the programs, the other is empty. A
 * flip swaps them and waits until nobody writes into the full one any more; then it is drained in
 * peace.
 */
#ifndef SS_SESSION_WINDOWS_H
#define SS_SESSION_WINDOWS_H

#include <stdint.h>

struct windows;

enum windows_hold {
	WINDOWS_BASES, /* entries are ss_base_key and ss_base */
	WINDOWS_SITES, /* ss_site_key and ss_site */
};

/* The maps of a pair; the fds stay the caller's. */
struct windows_maps {
	enum windows_hold hold;
	int outer;  /* the map of maps, which holds the one being filled */
	int fds[2]; /* tables as in slots.h */
	uint32_t slots;
	uint32_t entries; /* for so many a window is meant */
};

/* Sets *out; the first window can be filled from now on. 0 or a negative errno. */
int windows_new(const struct windows_maps *maps, struct windows **out);
void windows_free(struct windows *w);

typedef void (*windows_entry_fn)(void *ctx, const void *key, const void *val);

/*
 * Flip, and hand over all entries of the window that was full until now; it is empty after that.
 * 0 or a negative errno; a failed drain is taken up again by the next call, nothing is lost.
 */
int windows_drain(struct windows *w, windows_entry_fn fn, void *ctx);

/*
 * How full the fullest window was that has been drained since the last call: 0 to 1, and more
 * beyond what it is meant for.
 */
double windows_take_fill(struct windows *w);

#endif
