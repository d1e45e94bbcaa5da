// SPDX-License-Identifier: BSD-2-Clause
/*
 * Recordings: reading, reports by all views in all formats, advice, and what changed since another
 * one. Input: flags, the length of a first recording in two bytes, both one behind the other. They
 * are what the file decompresses to; with FLAG_FILE the first is the file itself.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output/advice.h"
#include "output/diff.h"
#include "recording/recording.h"
#include "report/advise.h"

#include "input.h"
#include "require.h"
#include "scratch.h"

#define FLAG_FILE  1
#define FLAG_RATE  2
#define ADVICE_MAX 8

static FILE *nowhere(void)
{
	static FILE *f;

	if (!f)
		f = fopen("/dev/null", "we");
	require(f);
	return f;
}

static struct recording *read_recording(const uint8_t *bytes, size_t len, bool file)
{
	struct recording *r = NULL;
	struct reason why = {""};
	int err;

	if (file) {
		const int fd = scratch_write(bytes, len);

		require(lseek(fd, 0, SEEK_SET) == 0);
		err = recording_read(fd, "FILE", &r, &why);
	} else {
		err = recording_parse(bytes, len, "FILE", &r, &why);
	}
	require(err <= 0);
	require(err == 0 || (!r && why.text[0] && !strchr(why.text, '\n')));
	return r;
}

/* Nothing is lost on the way from rows to rows of another view. */
static void check_sums(const struct recording *r, struct report *rows,
		       const struct output_report *shown)
{
	const struct report_sums totals = recording_totals(r);
	uint64_t events = shown->other.events;

	for (size_t i = 0; i < shown->nrows; i++)
		events += shown->rows[i]->sums.events;
	require(report_totals(rows).sums.events == totals.events && events == totals.events);
	require(report_totals(rows).sums.allocated == totals.allocated);
}

static void show_rows(const struct recording *r, enum output_view view, bool stacks)
{
	const struct report_query query = {.sort = REPORT_SORT_ALLOCATED};
	const bool by_target = recording_by_target(view, stacks);
	const struct output_options oo = {.names = recording_names(r, by_target)};
	struct output_report shown = recording_report(r);
	struct report *rows = recording_fold(r, view, stacks);

	require(rows);
	shown.view = view;
	shown.by_target = by_target;
	shown.stacks = stacks;
	shown.nrows = report_rows(rows, &query, &shown.rows, &shown.other);
	shown.totals = report_totals(rows);
	check_sums(r, rows, &shown);
	for (size_t i = 0; output_formats[i]; i++)
		if (!output_formats[i]->profile || stacks)
			require(output_formats[i]->write(nowhere(), &oo, &shown) == 0);
	report_free(rows);
}

static void show_sites(const struct recording *r)
{
	show_rows(r, OUTPUT_BY_SITE, false);
	show_rows(r, OUTPUT_BY_SITE, true);
	show_rows(r, OUTPUT_BY_TYPE, false);
	show_rows(r, OUTPUT_BY_PROCESS, false);
}

static void show_advice(struct recording *r, const struct output_report *shown,
			const struct output_options *oo)
{
	struct advice list[ADVICE_MAX];
	struct output_advice a = {
		.report = shown,
		.nsites = shown->nchains,
		.advice = list,
		.source = recording_source_line,
		.source_ctx = r,
	};

	a.nadvice = advise(shown->chains, shown->nchains, &shown->chain_total,
			   &advise_default_limits, list, ADVICE_MAX);
	require(a.nadvice <= ADVICE_MAX);
	require(output_advise_table(nowhere(), oo, &a) == 0);
	require(output_advise_json(nowhere(), oo, &a) == 0);
}

static void show_chains(struct recording *r)
{
	const struct output_options oo = {.names = recording_names(r, false)};
	struct output_report shown = recording_report(r);
	struct chains *chains = recording_chains(r);

	require(chains);
	shown.view = OUTPUT_CHAINS;
	shown.nchains = chains_rows(chains, CHAINS_SORT_COPIED, &shown.chains, &shown.chain_total);
	require(output_find("table")->write(nowhere(), &oo, &shown) == 0);
	require(output_find("json")->write(nowhere(), &oo, &shown) == 0);
	show_advice(r, &shown, &oo);
	chains_free(chains);
}

static void show(struct recording *r)
{
	switch (recording_kind(r)) {
	case RECORDING_OF_SITES:
		show_sites(r);
		return;
	case RECORDING_OF_BASES:
		show_rows(r, OUTPUT_BY_BASE, false);
		return;
	case RECORDING_OF_CHAINS:
		show_chains(r);
		return;
	}
	require(false);
}

/* No site is in two rows, and none is lost: the rows' sums are those of the lines. */
static void check_rows(const struct diff_row *rows, size_t n, uint64_t more)
{
	uint64_t a = 0, b = 0;

	require(rows);
	for (size_t i = 0; i < n; i++) {
		require(rows[i].a || rows[i].b);
		a += diff_figure(rows[i].a ? &rows[i].a->sums : NULL, REPORT_SORT_EVENTS);
		b += diff_figure(rows[i].b ? &rows[i].b->sums : NULL, REPORT_SORT_EVENTS);
	}
	require(b - a == more);
}

static uint64_t events_of(const struct diff_site *lines, size_t n)
{
	uint64_t events = 0;

	for (size_t i = 0; i < n; i++)
		events += lines[i].sums.events;
	return events;
}

static void compare(const struct recording *one, const struct recording *other, bool rate)
{
	struct output_report a = recording_report(one), b = recording_report(other);
	struct output_diff d = {
		.a = {"A", &a, recording_totals(one)},
		.b = {"B", &b, recording_totals(other)},
		.sort = REPORT_SORT_ALLOCATED,
		.rate = rate,
		.scale = {rate ? 3.5 : 1, rate ? 1e-6 : 1},
		.fail_over = -1,
	};
	size_t na, nb;
	struct diff_site *lines_a = recording_lines(one, &na);
	struct diff_site *lines_b = recording_lines(other, &nb);
	uint64_t more;
	struct diff *diff;

	require(lines_a && lines_b);
	more = events_of(lines_b, nb) - events_of(lines_a, na);
	diff = diff_new(lines_a, na, lines_b, nb);
	require(diff);
	d.nrows = diff_changed(diff, d.sort, &d.scale, &d.rows);
	d.nshown = d.nrows;
	if (!rate)
		check_rows(d.rows, d.nrows, more);
	require(output_diff_table(nowhere(), &d) == 0);
	require(output_diff_json(nowhere(), &d) == 0);
	diff_free(diff);
	free(lines_a);
	free(lines_b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	const uint8_t flags = input_byte(&in);
	size_t len = input_u16(&in);
	struct recording *a, *b;

	if (len > in.left)
		len = in.left;
	a = read_recording(in.at, len, flags & FLAG_FILE);
	b = read_recording(in.at + len, in.left - len, false);
	if (a)
		show(a);
	if (b)
		show(b);
	if (a && b && recording_kind(a) == RECORDING_OF_SITES &&
	    recording_kind(b) == RECORDING_OF_SITES)
		compare(a, b, flags & FLAG_RATE);
	recording_free(a);
	recording_free(b);
	return 0;
}
