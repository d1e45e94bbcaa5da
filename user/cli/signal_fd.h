/* SPDX-License-Identifier: BSD-2-Clause */
/* The signals that end a run, as something to read. */
#ifndef SS_CLI_SIGNAL_FD_H
#define SS_CLI_SIGNAL_FD_H

#include <signal.h>

/*
 * Block the signals that end a run and take them through an fd, which is the result, or a negative
 * errno; *before is the mask until now.
 */
int signal_fd_new(sigset_t *before);

#endif
