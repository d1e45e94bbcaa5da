/* SPDX-License-Identifier: BSD-2-Clause */
/* What the verbs that read recordings have in common. */
#ifndef SS_CLI_RECORDED_H
#define SS_CLI_RECORDED_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/options.h"
#include "log/reason.h"
#include "recording/recording.h"

/* 0 or a negative errno with why set. */
int recorded_open(const char *path, struct recording **out, struct reason *why);

/* Writes to f: 0 or -errno as the stream reported it. */
typedef int (*recorded_write_fn)(FILE *f, bool color, void *ctx);

/*
 * Have write write to -w FILE, or to stdout. 0, also when the reader of stdout has left, or a
 * negative errno with why set.
 */
int recorded_write(const struct options *opts, recorded_write_fn write, void *ctx,
		   struct reason *why);

#endif
