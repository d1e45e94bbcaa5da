// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Which processes run the executables that are followed: known from their exec on, before their
 * first instruction, and until their last thread has ended. Those that ran before are found by one
 * walk over all tasks.
 */
#include "slicestat.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#include "kernel_types.h"
#include "processes.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The pid namespace that pids are told in: that of the loader, by its inode. */
const volatile __u32 pid_ns = 0;

/* Namespaces in namespaces: MAX_PID_NS_LEVEL of the kernel (include/linux/pid_namespace.h). */
#define PID_LEVELS 32

/* Files that are followed at once. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SS_FOLLOWED_MAX);
	__type(key, struct ss_file_key);
	__type(value, struct ss_followed);
} followed SEC(".maps");

/* Numbers of targets that are free. */
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 1);
	__uint(value_size, sizeof(__u32));
} free_targets SEC(".maps");

/* What the loader is told of processes, in order. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, SS_COMINGS_BYTES);
} comings SEC(".maps");

/* Processes that came when no number was free, and records that had no room. */
__u64 lost_arrivals = 0;
__u64 lost_records = 0;

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

static __always_inline struct ss_followed *followed_file(struct task_struct *task)
{
	struct inode *inode = BPF_CORE_READ(task, mm, exe_file, f_inode);
	struct ss_file_key key = {
		.inode = BPF_CORE_READ(inode, i_ino),
		.dev = BPF_CORE_READ(inode, i_sb, s_dev),
	};

	return bpf_map_lookup_elem(&followed, &key);
}

static __always_inline void tell(const struct ss_coming *coming)
{
	if (bpf_ringbuf_output(&comings, (void *)coming, sizeof(*coming), 0))
		__sync_fetch_and_add(&lost_records, 1);
}

static __always_inline void arrive(struct task_struct *task)
{
	struct ss_followed *file = followed_file(task);
	struct ss_coming coming = {.kind = SS_CAME, .tgid = task->tgid};
	struct ss_target target;

	if (!file || bpf_map_lookup_elem(&processes, &coming.tgid))
		return;
	if (bpf_map_pop_elem(&free_targets, &coming.target)) {
		__sync_fetch_and_add(&lost_arrivals, 1);
		return;
	}
	coming.exe = file->exe;
	coming.pid = pid_in_ns(task);
	coming.start_code = BPF_CORE_READ(task, mm, start_code);
	coming.start_ns = BPF_CORE_READ(task, start_boottime);
	target.text = coming.start_code + file->text;
	target.zerobase = file->zerobase ? coming.start_code + file->zerobase : 0;
	bpf_map_update_elem(&targets, &coming.target, &target, BPF_ANY);
	if (bpf_map_update_elem(&processes, &coming.tgid, &coming.target, BPF_NOEXIST)) {
		/* The walk and the exec have met, or the map is full. */
		bpf_map_push_elem(&free_targets, &coming.target, 0);
		return;
	}
	tell(&coming);
}

static __always_inline void leave(struct task_struct *task, __u32 kind)
{
	struct ss_coming coming = {.kind = kind, .tgid = task->tgid};
	__u32 *target = bpf_map_lookup_elem(&processes, &coming.tgid);

	if (!target)
		return;
	coming.target = *target;
	if (!bpf_map_delete_elem(&processes, &coming.tgid))
		tell(&coming);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(process_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	leave(task, SS_EXECED);
	arrive(task);
	return 0;
}

/* The tracepoint is passed by each thread, when it has left the count of those alive. */
SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exit, struct task_struct *task)
{
	if (BPF_CORE_READ(task, signal, live.counter) == 0)
		leave(task, SS_LEFT);
	return 0;
}

SEC("iter/task")
int process_walk(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task && task->pid == task->tgid)
		arrive(task);
	return 0;
}
