// SPDX-License-Identifier: BSD-2-Clause
#include "cli/live.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/gather.h"
#include "cli/live_log.h"
#include "cli/names.h"
#include "log/log.h"
#include "top/text.h"
#include "trace/groups.h"
#include "trace/open.h"
#include "trace/targets.h"

/* Keys that are taken at a time: other things happen, too. */
#define KEYS_AT_ONCE 64

/* Bases that are looked at. */
#define BASES_MAX (TOP_ROWS_MAX / 2)

struct live {
	struct screen *screen;
	struct top_controls controls;
	struct top_line *lines;
	size_t height;
	struct gathered told;
	struct emitted last;
	uint64_t others;    /* rows that were not taken */
	uint64_t forgotten; /* processes, when rows were taken */
	size_t running;
	const char *doing;
	struct live_log log;
};

static uint32_t exe_of(void *ctx, uint32_t group)
{
	const struct trace *trace = ctx;

	if (group < trace->ntargets)
		return trace->targets[group].exe_number;
	return group < trace->room ? UINT32_MAX : group - (uint32_t)trace->room;
}

static uint32_t group_of_exe(void *ctx, uint32_t exe)
{
	return trace_group_of_exe(ctx, exe);
}

static struct top_run run_of(const struct live *l, struct trace *trace)
{
	return (struct top_run){.report = &l->told.report,
				.by_target = names_of_recorded(trace, true),
				.by_exe = names_of_recorded(trace, false),
				.exe_of = exe_of,
				.group_of_exe = group_of_exe,
				.ctx = trace};
}

static int make_lines(struct live *l, size_t height)
{
	struct top_line *lines = reallocarray(l->lines, height, sizeof(*lines));

	if (!lines)
		return -ENOMEM;
	l->lines = lines;
	l->height = height;
	return 0;
}

/* All that there were: some are not told of any more. */
static size_t count_targets(const struct output_report *r)
{
	size_t n = (size_t)r->forgotten;

	for (size_t i = 0; i < r->ntargets; i++)
		n += !r->targets[i].forgotten;
	return n;
}

/* Where there is no memory for a larger screen, the lines there are. */
static void draw(struct live *l, const struct top_run *run)
{
	const struct top_told told = {
		.running = l->running,
		.targets = count_targets(run->report),
		.others = run->ctx ? l->others : 0,
		.doing = l->doing,
		.utf8 = screen_utf8(l->screen),
	};
	size_t height;

	screen_size(l->screen, &l->controls.width, &height);
	if (height > l->height && make_lines(l, height))
		height = l->height;
	top_page(&l->controls, run, &told, l->lines, height);
	screen_draw(l->screen, l->lines, height, l->controls.shift);
}

/* With all rows that is tens of ms of work. */
static int make_rows(struct live *l, const struct top_run *run, struct reason *why)
{
	if (!top_model_is_shown(l->controls.model) && top_model_show(l->controls.model, run))
		return reason_set(why, -ENOMEM, "out of memory");
	return 0;
}

static int show(struct live *l, struct trace *trace, struct reason *why)
{
	const struct top_run run = run_of(l, trace);
	int err = make_rows(l, &run, why);

	if (err)
		return err;
	draw(l, &run);
	return 0;
}

static void note(void *ctx, const char *line)
{
	struct live *l = ctx;

	top_text_copy(l->controls.note, sizeof(l->controls.note), line);
}

int live_new(const struct options *opts, struct live **out, struct reason *why)
{
	struct live *l = calloc(1, sizeof(*l));
	int err;

	if (!l)
		return reason_set(why, -ENOMEM, "out of memory");
	l->controls.interval_s = opts->interval_s;
	l->controls.model = top_model_new(opts->view, top_field_of_sort(opts->sort));
	err = l->controls.model ? screen_new(&l->screen, why)
				: reason_set(why, -ENOMEM, "out of memory");
	if (err) {
		top_model_free(l->controls.model);
		free(l);
		return err;
	}
	live_log_begin(&l->log, note, l);
	*out = l;
	return 0;
}

void live_free(struct live *l)
{
	if (!l)
		return;
	screen_free(l->screen);
	live_log_end(&l->log);
	top_model_free(l->controls.model);
	gather_free(&l->told);
	free(l->lines);
	free(l);
}

void live_begin(struct live *l, struct trace *trace)
{
	struct reason why;

	l->running = trace_running(trace);
	if (gather_targets(trace, &l->told, &why))
		note(l, why.text);
	else
		l->doing = "waiting for the end of the first interval";
	show(l, trace, &why);
}

struct path {
	const struct top_model *model;
	const struct top_run *run;
};

static bool is_in_path(const void *ctx, const struct report_row *row)
{
	const struct path *path = ctx;

	return top_model_has(path->model, row, path->run);
}

/*
 * Of more rows than are looked at, those in what has been gone into; for rates, first those that
 * did something in the interval. Else all: what comes before may be shown before the next report.
 */
static struct report_query query_of(const struct path *path, struct report *report, bool of_bases)
{
	const enum top_field field = top_model_sort(path->model);
	struct report_query query = {
		.sort = REPORT_SORT_EVENTS,
		.top = of_bases ? BASES_MAX : TOP_ROWS_MAX,
		.ctx = path,
	};

	if (report_totals(report).rows <= query.top)
		return query;
	query.has = is_in_path;
	query.interval = query.idle = field == TOP_EVENT_RATE;
	if (field == TOP_LEN_SUM || field == TOP_LEN)
		query.sort = REPORT_SORT_LEN;
	if (field == TOP_CAP_SUM || field == TOP_CAP)
		query.sort = REPORT_SORT_CAP;
	return query;
}

static int take(struct live *l, struct trace *trace, struct reason *why)
{
	const struct top_run run = run_of(l, trace);
	const struct path path = {l->controls.model, &run};
	struct report *report = trace->finest ? trace->finest : trace->report;
	const struct report_query query = query_of(&path, report, !trace->finest);
	const struct report_row *const *rows;
	struct report_other other;
	size_t n = report_rows(report, &query, &rows, &other);

	l->others = other.beyond_top + other.evicted;
	l->forgotten = l->told.report.forgotten;
	if (top_model_take(l->controls.model, &run, rows, n))
		return reason_set(why, -ENOMEM, "out of memory");
	return 0;
}

static int gather(struct live *l, struct trace *trace, struct reason *why)
{
	int err = trace_read_cost(trace, why);

	if (!err)
		err = gather_targets(trace, &l->told, why);
	if (err)
		return err;
	l->doing = NULL;
	gather_figures(trace, &l->last, &l->told);
	l->running = trace_running(trace);
	return 0;
}

/* In a pause the interval goes on. */
int live_report(struct live *l, struct trace *trace, struct reason *why)
{
	int err;

	if (l->controls.paused)
		return 0;
	err = gather(l, trace, why);
	if (!err)
		err = take(l, trace, why);
	if (err)
		return err;
	report_interval_end(trace->report);
	if (trace->finest)
		report_interval_end(trace->finest);
	return show(l, trace, why);
}

/* Nothing but keys is due meanwhile: one for which rows have to be made is the last for now. */
static int take_keys(struct live *l, struct trace *trace, bool *any, struct reason *why)
{
	struct top_model *m = l->controls.model;
	const enum output_view traced = top_model_finest(m);
	bool last = false;
	int err;

	for (int n = 0; n < KEYS_AT_ONCE && !last; n++) {
		const struct top_run run = run_of(l, trace);
		const int key = screen_key(l->screen);

		if (key == TOP_KEY_NONE)
			return 0;
		*any = true;
		/* It may be for the rows that the keys before it bring. */
		last = top_controls_needs_rows(&l->controls, key) && !top_model_is_shown(m);
		err = last ? make_rows(l, &run, why) : 0;
		if (err)
			return err;
		top_controls_key(&l->controls, key, &run);
		last |= top_model_finest(m) != traced || l->controls.quit;
	}
	screen_keys_wait(l->screen);
	return 0;
}

/* Numbers in rows may be those of other processes now. */
static int forget(struct live *l, struct trace *trace, struct reason *why)
{
	const struct top_run run = run_of(l, trace);

	if (l->told.report.forgotten == l->forgotten)
		return 0;
	l->forgotten = l->told.report.forgotten;
	if (top_model_forget(l->controls.model, &run))
		return reason_set(why, -ENOMEM, "out of memory");
	return 0;
}

int live_input(struct live *l, struct trace *trace, struct reason *why)
{
	const enum output_view traced = top_model_finest(l->controls.model);
	bool any = false;
	int err = gather_targets(trace, &l->told, why);

	if (!err)
		err = forget(l, trace, why);
	if (!err)
		err = take_keys(l, trace, &any, why);
	if (err || top_model_finest(l->controls.model) != traced || l->controls.quit)
		return err;
	/* The terminal may only have taken a part of what was drawn. */
	if (any || screen_is_due(l->screen))
		err = show(l, trace, why);
	return err;
}

int live_stopped(struct live *l, struct trace *trace, struct reason *why)
{
	int err = gather(l, trace, why);

	if (err)
		return err;
	live_log_losses(&l->log, &l->told.report);
	return take(l, trace, why);
}

void live_end(struct live *l, struct trace *trace, enum output_view traced)
{
	struct reason why;

	if (live_view(l) != traced)
		top_model_set_view(l->controls.model, traced);
	l->controls.locked = true;
	l->controls.paused = false;
	l->running = 0;
	l->doing = NULL;
	note(l, "the processes have ended: these are the last figures; q quits");
	show(l, trace, &why);
}

/* Another trace has rows, numbers and names of its own. */
void live_leave(struct live *l)
{
	top_model_begin(l->controls.model);
	gather_free(&l->told);
	l->told.report = (struct output_report){.final = false};
	l->last = (struct emitted){.seen = 0};
	l->others = l->forgotten = 0;
}

void live_attach(struct live *l)
{
	static const struct output_report none;
	const struct top_run nothing = {.report = &none, .exe_of = exe_of};

	top_model_hide(l->controls.model);
	l->controls.paused = false;
	l->doing = live_view(l) == OUTPUT_BY_BASE ? "attaching probes for bases: counts begin at 0"
						  : "attaching probes for sites: counts begin at 0";
	draw(l, &nothing);
}

const struct screen *live_screen(const struct live *l)
{
	return l->screen;
}

enum output_view live_view(const struct live *l)
{
	return top_model_finest(l->controls.model);
}

double live_interval_s(const struct live *l)
{
	return l->controls.interval_s;
}

bool live_is_over(const struct live *l)
{
	return l->controls.quit;
}
