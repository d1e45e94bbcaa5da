// SPDX-License-Identifier: BSD-2-Clause
/* That a recording holds together: every place is in its table, every figure is one. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "recording/inside.h"
#include "recording/stream.h"
#include "recording/write.h"
#include "slicestat.h"

/* Paths have 4,096 bytes, types 2,048. */
#define TEXT_MAX 65536
/* Names of counts, of which there are some 30. */
#define NAME_MAX_LEN 64
#define COUNTS_LIMIT 256
/* What make([]T, n) allows at most. */
#define SIZE_LIMIT (1LL << 48)

/* In nanoseconds it still has 63 bits: the year 2255. */
#define TIME_LIMIT_S 9000000000LL
/* Seconds of a run, of CPU time, or a share: 30 years of one. */
#define FIGURE_LIMIT 1e9

struct check {
	const struct recording *r;
	const Slicestat__Recording *file;
	struct reason *why;
};

#define WRONG(c, ...) reason_set((c)->why, -EINVAL, __VA_ARGS__)

static int check_texts(const struct check *c)
{
	const Slicestat__Recording *file = c->file;

	if (!file->n_texts || file->texts[0].len)
		return WRONG(c, "it has no text 0");
	for (size_t i = 0; i < file->n_texts; i++) {
		if (file->texts[i].len > TEXT_MAX)
			return WRONG(c, "text %zu is longer than %d bytes", i, TEXT_MAX);
		if (strlen(c->r->texts[i]) != file->texts[i].len)
			return WRONG(c, "text %zu has a byte 0", i);
	}
	return 0;
}

/* Of n things; limit has one more where 0 is none. */
static int check_place(const struct check *c, const char *whose, size_t i, const char *what,
		       uint64_t place, uint64_t limit)
{
	if (place < limit)
		return 0;
	return WRONG(c, "%s %zu names %s %llu of %llu", whose, i, what, (unsigned long long)place,
		     (unsigned long long)limit);
}

static int check_text(const struct check *c, const char *whose, size_t i, uint32_t text)
{
	return check_place(c, whose, i, "text", text, c->file->n_texts);
}

/* They become keys of JSON. */
static int check_name(const struct check *c, size_t i, uint32_t text)
{
	const char *name;
	int err = check_text(c, "count", i, text);

	if (err)
		return err;
	name = c->r->texts[text];
	if (!*name || strlen(name) > NAME_MAX_LEN ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(name))
		return WRONG(c, "count %zu has no name", i);
	return 0;
}

static int check_counts(const struct check *c, size_t n, Slicestat__RecordingCount **counts)
{
	int err = n > COUNTS_LIMIT ? WRONG(c, "it has %zu counts", n) : 0;

	for (size_t i = 0; i < n && !err; i++)
		err = check_name(c, i, counts[i]->name);
	return err;
}

static int check_estimates(const struct check *c)
{
	const Slicestat__RecordingHead *head = c->file->head;
	int err = head->n_estimates > COUNTS_LIMIT ? WRONG(c, "it has too many estimates") : 0;

	for (size_t i = 0; i < head->n_estimates && !err; i++) {
		const Slicestat__RecordingEstimate *e = head->estimates[i];

		err = check_name(c, i, e->name);
		if (!err &&
		    (!isfinite(e->total) || e->total < 0 || isnan(e->error) || e->error < 0))
			err = WRONG(c, "estimate %zu is no figure", i);
	}
	return err;
}

static int check_head(const struct check *c)
{
	const Slicestat__RecordingHead *head = c->file->head;
	const double figures[] = {head->elapsed_s, head->cost_s, head->exposure};
	int err;

	if (head->kind < SLICESTAT__RECORDING_KIND__SITES ||
	    head->kind > SLICESTAT__RECORDING_KIND__CHAINS)
		return WRONG(c, "its kind is %d", (int)head->kind);
	if (!head->evicted || !head->chain_total)
		return WRONG(c, "its head has no sums");
	if (head->time_ns >= 1000000000 || head->time_s < 0 || head->time_s > TIME_LIMIT_S)
		return WRONG(c, "its time is none");
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		if (!(figures[i] >= 0 && figures[i] <= FIGURE_LIMIT))
			return WRONG(c, "its head has a figure that is none");
	err = check_text(c, "head", 0, head->tool);
	if (!err)
		err = check_counts(c, head->n_counts, head->counts);
	if (!err)
		err = check_counts(c, head->n_chain_counts, head->chain_counts);
	return err ? err : check_estimates(c);
}

static int check_process(const struct check *c, size_t i)
{
	const Slicestat__RecordingProcess *p = c->file->processes[i];
	const uint32_t texts[] = {p->path, p->go, p->arch, p->cgroup, p->build_id};
	int err = 0;

	if (p->forgotten)
		return 0;
	err = check_place(c, "process", i, "executable", p->exe, c->file->n_exes);
	for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]) && !err; t++)
		err = check_text(c, "process", i, texts[t]);
	return err;
}

static int check_owners(const struct check *c)
{
	const Slicestat__Recording *file = c->file;
	int err = 0;

	for (size_t i = 0; i < file->n_exes && !err; i++)
		err = check_text(c, "executable", i, file->exes[i]->path);
	for (size_t i = 0; i < file->n_processes && !err; i++)
		err = check_process(c, i);
	return err;
}

static int check_types(const struct check *c)
{
	const Slicestat__Recording *file = c->file;
	int err = 0;

	for (size_t i = 0; i < file->n_types && !err; i++) {
		const Slicestat__RecordingType *t = file->types[i];

		err = check_place(c, "type", i, "executable", t->exe, file->n_exes);
		if (!err)
			err = check_text(c, "type", i, t->name);
		if (!err && (t->size < -1 || t->size > SIZE_LIMIT))
			err = WRONG(c, "type %zu has %lld bytes", i, (long long)t->size);
	}
	return err;
}

static int check_frames(const struct check *c)
{
	const Slicestat__Recording *file = c->file;
	int err = 0;

	for (size_t i = 0; i < file->n_frames && !err; i++) {
		const Slicestat__RecordingFrame *f = file->frames[i];

		const uint32_t texts[] = {f->func, f->file, f->source, f->symbol};

		for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]) && !err; t++)
			err = check_text(c, "frame", i, texts[t]);
		if (!err && f->line > INT32_MAX)
			err = WRONG(c, "frame %zu has line %u", i, f->line);
	}
	return err;
}

static int check_list(const struct check *c, const char *whose, size_t i, const uint32_t *frames,
		      size_t n, size_t max)
{
	int err = n > max ? WRONG(c, "%s %zu has %zu frames", whose, i, n) : 0;

	for (size_t f = 0; f < n && !err; f++)
		err = check_place(c, whose, i, "frame", frames[f], c->file->n_frames);
	return err;
}

static bool is_before(const Slicestat__RecordingSite *a, const Slicestat__RecordingSite *b)
{
	return a->exe < b->exe || (a->exe == b->exe && a->pc < b->pc);
}

static int check_sites(const struct check *c)
{
	const Slicestat__Recording *file = c->file;
	int err = 0;

	for (size_t i = 0; i < file->n_sites && !err; i++) {
		const Slicestat__RecordingSite *s = file->sites[i];

		err = check_place(c, "site", i, "executable", s->exe, file->n_exes);
		if (!err)
			err = check_list(c, "site", i, s->frames, s->n_frames, OUTPUT_FRAMES_MAX);
		if (!err && (!s->pc || (i && !is_before(file->sites[i - 1], s))))
			err = WRONG(c, "site %zu is not in order", i);
	}
	for (size_t i = 0; i < file->n_stacks && !err; i++)
		err = check_list(c, "stack", i, file->stacks[i]->frames, file->stacks[i]->n_frames,
				 OUTPUT_STACK_MAX);
	return err;
}

/* What a row or a chain names belongs to its executable. */
static int check_names(const struct check *c, const char *whose, size_t i, uint32_t exe,
		       uint32_t type, uint32_t site)
{
	const Slicestat__Recording *file = c->file;
	int err = check_place(c, whose, i, "executable", exe, file->n_exes);

	if (!err)
		err = check_place(c, whose, i, "type", type, file->n_types + 1);
	if (!err)
		err = check_place(c, whose, i, "site", site, file->n_sites + 1);
	if (!err && ((type && file->types[type - 1]->exe != exe) ||
		     (site && file->sites[site - 1]->exe != exe)))
		err = WRONG(c, "%s %zu has a name of another executable", whose, i);
	return err;
}

static int check_row(const struct check *c, size_t i)
{
	const Slicestat__Recording *file = c->file;
	const Slicestat__RecordingRow *row = file->rows[i];
	int err = check_names(c, "row", i, row->exe, row->type, row->site);

	if (!err)
		err = check_place(c, "row", i, "process", row->process, file->n_processes + 1);
	if (!err)
		err = check_place(c, "row", i, "stack", row->stack, file->n_stacks + 1);
	if (err)
		return err;
	if (row->process && !file->processes[row->process - 1]->forgotten &&
	    file->processes[row->process - 1]->exe != row->exe)
		return WRONG(c, "row %zu is of a process of another executable", i);
	if (!row->sums || row->d_events > row->sums->events ||
	    row->d_len_sum > row->sums->len_sum || row->d_cap_sum > row->sums->cap_sum)
		return WRONG(c, "row %zu has no sums", i);
	if (row->n_lens > SS_LEN_BUCKETS)
		return WRONG(c, "row %zu has %zu lengths", i, row->n_lens);
	return 0;
}

/* Advice is made of capacities that slices can have. */
static int check_chain(const struct check *c, size_t i)
{
	const Slicestat__RecordingChain *chain = c->file->chains[i];
	int err = check_names(c, "chain", i, chain->exe, chain->type, chain->site);

	if (!err && (!chain->n_ends || chain->elem_size > SIZE_LIMIT))
		err = WRONG(c, "chain %zu is none", i);
	for (size_t e = 0; e < chain->n_ends && !err; e++)
		if (chain->ends[e]->cap > SS_CAP_MAX || !chain->ends[e]->chains)
			err = WRONG(c, "chain %zu has capacity %llu %llu times", i,
				    (unsigned long long)chain->ends[e]->cap,
				    (unsigned long long)chain->ends[e]->chains);
	return err;
}

static int check_sizes(const struct check *c)
{
	const Slicestat__Recording *file = c->file;
	const bool chains = file->head->kind == SLICESTAT__RECORDING_KIND__CHAINS;
	size_t ends = 0;

	if (chains ? file->n_rows : file->n_chains)
		return WRONG(c, "its rows are not of its kind");
	for (size_t i = 0; i < file->n_chains; i++)
		ends += file->chains[i]->n_ends;
	if (file->n_rows > RECORDING_ROWS_MAX || ends > RECORDING_ROWS_MAX)
		return WRONG(c, "it has more than %u rows", RECORDING_ROWS_MAX);
	return 0;
}

static int check_rows(const struct check *c)
{
	int err = check_sizes(c);

	for (size_t i = 0; i < c->file->n_rows && !err; i++)
		err = check_row(c, i);
	for (size_t i = 0; i < c->file->n_chains && !err; i++)
		err = check_chain(c, i);
	return err;
}

int recording_check(const struct recording *r, struct reason *why)
{
	static int (*const checks[])(const struct check *c) = {
		check_texts,  check_head,  check_owners, check_types,
		check_frames, check_sites, check_rows,
	};
	const struct check c = {r, r->file, why};
	int err = 0;

	if (!r->file->head)
		return WRONG(&c, "it has no head");
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]) && !err; i++)
		err = checks[i](&c);
	return err;
}
