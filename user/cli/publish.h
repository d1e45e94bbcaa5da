/* SPDX-License-Identifier: BSD-2-Clause */
/* Metrics of a run, handed to those who watch it. */
#ifndef SS_CLI_PUBLISH_H
#define SS_CLI_PUBLISH_H

#include <stdbool.h>

#include "log/reason.h"
#include "output/output.h"
#include "trace/trace.h"

struct publisher;

/* Listens, while there are rights for that. 0 or a negative errno with why set. */
int publisher_new(const struct options *opts, struct publisher **out, struct reason *why);
/* Threads: when what they must not have has been given up. 0 or a negative errno with why set. */
int publisher_start(struct publisher *p, struct reason *why);
/* Somebody may still ask for what there is. Of NULL nobody can. */
bool publisher_serves(const struct publisher *p);
/* r has its rows: those of the interval, all of them. 0 or -ENOMEM: what was shown before stays. */
int publisher_take(struct publisher *p, struct trace *trace, const struct output_options *opts,
		   const struct output_report *r);
/*
 * The last totals have been taken: where somebody asks for them time and again, until he has, or
 * there is something to be read from stop_fd.
 */
void publisher_await_scrape(struct publisher *p, int stop_fd);
/* What has not been sent is, for ten seconds at most; what is lost by then is told. */
void publisher_finish(struct publisher *p);
void publisher_free(struct publisher *p);

#endif
