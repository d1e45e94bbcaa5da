// SPDX-License-Identifier: BSD-2-Clause
#include "output/columns.h"

#include <inttypes.h>
#include <string.h>

#include "output/utf8.h"

#define ELEM_MAX 48

struct widths {
	int of[COLUMNS_MAX];
	size_t last; /* the last that is shown: nothing is behind it to be lined up */
};

/* Names come from the executable: they must not reach the terminal as commands to it. */
static void format_cell(char text[CELL_SIZE], size_t column, const struct columns_source *source)
{
	snprintf(text, CELL_SIZE, "?");
	source->cell(text, column, source->ctx);
	for (char *p = text; *p; p++) {
		size_t control = utf8_control(p);

		if (control)
			memset(p, '?', control);
	}
}

static struct widths widths_for(const struct column *columns, size_t ncolumns,
				const struct columns_source *source)
{
	struct widths w = {.last = 0};
	char text[CELL_SIZE];

	for (size_t c = 0; c < ncolumns; c++) {
		if (!columns[c].header)
			continue;
		w.of[c] = columns[c].width < 0 ? -columns[c].width : columns[c].width;
		w.last = c;
	}
	for (size_t row = 0; row < source->nrows; row++) {
		source->turn(source->ctx, row);
		for (size_t c = 0; c < ncolumns; c++) {
			if (!columns[c].header)
				continue;
			format_cell(text, c, source);
			if ((int)strlen(text) > w.of[c])
				w.of[c] = (int)strlen(text);
		}
	}
	return w;
}

/* One line: the headers where source is NULL. */
static void write_line(struct sink *s, const struct column *columns, size_t ncolumns,
		       const struct widths *w, const struct columns_source *source)
{
	const char *gap = "";
	char cell[CELL_SIZE];

	for (size_t c = 0; c < ncolumns; c++) {
		const char *text = source ? cell : columns[c].header;
		bool left = columns[c].width < 0;

		if (!columns[c].header)
			continue;
		if (source)
			format_cell(cell, c, source);
		if (left && c == w->last)
			sink_printf(s, "%s%s", gap, text);
		else
			sink_printf(s, "%s%*s", gap, left ? -w->of[c] : w->of[c], text);
		gap = "  ";
	}
	sink_puts(s, "\n");
}

void columns_write(struct sink *s, const struct column *columns, size_t ncolumns,
		   const struct columns_source *source)
{
	struct widths w = widths_for(columns, ncolumns, source);

	write_line(s, columns, ncolumns, &w, NULL);
	for (size_t row = 0; row < source->nrows && !s->err; row++) {
		source->turn(source->ctx, row);
		write_line(s, columns, ncolumns, &w, source);
	}
}

void elem_cell(char text[CELL_SIZE], const struct rowview *v)
{
	bool cut = strlen(v->type.name) > ELEM_MAX;

	snprintf(text, CELL_SIZE, "%.*s%s", ELEM_MAX, v->type.name, cut ? "..." : "");
}

const char *short_path(const char *path)
{
	const char *slash = strrchr(path, '/');

	while (slash && slash > path && slash[-1] != '/')
		slash--;
	return slash && slash > path ? slash : path;
}

void site_cell(char text[CELL_SIZE], const struct rowview *v)
{
	struct output_frame frames[OUTPUT_FRAMES_MAX];

	if (!rowview_site(v, frames)) {
		if (v->pc)
			snprintf(text, CELL_SIZE, "0x%" PRIx64, v->pc);
		return;
	}
	snprintf(text, CELL_SIZE, "%.96s", frames[0].func);
	if (frames[0].file)
		snprintf(text + strlen(text), CELL_SIZE - strlen(text), " %.48s:%d",
			 short_path(frames[0].file), frames[0].line);
}
