/* SPDX-License-Identifier: BSD-2-Clause */
/* The whole screen as lines of text: what is drawn, without how. */
#ifndef SS_TOP_PAGE_H
#define SS_TOP_PAGE_H

#include "top/controls.h"

enum top_style {
	TOP_PLAIN,
	TOP_TITLE,
	TOP_LOSS,
	TOP_HEADER,
	TOP_CURSOR,
	TOP_FOOT,
};

#define TOP_LINE_SIZE 1024

struct top_line {
	enum top_style style;
	char text[TOP_LINE_SIZE]; /* UTF-8 */
	size_t mark, marked;	  /* columns of it that stand out, in a header */
};

/* What the head says of the run, beside its report. */
struct top_told {
	size_t running, targets; /* processes: now, and those that have ended, too */
	uint64_t others;	 /* rows that were not taken */
	const char *doing;	 /* what is being waited for, but in a pause, or NULL */
	bool utf8;
};

/* Whether it goes to the left with the rows. */
bool top_line_shifts(const struct top_line *line);
/*
 * Fill height lines for a screen of that height and c->width; sets c->room and keeps c->shift
 * within what there is. The rows are those of the last top_model_show, of the same run.
 */
void top_page(struct top_controls *c, const struct top_run *run, const struct top_told *told,
	      struct top_line *lines, size_t height);

#endif
