/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The maps that tell whose an event is. Where max_entries is 1 here, the loader sets it. */
#ifndef SS_PROCESSES_BPF_H
#define SS_PROCESSES_BPF_H

/* By target number. */
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

/* By the loader's number of the file. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ss_executable);
} executables SEC(".maps");

/* Numbers of targets that are free. */
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 1);
	__uint(value_size, sizeof(__u32));
} free_targets SEC(".maps");

/* What the loader is told of processes, in order: struct ss_coming. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} comings SEC(".maps");

#endif
