// SPDX-License-Identifier: BSD-2-Clause
#include "cli/emit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/gather.h"
#include "cli/names.h"
#include "cli/record.h"
#include "cli/report_stream.h"
#include "log/log.h"
#include "output/advice.h"
#include "output/source.h"
#include "report/advise.h"
#include "trace/groups.h"
#include "trace/open.h"

struct emitter {
	const struct options *opts;
	FILE *file;
	const char *name; /* of -w, or NULL */
	bool color;
	struct publisher *publisher; /* or NULL */
	struct emitted last;
};

/* Not stderr itself, which writes piecemeal: a report is one piece among the command's words. */
static int open_file(const struct options *opts)
{
	if (opts->write)
		return open(opts->write, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return fcntl(opts->command ? STDERR_FILENO : STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
}

static int open_stream(struct emitter *e, int stop_fd, struct reason *why)
{
	int fd = open_file(e->opts);
	int err = fd < 0 ? 0 : report_stream_check(fd, e->opts->format, why);

	if (err) {
		close(fd);
		return err;
	}
	if (fd >= 0) {
		e->color = report_stream_color(fd);
		e->file = report_stream(fd, stop_fd);
	}
	if (!e->file)
		err = reason_set(why, -errno, "cannot write %s: %s", e->name ? e->name : "reports",
				 strerror(errno));
	return err;
}

int emitter_new(const struct options *opts, int stop_fd, struct emitter **out, struct reason *why)
{
	struct emitter *e = calloc(1, sizeof(*e));
	int err = 0;

	if (!e)
		return reason_set(why, -ENOMEM, "out of memory");
	e->opts = opts;
	e->name = opts->write;
	if (opts->record)
		err = recording_save_check(opts->record, why);
	if (!err && !opts->no_reports)
		err = open_stream(e, stop_fd, why);
	if (err)
		free(e);
	else
		*out = e;
	return err;
}

static struct output_options options_of(const struct emitter *e, struct trace *trace)
{
	return (struct output_options){.color = e->color, .names = names_of(trace)};
}

/* A reader that left is told by -EPIPE alone. */
static int explain(const struct emitter *e, int err, struct reason *why)
{
	if (!err)
		return 0;
	why->text[0] = '\0';
	if (err == -EINTR)
		return reason_set(why, err,
				  "the reports' reader has stopped: the last is not whole");
	if (err != -EPIPE || e->name)
		reason_set(why, err, "cannot write the report%s%s: %s", e->name ? " to " : "",
			   e->name ? e->name : "", strerror(-err));
	return err;
}

static int write_rows(struct emitter *e, struct trace *trace, struct output_report *r)
{
	const struct output_options oo = options_of(e, trace);
	const struct report_query query = {
		.sort = e->opts->sort,
		.interval = !r->final && !r->total && e->opts->format == output_formats[0],
		.top = e->opts->top,
		.min_bytes = e->opts->min_bytes,
	};
	int err;

	r->nrows = report_rows(trace->report, &query, &r->rows, &r->other);
	r->totals = report_totals(trace->report);
	err = e->opts->format->write(e->file, &oo, r);
	report_interval_end(trace->report);
	if (trace->finest)
		report_interval_end(trace->finest);
	return err;
}

static int write_chains(struct emitter *e, struct trace *trace, struct output_report *r)
{
	const struct output_options oo = options_of(e, trace);
	struct output_count counts[CHAIN_COUNTS_MAX];

	r->chain_counts = counts;
	r->nchain_counts = fill_chain_counts(trace, counts);
	r->nchains = chains_rows(trace->chains, e->opts->chains_sort, &r->chains, &r->chain_total);
	if (e->opts->top && r->nchains > e->opts->top)
		r->nchains = e->opts->top;
	return e->opts->format->write(e->file, &oo, r);
}

static int write_advice(struct emitter *e, struct trace *trace, struct output_report *r)
{
	const struct output_options oo = options_of(e, trace);
	struct output_count counts[CHAIN_COUNTS_MAX];
	struct output_advice a = {.report = r, .source = source_quote};
	const struct chain_row *rows;
	struct advice *list;
	size_t max;
	int err;

	r->chain_counts = counts;
	r->nchain_counts = fill_chain_counts(trace, counts);
	a.nsites = chains_rows(trace->chains, CHAINS_SORT_COPIED, &rows, &r->chain_total);
	max = e->opts->top && e->opts->top < a.nsites ? e->opts->top : a.nsites;
	list = calloc(max + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	a.nadvice = advise(rows, a.nsites, &r->chain_total, &advise_default_limits, list, max);
	a.advice = list;
	err = e->opts->format->advise(e->file, &oo, &a);
	free(list);
	return err;
}

/* All rows of the interval, as the window may have told of any. */
static int publish(struct emitter *e, struct trace *trace, struct output_report *r)
{
	const struct output_options oo = options_of(e, trace);
	const struct report_query query = {.sort = e->opts->sort, .interval = true};

	r->nrows = report_rows(trace->report, &query, &r->rows, &r->other);
	r->totals = report_totals(trace->report);
	return publisher_take(e->publisher, trace, &oo, r);
}

/* The recording first: it is of the interval that the last report is about to end. */
static int write_report(struct emitter *e, struct trace *trace, struct output_report *r,
			struct reason *why)
{
	int err = 0;

	if (e->opts->record && r->final)
		err = record_save(trace, r, why);
	if (!err && e->publisher && publish(e, trace, r))
		log_warn("out of memory: metrics stay as they were");
	if (!err && e->opts->no_reports && trace->report)
		report_interval_end(trace->report);
	if (err || e->opts->no_reports)
		return err;
	if (e->opts->advise)
		err = write_advice(e, trace, r);
	else if (r->view == OUTPUT_CHAINS)
		err = write_chains(e, trace, r);
	else
		err = write_rows(e, trace, r);
	return explain(e, err, why);
}

static int emit(struct emitter *e, struct trace *trace, bool final, struct reason *why)
{
	struct gathered g = {
		.report = {.final = final,
			   .total = e->opts->total,
			   .view = e->opts->view,
			   .sort = e->opts->sort,
			   .by_target = trace_rows_by_target(trace),
			   .stacks = e->opts->stacks},
	};
	int err = gather_targets(trace, &g, why);

	if (!err) {
		gather_figures(trace, &e->last, &g);
		err = write_report(e, trace, &g.report, why);
	}
	gather_free(&g);
	return err;
}

int emitter_write(struct emitter *e, struct trace *trace, bool final, struct reason *why)
{
	int err;

	if (e->opts->no_reports && !final && !e->publisher)
		return 0;
	err = trace_read_cost(trace, why);
	return err ? err : emit(e, trace, final, why);
}

void emitter_publish(struct emitter *e, struct publisher *publisher)
{
	e->publisher = publisher;
}

void emitter_begin(struct emitter *e, struct trace *trace)
{
	struct output_report r = {0};

	fill_times(&e->last, trace, &r);
	fill_cost(&e->last, trace, &r);
	report_interval_end(trace->report);
}

int emitter_close(struct emitter *e, struct reason *why)
{
	FILE *f = e->file;

	e->file = NULL;
	if (f && fclose(f))
		return reason_set(why, -errno, "cannot write the report%s%s: %s",
				  e->name ? " to " : "", e->name ? e->name : "", strerror(errno));
	return 0;
}

void emitter_free(struct emitter *e)
{
	if (!e)
		return;
	if (e->file)
		fclose(e->file);
	free(e);
}
