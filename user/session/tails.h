/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The arrays that chains have now, kept within their maps: nobody sees a slice die, so what has
 * been left or has not grown for long is forgotten when room runs short. Chains stay in the sums.
 */
#ifndef SS_SESSION_TAILS_H
#define SS_SESSION_TAILS_H

#include <stddef.h>
#include <stdint.h>

struct tails;

/* The fds of the maps `tails` and `tail_ends` stay the caller's. NULL: no memory. */
struct tails *tails_new(int tails_fd, int ends_fd, uint32_t max_entries);
void tails_free(struct tails *t);

/*
 * Forget arrays until at most half of the room is taken: first those that a growth has left (only
 * a fork could ask for them), then those made longest ago. 0 or a negative errno.
 */
int tails_prune(struct tails *t);
/* How many were forgotten, be it for a moment, that were not left. */
uint64_t tails_forgotten(const struct tails *t);

#endif
