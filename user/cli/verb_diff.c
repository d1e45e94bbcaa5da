// SPDX-License-Identifier: BSD-2-Clause
#include "cli/verbs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/recorded.h"
#include "log/log.h"
#include "output/diff.h"

#define FAILED_STATUS 3
/* Nothing is traced for less: rates stay finite. */
#define TIME_MIN_S 1e-6

struct side {
	struct recording *recording;
	struct output_report report;
	struct diff_site *lines;
	size_t nlines;
};

struct comparison {
	const struct options *opts;
	struct side a, b;
	struct diff *diff;
	struct output_diff shown;
	char failed[512]; /* why it is too much, or "" */
};

static int open_side(struct side *side, const char *path, struct reason *why)
{
	int err = recorded_open(path, &side->recording, why);

	if (err)
		return err;
	if (recording_kind(side->recording) != RECORDING_OF_SITES)
		return reason_set(why, -EINVAL,
				  "%s was not recorded by site: record without --by base and "
				  "--chains",
				  path);
	side->report = recording_report(side->recording);
	side->lines = recording_lines(side->recording, &side->nlines);
	return side->lines ? 0 : reason_set(why, -ENOMEM, "out of memory");
}

static void close_side(struct side *side)
{
	free(side->lines);
	recording_free(side->recording);
}

/* A budget counts a part of the events: how large a part differs from run to run. */
static void warn_of_budgets(const struct comparison *c)
{
	if (c->a.report.nests || c->b.report.nests)
		log_warn("recorded with --budget: figures are of what was traced, %.1f %% in A and "
			 "%.1f %% in B",
			 c->a.report.nests ? 100 * c->a.report.exposure : 100.0,
			 c->b.report.nests ? 100 * c->b.report.exposure : 100.0);
}

static int set_scale(struct comparison *c, struct reason *why)
{
	const double a = c->a.report.elapsed_s, b = c->b.report.elapsed_s;

	c->shown.scale = (struct diff_scale){1, 1};
	if (!c->opts->rate)
		return 0;
	if (a < TIME_MIN_S || b < TIME_MIN_S)
		return reason_set(why, -EINVAL, "--rate: a recording of no time has none");
	c->shown.scale = (struct diff_scale){a, b};
	return 0;
}

/* The sum of the key over all grew too much. */
static bool total_fails(struct comparison *c, double a, double b)
{
	const double limit = c->opts->fail_over;
	char change[64], in_a[64], in_b[64];

	if (!diff_exceeds(a, b, a, limit))
		return false;
	output_diff_percent(change, sizeof(change), a, b);
	output_diff_figure(in_a, sizeof(in_a), c->opts->sort, a, c->opts->rate);
	output_diff_figure(in_b, sizeof(in_b), c->opts->sort, b, c->opts->rate);
	snprintf(c->failed, sizeof(c->failed), "%s grew from %s to %s (%s): more than %g %%",
		 output_diff_key_name(c->opts->sort), in_a, in_b, change, limit);
	return true;
}

static bool row_fails(struct comparison *c, const struct diff_row *row, double total)
{
	const enum report_sort key = c->opts->sort;
	const double a = (double)diff_figure(row->a ? &row->a->sums : NULL, key) / c->shown.scale.a;
	const double b = (double)diff_figure(row->b ? &row->b->sums : NULL, key) / c->shown.scale.b;
	char site[200], in_a[64], in_b[64], whole[64];

	if (!diff_exceeds(a, b, total, c->opts->fail_over))
		return false;
	output_diff_site(site, sizeof(site), row);
	output_diff_figure(in_a, sizeof(in_a), key, a, c->opts->rate);
	output_diff_figure(in_b, sizeof(in_b), key, b, c->opts->rate);
	output_diff_figure(whole, sizeof(whole), key, total, c->opts->rate);
	snprintf(c->failed, sizeof(c->failed),
		 "%s of %s grew from %s to %s: more than %g %% of all %s in A",
		 output_diff_key_name(key), site, in_a, in_b, c->opts->fail_over, whole);
	return true;
}

/* By the key's total, then by each row: one line for the first that is too much. */
static void judge(struct comparison *c)
{
	const struct output_diff *d = &c->shown;
	const double a = (double)diff_figure(&d->a.totals, c->opts->sort) / d->scale.a;
	const double b = (double)diff_figure(&d->b.totals, c->opts->sort) / d->scale.b;

	if (c->opts->fail_over < 0)
		return;
	if (!total_fails(c, a, b))
		for (size_t i = 0; i < d->nrows; i++)
			if (row_fails(c, &d->rows[i], a))
				break;
	if (c->failed[0])
		c->shown.failed = c->failed;
}

static int write_diff(FILE *f, bool color, void *ctx)
{
	const struct comparison *c = ctx;

	(void)color;
	return c->opts->format == output_formats[0] ? output_diff_table(f, &c->shown)
						    : output_diff_json(f, &c->shown);
}

static int compare(struct comparison *c, struct reason *why)
{
	struct output_diff *d = &c->shown;
	const struct options *o = c->opts;
	int err = set_scale(c, why);

	if (err)
		return err;
	c->diff = diff_new(c->a.lines, c->a.nlines, c->b.lines, c->b.nlines);
	if (!c->diff)
		return reason_set(why, -ENOMEM, "out of memory");
	d->a = (struct output_side){o->recordings[0], &c->a.report,
				    recording_totals(c->a.recording)};
	d->b = (struct output_side){o->recordings[1], &c->b.report,
				    recording_totals(c->b.recording)};
	d->sort = o->sort;
	d->rate = o->rate;
	d->fail_over = o->fail_over;
	d->nrows = diff_changed(c->diff, o->sort, &d->scale, &d->rows);
	d->nshown = o->top && o->top < d->nrows ? o->top : d->nrows;
	judge(c);
	return recorded_write(o, write_diff, c, why);
}

int verb_diff(const struct options *opts)
{
	struct comparison c = {.opts = opts};
	struct reason why;
	int err = open_side(&c.a, opts->recordings[0], &why);

	if (!err)
		err = open_side(&c.b, opts->recordings[1], &why);
	if (!err) {
		warn_of_budgets(&c);
		err = compare(&c, &why);
	}
	if (err)
		log_error("%s", why.text);
	else if (c.failed[0])
		log_error("%s", c.failed);
	diff_free(c.diff);
	close_side(&c.a);
	close_side(&c.b);
	if (err)
		return 1;
	return c.failed[0] ? FAILED_STATUS : 0;
}
