// SPDX-License-Identifier: BSD-2-Clause
/* For people: columns as wide as the widest cell of this report, so none run together. */
#include <inttypes.h>
#include <string.h>

#include "output/figure.h"
#include "output/formats.h"
#include "output/rowview.h"
#include "output/sink.h"
#include "output/status.h"

static void pid_cell(char text[FIGURE_SIZE], const struct rowview *v)
{
	if (v->target)
		snprintf(text, FIGURE_SIZE, "%d", v->target->pid);
}

static void base_cell(char text[FIGURE_SIZE], const struct rowview *v)
{
	snprintf(text, FIGURE_SIZE, "0x%" PRIx64, v->row->base);
}

static void op_cell(char text[FIGURE_SIZE], const struct rowview *v)
{
	snprintf(text, FIGURE_SIZE, "%s", v->op);
}

static uint64_t len_sum(const struct rowview *v)
{
	return shows_total(v->report) ? v->row->len_sum : v->row->d_len_sum;
}

static uint64_t cap_sum(const struct rowview *v)
{
	return shows_total(v->report) ? v->row->cap_sum : v->row->d_cap_sum;
}

static void events_cell(char text[FIGURE_SIZE], const struct rowview *v)
{
	figure_grouped(text, shows_total(v->report) ? v->row->events : v->row->d_events);
}

static void len_sum_cell(char text[FIGURE_SIZE], const struct rowview *v)
{
	figure_grouped(text, len_sum(v));
}

static void cap_sum_cell(char text[FIGURE_SIZE], const struct rowview *v)
{
	figure_grouped(text, cap_sum(v));
}

/* How much of the capacity was not asked for. */
static void slack_cell(char text[FIGURE_SIZE], const struct rowview *v)
{
	uint64_t len = len_sum(v), cap = cap_sum(v);

	if (cap > 0 && len <= cap)
		snprintf(text, FIGURE_SIZE, "%.0f%%", 100 * (double)(cap - len) / (double)cap);
}

static void len_cell(char text[FIGURE_SIZE], const struct rowview *v)
{
	figure_grouped(text, v->row->len);
}

static void cap_cell(char text[FIGURE_SIZE], const struct rowview *v)
{
	figure_grouped(text, v->row->cap);
}

static void elem_cell(char text[FIGURE_SIZE], const struct rowview *v)
{
	if (v->elem_size >= 0)
		snprintf(text, FIGURE_SIZE, "%" PRId64 " B", v->elem_size);
}

static void site_cell(char text[FIGURE_SIZE], const struct rowview *v)
{
	if (v->pc)
		snprintf(text, FIGURE_SIZE, "0x%" PRIx64, v->pc);
}

/* A cell that its function leaves alone is unknown, "?". */
static const struct column {
	const char *header;
	int width; /* at least, so that columns seldom move from report to report */
	void (*cell)(char text[FIGURE_SIZE], const struct rowview *v);
	bool several_targets; /* shown only with these */
} columns[] = {
	{"PID", 7, pid_cell, true},
	{"BASE", 12, base_cell, false},
	{"OP", 4, op_cell, false},
	{"EVENTS", 7, events_cell, false},
	{"LEN_SUM", 10, len_sum_cell, false},
	{"CAP_SUM", 10, cap_sum_cell, false},
	{"SLACK", 5, slack_cell, false},
	{"LEN", 7, len_cell, false},
	{"CAP", 7, cap_cell, false},
	{"ELEM", 5, elem_cell, false},
	{"SITE", 8, site_cell, false},
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Width of each column, 0 where it is not shown. */
struct widths {
	int of[COLUMNS];
};

static void format_cell(char text[FIGURE_SIZE], size_t column, const struct rowview *v)
{
	snprintf(text, FIGURE_SIZE, "?");
	columns[column].cell(text, v);
}

static void widen(struct widths *w, const struct rowview *v)
{
	char text[FIGURE_SIZE];

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
	struct widths w;

	for (size_t c = 0; c < COLUMNS; c++) {
		bool shown = !columns[c].several_targets || r->ntargets > 1;

		w.of[c] = shown ? columns[c].width : 0;
	}
	for (size_t i = 0; i < r->nrows; i++) {
		rowview_turn(&v, &r->rows[i]);
		widen(&w, &v);
	}
	return w;
}

/* One line of the table: the headers where v is NULL. */
static void write_line(struct sink *s, const struct widths *w, const struct rowview *v)
{
	const char *gap = "";
	char text[FIGURE_SIZE];

	for (size_t c = 0; c < COLUMNS; c++) {
		if (!w->of[c])
			continue;
		if (v)
			format_cell(text, c, v);
		sink_printf(s, "%s%*s", gap, w->of[c], v ? text : columns[c].header);
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
		rowview_turn(&v, &r->rows[i]);
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
