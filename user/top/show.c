// SPDX-License-Identifier: BSD-2-Clause
/* From the finest rows to those of a view: taken, folded, filtered, sorted. */
#include "top/model.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/index.h"
#include "report/key.h"
#include "top/cells.h"
#include "top/inside.h"
#include "top/order.h"

/* room elements of size, of which n are needed. */
static int make_room(void **list, size_t *room, size_t n, size_t size)
{
	size_t more = *room ? *room : 1024;
	void *larger;

	if (n <= *room)
		return 0;
	while (more < n)
		more *= 2;
	larger = reallocarray(*list, more, size);
	if (!larger)
		return -ENOMEM;
	*list = larger;
	*room = more;
	return 0;
}

static int take_owners(struct top_model *m, const struct top_run *run)
{
	const size_t n = run->report->ntargets;

	m->nowners = 0;
	if (make_room((void **)&m->owners, &m->owners_room, n, sizeof(*m->owners)))
		return -ENOMEM;
	m->nowners = n;
	for (uint32_t i = 0; i < n; i++)
		m->owners[i] = (struct top_owner){top_run_pid(run, i), run->exe_of(run->ctx, i)};
	return 0;
}

static int owner_of(const struct top_model *m, uint32_t group)
{
	return group < m->nowners ? m->owners[group].pid : 0;
}

int top_model_take(struct top_model *m, const struct top_run *run,
		   const struct report_row *const *rows, size_t nrows)
{
	const double interval_s = run->report->interval_s;

	if (nrows > TOP_ROWS_MAX)
		nrows = TOP_ROWS_MAX;
	if (make_room((void **)&m->fine, &m->fine_room, nrows, sizeof(*m->fine)))
		return -ENOMEM;
	top_model_forget_histories(m, run);
	if (take_owners(m, run))
		return -ENOMEM;
	m->nfine = nrows;
	m->interval_s = interval_s;
	m->shown = false;
	top_history_next(m->history);
	for (size_t i = 0; i < nrows; i++) {
		m->fine[i] = *rows[i];
		m->fine[i].lens = NULL;
		if (rows[i]->d.events && interval_s > 0)
			top_history_add(m->history, &rows[i]->key, owner_of(m, rows[i]->key.group),
					(double)rows[i]->d.events / interval_s);
	}
	return 0;
}

/* The key in the view of a finest row, of that executable. */
static struct report_key key_in(enum output_view view, const struct report_row *row, uint32_t exe)
{
	struct report_key key = row->key;

	switch (view) {
	case OUTPUT_BY_SITE:
		key.group = exe;
		break;
	case OUTPUT_BY_TYPE:
		key.group = exe;
		key.addr = 0;
		break;
	case OUTPUT_BY_PROCESS:
		key = (struct report_key){.group = row->key.group};
		break;
	default:
		break;
	}
	return key;
}

bool top_model_has(const struct top_model *m, const struct report_row *row,
		   const struct top_run *run)
{
	const uint32_t exe = run->exe_of(run->ctx, row->key.group);
	const bool of_bases = m->view == OUTPUT_BY_BASE;

	for (size_t i = 0; i < m->nlevels; i++)
		if (!top_level_has(&m->levels[i], row, exe, of_bases, m->run, run))
			return false;
	return true;
}

struct wanted {
	const struct top_row *rows;
	const struct report_key *key;
};

static bool is_wanted(const void *ctx, uint32_t row)
{
	const struct wanted *w = ctx;

	return report_key_same(&w->rows[row].row.key, w->key);
}

static void fold_row(struct top_model *m, struct index *index, const struct report_row *fine,
		     const struct top_run *run)
{
	const uint32_t exe = run->exe_of(run->ctx, fine->key.group);
	const struct report_key key = key_in(m->view, fine, exe);
	const uint64_t hash = report_key_hash(&key);
	const struct wanted wanted = {m->rows, &key};
	struct top_row *row;
	size_t at;

	if (index_find(index, hash, is_wanted, &wanted, &at)) {
		row = &m->rows[at];
		report_sums_add(&row->row.sums, &fine->sums);
		report_sums_add(&row->row.d, &fine->d);
	} else {
		index_enter(index, at, hash, m->nrows);
		row = &m->rows[m->nrows++];
		*row = (struct top_row){.row = *fine};
		row->row.key = key;
		if (m->view == OUTPUT_BY_BASE || m->view == OUTPUT_BY_PROCESS)
			row->pid = top_run_pid(run, key.group);
	}
	top_history_sum(m->history, &fine->key, owner_of(m, fine->key.group), row->history);
}

static int fold(struct top_model *m, const struct top_run *run)
{
	struct index index;

	m->nrows = 0;
	if (index_init(&index, m->nfine ? m->nfine : 1)) {
		index_destroy(&index);
		return -ENOMEM;
	}
	for (size_t i = 0; i < m->nfine; i++)
		if (top_model_has(m, &m->fine[i], run))
			fold_row(m, &index, &m->fine[i], run);
	index_destroy(&index);
	m->all_rows = m->nrows;
	return 0;
}

static bool has_text(const struct top_cell *cell, enum top_field field, const char *wanted)
{
	char text[CELL_SIZE];

	top_field_text(text, field, cell);
	return strcasestr(text, wanted);
}

/* Also in what the cell has no room for. */
static bool has_name(const struct top_cell *cell, enum top_field field, const char *wanted)
{
	char *name = top_whole_name(field, cell);
	const bool has = name ? strcasestr(name, wanted) != NULL : has_text(cell, field, wanted);

	free(name);
	return has;
}

static bool passes(const struct top_model *m, const struct top_row *row, const struct top_run *run)
{
	static const struct {
		enum top_field field;
		bool (*has)(const struct top_cell *cell, enum top_field field, const char *wanted);
	} named[] = {{TOP_SITE, has_name}, {TOP_ELEM, has_name},   {TOP_OP, has_text},
		     {TOP_EXE, has_name},  {TOP_CGROUP, has_name}, {TOP_PID, has_text},
		     {TOP_BASE, has_text}};
	struct output_report report;
	struct output_options opts;
	struct top_cell cell = top_model_cell(m, row, run, &report, &opts);

	cell.width = SIZE_MAX;
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		/* What is not shown would be found for no reason. */
		if (top_field_shown(named[i].field, m->view, cell.width, run->report) &&
		    named[i].has(&cell, named[i].field, m->filter))
			return true;
	}
	return false;
}

static void leave_out(struct top_model *m, const struct top_run *run)
{
	size_t kept = 0;

	if (!m->filter[0])
		return;
	for (size_t i = 0; i < m->nrows; i++) {
		if (!passes(m, &m->rows[i], run))
			continue;
		if (kept != i)
			m->rows[kept] = m->rows[i];
		kept++;
	}
	m->nrows = kept;
}

/* To the row that it was on; where that is gone, it stays where it is. */
static void place_cursor(struct top_model *m)
{
	for (size_t i = 0; m->held && i < m->nrows; i++) {
		if (report_key_same(&m->rows[i].row.key, &m->held_key) &&
		    m->rows[i].pid == m->held_pid) {
			m->cursor = i;
			return;
		}
	}
	if (!m->held)
		m->cursor = 0;
	if (m->cursor >= m->nrows)
		m->cursor = m->nrows ? m->nrows - 1 : 0;
	if (m->held && m->nrows)
		top_model_hold(m);
}

int top_model_show(struct top_model *m, const struct top_run *run)
{
	int err = make_room((void **)&m->rows, &m->rows_room, m->nfine, sizeof(*m->rows));

	if (!err)
		err = fold(m, run);
	if (err) {
		m->nrows = m->all_rows = 0;
		return err;
	}
	leave_out(m, run);
	top_order(m->rows, m->nrows, top_model_sort(m), m->interval_s, m->reversed);
	place_cursor(m);
	m->shown = true;
	return 0;
}
