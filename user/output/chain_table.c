// SPDX-License-Identifier: BSD-2-Clause
#include "output/chainview.h"
#include "output/columns.h"
#include "output/figure.h"

static void chains_cell(char text[CELL_SIZE], const struct chainview *v)
{
	figure_grouped(text, v->chain->total.chains);
}

static void steps_cell(char text[CELL_SIZE], const struct chainview *v)
{
	figure_grouped(text, v->chain->total.steps);
}

static void copied_cell(char text[CELL_SIZE], const struct chainview *v)
{
	figure_bytes(text, v->chain->total.copied);
}

static void dead_cell(char text[CELL_SIZE], const struct chainview *v)
{
	figure_bytes(text, v->chain->total.dead);
}

/* A chain's final length is not seen; its capacity is the least that is known to hold it. */
static void len_median_cell(char text[CELL_SIZE], const struct chainview *v)
{
	figure_grouped(text, chain_row_cap_at(v->chain, 50));
}

static void len_most_cell(char text[CELL_SIZE], const struct chainview *v)
{
	figure_grouped(text, chain_row_cap_at(v->chain, 99));
}

static void op_cell(char text[CELL_SIZE], const struct chainview *v)
{
	snprintf(text, CELL_SIZE, "%s", v->named.op);
}

static void type_cell(char text[CELL_SIZE], const struct chainview *v)
{
	elem_cell(text, &v->named);
}

static void birth_cell(char text[CELL_SIZE], const struct chainview *v)
{
	site_cell(text, &v->named);
}

static void exe_cell(char text[CELL_SIZE], const struct chainview *v)
{
	if (v->named.exe)
		snprintf(text, CELL_SIZE, "%s", v->named.exe);
}

static const struct {
	struct column head;
	void (*cell)(char text[CELL_SIZE], const struct chainview *v);
} columns[] = {
	{{"CHAINS", 9}, chains_cell},	 {{"STEPS", 9}, steps_cell},
	{{"COPIED", 9}, copied_cell},	 {{"DEAD", 9}, dead_cell},
	{{"LEN50", 7}, len_median_cell}, {{"LEN99", 7}, len_most_cell},
	{{"OP", -4}, op_cell},		 {{"ELEM", -10}, type_cell},
	{{"SITE", -8}, birth_cell},	 {{"EXE", -8}, exe_cell}, /* last: where several */
};
#define COLUMNS (sizeof(columns) / sizeof(columns[0]))

_Static_assert(COLUMNS <= COLUMNS_MAX, "columns.h");

static void turn(void *ctx, size_t row)
{
	struct chainview *v = ctx;

	chainview_turn(v, &v->named.report->chains[row]);
}

static void cell(char text[CELL_SIZE], size_t column, void *ctx)
{
	columns[column].cell(text, ctx);
}

void chain_table_write(struct sink *s, const struct output_options *opts,
		       const struct output_report *r)
{
	struct chainview v = {.named = rowview_of(opts, r)};
	struct columns_source source = {.nrows = r->nchains, .turn = turn, .cell = cell, .ctx = &v};
	size_t shown = r->nexes > 1 ? COLUMNS : COLUMNS - 1;
	struct column heads[COLUMNS];

	for (size_t c = 0; c < shown; c++)
		heads[c] = columns[c].head;
	columns_write(s, heads, shown, &source);
}
