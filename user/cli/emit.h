/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports leave here: gathers what a report says from the run and hands it to the format. */
#ifndef SS_CLI_EMIT_H
#define SS_CLI_EMIT_H

#include <stdio.h>

#include "cli/publish.h"
#include "trace/trace.h"
#include "output/output.h"

struct emitter;

/*
 * Open -w FILE, or take stdout (stderr with a command). Once stop_fd is readable, no reader is
 * waited for long. 0 or a negative errno with why set.
 */
int emitter_new(const struct options *opts, int stop_fd, struct emitter **out, struct reason *why);
/* Reports are to come to the publisher too, which is borrowed. */
void emitter_publish(struct emitter *e, struct publisher *publisher);
/*
 * Write a report and begin the next interval. 0, or a negative errno with why set: -EPIPE when
 * the reader of stdout has left, which is no error of ours (why is empty then).
 */
int emitter_write(struct emitter *e, struct trace *trace, bool final, struct reason *why);
/* Begin the first interval now: what came before is in the totals alone. */
void emitter_begin(struct emitter *e, struct trace *trace);
/* Close. 0 or a negative errno with why set: a file system may refuse as late as that. */
int emitter_close(struct emitter *e, struct reason *why);
void emitter_free(struct emitter *e);

#endif
