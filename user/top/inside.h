/* SPDX-License-Identifier: BSD-2-Clause */
/* A model's inside: for what fills it and for what moves in it, not for others. */
#ifndef SS_TOP_INSIDE_H
#define SS_TOP_INSIDE_H

#include "top/drill.h"
#include "top/model.h"

struct top_model {
	enum output_view view;
	enum top_field sort;
	bool reversed;
	char filter[TOP_TEXT_SIZE];
	struct top_level levels[TOP_DEPTH];
	size_t nlevels;
	struct report_row *fine; /* as taken */
	size_t nfine, fine_room;
	double interval_s;
	uint64_t run; /* the number of it */
	struct top_history *history;
	struct top_row *rows; /* as shown */
	size_t nrows, rows_room, all_rows;
	size_t cursor, first;
	bool held; /* the cursor is on a row, not just at the top */
	struct report_key held_key;
};

#endif
