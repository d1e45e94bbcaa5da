// SPDX-License-Identifier: BSD-2-Clause
#include "output/rowview.h"

#include "report/ops.h"

struct rowview rowview_of(const struct output_options *opts, const struct output_report *report)
{
	return (struct rowview){.opts = opts, .report = report};
}

static bool is_base(const struct rowview *v)
{
	return v->report->view == OUTPUT_BY_BASE;
}

static void turn_owner(struct rowview *v, uint32_t group)
{
	const struct output_report *r = v->report;

	v->target = r->by_target && group < r->ntargets ? &r->targets[group] : NULL;
	if (v->target)
		v->exe = v->target->exe;
	else
		v->exe = !r->by_target && group < r->nexes ? r->exes[group] : NULL;
}

void rowview_turn(struct rowview *v, const struct report_row *row)
{
	const struct output_names *names = &v->opts->names;
	uint32_t type = is_base(v) ? row->last.type : row->key.type;

	v->row = row;
	turn_owner(v, row->key.group);
	v->op = op_name(is_base(v) ? row->last.op : row->key.op);
	v->pc = is_base(v) ? row->last.site : row->key.addr;
	v->type = (struct output_type){.name = "?", .size = -1};
	if (type && names->type)
		v->type = names->type(names->ctx, row->key.group, type);
}

size_t rowview_site(const struct rowview *v, struct output_frame *frames)
{
	const struct output_names *names = &v->opts->names;

	if (!v->pc || !names->site)
		return 0;
	return names->site(names->ctx, v->row->key.group, v->pc, frames, OUTPUT_FRAMES_MAX);
}

size_t rowview_stack(const struct rowview *v, struct output_frame *frames)
{
	const struct output_names *names = &v->opts->names;
	const struct report_key *key = &v->row->key;
	bool cut = false;
	size_t n = 0;

	if (key->stack && names->stack)
		n = names->stack(names->ctx, key->group, key->stack, v->pc, frames,
				 OUTPUT_STACK_MAX, &cut);
	if (!n)
		return rowview_site(v, frames);
	if (cut)
		frames[n++] = (struct output_frame){.func = "[truncated]"};
	return n;
}

bool rowview_has_bytes(const struct rowview *v)
{
	return v->row->sums.unsized == 0;
}
