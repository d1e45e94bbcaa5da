// SPDX-License-Identifier: BSD-2-Clause
#include "recording/write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "recording/names.h"
#include "recording/stream.h"

/* Readers look at the first bytes before they trust the others. */
static void put_schema(struct stream *s)
{
	Slicestat__Recording part = SLICESTAT__RECORDING__INIT;

	part.schema.data = (uint8_t *)RECORDING_SCHEMA;
	part.schema.len = strlen(RECORDING_SCHEMA);
	part.version = RECORDING_VERSION;
	stream_put(s, &part);
}

/* n counts as messages, or NULL with the error noted; to be freed at once. */
static Slicestat__RecordingCount **counts_of(struct names *n, const struct output_count *from,
					     size_t count)
{
	Slicestat__RecordingCount **list =
		calloc(1, count * (sizeof(*list) + sizeof(**list)) + sizeof(*list));
	Slicestat__RecordingCount *counts;

	if (!list) {
		n->err = -ENOMEM;
		return NULL;
	}
	counts = (Slicestat__RecordingCount *)(list + count);
	for (size_t i = 0; i < count; i++) {
		list[i] = &counts[i];
		slicestat__recording_count__init(&counts[i]);
		counts[i].name = names_text(n, from[i].name);
		counts[i].value = from[i].value;
	}
	return list;
}

/* The same of estimates. */
static Slicestat__RecordingEstimate **estimates_of(struct names *n, const struct output_est *from,
						   size_t count)
{
	Slicestat__RecordingEstimate **list =
		calloc(1, count * (sizeof(*list) + sizeof(**list)) + sizeof(*list));
	Slicestat__RecordingEstimate *ests;

	if (!list) {
		n->err = -ENOMEM;
		return NULL;
	}
	ests = (Slicestat__RecordingEstimate *)(list + count);
	for (size_t i = 0; i < count; i++) {
		list[i] = &ests[i];
		slicestat__recording_estimate__init(&ests[i]);
		ests[i].name = names_text(n, from[i].name);
		ests[i].total = from[i].total;
		ests[i].error = from[i].error;
	}
	return list;
}

static void sums_of(Slicestat__RecordingSums *to, const struct report_sums *from)
{
	slicestat__recording_sums__init(to);
	to->events = from->events;
	to->len_sum = from->len_sum;
	to->cap_sum = from->cap_sum;
	to->allocated = from->allocated;
	to->copied = from->copied;
	to->slack = from->slack;
	to->unsized = from->unsized;
}

static void end_of(Slicestat__RecordingEnd *to, const struct chain_end *from)
{
	slicestat__recording_end__init(to);
	to->cap = from->cap;
	to->chains = from->chains;
	to->len_sum = from->len_sum;
	to->steps = from->steps;
	to->copied = from->copied;
	to->dead = from->dead;
}

/* What the totals have beyond the rows. */
static struct report_sums sums_evicted(const struct output_report *r)
{
	struct report_sums sums = r->totals.sums;

	for (size_t i = 0; i < r->nrows; i++)
		report_sums_subtract(&sums, &r->rows[i]->sums);
	return sums;
}

static Slicestat__RecordingKind kind_of(const struct output_report *r)
{
	switch (r->view) {
	case OUTPUT_BY_BASE:
		return SLICESTAT__RECORDING_KIND__BASES;
	case OUTPUT_CHAINS:
		return SLICESTAT__RECORDING_KIND__CHAINS;
	default:
		return SLICESTAT__RECORDING_KIND__SITES;
	}
}

/* The head once its lists are there, which live until it is written. */
static void put_lists(struct names *n, struct stream *s, Slicestat__Recording *part)
{
	const struct output_report *r = n->from->report;
	Slicestat__RecordingHead *head = part->head;

	head->counts = counts_of(n, r->counts, r->ncounts);
	head->n_counts = r->ncounts;
	head->chain_counts = counts_of(n, r->chain_counts, r->nchain_counts);
	head->n_chain_counts = r->nchain_counts;
	head->estimates = estimates_of(n, r->ests, r->nests);
	head->n_estimates = r->nests;
	if (!n->err)
		stream_put(s, part);
	free(head->counts);
	free(head->chain_counts);
	free(head->estimates);
}

static void put_head(struct names *n, struct stream *s)
{
	const struct output_report *r = n->from->report;
	const struct report_sums rest = sums_evicted(r);
	Slicestat__RecordingSums evicted;
	Slicestat__RecordingEnd total;
	Slicestat__RecordingHead head = SLICESTAT__RECORDING_HEAD__INIT;
	Slicestat__Recording part = SLICESTAT__RECORDING__INIT;

	sums_of(&evicted, &rest);
	end_of(&total, &r->chain_total);
	head.tool = names_text(n, SLICESTAT_VERSION);
	head.kind = kind_of(r);
	head.time_s = r->time.tv_sec;
	head.time_ns = (uint32_t)r->time.tv_nsec;
	head.elapsed_s = r->elapsed_s;
	head.traps = r->traps;
	head.cost_s = r->cost_s;
	head.exposure = r->exposure;
	head.stacks = r->stacks;
	head.stackless = r->stackless;
	head.stacks_cut = r->stacks_cut;
	head.typeless = r->typeless;
	head.processes_forgotten = r->forgotten;
	head.evicted = &evicted;
	head.rows_evicted = r->other.rows;
	head.chain_total = &total;
	part.head = &head;
	put_lists(n, s, &part);
}

static void put_exes(struct names *n, struct stream *s)
{
	const struct output_report *r = n->from->report;

	for (size_t i = 0; i < r->nexes; i++) {
		Slicestat__RecordingExe exe = SLICESTAT__RECORDING_EXE__INIT, *exes = &exe;
		Slicestat__Recording part = SLICESTAT__RECORDING__INIT;

		exe.path = names_text(n, r->exes[i]);
		part.n_exes = 1;
		part.exes = &exes;
		stream_put(s, &part);
	}
}

static void put_processes(struct names *n, struct stream *s)
{
	const struct output_report *r = n->from->report;

	for (size_t i = 0; i < r->ntargets; i++) {
		const struct output_target *t = &r->targets[i];
		Slicestat__RecordingProcess process = SLICESTAT__RECORDING_PROCESS__INIT;
		Slicestat__RecordingProcess *processes = &process;
		Slicestat__Recording part = SLICESTAT__RECORDING__INIT;

		process.forgotten = t->forgotten;
		if (!t->forgotten) {
			process.pid = (uint32_t)t->pid;
			process.exe = n->from->target_exes[i];
			process.path = names_text(n, t->exe);
			process.go = names_text(n, t->go);
			process.arch = names_text(n, t->arch);
			process.cgroup = names_text(n, t->cgroup);
			process.stripped = t->stripped;
			process.text_start = t->text_start;
			process.text_limit = t->text_limit;
			process.text_offset = t->text_offset;
			process.build_id = names_text(n, t->build_id);
		}
		part.n_processes = 1;
		part.processes = &processes;
		stream_put(s, &part);
	}
}

static void fill_base(const struct names *n, Slicestat__RecordingRow *to,
		      const struct report_row *row)
{
	to->op = (Slicestat__RecordingOp)row->last.op;
	to->type = names_type(n, row->key.group, row->last.type);
	to->site = names_site(n, row->key.group, row->last.site);
	to->address = row->key.addr;
	to->len = row->last.len;
	to->cap = row->last.cap;
	to->reused = row->reused;
}

static void fill_site(const struct names *n, Slicestat__RecordingRow *to,
		      const struct report_row *row)
{
	to->op = (Slicestat__RecordingOp)row->key.op;
	to->type = names_type(n, row->key.group, row->key.type);
	to->site = names_site(n, row->key.group, row->key.addr);
	to->stack = names_stack(n, &row->key);
	to->lens = (uint64_t *)row->lens;
	to->n_lens = row->lens ? SS_LEN_BUCKETS : 0;
	while (to->n_lens && !to->lens[to->n_lens - 1])
		to->n_lens--;
}

static void put_row(const struct names *n, struct stream *s, const struct report_row *from)
{
	const struct output_report *r = n->from->report;
	Slicestat__RecordingSums sums;
	Slicestat__RecordingRow row = SLICESTAT__RECORDING_ROW__INIT, *rows = &row;
	Slicestat__Recording part = SLICESTAT__RECORDING__INIT;

	sums_of(&sums, &from->sums);
	row.process = from->key.group < r->ntargets ? from->key.group + 1 : 0;
	row.exe = names_exe(n, from->key.group);
	row.sums = &sums;
	row.d_events = from->d.events;
	row.d_len_sum = from->d.len_sum;
	row.d_cap_sum = from->d.cap_sum;
	if (r->view == OUTPUT_BY_BASE)
		fill_base(n, &row, from);
	else
		fill_site(n, &row, from);
	part.n_rows = 1;
	part.rows = &rows;
	stream_put(s, &part);
}

static int put_chain(const struct names *n, struct stream *s, const struct chain_row *from)
{
	Slicestat__RecordingEnd *ends = calloc(from->nends + 1, sizeof(*ends));
	Slicestat__RecordingEnd **list = calloc(from->nends + 1, sizeof(*list));
	Slicestat__RecordingChain chain = SLICESTAT__RECORDING_CHAIN__INIT, *chains = &chain;
	Slicestat__Recording part = SLICESTAT__RECORDING__INIT;
	int err = ends && list ? 0 : -ENOMEM;

	for (size_t i = 0; i < from->nends && !err; i++) {
		end_of(&ends[i], &from->ends[i]);
		list[i] = &ends[i];
	}
	chain.exe = from->key.group;
	chain.op = (Slicestat__RecordingOp)from->key.op;
	chain.type = names_type(n, from->key.group, from->key.type);
	chain.site = names_site(n, from->key.group, from->key.addr);
	chain.elem_size = from->elem_size;
	chain.n_ends = from->nends;
	chain.ends = list;
	part.n_chains = 1;
	part.chains = &chains;
	if (!err)
		stream_put(s, &part);
	free(ends);
	free(list);
	return err;
}

static int put_rows(const struct names *n, struct stream *s)
{
	const struct output_report *r = n->from->report;
	int err = 0;

	for (size_t i = 0; i < r->nrows; i++)
		put_row(n, s, r->rows[i]);
	for (size_t i = 0; i < r->nchains && !err; i++)
		err = put_chain(n, s, &r->chains[i]);
	return err;
}

int recording_write(int fd, const struct recording_source *source)
{
	struct names names;
	struct stream s;
	int err, closed;

	names_open(&names, source);
	stream_open(&s, fd);
	put_schema(&s);
	err = names.err;
	if (!err) {
		put_head(&names, &s);
		put_exes(&names, &s);
		put_processes(&names, &s);
		err = put_rows(&names, &s);
		names_put(&names, &s);
	}
	if (!err)
		err = names.err;
	closed = stream_close(&s);
	names_close(&names);
	return err ? err : closed;
}
