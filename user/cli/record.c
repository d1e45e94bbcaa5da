// SPDX-License-Identifier: BSD-2-Clause
#include "cli/record.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/emit_figures.h"
#include "cli/names.h"
#include "log/log.h"
#include "output/figure.h"
#include "output/source.h"
#include "trace/groups.h"

static void fill_rows(struct trace *trace, struct output_report *r)
{
	const struct report_query all = {.sort = REPORT_SORT_EVENTS, .top = RECORDING_ROWS_MAX};
	struct report *report = trace->finest ? trace->finest : trace->report;

	r->view = trace->finest ? OUTPUT_BY_SITE : OUTPUT_BY_BASE;
	r->by_target = true;
	r->nrows = report_rows(report, &all, &r->rows, &r->other);
	r->totals = report_totals(report);
}

static int save(struct trace *trace, struct output_report *r, const uint32_t *target_exes,
		struct reason *why)
{
	const bool chains = r->view == OUTPUT_CHAINS;
	struct output_count counts[CHAIN_COUNTS_MAX];
	const struct recording_source source = {
		.report = r,
		.target_exes = target_exes,
		.groups_of_exes = trace_group_of_exe(trace, 0),
		.names = names_of_recorded(trace, !chains),
		.source = chains ? source_quote : NULL,
	};
	const char *path = trace->opts->record;
	char bytes[FIGURE_SIZE], rows[FIGURE_SIZE];
	uint64_t size = 0;
	int err;

	if (chains) {
		r->by_target = false;
		r->chain_counts = counts;
		r->nchain_counts = fill_chain_counts(trace, counts);
		r->nchains =
			chains_rows(trace->chains, CHAINS_SORT_COPIED, &r->chains, &r->chain_total);
	} else {
		fill_rows(trace, r);
	}
	err = recording_save(path, &source, &size, why);
	if (err)
		return err;
	figure_grouped(rows, r->nrows + r->nchains);
	figure_bytes(bytes, size);
	log_info("recorded %s: %s rows, %s", path, rows, bytes);
	return 0;
}

int record_save(struct trace *trace, const struct output_report *r, struct reason *why)
{
	uint32_t *target_exes = calloc(trace->ntargets + 1, sizeof(*target_exes));
	struct output_report recorded = *r;
	int err;

	if (!target_exes)
		return reason_set(why, -ENOMEM, "out of memory");
	for (size_t i = 0; i < trace->ntargets; i++)
		target_exes[i] = trace->targets[i].exe_number;
	err = save(trace, &recorded, target_exes, why);
	free(target_exes);
	return err;
}
