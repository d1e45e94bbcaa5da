/* SPDX-License-Identifier: BSD-2-Clause */
/* A row with what every format derives from it: whose it is, its type, its lines. */
#ifndef SS_OUTPUT_ROWVIEW_H
#define SS_OUTPUT_ROWVIEW_H

#include "output/output.h"

struct rowview {
	const struct output_options *opts;
	const struct output_report *report;
	const struct report_row *row;
	const struct output_target *target; /* NULL where a row is of no one process */
	const char *exe;		    /* NULL unknown */
	const char *op;			    /* "grow", "?" where unknown */
	struct output_type type;
	uint64_t pc; /* link-time return address, 0 unknown */
};

/* A view of no row yet. */
struct rowview rowview_of(const struct output_options *opts, const struct output_report *report);

/* Turn the view to another row of its report. */
void rowview_turn(struct rowview *v, const struct report_row *row);

/* The lines of the row's call site; see output_names.site. */
size_t rowview_site(const struct rowview *v, struct output_frame *frames);

/* The frames of a whole stack, and one that stands for those that are cut. */
#define ROWVIEW_STACK_MAX (OUTPUT_STACK_MAX + 1)
/*
 * The row's stack, innermost first, its outermost frame "[truncated]" where it goes on; what
 * rowview_site gives where it was not kept. frames has room for ROWVIEW_STACK_MAX.
 */
size_t rowview_stack(const struct rowview *v, struct output_frame *frames);

/* True when the row's bytes are those of all its events. */
bool rowview_has_bytes(const struct rowview *v);

#endif
