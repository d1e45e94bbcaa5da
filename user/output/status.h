/* SPDX-License-Identifier: BSD-2-Clause */
/* The line under a table: what was seen, what became of it, what it cost. */
#ifndef SS_OUTPUT_STATUS_H
#define SS_OUTPUT_STATUS_H

#include <stdbool.h>

#include "output/output.h"
#include "output/sink.h"

/* Sums since attach, or the figures of the interval? */
static inline bool shows_total(const struct output_report *r)
{
	return r->total || r->final;
}

void status_write(struct sink *s, const struct output_options *opts, const struct output_report *r);

#endif
