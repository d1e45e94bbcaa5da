/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Executables by the last name of their path, as it is in the process's own mount namespace. */
#ifndef SS_NAMES_BPF_H
#define SS_NAMES_BPF_H

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "kernel_types.h"

/* Files are mounted over files, but not often one over the other. */
#define MOUNTS_MAX 4

#define NAME_WORDS (SS_NAME_SIZE / 8)

/* The name that is looked for, and its length; 0: none is. */
const volatile __u64 wanted_name[NAME_WORDS] = {};
const volatile __u32 wanted_length = 0;

/* The mount that has this as its part for the world (real_mount in fs/mount.h). */
static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

/* What is mounted over a file, as containers are given single ones, has that one's name. */
static __always_inline struct dentry *named_dentry(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	struct mount *mount = mount_of(BPF_CORE_READ(file, f_path.mnt));

	for (int i = 0; i < MOUNTS_MAX && dentry == BPF_CORE_READ(mount, mnt.mnt_root); i++) {
		dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		mount = BPF_CORE_READ(mount, mnt_parent);
	}
	return dentry;
}

static __always_inline int has_wanted_name(struct file *file)
{
	const __u32 length = wanted_length;
	__u64 name[NAME_WORDS] = {};
	struct dentry *dentry;

	if (!length || length >= SS_NAME_SIZE)
		return 0;
	dentry = named_dentry(file);
	if (BPF_CORE_READ(dentry, d_name.len) != length ||
	    bpf_probe_read_kernel(name, length, BPF_CORE_READ(dentry, d_name.name)))
		return 0;
	for (int i = 0; i < NAME_WORDS; i++)
		if (name[i] != wanted_name[i])
			return 0;
	return 1;
}

#endif
