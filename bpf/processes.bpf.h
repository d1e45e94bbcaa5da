/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The maps that tell whose an event is. */
#ifndef SS_PROCESSES_BPF_H
#define SS_PROCESSES_BPF_H

/* By target number; the loader sets the size. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ss_target);
} targets SEC(".maps");

/* Where files are followed: the number of the target that a process is, by its id in the kernel. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} processes SEC(".maps");

#endif
