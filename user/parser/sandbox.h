/* SPDX-License-Identifier: BSD-2-Clause */
/* What a process that reads untrusted files gives up. */
#ifndef SS_PARSER_SANDBOX_H
#define SS_PARSER_SANDBOX_H

/*
 * Keep only the fd `keep`, which becomes *fd; standard input, output and error lead nowhere. No
 * capability is left, and none can be had by exec(2). 0 or a negative errno.
 */
int sandbox_leave_world(int keep, int *fd);

/*
 * From here on only system calls that reading open files, memory and answering take are allowed;
 * any other fails with EPERM: what another C library tries first need not be fatal. 0; -ENOSYS the
 * kernel (or an emulator of one) has no seccomp filters.
 */
int sandbox_enter(void);

#endif
