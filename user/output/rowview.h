/* SPDX-License-Identifier: BSD-2-Clause */
/* A row with what every format derives from it: whose it is, element size, link-time addresses. */
#ifndef SS_OUTPUT_ROWVIEW_H
#define SS_OUTPUT_ROWVIEW_H

#include "output/output.h"

struct rowview {
	const struct output_options *opts;
	const struct output_report *report;
	const struct report_row *row;
	const struct output_target *target; /* NULL where the report does not list it */
	const char *op;			    /* "grow", "?" where unknown */
	int64_t elem_size;		    /* bytes, -1 unknown */
	uint64_t type, pc;		    /* link-time addresses, 0 unknown */
};

/* A view of no row yet. */
struct rowview rowview_of(const struct output_options *opts, const struct output_report *report);

/* Turn the view to another row of its report. */
void rowview_turn(struct rowview *v, const struct report_row *row);

#endif
