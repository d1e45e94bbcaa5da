/* SPDX-License-Identifier: BSD-2-Clause */
/* Attached programs of a session. */
#ifndef SS_SESSION_LINKS_H
#define SS_SESSION_LINKS_H

#include <stddef.h>
#include <stdint.h>

#include <bpf/libbpf.h>

#include "session/pins.h"

struct links;

struct links *links_new(void);
/* The link is kept, or detached where there is no memory: -ENOMEM. */
int links_add(struct links *links, struct bpf_link *link, uint32_t target);
/* Detach all, or all of one target; returns the first negative errno. */
int links_detach(struct links *links);
int links_detach_target(struct links *links, uint32_t target);
/* Detaches what is left. NULL is ok. */
void links_free(struct links *links);

size_t links_count(const struct links *links);
/* Back to an earlier links_count: undoes what followed. */
void links_detach_from(struct links *links, size_t mark);

/*
 * Pin all, numbered from 0, in the order in which they were attached. 0 or a negative errno; names
 * that were given stay until the pins are removed.
 */
int links_pin(const struct links *links, struct pins *pins);
/* Those that are pinned there, for no target: to be detached when they have lost their names. */
int links_take(struct links *links, const struct pins *pins);
/* Forget all without detaching: they are as long as they have names. */
void links_leave(struct links *links);

#endif
