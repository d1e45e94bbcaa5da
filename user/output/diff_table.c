// SPDX-License-Identifier: BSD-2-Clause
#include <math.h>
#include <string.h>

#include "output/columns.h"
#include "output/diff.h"
#include "output/figure.h"
#include "output/sink.h"
#include "report/ops.h"

void output_diff_percent(char *text, size_t size, double a, double b)
{
	if (a == b)
		snprintf(text, size, "=");
	else if (a == 0)
		snprintf(text, size, "new");
	else if (b == 0)
		snprintf(text, size, "gone");
	else
		snprintf(text, size, "%+.1f %%", 100 * (b - a) / a);
}

const char *output_diff_key_name(enum report_sort key)
{
	static const char *const names[REPORT_SORTS] = {
		[REPORT_SORT_EVENTS] = "events",
		[REPORT_SORT_LEN] = "the sum of lengths",
		[REPORT_SORT_CAP] = "the sum of capacities",
		[REPORT_SORT_ALLOCATED] = "bytes allocated",
		[REPORT_SORT_COPIED] = "bytes copied",
		[REPORT_SORT_SLACK] = "bytes of slack",
	};

	return names[key];
}

static bool is_of_bytes(enum report_sort key)
{
	return key == REPORT_SORT_ALLOCATED || key == REPORT_SORT_COPIED ||
	       key == REPORT_SORT_SLACK;
}

void output_diff_figure(char *text, size_t size, enum report_sort key, double value, bool rate)
{
	const uint64_t whole = value < 0x1p64 ? (uint64_t)value : UINT64_MAX;
	char figure[FIGURE_SIZE];

	if (is_of_bytes(key))
		figure_bytes(figure, whole);
	else if (rate && value < 100)
		snprintf(figure, sizeof(figure), "%.2f", value);
	else
		figure_grouped(figure, whole);
	snprintf(text, size, "%s%s", figure, rate ? "/s" : "");
}

void output_diff_site(char *text, size_t size, const struct diff_row *row)
{
	const struct diff_site *site = row->b ? row->b : row->a;
	size_t used;

	site_text(text, size, site->func, site->file, site->line);
	used = strlen(text);
	if (row->a && row->b && row->a->line != row->b->line && used < size)
		snprintf(text + used, size - used, " (was line %d)", row->a->line);
}

struct view {
	const struct output_diff *diff;
	const struct diff_row *row;
};

static double value_of(const struct diff_site *site, enum report_sort key, double scale)
{
	return (double)diff_figure(site ? &site->sums : NULL, key) / scale;
}

/* "+1.5 MiB +12.5 %" */
static void put_change(char text[CELL_SIZE], enum report_sort key, double a, double b, bool rate)
{
	char percent[FIGURE_SIZE], delta[CELL_SIZE];

	output_diff_percent(percent, sizeof(percent), a, b);
	output_diff_figure(delta, sizeof(delta), key, fabs(b - a), rate);
	if (a == b)
		snprintf(text, CELL_SIZE, "%s", percent);
	else
		snprintf(text, CELL_SIZE, "%s%.64s %s", b > a ? "+" : "-", delta, percent);
}

enum part { PART_A, PART_B, PART_CHANGE };

static const struct {
	struct column head;
	enum report_sort key;
	enum part part;
} columns[] = {
	{{"EVENTS A", 9}, REPORT_SORT_EVENTS, PART_A},
	{{"B", 9}, REPORT_SORT_EVENTS, PART_B},
	{{"CHANGE", 12}, REPORT_SORT_EVENTS, PART_CHANGE},
	{{"ALLOC A", 9}, REPORT_SORT_ALLOCATED, PART_A},
	{{"B", 9}, REPORT_SORT_ALLOCATED, PART_B},
	{{"CHANGE", 12}, REPORT_SORT_ALLOCATED, PART_CHANGE},
	{{"COPIED A", 9}, REPORT_SORT_COPIED, PART_A},
	{{"B", 9}, REPORT_SORT_COPIED, PART_B},
	{{"CHANGE", 12}, REPORT_SORT_COPIED, PART_CHANGE},
	{{"OP", -4}, REPORT_SORTS, PART_A},
	{{"ELEM", -10}, REPORT_SORTS, PART_A},
	{{"SITE", -8}, REPORT_SORTS, PART_A},
};
#define COLUMNS	    (sizeof(columns) / sizeof(columns[0]))
#define OP_COLUMN   9
#define ELEM_COLUMN 10

_Static_assert(COLUMNS <= COLUMNS_MAX, "columns.h");

static void turn(void *ctx, size_t row)
{
	struct view *v = ctx;

	v->row = &v->diff->rows[row];
}

static void figure_cell(char text[CELL_SIZE], size_t column, const struct view *v)
{
	const enum report_sort key = columns[column].key;
	const double a = value_of(v->row->a, key, v->diff->scale.a);
	const double b = value_of(v->row->b, key, v->diff->scale.b);
	const bool rate = v->diff->rate;

	if (columns[column].part == PART_CHANGE)
		put_change(text, key, a, b, rate);
	else
		output_diff_figure(text, CELL_SIZE, key, columns[column].part == PART_A ? a : b,
				   rate);
}

static void cell(char text[CELL_SIZE], size_t column, void *ctx)
{
	const struct view *v = ctx;
	const struct diff_site *site = v->row->b ? v->row->b : v->row->a;

	if (columns[column].key != REPORT_SORTS)
		figure_cell(text, column, v);
	else if (column == OP_COLUMN)
		snprintf(text, CELL_SIZE, "%s", op_name(site->op));
	else if (column == ELEM_COLUMN)
		snprintf(text, CELL_SIZE, "%.48s%s", site->elem,
			 strlen(site->elem) > 48 ? "..." : "");
	else
		output_diff_site(text, CELL_SIZE, v->row);
}

static void write_side(struct sink *s, const char *name, const struct output_side *side)
{
	sink_printf(s, "%s: ", name);
	sink_text(s, side->path);
	sink_printf(s, ", %.3f s", side->report->elapsed_s);
	for (size_t i = 0; i < side->report->nexes; i++) {
		if (!side->report->exes[i])
			continue;
		sink_puts(s, ", ");
		sink_text(s, side->report->exes[i]);
	}
	sink_puts(s, "\n");
}

static void write_total(struct sink *s, const struct output_diff *d, const char *name,
			enum report_sort key)
{
	const double a = (double)diff_figure(&d->a.totals, key) / d->scale.a;
	const double b = (double)diff_figure(&d->b.totals, key) / d->scale.b;
	char text_a[CELL_SIZE], text_b[CELL_SIZE], change[CELL_SIZE];

	output_diff_figure(text_a, sizeof(text_a), key, a, d->rate);
	output_diff_figure(text_b, sizeof(text_b), key, b, d->rate);
	put_change(change, key, a, b, d->rate);
	sink_printf(s, "%s %s -> %s (%s)", name, text_a, text_b, change);
}

int output_diff_table(FILE *f, const struct output_diff *d)
{
	struct view v = {.diff = d};
	struct columns_source source = {.nrows = d->nshown, .turn = turn, .cell = cell, .ctx = &v};
	struct column heads[COLUMNS];
	struct sink s = {.file = f};

	write_side(&s, "A", &d->a);
	write_side(&s, "B", &d->b);
	for (size_t c = 0; c < COLUMNS; c++)
		heads[c] = columns[c].head;
	if (d->nshown)
		columns_write(&s, heads, COLUMNS, &source);
	write_total(&s, d, "all: events", REPORT_SORT_EVENTS);
	write_total(&s, d, ", allocated", REPORT_SORT_ALLOCATED);
	write_total(&s, d, ", copied", REPORT_SORT_COPIED);
	sink_printf(&s, "; %zu %s changed", d->nrows, d->nrows == 1 ? "row" : "rows");
	if (d->nshown < d->nrows)
		sink_printf(&s, ", %zu shown", d->nshown);
	sink_puts(&s, "\n");
	return sink_finish(&s);
}
