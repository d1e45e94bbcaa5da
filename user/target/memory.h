/* SPDX-License-Identifier: BSD-2-Clause */
/* /proc/PID/mem: a process's memory. See proc_pid_mem(5). */
#ifndef SS_TARGET_MEMORY_H
#define SS_TARGET_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/*
 * Open the memory of the program that the process runs now: neither a later exec nor another
 * process of the same pid shows through it. A descriptor (close-on-exec), or a negative errno.
 */
int memory_open(int proc_fd);
/* 0, -ESRCH, -EFAULT or another negative errno, as target_read. */
int memory_read(int mem_fd, uint64_t addr, void *buf, size_t len);

#endif
