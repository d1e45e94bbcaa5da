/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the live view shows, as data: the rows of a view, folded from the finest that a run keeps,
 * filtered and sorted; a cursor; and the way that led here. It knows no terminal and no run.
 */
#ifndef SS_TOP_MODEL_H
#define SS_TOP_MODEL_H

#include "top/drill.h"
#include "top/fields.h"
#include "top/run.h"

struct top_model;

/* Rows that are taken, at most. */
#define TOP_ROWS_MAX 131072

/* Sorted by that where the view has it. NULL without memory. */
struct top_model *top_model_new(enum output_view view, enum top_field sort);
void top_model_free(struct top_model *m);

/* Which rows the view is made of: bases, or sites, of which sites, types and processes are. */
enum output_view top_model_finest(const struct top_model *m);
/* Rows of another run come from here on, of the kind that top_model_finest tells. */
void top_model_begin(struct top_model *m);
/* Take copies of the finest rows of the interval that is over. 0 or -ENOMEM. */
int top_model_take(struct top_model *m, const struct top_run *run,
		   const struct report_row *const *rows, size_t nrows);
/*
 * Numbers may be those of other processes now: what was taken of those before is of their
 * executables, and bases are given up. The interval stays the same. 0 or -ENOMEM.
 */
int top_model_forget(struct top_model *m, const struct top_run *run);
/* Whether a finest row is in what has been gone into. */
bool top_model_has(const struct top_model *m, const struct report_row *row,
		   const struct top_run *run);
/* Fold, filter and sort: after anything has changed, and before rows are asked for. 0 or -ENOMEM.
 */
int top_model_show(struct top_model *m, const struct top_run *run);
/* No rows are there until the next top_model_show. */
void top_model_hide(struct top_model *m);
/* Nothing has changed since: it would make the same rows. */
bool top_model_is_shown(const struct top_model *m);

/* As of the last top_model_show. */
const struct top_row *top_model_rows(const struct top_model *m, size_t *n);
/* Those that the filter has left out, too. */
size_t top_model_all_rows(const struct top_model *m);
double top_model_interval_s(const struct top_model *m);
/* A cell of one of its rows, but for what is of the screen. */
struct top_cell top_model_cell(const struct top_model *m, const struct top_row *row,
			       const struct top_run *run, struct output_report *report,
			       struct output_options *opts);
/* Rates of the last interval of which no history could be kept. */
uint64_t top_model_history_lost(const struct top_model *m);

enum output_view top_model_view(const struct top_model *m);
void top_model_set_view(struct top_model *m, enum output_view view);

/* Where the view has not what was asked for, what was before; that comes back with its view. */
enum top_field top_model_sort(const struct top_model *m);
void top_model_set_sort(struct top_model *m, enum top_field sort);
bool top_model_reversed(const struct top_model *m);
void top_model_reverse(struct top_model *m);

/* Rows with that text in their names, whatever its case; "" for all. */
const char *top_model_filter(const struct top_model *m);
void top_model_set_filter(struct top_model *m, const char *text);

/*
 * The cursor stays on its row, wherever that goes; at the top it stays at the top until it is
 * moved.
 */
size_t top_model_cursor(const struct top_model *m);
void top_model_move(struct top_model *m, long rows);
/* The first row to show where there is room for so many, so that the cursor is among them. */
size_t top_model_first(struct top_model *m, size_t room);

/*
 * Go into the row at the cursor: from a process to its types, to their sites, to their bases.
 * False where there is no row, or nothing finer.
 */
bool top_model_enter(struct top_model *m, const struct top_run *run);
/* The view that top_model_back leads to. False where it leads nowhere. */
bool top_model_outer(const struct top_model *m, enum output_view *view);
/* Back to where that was done. False where it was not. */
bool top_model_back(struct top_model *m);
/* "type int (grow) > site main.add /app/main.go:12", "" where nothing has been gone into. */
void top_model_path(const struct top_model *m, char *text, size_t size);

#endif
