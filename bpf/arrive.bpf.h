/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A process becomes a target: it gets a number, and the loader is told. */
#ifndef SS_ARRIVE_BPF_H
#define SS_ARRIVE_BPF_H

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "kernel_types.h"
#include "processes.bpf.h"

/* The pid namespace that pids are told in: that of the loader, by its inode. */
const volatile __u32 pid_ns = 0;

/* Namespaces in namespaces: MAX_PID_NS_LEVEL of the kernel (include/linux/pid_namespace.h). */
#define PID_LEVELS 32

/* Numbers that no target has: of a process for which none was free, of one that is not ours. */
#define NO_TARGET  (~0U)
#define NOT_OURS   (~0U - 1)
#define NO_TARGETS NOT_OURS /* and above */

/* 0: it has none in that namespace, and nobody there can see it. */
static __always_inline __u32 pid_in_ns(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	__u32 level = BPF_CORE_READ(pid, level);

	for (__u32 i = 0; i < PID_LEVELS && i <= level; i++) {
		struct upid upid;

		if (bpf_core_read(&upid, sizeof(upid), &pid->numbers[i]))
			return 0;
		if (BPF_CORE_READ(upid.ns, ns.inum) == pid_ns)
			return upid.nr;
	}
	return 0;
}

/* Another thread of the process, or the walk, has been faster; or the map is full. */
static __always_inline __u32 came_already(const struct ss_coming *coming)
{
	__u32 *known;

	bpf_map_push_elem(&free_targets, &coming->target, 0);
	known = bpf_map_lookup_elem(&processes, &coming->tgid);
	return known ? *known : NO_TARGET;
}

/*
 * The number of the process that this thread leads, which is new here and runs executable number
 * exe. Those that nobody in the loader's namespace can see are not ours.
 */
static __always_inline __u32 arrive(struct task_struct *leader, struct mm_struct *mm, __u32 exe)
{
	struct ss_executable *file = bpf_map_lookup_elem(&executables, &exe);
	struct ss_coming coming = {.kind = SS_CAME, .exe = exe, .pid = pid_in_ns(leader)};
	struct ss_target target;

	if (!coming.pid)
		return NOT_OURS;
	if (!file || bpf_map_pop_elem(&free_targets, &coming.target))
		return NO_TARGET;
	coming.tgid = BPF_CORE_READ(leader, tgid);
	coming.start_code = BPF_CORE_READ(mm, start_code);
	coming.start_ns = BPF_CORE_READ(leader, start_boottime);
	coming.cgroup = BPF_CORE_READ(leader, cgroups, dfl_cgrp, kn, id);
	target.text = coming.start_code + file->text;
	target.zerobase = file->zerobase ? coming.start_code + file->zerobase : 0;
	bpf_map_update_elem(&targets, &coming.target, &target, BPF_ANY);
	if (bpf_map_update_elem(&processes, &coming.tgid, &coming.target, BPF_NOEXIST))
		return came_already(&coming);
	bpf_ringbuf_output(&comings, &coming, sizeof(coming), 0);
	return coming.target;
}

#endif
