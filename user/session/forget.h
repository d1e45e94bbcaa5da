/* SPDX-License-Identifier: BSD-2-Clause */
/* What the maps hold of targets, to be given up when these have ended. */
#ifndef SS_SESSION_FORGET_H
#define SS_SESSION_FORGET_H

#include <stdbool.h>
#include <stdint.h>

#include "maps.skel.h"

/*
 * Forget the calls that targets are in: makes, growths and types on their way. gone tells by the
 * target's number; NULL: all targets. How many makes there were, or a negative errno.
 */
int64_t forget_calls(const struct maps_bpf *maps, const bool *gone);
/* Forget the chains of targets. 0 or a negative errno. */
int forget_chains(const struct maps_bpf *maps, const bool *gone);

#endif
