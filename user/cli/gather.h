/* SPDX-License-Identifier: BSD-2-Clause */
/* What a report says of a run beside its rows, gathered in one place. */
#ifndef SS_CLI_GATHER_H
#define SS_CLI_GATHER_H

#include "cli/emit_figures.h"

/* Zeroed, or with what the caller knows of the report. It must not move: report points into it. */
struct gathered {
	struct output_report report;
	struct output_target *targets;
	const char **exes;
	struct output_count counts[COUNTS_MAX];
	struct output_est ests[ESTS_MAX];
};

/*
 * Tell of the targets and executables as they are now; their texts are the trace's. 0, or -ENOMEM
 * with why set. To be freed in any case.
 */
int gather_targets(const struct trace *trace, struct gathered *g, struct reason *why);
/* Counts, times, cost and estimates, since attach and since *last, which becomes now. */
void gather_figures(const struct trace *trace, struct emitted *last, struct gathered *g);
void gather_free(struct gathered *g);

#endif
