/* SPDX-License-Identifier: BSD-2-Clause */
/* Which cgroup of version 2 a process is in: with a container's, one container from another. */
#ifndef SS_TARGET_CGROUP_H
#define SS_TARGET_CGROUP_H

#include <stdint.h>

/*
 * The path as the caller's cgroup namespace sees it ("/system.slice/docker-0123.scope"), to be
 * freed; NULL: not known, as where there is no hierarchy of version 2.
 */
char *cgroup_of_process(int proc_fd);
/*
 * The same by its id in the kernel, also when the process has ended: from where the hierarchy is
 * mounted on, and with CAP_DAC_READ_SEARCH.
 */
char *cgroup_by_id(uint64_t id);
/* The path in the text of /proc/PID/cgroup. */
char *cgroup_parse(const char *text);

#endif
