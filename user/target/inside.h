/* SPDX-License-Identifier: BSD-2-Clause */
/* A target's inside: for the files of this room, not for others. */
#ifndef SS_TARGET_INSIDE_H
#define SS_TARGET_INSIDE_H

#include <limits.h>
#include <sys/types.h>

#include "target/proc.h"

struct target {
	pid_t pid;
	int pidfd;
	int proc_fd; /* /proc/PID, O_PATH */
	int exe_fd;
	int mem_fd; /* or the negative errno of opening it */
	dev_t dev;
	ino_t inode;
	/*
	 * Tells one exec from the next also when both run the same file: start_stack is set by
	 * execve alone (fs/binfmt_elf.c; prctl(PR_SET_MM) apart) and random in some 30 bits.
	 * Without address space randomisation (setarch -R) it may repeat, and such an exec goes
	 * unseen.
	 */
	struct proc_stat stat;
	double cpu_s; /* as last read */
	char exe[PATH_MAX];
};

#endif
