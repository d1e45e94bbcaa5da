/* SPDX-License-Identifier: BSD-2-Clause */
/* What every report says of the run beside its rows. */
#ifndef SS_CLI_EMIT_FIGURES_H
#define SS_CLI_EMIT_FIGURES_H

#include <stdint.h>
#include <time.h>

#include "trace/trace.h"
#include "output/output.h"

/* As of the report before. Zeroed before the first. */
struct emitted {
	struct timespec time; /* CLOCK_MONOTONIC */
	uint64_t seen;
	double cost_s;
};

#define COUNTS_MAX	 (SS_COUNTS + 3)
#define ESTS_MAX	 8
#define CHAIN_COUNTS_MAX 16

/* One for each target of the run. */
void fill_targets(const struct trace *trace, struct output_target *list);
/* The number of counts written to list. */
size_t fill_counts(const struct trace *trace, struct output_count list[COUNTS_MAX]);
size_t fill_chain_counts(const struct trace *trace, struct output_count list[CHAIN_COUNTS_MAX]);
/* Times and cost, since attach and since *last, which becomes this report. */
void fill_times(struct emitted *last, const struct trace *trace, struct output_report *r);
void fill_cost(struct emitted *last, const struct trace *trace, struct output_report *r);
/* Estimates of the totals, where there is a budget; list has ESTS_MAX elements. */
void fill_ests(const struct trace *trace, struct output_est *list, struct output_report *r);

#endif
