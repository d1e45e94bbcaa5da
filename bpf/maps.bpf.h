/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The maps of a session. All are of fixed size, typed with BTF, and shared by all programs but for
 * `marks`, `calls` and `scoped`, which belong to one executable. Where max_entries is 1 here, the
 * loader sets it.
 */
#ifndef SS_MAPS_BPF_H
#define SS_MAPS_BPF_H

#include "processes.bpf.h"

/*
 * Open-addressing tables (slots.bpf.h) in arrays: to hash maps as 1 to 4 in time where a key is
 * known, 1 to 5 where it is new, 1 to 20 where user space reads them.
 */
struct bases {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE | BPF_F_INNER_MAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ss_base);
};

struct bases bases_a SEC(".maps");
struct bases bases_b SEC(".maps");

/*
 * The window that is being filled, put here by the loader. A snapshot puts the empty one here; the
 * kernel's update of a map of maps waits until no (non-sleepable) program uses the full one any
 * more.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct bases);
} windows SEC(".maps");

struct sites {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE | BPF_F_INNER_MAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ss_site);
};

struct sites sites_a SEC(".maps");
struct sites sites_b SEC(".maps");

/* The same for sites. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct sites);
} site_windows SEC(".maps");

/* The arrays that chains have now; the key's base is where one begins. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct ss_base_key);
	__type(value, struct ss_tail);
} tails SEC(".maps");

/* Where they end (the key's base) and begin (the value). */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct ss_base_key);
	__type(value, __u64);
} tail_ends SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct ss_life_key);
	__type(value, struct ss_life);
} lives SEC(".maps");

/* Growths between the beginning of growslice and its result. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct ss_pending_key);
	__type(value, struct ss_growing);
} growing SEC(".maps");

/* User stacks by id, for sites that are told apart by them. */
struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, SS_STACK_DEPTH * sizeof(__u64));
} stacks SEC(".maps");

/* Makes between their entry and their return. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct ss_pending_key);
	__type(value, struct ss_pending);
} pending SEC(".maps");

/* Types on their way into a call. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct ss_pending_key);
	__type(value, struct ss_passed);
} passed SEC(".maps");

/*
 * Calls that always pass the same type, as far as that must be known here: those from wrappers, and
 * where chains are kept all. Of this object's executable, as is `marks`.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct ss_call);
} calls SEC(".maps");

/* The calls that are probed in the place of functions, where only a part is traced. Its own too. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ss_scoped);
} scoped SEC(".maps");

/* SS_MARK_* of its text. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} marks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SS_COUNTS);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ss_control);
} control SEC(".maps");

/* One record when the window is full enough for an early flip. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} wake SEC(".maps");

#endif
