// SPDX-License-Identifier: BSD-2-Clause
/*
 * For flame graphs: a line a stack, "root;...;leaf;[type] VALUE", as stackcollapse-*.pl of
 * FlameGraph write it and others read it too.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "log/controls.h"
#include "output/formats.h"
#include "output/rowview.h"
#include "output/sink.h"
#include "output/utf8.h"

/* One name: the semicolons of types like struct { X int; Y int } would end it. */
static void put_name(struct sink *s, const char *name)
{
	char *repaired = utf8_repair(name);

	if (!repaired) {
		s->err = s->err ? s->err : -ENOMEM;
		return;
	}
	controls_hide(repaired);
	for (char *at = repaired; (at = strchr(at, ';'));)
		*at = ',';
	sink_puts(s, repaired);
	free(repaired);
}

/* Where several processes are traced, each has a root of its own. */
static void put_process(struct sink *s, const struct rowview *v)
{
	const char *slash;

	if (v->report->ntargets + v->report->forgotten < 2 || !v->target || !v->exe)
		return;
	slash = strrchr(v->exe, '/');
	put_name(s, slash ? slash + 1 : v->exe);
	sink_printf(s, "-%d;", v->target->pid);
}

static void put_row(struct sink *s, const struct rowview *v, struct output_frame *frames)
{
	const uint64_t value = report_figure(&v->row->sums, v->report->sort);
	size_t n;

	/* Nothing of it would be drawn. */
	if (!value)
		return;
	n = rowview_stack(v, frames);
	put_process(s, v);
	if (!n && v->pc)
		sink_printf(s, "0x%" PRIx64 ";", v->pc - 1);
	else if (!n)
		sink_puts(s, "?;");
	for (size_t i = n; i-- > 0;) {
		put_name(s, frames[i].func);
		sink_puts(s, ";");
	}
	sink_puts(s, "[");
	put_name(s, v->type.name);
	sink_printf(s, "] %" PRIu64 "\n", value);
}

/* What is in no row: bytes of it are the totals' that no row has told. */
static void put_rest(struct sink *s, const struct output_report *r)
{
	uint64_t rest = report_figure(&r->totals.sums, r->sort);

	for (size_t i = 0; i < r->nrows; i++)
		rest -= report_figure(&r->rows[i]->sums, r->sort);
	if (r->other.events && rest)
		sink_printf(s, "[other] %" PRIu64 "\n", rest);
}

static int folded_write(FILE *f, const struct output_options *opts, const struct output_report *r)
{
	struct output_frame *frames = calloc(ROWVIEW_STACK_MAX, sizeof(*frames));
	struct rowview v = rowview_of(opts, r);
	struct sink s = {.file = f};

	if (!frames)
		return -ENOMEM;
	for (size_t i = 0; i < r->nrows && !s.err; i++) {
		rowview_turn(&v, r->rows[i]);
		put_row(&s, &v, frames);
	}
	put_rest(&s, r);
	free(frames);
	return sink_finish(&s);
}

const struct output_format output_folded = {
	.name = "folded",
	.profile = true,
	.write = folded_write,
};
