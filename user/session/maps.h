/* SPDX-License-Identifier: BSD-2-Clause */
/* The maps of a session: their sizes, and what is read from them as it lies. */
#ifndef SS_SESSION_MAPS_H
#define SS_SESSION_MAPS_H

#include <stddef.h>
#include <stdint.h>

#include "session/session.h"
#include "session/windows.h"
#include "maps.skel.h"

/* How many shards a site has: a power of two that covers the CPUs, as far as it is worth it. */
uint32_t maps_shards(int ncpus);
/* Entries of what fills up and then wakes the loader; the maps of the other folds have one. */
uint32_t maps_entries(const struct session_options *opts, uint32_t shards);

/* An object without programs that owns the maps; to be destroyed with it. 0 or a negative errno. */
int maps_new(const struct session_options *opts, uint32_t entries, struct maps_bpf **out);
/* The windows of the fold, in *out. 0 or a negative errno. */
int maps_windows(const struct maps_bpf *maps, const struct session_options *opts, uint32_t entries,
		 struct windows **out);
/* Hand all of `lives` to fn. 0 or a negative errno. */
int maps_read_lives(const struct maps_bpf *maps, session_entry_fn fn, void *ctx);
/* As session_stack. */
int maps_stack(const struct maps_bpf *maps, uint32_t id, uint64_t pcs[SS_STACK_DEPTH]);
/* Sums over all CPUs, by enum ss_count. 0 or a negative errno. */
int maps_counts(const struct maps_bpf *maps, int ncpus, uint64_t counts[SS_COUNTS]);
/* Entries of `pending`, or a negative errno. */
int64_t maps_pending(const struct maps_bpf *maps);
/* Give makes under way so many milliseconds to return. */
void maps_await_makes(const struct maps_bpf *maps, int64_t ms);
/* Bytes, as the kernel states them. */
size_t maps_memory(const struct maps_bpf *maps);

#endif
