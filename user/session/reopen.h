/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A session with names on a BPF file system, which can go on without its loader and be picked up
 * by others. Its loader: session_new (with `lasts`, to be left), session_attach, session_pin,
 * session_pin_links, session_start, session_leave. Others, any number: session_reopen,
 * session_snapshot, session_counts and so on, session_free; one of them session_stop_pinned in
 * between. What they read stays there for all others.
 */
#ifndef SS_SESSION_REOPEN_H
#define SS_SESSION_REOPEN_H

#include "session/pins.h"
#include "session/session.h"

/* Pin the maps: 0 or a negative errno with why set. */
int session_pin(const struct session *s, struct pins *pins, struct reason *why);
/* Pin what is attached, too. */
int session_pin_links(const struct session *s, struct pins *pins, struct reason *why);
/* It goes on by its names alone: session_free does not detach. */
void session_leave(const struct session *s);

/*
 * A session that was left; opts are those that it was made with, but for `by`, which is what it was
 * attached by. Only to be looked at where asked. Sets *out or returns a negative errno with why
 * set.
 */
int session_reopen(const struct session_options *opts, const struct pins *pins, bool readonly,
		   struct session **out, struct reason *why);
/* Somebody has stopped it: nothing comes any more. */
bool session_is_over(const struct session *s);
/*
 * As session_stop. *given_up: makes that did not return, which a session that is stopped once more
 * had before.
 */
int session_stop_pinned(struct session *s, const struct pins *pins, uint64_t *given_up);

#endif
