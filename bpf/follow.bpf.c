// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Which processes run the executables that are followed: known from their exec on, before their
 * first instruction, and until their last thread has ended. Those that ran before are found by one
 * walk over all tasks. A process that neither can tell is known from its first event on
 * (newcomer in probe.bpf.h): one that has forked without an exec, and one that has the file from
 * another filesystem laid over this one, as containers have.
 *
 * Where a path is looked for in all mount namespaces, the loader is told which processes run a file
 * with its last name that is not followed: the whole path is for the loader to see.
 */
#include "slicestat.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#include "arrive.bpf.h"
#include "names.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/*
 * Files that are followed, by the address of the inode that a process has its executable open as:
 * numbers of inodes are not unique on all filesystems. The loader keeps them open.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SS_FOLLOWED_MAX);
	__type(key, __u64);
	__type(value, __u32);
} followed SEC(".maps");

/* Pids of processes as has_wanted_name chooses them; such that may have been seen before. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, SS_SIGHTINGS_BYTES);
} sightings SEC(".maps");

/* There was no room for some of them. */
__u32 sightings_lost = 0;

/* What file_inode and mapped_inode are asked, and what they find. */
__u32 asked_fd = 0;
__u64 asked_address = 0;
__u64 found_inode = 0;

/* Its pid where it runs a file with the name that is looked for and is none of ours; else 0. */
static __always_inline __u32 look_at(struct task_struct *leader)
{
	struct mm_struct *mm = BPF_CORE_READ(leader, mm);
	struct file *file = BPF_CORE_READ(mm, exe_file);
	__u64 inode = (__u64)BPF_CORE_READ(file, f_inode);
	__u32 *exe = bpf_map_lookup_elem(&followed, &inode);
	__u32 tgid = leader->tgid;

	if (!file || bpf_map_lookup_elem(&processes, &tgid))
		return 0;
	if (!exe)
		return has_wanted_name(file) ? pid_in_ns(leader) : 0;
	arrive(leader, mm, *exe);
	return 0;
}

/* Threads that are looked at when a process ends: most have ended before, and are in the sum. */
#define THREADS_MAX 256

/* In ns, as CLOCK_PROCESS_CPUTIME_ID (thread_group_cputime in kernel/sched/cputime.c). */
static __always_inline __u64 cpu_time(struct task_struct *task)
{
	const __u64 offset = bpf_core_field_offset(struct task_struct, thread_node);
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct list_head *end = &signal->thread_head, *node = BPF_CORE_READ(end, next);
	__u64 sum = BPF_CORE_READ(signal, sum_sched_runtime);

	for (int i = 0; i < THREADS_MAX && node && node != end; i++) {
		struct task_struct *thread = (void *)node - offset;

		sum += BPF_CORE_READ(thread, se.sum_exec_runtime);
		node = BPF_CORE_READ(node, next);
	}
	return sum;
}

static __always_inline void leave(struct task_struct *task, __u32 kind)
{
	struct ss_coming coming = {.kind = kind, .tgid = task->tgid};
	__u32 *target = bpf_map_lookup_elem(&processes, &coming.tgid);

	if (!target)
		return;
	coming.target = *target;
	coming.cpu_ns = cpu_time(task);
	if (!bpf_map_delete_elem(&processes, &coming.tgid))
		bpf_ringbuf_output(&comings, &coming, sizeof(coming), 0);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(process_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	__u32 pid;

	leave(task, SS_EXECED);
	pid = look_at(task);
	if (pid && bpf_ringbuf_output(&sightings, &pid, sizeof(pid), 0))
		sightings_lost = 1;
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
	__u32 pid;

	if (!task || task->pid != task->tgid)
		return 0;
	pid = look_at(task);
	if (pid)
		bpf_seq_write(ctx->meta->seq, &pid, sizeof(pid));
	return 0;
}

/* What the kernel knows an open file of the loader as; stat tells other numbers on some. */
SEC("syscall")
int file_inode(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct file **files = BPF_CORE_READ(task, files, fdt, fd);
	struct file *file = NULL;

	bpf_core_read(&file, sizeof(file), files + asked_fd);
	found_inode = (__u64)BPF_CORE_READ(file, f_inode);
	return 0;
}

static long note_inode(struct task_struct *task, struct vm_area_struct *vma, void *ctx)
{
	found_inode = (__u64)BPF_CORE_READ(vma, vm_file, f_inode);
	return 0;
}

/*
 * The inode whose pages the loader has mapped there, on which probes are: overlayfs maps those of
 * the layer below, of which there may be several overlays (ovl_mmap in fs/overlayfs/file.c).
 */
SEC("syscall")
int mapped_inode(void *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();

	found_inode = 0;
	return bpf_find_vma(task, asked_address, note_inode, NULL, 0);
}
