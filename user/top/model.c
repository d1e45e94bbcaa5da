// SPDX-License-Identifier: BSD-2-Clause
#include "top/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "top/inside.h"

/* Rows whose rates are remembered: 2 MiB of them. */
#define HISTORY_KEYS 16384

struct top_model *top_model_new(enum output_view view, enum top_field sort)
{
	struct top_model *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->history = top_history_new(HISTORY_KEYS);
	if (!m->history) {
		free(m);
		return NULL;
	}
	m->sort = sort;
	m->sort_before = TOP_EVENT_RATE;
	top_model_set_view(m, view);
	return m;
}

void top_model_free(struct top_model *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->nlevels; i++)
		top_level_destroy(&m->levels[i]);
	top_history_free(m->history);
	free(m->fine);
	free(m->owners);
	free(m->rows);
	free(m);
}

enum output_view top_model_finest(const struct top_model *m)
{
	return m->view == OUTPUT_BY_BASE ? OUTPUT_BY_BASE : OUTPUT_BY_SITE;
}

void top_model_begin(struct top_model *m)
{
	m->run++;
	m->nfine = m->nowners = 0;
	top_model_hide(m);
	top_history_clear(m->history);
}

void top_model_hide(struct top_model *m)
{
	m->nrows = m->all_rows = 0;
	m->shown = false;
}

bool top_model_is_shown(const struct top_model *m)
{
	return m->shown;
}

const struct top_row *top_model_rows(const struct top_model *m, size_t *n)
{
	*n = m->nrows;
	return m->rows;
}

size_t top_model_all_rows(const struct top_model *m)
{
	return m->all_rows;
}

double top_model_interval_s(const struct top_model *m)
{
	return m->interval_s;
}

uint64_t top_model_history_lost(const struct top_model *m)
{
	return top_history_lost(m->history);
}

struct top_cell top_model_cell(const struct top_model *m, const struct top_row *row,
			       const struct top_run *run, struct output_report *report,
			       struct output_options *opts)
{
	struct top_cell cell = {.row = row, .interval_s = m->interval_s};
	uint32_t exe = row->row.key.group;

	*report = *run->report;
	report->view = m->view;
	report->by_target = m->view == OUTPUT_BY_BASE || m->view == OUTPUT_BY_PROCESS;
	*opts = (struct output_options){.names = report->by_target ? run->by_target : run->by_exe};
	if (report->by_target)
		exe = run->exe_of(run->ctx, exe);
	cell.view = rowview_of(opts, report);
	rowview_turn(&cell.view, &row->row);
	cell.exe = cell.view.exe;
	if (!cell.exe && exe < report->nexes)
		cell.exe = report->exes[exe];
	return cell;
}

enum output_view top_model_view(const struct top_model *m)
{
	return m->view;
}

static void release_cursor(struct top_model *m)
{
	m->cursor = m->first = 0;
	m->held = false;
}

void top_model_set_view(struct top_model *m, enum output_view view)
{
	m->view = view;
	m->shown = false;
	release_cursor(m);
}

static bool has_field(const struct top_model *m, enum top_field field)
{
	return top_fields[field].views & 1u << m->view;
}

enum top_field top_model_sort(const struct top_model *m)
{
	if (has_field(m, m->sort))
		return m->sort;
	return has_field(m, m->sort_before) ? m->sort_before : TOP_EVENT_RATE;
}

void top_model_set_sort(struct top_model *m, enum top_field sort)
{
	if (!has_field(m, m->sort))
		m->sort_before = m->sort;
	m->sort = sort;
	m->shown = false;
}

bool top_model_reversed(const struct top_model *m)
{
	return m->reversed;
}

void top_model_reverse(struct top_model *m)
{
	m->reversed = !m->reversed;
	m->shown = false;
}

const char *top_model_filter(const struct top_model *m)
{
	return m->filter;
}

void top_model_set_filter(struct top_model *m, const char *text)
{
	snprintf(m->filter, sizeof(m->filter), "%s", text);
	m->shown = false;
}

size_t top_model_cursor(const struct top_model *m)
{
	return m->cursor;
}

void top_model_hold(struct top_model *m)
{
	m->held_key = m->rows[m->cursor].row.key;
	m->held_pid = m->rows[m->cursor].pid;
}

void top_model_move(struct top_model *m, long rows)
{
	const size_t last = m->nrows - 1;

	if (!m->nrows)
		return;
	/* Rows may have gone without having been shown. */
	if (m->cursor > last)
		m->cursor = last;
	if (rows < 0)
		m->cursor -= (size_t)-rows < m->cursor ? (size_t)-rows : m->cursor;
	else
		m->cursor = (size_t)rows < last - m->cursor ? m->cursor + (size_t)rows : last;
	m->held = m->cursor > 0;
	if (m->held)
		top_model_hold(m);
}

size_t top_model_first(struct top_model *m, size_t room)
{
	size_t last = m->nrows > room ? m->nrows - room : 0;

	if (m->cursor < m->first)
		m->first = m->cursor;
	if (room && m->cursor >= m->first + room)
		m->first = m->cursor - room + 1;
	if (m->first > last)
		m->first = last;
	return m->first;
}

/* Another row of a view that was gone into is another way from there on. */
static void leave_levels(struct top_model *m, enum output_view view)
{
	size_t n = 0;

	while (n < m->nlevels && m->levels[n].view != view)
		n++;
	while (m->nlevels > n)
		top_level_destroy(&m->levels[--m->nlevels]);
}

bool top_model_enter(struct top_model *m, const struct top_run *run)
{
	static const enum output_view finer[OUTPUT_VIEWS] = {
		[OUTPUT_BY_PROCESS] = OUTPUT_BY_TYPE,
		[OUTPUT_BY_TYPE] = OUTPUT_BY_SITE,
		[OUTPUT_BY_SITE] = OUTPUT_BY_BASE,
	};
	struct top_level level;
	struct output_report report;
	struct output_options opts;
	struct top_cell cell;
	uint32_t exe;

	if (m->cursor >= m->nrows || m->view == OUTPUT_BY_BASE)
		return false;
	cell = top_model_cell(m, &m->rows[m->cursor], run, &report, &opts);
	cell.width = SIZE_MAX;
	exe = m->rows[m->cursor].row.key.group;
	if (report.by_target)
		exe = run->exe_of(run->ctx, exe);
	if (top_level_init(&level, &cell, exe, m->run))
		return false;
	memcpy(level.filter, m->filter, sizeof(level.filter));
	leave_levels(m, m->view);
	m->levels[m->nlevels++] = level;
	m->filter[0] = '\0';
	top_model_set_view(m, finer[m->view]);
	return true;
}

bool top_model_outer(const struct top_model *m, enum output_view *view)
{
	if (m->nlevels)
		*view = m->levels[m->nlevels - 1].view;
	return m->nlevels > 0;
}

bool top_model_back(struct top_model *m)
{
	struct top_level *l;

	if (!m->nlevels)
		return false;
	l = &m->levels[--m->nlevels];
	top_model_set_view(m, l->view);
	memcpy(m->filter, l->filter, sizeof(m->filter));
	m->held = l->run == m->run;
	m->held_key = l->key;
	m->held_pid = l->view == OUTPUT_BY_PROCESS ? l->pid : 0;
	top_level_destroy(l);
	return true;
}

void top_model_path(const struct top_model *m, char *text, size_t size)
{
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < m->nlevels && n < size; i++) {
		n += (size_t)snprintf(text + n, size - n, "%s", i ? " > " : "");
		if (n >= size)
			return;
		top_level_text(&m->levels[i], text + n, size - n);
		n += strlen(text + n);
	}
}
