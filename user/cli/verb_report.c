// SPDX-License-Identifier: BSD-2-Clause
/* Reports and advice from a recording, by the formats of live ones. */
#include "cli/verbs.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/recorded.h"
#include "log/log.h"
#include "output/advice.h"
#include "report/advise.h"

struct asked {
	const struct options *opts;
	struct recording *recording;
	enum output_view view;
	struct report *rows; /* one of the two */
	struct chains *chains;
};

static struct output_report report_of(const struct asked *a)
{
	struct output_report r = recording_report(a->recording);

	r.view = a->view;
	r.total = a->opts->total;
	r.sort = a->opts->sort;
	r.by_target = recording_by_target(a->view, a->opts->stacks);
	r.stacks = a->opts->stacks;
	return r;
}

static int write_rows(FILE *f, const struct asked *a, const struct output_options *oo,
		      struct output_report *r)
{
	const struct report_query query = {
		.sort = a->opts->sort,
		.top = a->opts->top,
		.min_bytes = a->opts->min_bytes,
	};

	r->nrows = report_rows(a->rows, &query, &r->rows, &r->other);
	r->totals = report_totals(a->rows);
	return a->opts->format->write(f, oo, r);
}

static int write_chains(FILE *f, const struct asked *a, const struct output_options *oo,
			struct output_report *r)
{
	const struct chain_end total = r->chain_total;

	r->nchains = chains_rows(a->chains, a->opts->chains_sort, &r->chains, &r->chain_total);
	/* Chains for which there was no room are in the total alone. */
	r->chain_total = total;
	if (a->opts->top && r->nchains > a->opts->top)
		r->nchains = a->opts->top;
	return a->opts->format->write(f, oo, r);
}

static int write_advice(FILE *f, const struct asked *a, const struct output_options *oo,
			const struct output_report *r)
{
	struct output_advice advised = {
		.report = r, .source = recording_source_line, .source_ctx = a->recording};
	const size_t top = a->opts->top;
	const struct chain_row *rows;
	struct chain_end total;
	struct advice *list;
	size_t max;
	int err;

	advised.nsites = chains_rows(a->chains, CHAINS_SORT_COPIED, &rows, &total);
	max = top && top < advised.nsites ? top : advised.nsites;
	list = calloc(max + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	advised.nadvice =
		advise(rows, advised.nsites, &r->chain_total, &advise_default_limits, list, max);
	advised.advice = list;
	err = a->opts->format->advise(f, oo, &advised);
	free(list);
	return err;
}

static int write_asked(FILE *f, bool color, void *ctx)
{
	const struct asked *a = ctx;
	struct output_report r = report_of(a);
	const struct output_options oo = {
		.color = color,
		.names = recording_names(a->recording, r.by_target),
	};

	if (a->opts->advise)
		return write_advice(f, a, &oo, &r);
	if (a->view == OUTPUT_CHAINS)
		return write_chains(f, a, &oo, &r);
	return write_rows(f, a, &oo, &r);
}

/* What the recording can be asked for: *view, or a reason why not. */
static int choose_view(struct asked *a, struct reason *why)
{
	const struct options *o = a->opts;
	const char *path = o->recordings[0];
	const enum recording_kind kind = recording_kind(a->recording);

	a->view = kind == RECORDING_OF_CHAINS  ? OUTPUT_CHAINS
		  : kind == RECORDING_OF_BASES ? OUTPUT_BY_BASE
					       : OUTPUT_BY_SITE;
	if (o->advise && kind != RECORDING_OF_CHAINS)
		return reason_set(why, -EINVAL,
				  "%s has no chains to advise on: record with --chains=cheap",
				  path);
	if (o->by_given && kind == RECORDING_OF_CHAINS)
		return reason_set(why, -EINVAL,
				  "%s was recorded by chains, which have rows of their own: leave "
				  "--by out",
				  path);
	if (o->by_given && (o->by == OUTPUT_BY_BASE) != (kind == RECORDING_OF_BASES))
		return reason_set(why, -EINVAL, "%s was recorded by %s: record with --by %s", path,
				  output_view_name(a->view), output_view_name(o->by));
	if (o->by_given)
		a->view = o->by;
	return 0;
}

static int check_options(const struct asked *a, struct reason *why)
{
	const struct options *o = a->opts;
	const bool chains = a->view == OUTPUT_CHAINS;

	if (chains ? o->chains_sort == CHAINS_SORTS : o->sort == REPORT_SORTS)
		return reason_set(why, -EINVAL, "--sort: rows by %s have no %s",
				  output_view_name(a->view), o->sort_name);
	if (a->view == OUTPUT_BY_BASE && o->sort == REPORT_SORT_COPIED)
		return reason_set(why, -EINVAL, "bytes copied are not kept by base");
	if (chains && o->min_bytes)
		return reason_set(why, -EINVAL, "--min-bytes is for rows of bytes allocated");
	if (o->stacks && (a->view != OUTPUT_BY_SITE || !recording_has_stacks(a->recording)))
		return reason_set(why, -EINVAL,
				  "%s has no stacks by %s: record with --by site --stacks",
				  o->recordings[0], output_view_name(a->view));
	return 0;
}

static int answer(struct asked *a, struct reason *why)
{
	int err = choose_view(a, why);

	if (!err)
		err = check_options(a, why);
	if (err)
		return err;
	if (a->view == OUTPUT_CHAINS)
		a->chains = recording_chains(a->recording);
	else
		a->rows = recording_fold(a->recording, a->view, a->opts->stacks);
	if (!a->chains && !a->rows)
		return reason_set(why, -ENOMEM, "out of memory");
	return recorded_write(a->opts, write_asked, a, why);
}

int verb_report(const struct options *opts)
{
	struct asked a = {.opts = opts};
	struct reason why;
	int err = recorded_open(opts->recordings[0], &a.recording, &why);

	if (!err)
		err = answer(&a, &why);
	if (err)
		log_error("%s", why.text);
	report_free(a.rows);
	chains_free(a.chains);
	recording_free(a.recording);
	return err ? 1 : 0;
}

int verb_advise(const struct options *opts)
{
	return opts->nrecordings ? verb_report(opts) : verb_trace(opts);
}
