// SPDX-License-Identifier: BSD-2-Clause
#include "metrics/collect.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "metrics/collect_run.h"
#include "metrics/sites.h"
#include "output/rowview.h"
#include "output/utf8.h"
#include "report/ops.h"

struct collector {
	struct sites *sites;
	struct timespec begin; /* CLOCK_REALTIME, as the next */
	struct timespec last;  /* when the report before was made; at first as begin */
	double useful_s, traced_s;
	double naming_s;      /* for the names of an interval */
	double naming_left_s; /* below 0: they took more, which the next ones lack */
	uint64_t *counts;     /* the report's ncounts, as they have risen */
};

struct collector *collector_new(size_t max_sites, double naming_s)
{
	struct collector *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->naming_s = naming_s;
	c->sites = sites_new(max_sites);
	if (!c->sites) {
		free(c);
		return NULL;
	}
	return c;
}

void collector_free(struct collector *c)
{
	if (!c)
		return;
	sites_free(c->sites);
	free(c->counts);
	free(c);
}

struct naming {
	struct rowview view;
	struct output_frame frames[OUTPUT_FRAMES_MAX];
	double *left_s;
	char pid[16], line[16], pc[24];
	char *repaired[SITE_LABELS]; /* as UTF-8: what is served alike is one series */
};

static void naming_clear(struct naming *n)
{
	for (size_t i = 0; i < SITE_LABELS; i++)
		free(n->repaired[i]);
	memset(n->repaired, 0, sizeof(n->repaired));
}

static void repair(struct naming *n, const char *labels[SITE_LABELS])
{
	naming_clear(n);
	for (size_t i = 0; i < SITE_LABELS; i++) {
		n->repaired[i] = utf8_repair(labels[i]);
		labels[i] = n->repaired[i] ? n->repaired[i] : "";
	}
}

/* The innermost line of the user's code; where there is none, the address stands for it. */
static void name_row(struct naming *n, const struct report_row *row,
		     const char *labels[SITE_LABELS])
{
	const struct output_frame *frame = n->frames;
	const char *func, *file = NULL;

	rowview_turn(&n->view, row);
	snprintf(n->pc, sizeof(n->pc), "0x%" PRIx64, n->view.pc);
	func = n->pc;
	n->pid[0] = n->line[0] = '\0';
	if (rowview_site(&n->view, n->frames) > 0) {
		func = frame->func;
		file = frame->file;
		if (frame->line > 0)
			snprintf(n->line, sizeof(n->line), "%d", frame->line);
	}
	if (n->view.target)
		snprintf(n->pid, sizeof(n->pid), "%d", n->view.target->pid);
	labels[SITE_PID] = n->pid;
	labels[SITE_EXE] = collect_basename(n->view.exe);
	labels[SITE_OP] = n->view.op;
	labels[SITE_ELEM] = n->view.type.name;
	labels[SITE_FUNC] = func;
	labels[SITE_FILE] = file ? file : "";
	labels[SITE_LINE] = n->line;
	repair(n, labels);
}

/* An executable may be made so that each answer takes long: all else waits meanwhile. */
static bool name_in_time(void *ctx, const struct report_row *row, const char *labels[SITE_LABELS])
{
	struct naming *n = ctx;
	const double begin_s = clock_now_s();

	if (*n->left_s <= 0)
		return false;
	name_row(n, row, labels);
	*n->left_s -= clock_now_s() - begin_s;
	return true;
}

/* What series had that are retired stands in families of its own: no counter jumps by it. */
static const struct {
	const char *name, *retired, *unit, *help;
	size_t figure; /* in struct report_sums */
} families[] = {
	{"slicestat_slice_events", "slicestat_slice_retired_events", "",
	 "Times that slices were made or grown.", offsetof(struct report_sums, events)},
	{"slicestat_slice_len", "slicestat_slice_retired_len", "",
	 "Sum of the lengths of these slices, in elements.", offsetof(struct report_sums, len_sum)},
	{"slicestat_slice_cap", "slicestat_slice_retired_cap", "",
	 "Sum of their capacities, in elements.", offsetof(struct report_sums, cap_sum)},
	{"slicestat_slice_allocated_bytes", "slicestat_slice_retired_allocated_bytes", "bytes",
	 "Memory allocated for their arrays.", offsetof(struct report_sums, allocated)},
	{"slicestat_slice_copied_bytes", "slicestat_slice_retired_copied_bytes", "bytes",
	 "Memory copied from their old arrays.", offsetof(struct report_sums, copied)},
	{"slicestat_slice_slack_bytes", "slicestat_slice_retired_slack_bytes", "bytes",
	 "Memory allocated beyond their lengths.", offsetof(struct report_sums, slack)},
	{"slicestat_slice_unsized_events", "slicestat_slice_retired_unsized_events", "",
	 "Events in slicestat_slice_events that are in no figure of bytes: the element size is "
	 "not known.",
	 offsetof(struct report_sums, unsized)},
};

#define FAMILIES (sizeof(families) / sizeof(families[0]))

static uint64_t figure(const struct report_sums *sums, size_t at)
{
	uint64_t v;

	memcpy(&v, (const char *)sums + at, sizeof(v));
	return v;
}

static void add_sites(struct metrics *m, const struct sites *sites)
{
	static const char *const names[SITE_LABELS] = {
		[SITE_PID] = "pid",   [SITE_EXE] = "exe",   [SITE_OP] = "op",
		[SITE_ELEM] = "elem", [SITE_FUNC] = "func", [SITE_FILE] = "file",
		[SITE_LINE] = "line",
	};

	for (size_t i = 0; i < FAMILIES; i++) {
		struct metrics_family *f = metrics_add(m, METRICS_COUNTER, families[i].name,
						       families[i].unit, families[i].help);

		for (size_t k = 0; k < sites_count(sites); k++) {
			const struct site_series *series = sites_series(sites, k);
			struct metrics_label labels[SITE_LABELS];
			struct metrics_sample *sample;

			for (size_t l = 0; l < SITE_LABELS; l++)
				labels[l] = (struct metrics_label){names[l], series->labels[l]};
			sample = metrics_sample(m, f, labels, SITE_LABELS);
			sample->begin = series->begin;
			sample->whole = figure(&series->sums, families[i].figure);
		}
		metrics_count(m, f, "site", "other",
			      figure(sites_other(sites), families[i].figure));
	}
}

static void add_retired(struct metrics *m, const struct report_sums *retired)
{
	for (size_t i = 0; i < FAMILIES; i++)
		metrics_count(m,
			      metrics_add(m, METRICS_COUNTER, families[i].retired, families[i].unit,
					  "The same of series that had been idle and are not shown "
					  "any more."),
			      "", "", figure(retired, families[i].figure));
}

static void add_lengths(struct metrics *m, const struct report_lengths *lengths)
{
	struct metrics_family *f =
		metrics_add(m, METRICS_HISTOGRAM, "slicestat_slice_length", "",
			    "Lengths of the slices that were made or grown, in elements.");

	for (uint32_t op = 0; op < SS_OPS; op++) {
		const struct metrics_label label = {"op", op_name(op)};
		struct metrics_sample *s;

		if (!lengths[op].events)
			continue;
		s = metrics_sample(m, f, &label, 1);
		s->whole = lengths[op].events;
		s->sum = lengths[op].len_sum;
		s->buckets = metrics_keep(m, lengths[op].lens, sizeof(lengths[op].lens));
	}
}

/* When it began, by the clock that reports are told the time by; that of the first report stays. */
static void note_begin(struct collector *c, const struct output_report *r)
{
	const double begin = (double)r->time.tv_sec + 1e-9 * (double)r->time.tv_nsec - r->elapsed_s;

	if (c->begin.tv_sec)
		return;
	c->begin = (struct timespec){
		.tv_sec = (time_t)begin,
		.tv_nsec = (long)((begin - (double)(time_t)begin) * 1e9),
	};
	c->last = c->begin;
}

/* The clock of CPU time lags behind the count of breakpoints: no counter may fall by that. */
static double risen(double *before, double now)
{
	if (now > *before)
		*before = now;
	return *before;
}

/*
 * What turns out to take no memory goes from one fate to another when rows are read, which are
 * newer than the counters by a few events: no counter may fall by these.
 */
static const uint64_t *risen_counts(struct collector *c, const struct output_report *r)
{
	if (!c->counts)
		c->counts = calloc(r->ncounts, sizeof(*c->counts));
	for (size_t i = 0; c->counts && i < r->ncounts; i++)
		if (r->counts[i].value > c->counts[i])
			c->counts[i] = r->counts[i].value;
	return c->counts;
}

/* What was not used is not kept. */
static void give_time(struct collector *c)
{
	if (c->naming_left_s > 0)
		c->naming_left_s = 0;
	c->naming_left_s += c->naming_s;
}

struct metrics *collector_take(struct collector *c, const struct collect_input *in)
{
	struct naming naming = {.view = rowview_of(in->opts, in->report),
				.left_s = &c->naming_left_s};
	struct sites_interval interval = {
		.rows = in->report->rows,
		.nrows = in->report->nrows,
		.totals = &in->report->totals,
		.sort = in->report->sort,
		.end_s = in->report->elapsed_s,
		.name = name_in_time,
		.ctx = &naming,
	};
	struct collect_input run = *in;
	struct metrics *m;
	int err;

	give_time(c);
	note_begin(c, in->report);
	interval.begin = c->last;
	err = sites_update(c->sites, &interval);
	c->last = in->report->time;
	naming_clear(&naming);
	run.useful_s = risen(&c->useful_s, in->useful_s);
	run.traced_s = risen(&c->traced_s, in->traced_s);
	run.counts = risen_counts(c, in->report);
	m = err || !run.counts ? NULL : metrics_new(&c->begin, &in->report->time);
	if (!m)
		return NULL;
	add_sites(m, c->sites);
	add_retired(m, sites_retired(c->sites));
	add_lengths(m, in->lengths);
	collect_run(m, &run);
	if (!metrics_is_whole(m)) {
		metrics_free(m);
		return NULL;
	}
	return m;
}
