// SPDX-License-Identifier: BSD-2-Clause
#include "output/columns.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output/utf8.h"

/* Bytes. */
#define ELEM_MAX 48
#define FUNC_MAX 96
#define FILE_MAX 48

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
			int width;

			if (!columns[c].header)
				continue;
			format_cell(text, c, source);
			width = (int)utf8_count(text);
			if (width > w.of[c])
				w.of[c] = width;
		}
	}
	return w;
}

/* width < 0: to the left, and nothing is behind the last to be lined up. printf counts bytes. */
static void write_cell(struct sink *s, const char *gap, const char *text, int width, bool last)
{
	const int left_over = abs(width) - (int)utf8_count(text);
	const int pad = left_over > 0 ? left_over : 0;

	if (width < 0)
		sink_printf(s, "%s%s%*s", gap, text, last ? 0 : pad, "");
	else
		sink_printf(s, "%s%*s%s", gap, pad, "", text);
}

/* One line: the headers where source is NULL. */
static void write_line(struct sink *s, const struct column *columns, size_t ncolumns,
		       const struct widths *w, const struct columns_source *source)
{
	const char *gap = "";
	char cell[CELL_SIZE];

	for (size_t c = 0; c < ncolumns; c++) {
		const char *text = source ? cell : columns[c].header;
		const bool left = columns[c].width < 0;

		if (!columns[c].header)
			continue;
		if (source)
			format_cell(cell, c, source);
		write_cell(s, gap, text, left ? -w->of[c] : w->of[c], c == w->last);
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
	const char *name = v->type.name;
	const size_t shown = utf8_fit(name, ELEM_MAX);

	snprintf(text, CELL_SIZE, "%.*s%s", (int)shown, name, name[shown] ? "..." : "");
}

const char *short_path(const char *path)
{
	const char *slash = strrchr(path, '/');

	while (slash && slash > path && slash[-1] != '/')
		slash--;
	return slash && slash > path ? slash : path;
}

void site_text(char *text, size_t size, const char *func, const char *file, int line)
{
	const int name = (int)utf8_fit(func, FUNC_MAX);
	const char *path = file ? short_path(file) : "";

	if (file)
		snprintf(text, size, "%.*s %.*s:%d", name, func, (int)utf8_fit(path, FILE_MAX),
			 path, line);
	else
		snprintf(text, size, "%.*s", name, func);
}

void site_cell(char text[CELL_SIZE], const struct rowview *v)
{
	struct output_frame frames[OUTPUT_FRAMES_MAX];

	if (!rowview_site(v, frames)) {
		if (v->pc)
			snprintf(text, CELL_SIZE, "0x%" PRIx64, v->pc);
		return;
	}
	site_text(text, CELL_SIZE, frames[0].func, frames[0].file, frames[0].line);
}
