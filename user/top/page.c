// SPDX-License-Identifier: BSD-2-Clause
#include "top/page.h"

#include <string.h>

#include "top/head.h"
#include "top/text.h"

/* Rows come first: what a small screen has no room for is left out in this order. */
#define HEIGHT_OF_PATH	 8
#define HEIGHT_OF_FOOT	 7
#define HEIGHT_OF_TITLE	 6
#define HEIGHT_OF_STATUS 4

#define GAP 1

struct columns {
	enum top_field fields[TOP_FIELDS];
	size_t widths[TOP_FIELDS];
	size_t n;
};

/* The rows shown, and what their cells are made with. */
struct table {
	const struct top_controls *c;
	const struct top_run *run;
	const struct top_row *rows;
	size_t n;
	bool utf8;
	struct columns columns;
};

static void cell_text(char text[CELL_SIZE], const struct table *t, size_t row, enum top_field field)
{
	struct output_report report;
	struct output_options opts;
	struct top_cell cell = top_model_cell(t->c->model, &t->rows[row], t->run, &report, &opts);

	cell.width = t->c->width;
	cell.utf8 = t->utf8;
	top_field_text(text, field, &cell);
}

/* However narrow it is: what rows are sorted by. */
static bool is_shown(const struct table *t, enum top_field field)
{
	const size_t width = field == top_model_sort(t->c->model) ? SIZE_MAX : t->c->width;

	return top_field_shown(field, top_model_view(t->c->model), width, t->run->report);
}

static void choose_columns(struct table *t)
{
	struct columns *cs = &t->columns;
	char text[CELL_SIZE];

	for (int f = 0; f < TOP_FIELDS; f++) {
		const int width = top_fields[f].width;
		size_t *widest = &cs->widths[cs->n];

		if (!is_shown(t, (enum top_field)f))
			continue;
		*widest = (size_t)(width < 0 ? -width : width);
		for (size_t i = 0; i < t->n; i++) {
			cell_text(text, t, i, (enum top_field)f);
			if (top_text_width(text) > *widest)
				*widest = top_text_width(text);
		}
		cs->fields[cs->n++] = (enum top_field)f;
	}
}

static void append_text(struct top_line *line, const char *text)
{
	const size_t used = strlen(line->text);

	top_text_copy(line->text + used, sizeof(line->text) - used, text);
}

static void append_blanks(struct top_line *line, size_t n)
{
	const size_t used = strlen(line->text), room = sizeof(line->text) - used - 1;

	memset(line->text + used, ' ', n < room ? n : room);
	line->text[used + (n < room ? n : room)] = '\0';
}

static bool tells_whose(enum top_field field)
{
	return field == TOP_PID || field == TOP_BASE;
}

/* On a very narrow screen columns before the one sorted by make room for it. */
static void make_room_for_sort(struct table *t)
{
	struct columns *cs = &t->columns;
	size_t at = 0, end = 0;

	while (at < cs->n && cs->fields[at] != top_model_sort(t->c->model))
		end += cs->widths[at++] + GAP;
	if (at == cs->n)
		return;
	end += cs->widths[at];
	while (at && end > t->c->width && !tells_whose(cs->fields[at - 1])) {
		end -= cs->widths[--at] + GAP;
		cs->n--;
		for (size_t i = at; i < cs->n; i++) {
			cs->fields[i] = cs->fields[i + 1];
			cs->widths[i] = cs->widths[i + 1];
		}
	}
}

/* Append the text, padded to so many columns. */
static void append(struct top_line *line, const char *text, size_t width, bool left)
{
	const size_t shown = top_text_width(text);
	const size_t pad = shown < width ? width - shown : 0;

	append_blanks(line, left ? 0 : pad);
	append_text(line, text);
	append_blanks(line, left ? pad : 0);
}

static void header_line(const struct table *t, struct top_line *line)
{
	const struct columns *cs = &t->columns;

	line->style = TOP_HEADER;
	for (size_t i = 0; i < cs->n; i++) {
		const struct top_field_kind *kind = &top_fields[cs->fields[i]];

		append(line, "", i ? GAP : 0, true);
		if (cs->fields[i] == top_model_sort(t->c->model)) {
			line->mark = strlen(line->text);
			line->marked = cs->widths[i];
		}
		append(line, kind->header, cs->widths[i], kind->width < 0);
	}
}

static void row_line(const struct table *t, size_t row, struct top_line *line)
{
	const struct columns *cs = &t->columns;
	char text[CELL_SIZE];

	for (size_t i = 0; i < cs->n; i++) {
		cell_text(text, t, row, cs->fields[i]);
		append(line, "", i ? GAP : 0, true);
		append(line, text, cs->widths[i], top_fields[cs->fields[i]].width < 0);
	}
}

static void table_lines(struct top_controls *c, const struct top_run *run, bool utf8,
			struct top_line *lines, size_t height)
{
	const bool has_header = height > 1;
	struct table t = {.c = c, .run = run, .utf8 = utf8};
	size_t n, first;

	c->room = height - has_header;
	first = top_model_first(c->model, c->room);
	t.rows = top_model_rows(c->model, &n) + first;
	t.n = n - first < c->room ? n - first : c->room;
	choose_columns(&t);
	make_room_for_sort(&t);
	if (has_header)
		header_line(&t, lines++);
	for (size_t i = 0; i < t.n; i++) {
		row_line(&t, i, &lines[i]);
		if (first + i == top_model_cursor(c->model))
			lines[i].style = TOP_CURSOR;
	}
}

bool top_line_shifts(const struct top_line *line)
{
	return line->style != TOP_TITLE && line->style != TOP_FOOT && line->style != TOP_LOSS;
}

static void limit_shift(struct top_controls *c, const struct top_line *lines, size_t height)
{
	size_t widest = c->width;

	for (size_t i = 0; i < height && c->shift; i++) {
		const size_t width = top_line_shifts(&lines[i]) ? top_text_width(lines[i].text) : 0;

		widest = width > widest ? width : widest;
	}
	if (c->shift > widest - c->width)
		c->shift = widest - c->width;
}

void top_page(struct top_controls *c, const struct top_run *run, const struct top_told *told,
	      struct top_line *lines, size_t height)
{
	size_t used = 0, foot = height >= HEIGHT_OF_FOOT || (c->editing && height > 1);

	memset(lines, 0, height * sizeof(*lines));
	if (!height)
		return;
	if (height >= HEIGHT_OF_TITLE)
		top_title_line(c, run, told, &lines[used++]);
	if (height >= HEIGHT_OF_STATUS)
		top_status_line(run, &lines[used++]);
	if (height >= HEIGHT_OF_PATH)
		top_path_line(c, told, &lines[used++]);
	if (c->help)
		top_help_lines(c, lines + used, height - used - foot);
	else
		table_lines(c, run, told->utf8, lines + used, height - used - foot);
	/* It says how to go on with the help, which is known by now. */
	if (foot)
		top_foot_line(c, told, &lines[height - 1]);
	limit_shift(c, lines, height);
}
