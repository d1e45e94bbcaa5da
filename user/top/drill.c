// SPDX-License-Identifier: BSD-2-Clause
#include "top/drill.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/ops.h"
#include "top/cells.h"

int top_level_init(struct top_level *l, const struct top_cell *cell, uint32_t exe, uint64_t run)
{
	*l = (struct top_level){
		.view = cell->view.report->view,
		.run = run,
		.key = cell->row->row.key,
		.exe = exe,
		.pid = cell->view.target ? cell->view.target->pid : 0,
	};
	l->exe_path = strdup(cell->exe ? cell->exe : "");
	l->elem = strdup(cell->view.type.name);
	l->site = top_whole_name(TOP_SITE, cell);
	if (l->exe_path && l->elem && l->site)
		return 0;
	top_level_destroy(l);
	return -ENOMEM;
}

void top_level_destroy(struct top_level *l)
{
	free(l->exe_path);
	free(l->elem);
	free(l->site);
	*l = (struct top_level){.pid = 0};
}

static bool same_exe(const struct top_level *l, uint32_t exe, uint64_t run,
		     const struct top_run *names)
{
	const struct output_report *r = names->report;
	const char *path = exe < r->nexes ? r->exes[exe] : NULL;

	/* Numbers of such as have been forgotten are given to others. */
	if (l->run == run && (!path || !l->exe_path[0]))
		return l->exe == exe;
	if (l->run == run && l->exe != exe)
		return false;
	return path && strcmp(path, l->exe_path) == 0;
}

static bool same_process(const struct top_level *l, const struct report_row *row, uint32_t exe,
			 uint64_t run, const struct top_run *names)
{
	const uint32_t group = row->key.group;

	if (l->run == run && l->key.group != group)
		return false;
	if (!l->pid)
		return group >= names->report->ntargets && same_exe(l, exe, run, names);
	return top_run_pid(names, group) == l->pid;
}

static bool same_type(const struct top_level *l, uint32_t group, uint32_t type, uint64_t run,
		      const struct top_run *names)
{
	const char *name = "?";

	if (l->run == run && l->key.type != type)
		return false;
	/* Also of this run: those of an executable that is forgotten are given to another. */
	if (type && names->by_target.type)
		name = names->by_target.type(names->by_target.ctx, group, type).name;
	return strcmp(name, l->elem) == 0;
}

bool top_level_has(const struct top_level *l, const struct report_row *row, uint32_t exe,
		   bool of_bases, uint64_t run, const struct top_run *names)
{
	const uint32_t op = of_bases ? row->last.op : row->key.op;
	const uint32_t type = of_bases ? row->last.type : row->key.type;
	const uint64_t pc = of_bases ? row->last.site : row->key.addr;

	if (l->view == OUTPUT_BY_PROCESS)
		return same_process(l, row, exe, run, names);
	/* Names come last: there may be very many rows. */
	if (op != l->key.op || (l->view != OUTPUT_BY_TYPE && pc != l->key.addr))
		return false;
	return same_exe(l, exe, run, names) && same_type(l, row->key.group, type, run, names);
}

void top_level_text(const struct top_level *l, char *text, size_t size)
{
	if (l->view == OUTPUT_BY_PROCESS && l->pid)
		snprintf(text, size, "process %d", l->pid);
	else if (l->view == OUTPUT_BY_PROCESS)
		snprintf(text, size, "ended processes");
	else if (l->view == OUTPUT_BY_TYPE)
		snprintf(text, size, "type %s (%s)", l->elem, op_name(l->key.op));
	else
		snprintf(text, size, "site %s", l->site);
}
