/* SPDX-License-Identifier: BSD-2-Clause */
/* The poll loop: everything that can happen while tracing arrives here as a readable fd. */
#ifndef SS_CLI_LOOP_H
#define SS_CLI_LOOP_H

#include "cli/emit.h"
#include "trace/trace.h"

/* Who is told of a run while it goes on. */
struct loop_client {
	/* The interval is over. 0, or a negative errno with why set, which ends the run. */
	int (*report)(void *ctx, struct trace *trace, struct reason *why);
	/* There is something to read from fd. As above; may set done and interval_s. */
	int (*input)(void *ctx, struct trace *trace, struct reason *why);
	void *ctx;
	int fd; /* -1: none */
	double interval_s;
	bool done;
	bool asked_to_end; /* set: a signal or the count has ended the run, whatever else happened
			    */
};

/*
 * Tell the client at every interval until it is done, ^C, SIGTERM, the count is reached, or all
 * targets (with a command: the command) are gone. signal_fd is a signalfd for the signals that end
 * a run. 0 or a negative errno with why set.
 */
int loop_run_for(struct trace *trace, struct loop_client *client, int signal_fd,
		 struct reason *why);

/*
 * Report at every interval until ^C, SIGTERM, the count is reached, or all targets (with a
 * command: the command) are gone. signal_fd is a signalfd for the signals that end a run. 0 or a
 * negative errno with why set; -EPIPE as emitter_write.
 */
int loop_run(struct trace *trace, struct emitter *emitter, int signal_fd, struct reason *why);

#endif
