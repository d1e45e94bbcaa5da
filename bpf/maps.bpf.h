/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The maps of a session. All are of fixed size, typed with BTF, and shared by all programs; the
 * loader sets max_entries of bases_a, bases_b and pending.
 */
#ifndef SS_MAPS_BPF_H
#define SS_MAPS_BPF_H

struct bases {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct ss_base_key);
	__type(value, struct ss_base);
};

struct bases bases_a SEC(".maps");
struct bases bases_b SEC(".maps");

/*
 * The window that is being filled. A snapshot puts the empty one here; the kernel's update of a
 * map of maps waits until no (non-sleepable) program uses the full one any more.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct bases);
} windows SEC(".maps") = {
	.values = {&bases_a},
};

/* Makes between their entry and their return. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, struct ss_pending_key);
	__type(value, struct ss_pending);
} pending SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SS_COUNTS);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

/* By target number; the loader sets the size. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ss_target);
} targets SEC(".maps");

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
