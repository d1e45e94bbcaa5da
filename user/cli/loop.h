/* SPDX-License-Identifier: BSD-2-Clause */
/* The poll loop: everything that can happen while tracing arrives here as a readable fd. */
#ifndef SS_CLI_LOOP_H
#define SS_CLI_LOOP_H

#include "cli/emit.h"
#include "trace/trace.h"

/*
 * Report at every interval until ^C, SIGTERM, the count is reached, or all targets (with a
 * command: the command) are gone. signal_fd is a signalfd for the signals that end a run. 0 or a
 * negative errno with why set; -EPIPE as emitter_write.
 */
int loop_run(struct trace *trace, struct emitter *emitter, int signal_fd, struct reason *why);

#endif
