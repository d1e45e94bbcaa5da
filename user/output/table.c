// SPDX-License-Identifier: BSD-2-Clause
/* For people: columns as wide as the widest cell of this report, so none run together. */
#include <inttypes.h>
#include <string.h>

#include "output/figure.h"
#include "output/formats.h"
#include "output/rowview.h"
#include "output/sink.h"
#include "output/status.h"

/* Longer names and paths are cut: JSON has them whole. */
#define CELL_SIZE 160
#define ELEM_MAX  48

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
	if (sums(v)->unsized >= sums(v)->events)
		return;
	figure_bytes(text, bytes);
	if (sums(v)->unsized)
		strcat(text, "+");
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

static void elem_cell(char text[CELL_SIZE], const struct rowview *v)
{
	bool cut = strlen(v->type.name) > ELEM_MAX;

	snprintf(text, CELL_SIZE, "%.*s%s", ELEM_MAX, v->type.name, cut ? "..." : "");
}

/* The last two parts of a path tell files apart in most programs. */
static const char *short_path(const char *path)
{
	const char *slash = strrchr(path, '/');

	while (slash && slash > path && slash[-1] != '/')
		slash--;
	return slash && slash > path ? slash : path;
}

static void site_cell(char text[CELL_SIZE], const struct rowview *v)
{
	struct output_frame frames[OUTPUT_FRAMES_MAX];

	if (!rowview_site(v, frames)) {
		if (v->pc)
			snprintf(text, CELL_SIZE, "0x%" PRIx64, v->pc);
		return;
	}
	snprintf(text, CELL_SIZE, "%.96s", frames[0].func);
	if (frames[0].file)
		snprintf(text + strlen(text), CELL_SIZE - strlen(text), " %.48s:%d",
			 short_path(frames[0].file), frames[0].line);
}

static void exe_cell(char text[CELL_SIZE], const struct rowview *v)
{
	if (v->exe)
		snprintf(text, CELL_SIZE, "%s", v->exe);
}

#define BASE	(1u << OUTPUT_BY_BASE)
#define SITE	(1u << OUTPUT_BY_SITE)
#define TYPE	(1u << OUTPUT_BY_TYPE)
#define PROCESS (1u << OUTPUT_BY_PROCESS)

/* Shown only where a report has several of these. */
enum several { ALWAYS, SEVERAL_TARGETS, SEVERAL_EXES };

/* A cell that its function leaves alone is unknown, "?". */
static const struct column {
	const char *header;
	int width; /* at least, so that columns seldom move; below 0: to the left, as text */
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
	{"LEN99", 9, len_most_cell, SITE | TYPE | PROCESS, ALWAYS},
	{"OP", -4, op_cell, SITE | TYPE, ALWAYS},
	{"ELEM", -10, elem_cell, BASE | SITE | TYPE, ALWAYS},
	{"SITE", -8, site_cell, BASE | SITE, ALWAYS},
	{"EXE", -8, exe_cell, SITE | TYPE, SEVERAL_EXES},
	{"EXE", -8, exe_cell, PROCESS, ALWAYS},
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Width of each column, 0 where it is not shown. */
struct widths {
	int of[COLUMNS];
	size_t last; /* the last that is shown: nothing is behind it to be lined up */
};

static bool is_shown(const struct column *c, const struct output_report *r)
{
	if (!(c->views & 1u << r->view))
		return false;
	return c->several == ALWAYS || (c->several == SEVERAL_TARGETS && r->ntargets > 1) ||
	       (c->several == SEVERAL_EXES && r->nexes > 1);
}

static void format_cell(char text[CELL_SIZE], size_t column, const struct rowview *v)
{
	snprintf(text, CELL_SIZE, "?");
	columns[column].cell(text, v);
}

static void widen(struct widths *w, const struct rowview *v)
{
	char text[CELL_SIZE];

	for (size_t c = 0; c < COLUMNS; c++) {
		int width;

		if (!w->of[c])
			continue;
		format_cell(text, c, v);
		width = (int)strlen(text);
		if (width > w->of[c])
			w->of[c] = width;
	}
}

static struct widths widths_for(const struct output_options *opts, const struct output_report *r)
{
	struct rowview v = rowview_of(opts, r);
	struct widths w = {.last = 0};

	for (size_t c = 0; c < COLUMNS; c++) {
		int width = columns[c].width;

		if (!is_shown(&columns[c], r))
			continue;
		w.of[c] = width < 0 ? -width : width;
		w.last = c;
	}
	for (size_t i = 0; i < r->nrows; i++) {
		rowview_turn(&v, r->rows[i]);
		widen(&w, &v);
	}
	return w;
}

/* One line of the table: the headers where v is NULL. */
static void write_line(struct sink *s, const struct widths *w, const struct rowview *v)
{
	const char *gap = "";
	char cell[CELL_SIZE];

	for (size_t c = 0; c < COLUMNS; c++) {
		const char *text = v ? cell : columns[c].header;
		bool left = columns[c].width < 0;

		if (!w->of[c])
			continue;
		if (v)
			format_cell(cell, c, v);
		if (left && c == w->last)
			sink_printf(s, "%s%s", gap, text);
		else
			sink_printf(s, "%s%*s", gap, left ? -w->of[c] : w->of[c], text);
		gap = "  ";
	}
	sink_puts(s, "\n");
}

static void write_rows(struct sink *s, const struct output_options *opts,
		       const struct output_report *r)
{
	struct widths w = widths_for(opts, r);
	struct rowview v = rowview_of(opts, r);

	write_line(s, &w, NULL);
	for (size_t i = 0; i < r->nrows && !s->err; i++) {
		rowview_turn(&v, r->rows[i]);
		write_line(s, &w, &v);
	}
}

/* An interval in which nothing happened is its status line alone. */
static int table_write(FILE *f, const struct output_options *opts, const struct output_report *r)
{
	struct sink s = {.file = f};

	if (r->nrows > 0 || r->final)
		sink_puts(&s, "\n");
	if (r->final)
		sink_puts(&s, "Total since attach:\n");
	if (r->nrows > 0)
		write_rows(&s, opts, r);
	status_write(&s, opts, r);
	return sink_finish(&s);
}

const struct output_format output_table = {
	.name = "table",
	.write = table_write,
};
