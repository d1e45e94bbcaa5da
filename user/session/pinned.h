/* SPDX-License-Identifier: BSD-2-Clause */
/* What a pinned session tells of itself: the maps `session` and `traced`, bpf/pinned_maps.h. */
#ifndef SS_SESSION_PINNED_H
#define SS_SESSION_PINNED_H

#include <stdint.h>

#include "log/reason.h"
#include "pinned_maps.h"
#include "session/pins.h"

struct pinned;

/*
 * Make and pin them, for so many targets. Sets *out, to be freed with pinned_free, or returns a
 * negative errno with why set.
 */
int pinned_new(struct pins *pins, uint32_t ntargets, struct pinned **out, struct reason *why);
/*
 * Those of another slicestat: *session is what they tell. 0 or a negative errno with why set;
 * -EPROTO where they are of a version that is not known.
 */
int pinned_open(const struct pins *pins, struct pinned **out, struct ss_session *session,
		struct reason *why);
void pinned_free(struct pinned *p);

/* 0 or a negative errno. */
int pinned_tell(const struct pinned *p, const struct ss_session *session);
int pinned_tell_target(const struct pinned *p, uint32_t number, const struct ss_traced *traced);
int pinned_target(const struct pinned *p, uint32_t number, struct ss_traced *out);

#endif
