/* SPDX-License-Identifier: BSD-2-Clause */
/* Where reports are written to: a stream whose reader may come to a stop. */
#ifndef SS_CLI_REPORT_STREAM_H
#define SS_CLI_REPORT_STREAM_H

#include <stdbool.h>
#include <stdio.h>

#include "log/reason.h"
#include "output/output.h"

/*
 * A stream that writes to fd, which is the stream's from here on. It waits for its reader; but
 * while stop_fd is readable, no longer than two seconds for each page: then writing fails with
 * EINTR, now and ever after. stop_fd is not read from. NULL with errno set on failure, fd being
 * closed.
 */
FILE *report_stream(int fd, int stop_fd);

/* A binary format is not for a terminal: -EINVAL with why set, else 0. */
int report_stream_check(int fd, const struct output_format *format, struct reason *why);

/* Whether it is a terminal whose user wants colours. */
bool report_stream_color(int fd);

#endif
