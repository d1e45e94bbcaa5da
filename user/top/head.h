/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines around the rows. */
#ifndef SS_TOP_HEAD_H
#define SS_TOP_HEAD_H

#include "top/page.h"

/* What is traced, and since when. */
void top_title_line(const struct top_controls *c, const struct top_run *run,
		    const struct top_told *told, struct top_line *line);
/* What was seen, what of it was lost, and what that cost. */
void top_status_line(const struct top_run *run, struct top_line *line);
/* Which rows these are. */
void top_path_line(const struct top_controls *c, const struct top_told *told,
		   struct top_line *line);
/* A note, the filter while it is edited, or the keys. */
void top_foot_line(const struct top_controls *c, const struct top_told *told,
		   struct top_line *line);
/* As much of the help as has room. */
void top_help_lines(struct top_controls *c, struct top_line *lines, size_t height);

#endif
