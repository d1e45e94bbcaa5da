/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two windows of bases: one is being filled by the programs, the other is empty. A flip swaps
 * them and waits until nobody writes into the full one any more; then it is drained in peace.
 */
#ifndef SS_SESSION_WINDOWS_H
#define SS_SESSION_WINDOWS_H

#include "session/session.h"

struct windows;

/* outer: fd of the map of maps, which holds a now; the fds stay the caller's. NULL: no memory. */
struct windows *windows_new(int outer, int a, int b, uint32_t max_bases);
void windows_free(struct windows *w);

/*
 * Flip, and hand over all entries of the window that was full until now; it is empty after that.
 * 0 or a negative errno; a failed drain is taken up again by the next call, nothing is lost.
 */
int windows_drain(struct windows *w, session_base_fn fn, void *ctx);

#endif
