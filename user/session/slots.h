/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An open-addressing table as user space sees it: slots in an array map that can be mapped, a power
 * of two of them, each of which begins with its slot key. The programs' side: bpf/slots.bpf.h.
 */
#ifndef SS_SESSION_SLOTS_H
#define SS_SESSION_SLOTS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Slots of a table in which so many keys find room: with half of them taken, runs of taken slots
 * stay short. 0: more than a map can have.
 */
uint32_t slots_for(uint32_t keys);

typedef void (*slots_fn)(void *ctx, const void *slot);

/*
 * Hand each taken slot of a quiet table to fn and free it. slot_size is a multiple of 8 and at most
 * a page. 0 or a negative errno: then the rest is still there for the next call.
 */
int slots_drain(int fd, uint32_t nslots, size_t slot_size, slots_fn fn, void *ctx);

/* index: its place in the table. */
typedef void (*slots_look_fn)(void *ctx, uint32_t index, const void *slot);

/*
 * Hand each taken slot of a table that is being filled to fn, and leave it: the programs may write
 * to it meanwhile. 0 or a negative errno.
 */
int slots_look(int fd, uint32_t nslots, size_t slot_size, slots_look_fn fn, void *ctx);

#endif
