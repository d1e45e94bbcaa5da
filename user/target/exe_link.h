/* SPDX-License-Identifier: BSD-2-Clause */
/* The path that a process has its executable at, in its own mount namespace and root. */
#ifndef SS_TARGET_EXE_LINK_H
#define SS_TARGET_EXE_LINK_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether the kernel may show a path so: from the root, each name once, none of them . or .. */
bool exe_link_can_be(const char *path);

/*
 * Whether a process whose /proc/PID/exe and /proc/PID/root lead there has its executable at path,
 * or had: the kernel marks files that have no name any more.
 */
bool exe_link_is(const char *exe, const char *root, const char *path);

/*
 * Open the executable of process pid for reading, which it has at path. An fd; -ENOENT it has
 * another one, -ESRCH it has ended, -EACCES not permitted; or another negative errno.
 */
int exe_link_open(pid_t pid, const char *path);

#endif
