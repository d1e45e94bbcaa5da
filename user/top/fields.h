/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns of the screen: in which views, from which width on, what they sort by and say. */
#ifndef SS_TOP_FIELDS_H
#define SS_TOP_FIELDS_H

#include "output/columns.h"
#include "top/history.h"

struct top_row {
	struct report_row row;
	double history[TOP_INTERVALS]; /* events a second, the oldest interval first */
	int pid;		       /* of the process that its group is the number of, or 0 */
};

enum top_field {
	TOP_PID,
	TOP_BASE,
	TOP_EVENT_RATE,
	TOP_ALLOC_RATE,
	TOP_COPY_RATE,
	TOP_SLACK_RATE,
	TOP_HISTORY,
	TOP_EVENTS,
	TOP_LEN_SUM,
	TOP_CAP_SUM,
	TOP_ALLOC,
	TOP_COPIED,
	TOP_SLACK,
	TOP_LEN,
	TOP_CAP,
	TOP_OP,
	TOP_ELEM,
	TOP_SITE,
	TOP_CGROUP,
	TOP_EXE,
	TOP_FIELDS,
};

/* A row as its cells see it. */
struct top_cell {
	struct rowview view;
	const struct top_row *row;
	double interval_s; /* of the row's rates */
	const char *exe;   /* NULL unknown */
	size_t width;	   /* of the screen */
	bool utf8;	   /* the terminal takes it */
};

struct top_field_kind {
	const char *header;
	int width;	    /* as in struct column */
	unsigned int views; /* by enum output_view, a bit each */
	size_t from;	    /* screens narrower than that do without it */
	/* Largest first; NULL: rows are not sorted by it. */
	double (*value)(const struct top_row *row, double interval_s);
	/* Left alone, it is "?". */
	void (*text)(char text[CELL_SIZE], const struct top_cell *cell);
};

extern const struct top_field_kind top_fields[TOP_FIELDS];

/* Has the view this column, on a screen of that width? */
bool top_field_shown(enum top_field field, enum output_view view, size_t width,
		     const struct output_report *report);
/* The cell's text, without control characters. */
void top_field_text(char text[CELL_SIZE], enum top_field field, const struct top_cell *cell);
/* What -s says first in that view. */
enum top_field top_field_of_sort(enum report_sort sort);

#endif
