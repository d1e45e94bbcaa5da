/* SPDX-License-Identifier: BSD-2-Clause */
/* A run of tracing, from its beginning to its end. */
#ifndef SS_TRACE_TRACE_H
#define SS_TRACE_TRACE_H

#include <signal.h>
#include <sys/signalfd.h>

#include "trace/run.h"

/*
 * Trace the processes of -p or -e. 0 or a negative errno with why set. Where trace->since tells
 * which they were, nobody may be left.
 */
int trace_processes(struct trace *trace, struct reason *why);
/*
 * Start the command and trace the first Go program in its process tree; mask is its signal mask,
 * stop_fd ends the wait (-EINTR). 0 or a negative errno with why set.
 */
int trace_command(struct trace *trace, const sigset_t *mask, int stop_fd, struct reason *why);
/* Open the gate, let a command run, tell the user what is traced. 0 or a negative errno. */
int trace_start(struct trace *trace, struct reason *why);
/* Pass a signal on to the command, unless it came from the terminal, which sends it to both. */
void trace_pass_signal(const struct trace *trace, const struct signalfd_siginfo *info);
/*
 * Wait for the command and return its status as a shell does, or 1. Signals from signal_fd are
 * passed on; at the second one the wait is given up: 128 + signal.
 */
int trace_wait_command(const struct trace *trace, int signal_fd);
/* Rows, and the counters beside them, for a report to be written now. 0 or a negative errno. */
int trace_snapshot(struct trace *trace, struct reason *why);
/* Detach; counts and rows stand still afterwards. */
int trace_stop(struct trace *trace, struct reason *why);
void trace_free(struct trace *trace);

#endif
