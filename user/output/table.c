// SPDX-License-Identifier: BSD-2-Clause
/* For people. */
#include <inttypes.h>
#include <string.h>

#include "output/chainview.h"
#include "output/columns.h"
#include "output/figure.h"
#include "output/formats.h"
#include "output/rowview.h"
#include "output/sink.h"
#include "output/status.h"

/* The figures that this report is about: the interval's, or since attach. */
static const struct report_sums *sums(const struct rowview *v)
{
	return shows_total(v->report) ? &v->row->sums : &v->row->d;
}

static void pid_cell(char text[CELL_SIZE], const struct rowview *v)
{
	if (v->target)
		snprintf(text, CELL_SIZE, "%d", v->target->pid);
}

static void base_cell(char text[CELL_SIZE], const struct rowview *v)
{
	snprintf(text, CELL_SIZE, "0x%" PRIx64, v->row->key.addr);
}

static void op_cell(char text[CELL_SIZE], const struct rowview *v)
{
	snprintf(text, CELL_SIZE, "%s", v->op);
}

static void events_cell(char text[CELL_SIZE], const struct rowview *v)
{
	figure_grouped(text, sums(v)->events);
}

static void len_sum_cell(char text[CELL_SIZE], const struct rowview *v)
{
	figure_grouped(text, sums(v)->len_sum);
}

static void cap_sum_cell(char text[CELL_SIZE], const struct rowview *v)
{
	figure_grouped(text, sums(v)->cap_sum);
}

/* How much of the capacity was not asked for. */
static void slack_share_cell(char text[CELL_SIZE], const struct rowview *v)
{
	uint64_t len = sums(v)->len_sum, cap = sums(v)->cap_sum;

	if (cap > 0 && len <= cap)
		snprintf(text, CELL_SIZE, "%.0f%%", 100 * (double)(cap - len) / (double)cap);
}

/* "+" where the sizes of some elements are not known. */
static void bytes_cell(char text[CELL_SIZE], const struct rowview *v, uint64_t bytes)
{
	char figure[FIGURE_SIZE];

	if (sums(v)->unsized >= sums(v)->events)
		return;
	figure_bytes(figure, bytes);
	snprintf(text, CELL_SIZE, "%s%s", figure, sums(v)->unsized ? "+" : "");
}

static void allocated_cell(char text[CELL_SIZE], const struct rowview *v)
{
	bytes_cell(text, v, sums(v)->allocated);
}

static void copied_cell(char text[CELL_SIZE], const struct rowview *v)
{
	bytes_cell(text, v, sums(v)->copied);
}

static void slack_cell(char text[CELL_SIZE], const struct rowview *v)
{
	bytes_cell(text, v, sums(v)->slack);
}

static void len_cell(char text[CELL_SIZE], const struct rowview *v)
{
	figure_grouped(text, v->row->last.len);
}

static void cap_cell(char text[CELL_SIZE], const struct rowview *v)
{
	figure_grouped(text, v->row->last.cap);
}

static void len_median_cell(char text[CELL_SIZE], const struct rowview *v)
{
	if (v->row->lens)
		figure_percentile(text, v->row->lens, 0.5);
}

static void len_most_cell(char text[CELL_SIZE], const struct rowview *v)
{
	if (v->row->lens)
		figure_percentile(text, v->row->lens, 0.99);
}

static void exe_cell(char text[CELL_SIZE], const struct rowview *v)
{
	if (v->exe)
		snprintf(text, CELL_SIZE, "%s", v->exe);
}

#define CGROUP_MAX 32

/* Its last part, which has a container's id: the rest is the same for most. */
static void cgroup_cell(char text[CELL_SIZE], const struct rowview *v)
{
	const char *path = v->target ? v->target->cgroup : NULL;
	const char *slash = path ? strrchr(path, '/') : NULL;

	if (!slash)
		return;
	path = slash[1] ? slash + 1 : path;
	snprintf(text, CELL_SIZE, "%.*s%s", CGROUP_MAX, path,
		 strlen(path) > CGROUP_MAX ? "..." : "");
}

#define BASE	(1u << OUTPUT_BY_BASE)
#define SITE	(1u << OUTPUT_BY_SITE)
#define TYPE	(1u << OUTPUT_BY_TYPE)
#define PROCESS (1u << OUTPUT_BY_PROCESS)

/* Shown only where a report has several of these. */
enum several { ALWAYS, SEVERAL_TARGETS, SEVERAL_EXES, SEVERAL_CGROUPS };

static const struct {
	const char *header;
	int width; /* as in struct column */
	void (*cell)(char text[CELL_SIZE], const struct rowview *v);
	unsigned int views;
	enum several several;
} columns[] = {
	{"PID", 7, pid_cell, BASE, SEVERAL_TARGETS},
	{"PID", 7, pid_cell, PROCESS, ALWAYS},
	{"BASE", 12, base_cell, BASE, ALWAYS},
	{"OP", 4, op_cell, BASE, ALWAYS},
	{"EVENTS", 9, events_cell, BASE | SITE | TYPE | PROCESS, ALWAYS},
	{"LEN_SUM", 10, len_sum_cell, BASE | PROCESS, ALWAYS},
	{"CAP_SUM", 10, cap_sum_cell, BASE | PROCESS, ALWAYS},
	{"SLACK", 5, slack_share_cell, BASE, ALWAYS},
	{"LEN", 7, len_cell, BASE, ALWAYS},
	{"CAP", 7, cap_cell, BASE, ALWAYS},
	{"ALLOC", 9, allocated_cell, SITE | TYPE | PROCESS, ALWAYS},
	{"COPIED", 9, copied_cell, SITE | TYPE | PROCESS, ALWAYS},
	{"SLACK", 9, slack_cell, SITE | TYPE | PROCESS, ALWAYS},
	{"LEN50", 7, len_median_cell, SITE | TYPE | PROCESS, ALWAYS},
	{"LEN99", 8, len_most_cell, SITE | TYPE | PROCESS, ALWAYS},
	{"OP", -4, op_cell, SITE | TYPE, ALWAYS},
	{"ELEM", -10, elem_cell, BASE | SITE | TYPE, ALWAYS},
	{"SITE", -8, site_cell, BASE | SITE, ALWAYS},
	{"EXE", -8, exe_cell, SITE | TYPE, SEVERAL_EXES},
	{"CGROUP", -8, cgroup_cell, PROCESS, SEVERAL_CGROUPS},
	{"EXE", -8, exe_cell, PROCESS, ALWAYS},
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

_Static_assert(COLUMNS <= COLUMNS_MAX, "columns.h");

static bool same_cgroup(const struct output_target *a, const struct output_target *b)
{
	return a->cgroup == b->cgroup || (a->cgroup && b->cgroup && !strcmp(a->cgroup, b->cgroup));
}

static bool has_several_cgroups(const struct output_report *r)
{
	const struct output_target *first = NULL;

	for (size_t i = 0; i < r->ntargets; i++) {
		const struct output_target *t = &r->targets[i];

		if (t->forgotten)
			continue;
		if (first && !same_cgroup(first, t))
			return true;
		first = t;
	}
	return false;
}

static bool is_shown(size_t column, const struct output_report *r)
{
	enum several several = columns[column].several;

	if (!(columns[column].views & 1u << r->view))
		return false;
	return several == ALWAYS || (several == SEVERAL_TARGETS && r->ntargets > 1) ||
	       (several == SEVERAL_EXES && r->nexes > 1) ||
	       (several == SEVERAL_CGROUPS && has_several_cgroups(r));
}

static void turn(void *ctx, size_t row)
{
	struct rowview *v = ctx;

	rowview_turn(v, v->report->rows[row]);
}

static void cell(char text[CELL_SIZE], size_t column, void *ctx)
{
	columns[column].cell(text, ctx);
}

static void write_rows(struct sink *s, const struct output_options *opts,
		       const struct output_report *r)
{
	struct rowview v = rowview_of(opts, r);
	struct columns_source source = {.nrows = r->nrows, .turn = turn, .cell = cell, .ctx = &v};
	struct column shown[COLUMNS] = {0};

	for (size_t c = 0; c < COLUMNS; c++)
		if (is_shown(c, r))
			shown[c] = (struct column){columns[c].header, columns[c].width};
	columns_write(s, shown, COLUMNS, &source);
}

/* An interval in which nothing happened is its status line alone. */
static int table_write(FILE *f, const struct output_options *opts, const struct output_report *r)
{
	bool chains = r->view == OUTPUT_CHAINS;
	size_t nrows = chains ? r->nchains : r->nrows;
	struct sink s = {.file = f};

	if (nrows > 0 || r->final)
		sink_puts(&s, "\n");
	if (r->final)
		sink_puts(&s, "Total since attach:\n");
	if (nrows > 0 && chains)
		chain_table_write(&s, opts, r);
	else if (nrows > 0)
		write_rows(&s, opts, r);
	status_write(&s, opts, r);
	return sink_finish(&s);
}

const struct output_format output_table = {
	.name = "table",
	.write = table_write,
	.advise = output_advise_table,
};
