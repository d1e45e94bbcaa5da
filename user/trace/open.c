// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a run is kept in: maps in the kernel, rows here. The kernel takes tens of milliseconds for
 * its maps, half of it waiting: a thread asks for them while the executable is read.
 */
#include "trace/open.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "session/reopen.h"

/* Goroutines inside makeslice at once, and those that panicked out of it and never came back. */
#define MAX_PENDING 65536

/* Rows kept in user space, in windows. */
#define ROWS_PER_WINDOW 2

/* Call sites a window holds, and rows of other views than bases: programs have some 10,000. */
#define MAX_SITES 16384
#define MAX_ROWS  65536

/* The same where processes are told apart for other views: of a recording, and on a screen. */
#define MAX_FINEST_ROWS 131072

/* Beginnings of chains times the capacities they come to, of which there are some 70. */
#define MAX_LIVES 65536

static enum session_fold fold_of(const struct options *opts)
{
	switch (opts->view) {
	case OUTPUT_BY_BASE:
		return SESSION_FOLD_BASES;
	case OUTPUT_CHAINS:
		return SESSION_FOLD_CHAINS;
	default:
		return SESSION_FOLD_SITES;
	}
}

/* What snapshots are added up in. */
static bool open_rows(struct trace *trace)
{
	const struct options *opts = trace->opts;

	if (opts->view == OUTPUT_CHAINS)
		trace->chains = chains_new(MAX_LIVES);
	else if (opts->view == OUTPUT_BY_BASE)
		trace->report = report_new((size_t)opts->max_bases * ROWS_PER_WINDOW, false);
	else
		trace->report = report_new(MAX_ROWS, true);
	if ((opts->record || opts->any_view) && fold_of(opts) == SESSION_FOLD_SITES) {
		trace->finest = report_new(MAX_FINEST_ROWS, true);
		if (!trace->finest)
			return false;
	}
	return trace->chains || trace->report;
}

/* Who reads the maps by bpftool reads all slots: where few sites are enough, they can be few. */
static uint32_t max_sites(const struct options *opts)
{
	return opts->pin && opts->max_bases < MAX_SITES ? opts->max_bases : MAX_SITES;
}

static struct session_options session_options(const struct options *opts, size_t ntargets)
{
	return (struct session_options){
		.fold = fold_of(opts),
		.by = opts->attach,
		.follow = opts->exe != NULL,
		.lasts = opts->detach,
		.max_tails = opts->max_bases,
		.max_lives = MAX_LIVES,
		.stacks = opts->stacks,
		.max_sites = max_sites(opts),
		.max_bases = opts->max_bases,
		.max_pending = MAX_PENDING,
		.max_targets = (uint32_t)ntargets,
	};
}

/* A session that another thread opens. */
struct opening {
	pthread_t thread;
	bool started;
	struct session_options opts;
	struct session *session;
	int err;
	struct reason why;
	/* Another one that waits for the first and then loads programs. */
	pthread_t loader;
	bool loading;
	const struct plan *plan;
	uint64_t text_size;
};

static void *open_session(void *ctx)
{
	struct opening *o = ctx;

	o->err = session_new(&o->opts, &o->session, &o->why);
	return NULL;
}

static int start_opening(struct trace *trace, const struct session_options *opts)
{
	struct opening *o = calloc(1, sizeof(*o));

	if (!o)
		return -ENOMEM;
	trace->opening = o;
	o->opts = *opts;
	o->started = !pthread_create(&o->thread, NULL, open_session, o);
	if (!o->started)
		open_session(o);
	return 0;
}

int trace_open_session(struct trace *trace, size_t ntargets, size_t room, struct reason *why)
{
	const struct session_options opts = session_options(trace->opts, ntargets);
	/* Before there is a thread. */
	int err = calibrator_new(trace->opts->attach, &trace->calibrator, why);

	if (err)
		return err;
	/*
	 * A budget must know what a trap costs before there are any in the targets; and those who
	 * pick up what is left ask nobody.
	 */
	if (trace->opts->budget > 0 || trace->opts->detach)
		calibrator_start(trace->calibrator);
	trace->room = room;
	trace->targets = calloc(room, sizeof(*trace->targets));
	trace->exe_room = opts.follow ? SS_EXECUTABLES_MAX : ntargets;
	trace->exes = calloc(trace->exe_room, sizeof(*trace->exes));
	if (!trace->targets || !trace->exes || start_opening(trace, &opts))
		return reason_set(why, -ENOMEM, "out of memory");
	return open_rows(trace) ? 0 : reason_set(why, -ENOMEM, "out of memory: lower --max-bases");
}

int trace_reopen_session(struct trace *trace, size_t ntargets, bool readonly, struct reason *why)
{
	const struct session_options opts = session_options(trace->opts, ntargets);

	if (!open_rows(trace))
		return reason_set(why, -ENOMEM, "out of memory");
	return session_reopen(&opts, trace->pins, readonly, &trace->session, why);
}

static void *load_programs(void *ctx)
{
	struct opening *o = ctx;

	if (o->started)
		pthread_join(o->thread, NULL);
	if (!o->err)
		o->err = session_preload(o->session, o->plan, o->text_size, &o->why);
	return NULL;
}

/*
 * The programs of chains know all calls, those of a part of a program know which are in scope:
 * nothing can be loaded for them before.
 */
void trace_preload(struct trace *trace, const struct executable *exe)
{
	struct opening *o = trace->opening;
	const struct parsed_info *info;

	if (!o || o->loading || o->opts.fold == SESSION_FOLD_CHAINS || options_scoped(trace->opts))
		return;
	info = parsed_info(exe->parsed);
	o->plan = &exe->plan;
	o->text_size = info->text_end - info->text_start;
	o->loading = !pthread_create(&o->loader, NULL, load_programs, o);
}

int trace_await_session(struct trace *trace, struct reason *why)
{
	struct opening *o = trace->opening;
	int err;

	if (!o)
		return 0;
	if (o->loading)
		pthread_join(o->loader, NULL);
	else if (o->started)
		pthread_join(o->thread, NULL);
	trace->session = o->session;
	err = o->err ? reason_set(why, o->err, "%s", o->why.text) : 0;
	free(o);
	trace->opening = NULL;
	return err;
}

int trace_read_cost(struct trace *trace, struct reason *why)
{
	int err = trace->calibrated ? 0 : calibrator_result(trace->calibrator, &trace->cost, why);

	trace->calibrated = !err;
	return err;
}

void trace_close_session(struct trace *trace)
{
	trace_await_session(trace, NULL);
	session_free(trace->session);
	trace->session = NULL;
}
