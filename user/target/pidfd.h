/* SPDX-License-Identifier: BSD-2-Clause */
/* pidfd system calls, which C libraries before glibc 2.36 do not wrap. */
#ifndef SS_TARGET_PIDFD_H
#define SS_TARGET_PIDFD_H

#include <stdbool.h>
#include <sys/types.h>

/* A pidfd (close-on-exec) for process pid, or a negative errno as of pidfd_open(2). */
int pidfd_of(pid_t pid);
/* Wait up to timeout_ms (0: just look) for the process to end. A zombie has ended. */
bool pidfd_ended(int pidfd, int timeout_ms);
/* Send a signal. 0 or a negative errno. */
int pidfd_signal(int pidfd, int sig);

#endif
