/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows that were gone into: what the rows shown from then on are parts of. */
#ifndef SS_TOP_DRILL_H
#define SS_TOP_DRILL_H

#include "top/fields.h"
#include "top/run.h"

/* Of a filter. */
#define TOP_TEXT_SIZE 256

/* One of each view but the finest. */
#define TOP_DEPTH 3

/*
 * In the run where it was gone into, a row is known by its numbers. Another run of the same
 * processes has numbers of its own: there it is known by its texts.
 */
struct top_level {
	enum output_view view;
	uint64_t run;
	struct report_key key;
	uint32_t exe;
	int pid; /* 0: of a process that has ended */
	char *exe_path, *elem, *site;
	char filter[TOP_TEXT_SIZE]; /* that of the rows it was among */
};

/* Go into this row. 0 or -ENOMEM. */
int top_level_init(struct top_level *l, const struct top_cell *cell, uint32_t exe, uint64_t run);
void top_level_destroy(struct top_level *l);

/* Is the finest row, of that executable, a part of it? of_bases: rows are bases. */
bool top_level_has(const struct top_level *l, const struct report_row *row, uint32_t exe,
		   bool of_bases, uint64_t run, const struct top_run *names);
/* "type int (grow)" */
void top_level_text(const struct top_level *l, char *text, size_t size);

#endif
