/* SPDX-License-Identifier: BSD-2-Clause */
/* A model's inside: for what fills it and for what moves in it, not for others. */
#ifndef SS_TOP_INSIDE_H
#define SS_TOP_INSIDE_H

#include "top/drill.h"
#include "top/model.h"

/* A process, of which another may have the number now. */
struct top_owner {
	int pid;
	uint32_t exe;
};

struct top_model {
	enum output_view view;
	enum top_field sort;	    /* as was asked for last */
	enum top_field sort_before; /* for views that have no such column */
	bool reversed;
	char filter[TOP_TEXT_SIZE];
	struct top_level levels[TOP_DEPTH];
	size_t nlevels;
	struct report_row *fine; /* as taken */
	size_t nfine, fine_room;
	struct top_owner *owners; /* whose rows they were then, by group */
	size_t nowners, owners_room;
	double interval_s;
	uint64_t run; /* the number of it */
	struct top_history *history;
	struct top_row *rows; /* as shown */
	size_t nrows, rows_room, all_rows;
	bool shown; /* nothing has changed since they were made */
	size_t cursor, first;
	bool held; /* the cursor is on a row, not just at the top */
	struct report_key held_key;
	int held_pid;
};

/* Histories of processes that are not told of any more become those of their executables. */
void top_model_forget_histories(struct top_model *m, const struct top_run *run);
/* The cursor is on the row where it is now. */
void top_model_hold(struct top_model *m);

#endif
