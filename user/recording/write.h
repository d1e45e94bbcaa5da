/* SPDX-License-Identifier: BSD-2-Clause */
/* Recordings are written from what a report is written from, rows by the finest key. */
#ifndef SS_RECORDING_WRITE_H
#define SS_RECORDING_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "output/output.h"

struct recording_source {
	/*
	 * By base, by site (of each process, and with stacks where they are kept) or of chains; all
	 * rows. totals.sums and what is in the rows tell what other.evicted rows had.
	 */
	const struct output_report *report;
	/* Rows by base and by site: of which executable each target is. */
	const uint32_t *target_exes;
	/* Groups from here on are of no target: number of an executable, plus this. */
	uint32_t groups_of_exes;
	struct output_names names;
	/* As in struct output_advice; NULL: no lines are quoted. */
	int (*source)(void *ctx, const char *file, int line, char *text, size_t size);
	void *source_ctx;
};

/* Rows, or capacities of chains; what is more of rows must be among the evicted ones. */
#define RECORDING_ROWS_MAX (1U << 20)

/* Write it to fd, which is left open. 0 or a negative errno: of writing, or -ENOMEM. */
int recording_write(int fd, const struct recording_source *source);

#endif
