// SPDX-License-Identifier: BSD-2-Clause
/*
 * For pprof: its protobuf messages (profile.proto), in gzip. A message may be written in parts that
 * follow each other, so that each sample is written when it is made, and only what samples share is
 * kept.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "output/formats.h"
#include "output/gzip.h"
#include "output/pprof_tables.h"
#include "output/rowview.h"
#include "output/sink.h"

enum value {
	VALUE_GROWTHS,
	VALUE_ALLOCATED,
	VALUE_COPIED,
	VALUE_SLACK,
	VALUES,
};

static const struct {
	const char *type, *unit;
} values[VALUES] = {
	[VALUE_GROWTHS] = {"growths", "count"},
	[VALUE_ALLOCATED] = {"allocated", "bytes"},
	[VALUE_COPIED] = {"copied", "bytes"},
	[VALUE_SLACK] = {"slack", "bytes"},
};

#define LABELS_MAX 3

struct pprof {
	ProtobufCBuffer buffer; /* the first member: what protobuf-c appends to */
	struct sink sink;
	struct gzip *gzip;
	struct pprof_tables *tables;
	const struct output_report *report;
	uint64_t told[VALUES]; /* by samples so far */
	uint64_t unsized;
	bool with_pid;
	struct output_frame frames[ROWVIEW_STACK_MAX];
	uint64_t ids[ROWVIEW_STACK_MAX];
};

static void append(ProtobufCBuffer *buffer, size_t size, const uint8_t *bytes)
{
	gzip_write(((struct pprof *)buffer)->gzip, bytes, size);
}

static void emit(void *ctx, const Perftools__Profiles__Profile *part)
{
	struct pprof *p = ctx;

	perftools__profiles__profile__pack_to_buffer(part, &p->buffer);
}

static void fail(struct pprof *p, int err)
{
	if (!p->sink.err)
		p->sink.err = err;
}

static int64_t text(struct pprof *p, const char *words)
{
	int64_t number = 0;

	if (pprof_text(p->tables, words, &number))
		fail(p, -ENOMEM);
	return number;
}

/* Profiles have signed values. */
static int64_t figure(uint64_t n)
{
	return n <= INT64_MAX ? (int64_t)n : INT64_MAX;
}

static void emit_value_types(struct pprof *p)
{
	static const enum value first[REPORT_SORTS] = {
		[REPORT_SORT_EVENTS] = VALUE_GROWTHS,	   [REPORT_SORT_LEN] = VALUE_ALLOCATED,
		[REPORT_SORT_CAP] = VALUE_ALLOCATED,	   [REPORT_SORT_COPIED] = VALUE_COPIED,
		[REPORT_SORT_ALLOCATED] = VALUE_ALLOCATED, [REPORT_SORT_SLACK] = VALUE_SLACK,
	};
	Perftools__Profiles__Profile part = PERFTOOLS__PROFILES__PROFILE__INIT;
	Perftools__Profiles__ValueType types[VALUES], *list[VALUES];

	for (int i = 0; i < VALUES; i++) {
		perftools__profiles__value_type__init(&types[i]);
		types[i].type = text(p, values[i].type);
		types[i].unit = text(p, values[i].unit);
		list[i] = &types[i];
	}
	part.n_sample_type = VALUES;
	part.sample_type = list;
	part.default_sample_type = types[first[p->report->sort]].type;
	/* Nothing is sampled. */
	part.period_type = &types[VALUE_GROWTHS];
	part.period = 1;
	emit(p, &part);
}

static void emit_times(struct pprof *p)
{
	const struct output_report *r = p->report;
	Perftools__Profiles__Profile part = PERFTOOLS__PROFILES__PROFILE__INIT;

	part.duration_nanos = (int64_t)(r->elapsed_s * 1e9);
	part.time_nanos =
		(int64_t)r->time.tv_sec * 1000000000 + r->time.tv_nsec - part.duration_nanos;
	emit(p, &part);
}

static void __attribute__((format(printf, 2, 3))) comment(struct pprof *p, const char *form, ...)
{
	Perftools__Profiles__Profile part = PERFTOOLS__PROFILES__PROFILE__INIT;
	char words[256];
	int64_t number;
	va_list ap;

	va_start(ap, form);
	vsnprintf(words, sizeof(words), form, ap);
	va_end(ap);
	number = text(p, words);
	part.n_comment = 1;
	part.comment = &number;
	emit(p, &part);
}

static void emit_sample(struct pprof *p, size_t nids, const uint64_t told[VALUES],
			Perftools__Profiles__Label *labels, size_t nlabels)
{
	Perftools__Profiles__Profile part = PERFTOOLS__PROFILES__PROFILE__INIT;
	Perftools__Profiles__Sample sample = PERFTOOLS__PROFILES__SAMPLE__INIT, *list[] = {&sample};
	Perftools__Profiles__Label *pointers[LABELS_MAX];
	int64_t figures[VALUES];

	for (int i = 0; i < VALUES; i++) {
		figures[i] = figure(told[i]);
		p->told[i] += told[i];
	}
	for (size_t i = 0; i < nlabels; i++)
		pointers[i] = &labels[i];
	sample.n_location_id = nids;
	sample.location_id = p->ids;
	sample.n_value = VALUES;
	sample.value = figures;
	sample.n_label = nlabels;
	sample.label = pointers;
	part.n_sample = 1;
	part.sample = list;
	emit(p, &part);
}

/* Locations of a row's frames, or of its address, or none that is known. */
static size_t locate(struct pprof *p, const struct rowview *v, size_t nframes)
{
	const struct output_frame unknown = {.func = "?"};
	int n;

	if (nframes)
		n = pprof_locations(p->tables, v->target, p->frames, nframes, p->ids);
	else if (v->pc)
		n = pprof_address(p->tables, v->target, v->pc - 1, p->ids) ? -ENOMEM : 1;
	else
		n = pprof_locations(p->tables, NULL, &unknown, 1, p->ids);
	if (n < 0)
		fail(p, n);
	return n < 0 ? 0 : (size_t)n;
}

static size_t set_labels(struct pprof *p, const struct rowview *v,
			 Perftools__Profiles__Label labels[LABELS_MAX])
{
	size_t n = 0;

	for (int i = 0; i < LABELS_MAX; i++)
		perftools__profiles__label__init(&labels[i]);
	labels[n].key = text(p, "type");
	labels[n++].str = text(p, v->type.name);
	labels[n].key = text(p, "op");
	labels[n++].str = text(p, v->op);
	if (p->with_pid && v->target) {
		labels[n].key = text(p, "pid");
		labels[n++].num = v->target->pid;
	}
	return n;
}

static void emit_row(struct pprof *p, const struct rowview *v)
{
	const struct report_sums *sums = &v->row->sums;
	const uint64_t told[VALUES] = {
		[VALUE_GROWTHS] = sums->events,
		[VALUE_ALLOCATED] = sums->allocated,
		[VALUE_COPIED] = sums->copied,
		[VALUE_SLACK] = sums->slack,
	};
	Perftools__Profiles__Label labels[LABELS_MAX];
	const size_t nids = locate(p, v, rowview_stack(v, p->frames));

	p->unsized += sums->unsized;
	emit_sample(p, nids, told, labels, set_labels(p, v, labels));
}

/* What is in no row: too many came, or few are wanted. So the sums are those of all events. */
static void emit_rest(struct pprof *p)
{
	const struct report_sums *sums = &p->report->totals.sums;
	const struct output_frame rest = {.func = "[other]"};
	const uint64_t told[VALUES] = {
		[VALUE_GROWTHS] = sums->events - p->told[VALUE_GROWTHS],
		[VALUE_ALLOCATED] = sums->allocated - p->told[VALUE_ALLOCATED],
		[VALUE_COPIED] = sums->copied - p->told[VALUE_COPIED],
		[VALUE_SLACK] = sums->slack - p->told[VALUE_SLACK],
	};

	if (!p->report->other.events)
		return;
	p->unsized = sums->unsized;
	if (pprof_locations(p->tables, NULL, &rest, 1, p->ids) < 0)
		fail(p, -ENOMEM);
	emit_sample(p, 1, told, NULL, 0);
	comment(p, "[other]: %" PRIu64 " rows that are left out", p->report->other.rows);
}

static void emit_comments(struct pprof *p)
{
	const struct output_report *r = p->report;

	comment(p, "slicestat %s", SLICESTAT_VERSION);
	for (size_t i = 0; i < r->ncounts; i++)
		if (r->counts[i].value)
			comment(p, "%s: %" PRIu64, r->counts[i].name, r->counts[i].value);
	if (r->stackless)
		comment(p, "events without a stack, below their site alone: %" PRIu64,
			r->stackless);
	if (r->stacks_cut)
		comment(p, "events whose stack is longer, called by [truncated]: %" PRIu64,
			r->stacks_cut);
	if (p->unsized)
		comment(p, "events of an unknown element size, counted without bytes: %" PRIu64,
			p->unsized);
	if (r->nests)
		comment(p, "traced for %.1f %% of the processes' time, under a budget",
			100 * r->exposure);
}

static void emit_profile(struct pprof *p, const struct output_options *opts)
{
	struct rowview v = rowview_of(opts, p->report);

	emit_value_types(p);
	emit_times(p);
	for (size_t i = 0; i < p->report->nrows && !p->sink.err; i++) {
		rowview_turn(&v, p->report->rows[i]);
		emit_row(p, &v);
	}
	emit_rest(p);
	emit_comments(p);
	pprof_tables_emit(p->tables, emit, p);
	gzip_finish(p->gzip);
}

static int pprof_write(FILE *f, const struct output_options *opts, const struct output_report *r)
{
	struct pprof *p = calloc(1, sizeof(*p));
	int err = -ENOMEM;

	if (!p)
		return -ENOMEM;
	p->buffer.append = append;
	p->sink.file = f;
	p->report = r;
	p->with_pid = r->ntargets + r->forgotten > 1;
	p->gzip = gzip_new(&p->sink);
	p->tables = pprof_tables_new();
	if (p->gzip && p->tables) {
		emit_profile(p, opts);
		err = sink_finish(&p->sink);
	}
	gzip_free(p->gzip);
	pprof_tables_free(p->tables);
	free(p);
	return err;
}

const struct output_format output_pprof = {
	.name = "pprof",
	.profile = true,
	.binary = true,
	.write = pprof_write,
};
