/* SPDX-License-Identifier: BSD-2-Clause */
/* The recording of a run: its last report, by the finest key. */
#ifndef SS_CLI_RECORD_H
#define SS_CLI_RECORD_H

#include "log/reason.h"
#include "output/output.h"
#include "recording/save.h"
#include "trace/trace.h"

/*
 * Write it to -O, and tell so. r is the last report without its rows. 0 or a negative errno with
 * why set.
 */
int record_save(struct trace *trace, const struct output_report *r, struct reason *why);

#endif
