// SPDX-License-Identifier: BSD-2-Clause
#include "output/rowview.h"

static const char *const op_names[SS_OPS] = {
	[SS_OP_GROW] = "grow",
	[SS_OP_MAKE] = "make",
};

static const char *op_name(uint32_t op)
{
	return op < SS_OPS && op_names[op] ? op_names[op] : "?";
}

static const struct output_target *find_target(const struct output_report *report, uint32_t id)
{
	for (size_t i = 0; i < report->ntargets; i++) {
		if (report->targets[i].id == id)
			return &report->targets[i];
	}
	return NULL;
}

static int64_t elem_size(const struct rowview *v)
{
	int64_t size;

	if (!v->type || !v->opts->elem_size)
		return -1;
	size = v->opts->elem_size(v->opts->elem_size_ctx, v->target, v->type);
	return size < 0 ? -1 : size;
}

struct rowview rowview_of(const struct output_options *opts, const struct output_report *report)
{
	return (struct rowview){.opts = opts, .report = report};
}

void rowview_turn(struct rowview *v, const struct report_row *row)
{
	v->row = row;
	/* Neighbours are often of one target, and there may be many targets. */
	if (!v->target || v->target->id != row->target)
		v->target = find_target(v->report, row->target);
	v->op = op_name(row->op);
	v->type = v->target && row->type ? row->type - v->target->bias : 0;
	v->pc = v->target && row->site ? row->site - v->target->bias : 0;
	v->elem_size = elem_size(v);
}
