// SPDX-License-Identifier: BSD-2-Clause
/* A recording's rows as a run's report has them: added up by the key that is asked for. */
#include <stdlib.h>

#include "recording/inside.h"

enum recording_kind recording_kind(const struct recording *r)
{
	return (enum recording_kind)r->file->head->kind;
}

bool recording_has_stacks(const struct recording *r)
{
	return r->file->head->stacks;
}

static struct chain_end end_of(const Slicestat__RecordingEnd *from)
{
	return (struct chain_end){
		.cap = from->cap,
		.chains = from->chains,
		.len_sum = from->len_sum,
		.steps = from->steps,
		.copied = from->copied,
		.dead = from->dead,
	};
}

static struct report_sums sums_of(const Slicestat__RecordingSums *from)
{
	return (struct report_sums){
		.events = from->events,
		.len_sum = from->len_sum,
		.cap_sum = from->cap_sum,
		.allocated = from->allocated,
		.copied = from->copied,
		.slack = from->slack,
		.unsized = from->unsized,
	};
}

struct output_report recording_report(const struct recording *r)
{
	const Slicestat__RecordingHead *head = r->file->head;

	return (struct output_report){
		.time = {.tv_sec = head->time_s, .tv_nsec = head->time_ns},
		.elapsed_s = head->elapsed_s,
		.interval_s = head->elapsed_s,
		.final = true,
		.stackless = head->stackless,
		.typeless = head->typeless,
		.stacks_cut = head->stacks_cut,
		.exes = r->exes,
		.nexes = r->file->n_exes,
		.targets = r->targets,
		.ntargets = r->file->n_processes,
		.forgotten = head->processes_forgotten,
		.counts = r->counts,
		.ncounts = head->n_counts,
		.traps = head->traps,
		.cost_s = head->cost_s,
		.exposure = head->exposure,
		.ests = r->ests,
		.nests = head->n_estimates,
		.chain_total = end_of(head->chain_total),
		.chain_counts = r->chain_counts,
		.nchain_counts = head->n_chain_counts,
	};
}

bool recording_by_target(enum output_view view, bool stacks)
{
	return view == OUTPUT_BY_BASE || view == OUTPUT_BY_PROCESS || stacks;
}

/* How rows are asked for, and what comes of it. */
struct fold {
	const struct recording *r;
	enum output_view view;
	bool stacks;
	struct report *report;
};

static uint64_t pc_of(const struct fold *f, const Slicestat__RecordingRow *row)
{
	return row->site ? f->r->file->sites[row->site - 1]->pc : 0;
}

/* False: of a process that nothing is told of, where rows are of processes. */
static bool key_of(const struct fold *f, const Slicestat__RecordingRow *row, struct report_key *key)
{
	const bool by_target = recording_by_target(f->view, f->stacks);

	*key = (struct report_key){.group = by_target ? row->process - 1 : row->exe};
	if (by_target && !row->process)
		return false;
	switch (f->view) {
	case OUTPUT_BY_BASE:
		key->addr = row->address;
		return true;
	case OUTPUT_BY_SITE:
		key->addr = pc_of(f, row);
		key->stack = f->stacks ? row->stack : 0;
		break;
	case OUTPUT_BY_TYPE:
		break;
	default:
		return true;
	}
	key->op = (uint32_t)row->op;
	key->type = row->type;
	return true;
}

static struct report_last last_of(const struct fold *f, const Slicestat__RecordingRow *row)
{
	if (f->view != OUTPUT_BY_BASE)
		return (struct report_last){.len = 0};
	return (struct report_last){
		.len = row->len,
		.cap = row->cap,
		.site = pc_of(f, row),
		.op = (uint32_t)row->op,
		.type = row->type,
	};
}

/*
 * What the row had before the last interval, or what it got in that; bytes, which are not kept by
 * interval, go with the first of the two that has events.
 */
static void add_part(const struct fold *f, const Slicestat__RecordingRow *row, bool interval)
{
	const bool is_new = row->d_events && row->d_events == row->sums->events;
	uint64_t lens[SS_LEN_BUCKETS] = {0};
	struct report_delta delta = {.last = last_of(f, row)};
	struct report_key key;

	if (interval ? !row->d_events : is_new)
		return;
	if (!key_of(f, row, &key)) {
		const struct report_sums sums = sums_of(row->sums);

		if (interval == is_new)
			report_add_evicted(f->report, &sums, 0);
		return;
	}
	delta.first_site = delta.last.site;
	delta.first_op = delta.last.op;
	if (interval == is_new) {
		delta.sums = sums_of(row->sums);
		delta.reused = row->reused;
		for (size_t i = 0; i < row->n_lens; i++)
			lens[i] = row->lens[i];
		delta.lens_before = lens;
	}
	if (interval) {
		delta.sums.events = row->d_events;
		delta.sums.len_sum = row->d_len_sum;
		delta.sums.cap_sum = row->d_cap_sum;
	} else {
		delta.sums.events -= row->d_events;
		delta.sums.len_sum -= row->d_len_sum;
		delta.sums.cap_sum -= row->d_cap_sum;
	}
	report_add(f->report, &key, &delta);
}

static void add_rows(const struct fold *f)
{
	const Slicestat__Recording *file = f->r->file;
	const struct report_sums evicted = sums_of(file->head->evicted);
	uint64_t rows = file->head->rows_evicted;

	for (size_t i = 0; i < file->n_rows; i++)
		add_part(f, file->rows[i], false);
	report_interval_end(f->report);
	for (size_t i = 0; i < file->n_rows; i++)
		add_part(f, file->rows[i], true);
	if (f->view == OUTPUT_BY_PROCESS)
		rows += file->head->processes_forgotten;
	report_add_evicted(f->report, &evicted, rows);
}

struct report *recording_fold(const struct recording *r, enum output_view view, bool stacks)
{
	struct fold f = {.r = r, .view = view, .stacks = stacks};

	f.report = report_new(r->file->n_rows, view != OUTPUT_BY_BASE);
	if (f.report)
		add_rows(&f);
	return f.report;
}

struct chains *recording_chains(const struct recording *r)
{
	const Slicestat__Recording *file = r->file;
	struct chains *chains;
	size_t nends = 0;

	for (size_t i = 0; i < file->n_chains; i++)
		nends += file->chains[i]->n_ends;
	chains = chains_new(nends);
	for (size_t i = 0; i < file->n_chains && chains; i++) {
		const Slicestat__RecordingChain *chain = file->chains[i];
		const struct report_key key = {
			.addr = chain->site ? file->sites[chain->site - 1]->pc : 0,
			.group = chain->exe,
			.type = chain->type,
			.op = (uint32_t)chain->op,
		};

		for (size_t e = 0; e < chain->n_ends; e++) {
			const struct chain_end end = end_of(chain->ends[e]);

			chains_add(chains, &key, chain->elem_size, &end);
		}
	}
	return chains;
}

static struct diff_site line_of(const struct recording *r, const Slicestat__RecordingRow *row)
{
	const Slicestat__Recording *file = r->file;
	const Slicestat__RecordingSite *site = row->site ? file->sites[row->site - 1] : NULL;
	struct diff_site line = {
		.func = "?",
		.elem = row->type ? r->texts[file->types[row->type - 1]->name] : "?",
		.op = (uint32_t)row->op,
		.sums = sums_of(row->sums),
	};

	/* An address says nothing to another build. */
	if (line.elem[0] == '?')
		line.elem = "?";
	if (site && site->n_frames) {
		const Slicestat__RecordingFrame *frame = file->frames[site->frames[0]];

		line.func = r->texts[frame->func];
		line.file = frame->file ? r->texts[frame->file] : NULL;
		line.line = (int)frame->line;
	}
	return line;
}

struct diff_site *recording_lines(const struct recording *r, size_t *n)
{
	const Slicestat__Recording *file = r->file;
	struct diff_site *lines = calloc(file->n_rows + 1, sizeof(*lines));

	*n = file->n_rows;
	for (size_t i = 0; i < file->n_rows && lines; i++)
		lines[i] = line_of(r, file->rows[i]);
	return lines;
}

struct report_sums recording_totals(const struct recording *r)
{
	struct report_sums total = sums_of(r->file->head->evicted);

	for (size_t i = 0; i < r->file->n_rows; i++) {
		const struct report_sums sums = sums_of(r->file->rows[i]->sums);

		report_sums_add(&total, &sums);
	}
	return total;
}
