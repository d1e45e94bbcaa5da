// SPDX-License-Identifier: BSD-2-Clause
#include "cli/emit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/names.h"

struct emitter {
	const struct options *opts;
	FILE *file;
	const char *name; /* of -w, or NULL */
	struct timespec last;
	uint64_t last_seen;
	double last_cost_s;
};

/* Not stderr itself, which writes piecemeal: a report is one piece among the command's words. */
static FILE *open_stream(const struct options *opts)
{
	int fd;

	if (opts->write)
		return fopen(opts->write, "we");
	fd = fcntl(opts->command ? STDERR_FILENO : STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? NULL : fdopen(fd, "w");
}

int emitter_new(const struct options *opts, struct emitter **out, struct reason *why)
{
	struct emitter *e = calloc(1, sizeof(*e));

	if (!e)
		return reason_set(why, -ENOMEM, "out of memory");
	e->opts = opts;
	e->name = opts->write;
	e->file = open_stream(opts);
	if (!e->file) {
		int err = -errno;

		free(e);
		return reason_set(why, err, "cannot write %s: %s",
				  opts->write ? opts->write : "reports", strerror(-err));
	}
	*out = e;
	return 0;
}

static double seconds_between(const struct timespec *a, const struct timespec *b)
{
	return (double)(b->tv_sec - a->tv_sec) + 1e-9 * (double)(b->tv_nsec - a->tv_nsec);
}

static void fill_targets(const struct trace *trace, struct output_target *list)
{
	for (size_t i = 0; i < trace->ntargets; i++) {
		const struct traced *t = &trace->targets[i];

		list[i] = (struct output_target){
			.pid = target_pid(t->target),
			.exe = target_exe(t->target),
			.go = t->exe->plan.go,
			.arch = t->exe->plan.arch,
			.stripped = gobin_is_stripped(t->exe->bin),
		};
	}
}

#define COUNTS_MAX (SS_COUNTS + 1)

/* Seen first, then every fate. What is still in `pending` has not returned yet, or never will. */
static size_t fill_counts(const struct trace *trace, struct output_count list[COUNTS_MAX])
{
	static const char *const names[] = {
		[SS_SEEN] = "seen",
		[SS_FOLDED] = "folded",
		[SS_LOST_BASES_FULL] = "lost_bases_full",
		[SS_LOST_SITES_FULL] = "lost_sites_full",
		[SS_LOST_PENDING_FULL] = "lost_pending_full",
		[SS_LOST_BUSY] = "lost_busy",
		[SS_LOST_FAULT] = "lost_fault",
		[SS_BAD_HEADER] = "bad_header",
		[SS_ZERO_SIZE] = "zero_size",
		[SS_PANICKED] = "panicked",
		[SS_UNALLOCATED] = "unallocated",
	};
	size_t n = sizeof(names) / sizeof(names[0]);

	for (size_t i = 0; i < n; i++)
		list[i] = (struct output_count){.name = names[i], .value = trace->counts[i]};
	list[SS_FOLDED].value -= trace->zero_sized;
	list[SS_ZERO_SIZE].value += trace->zero_sized;
	list[n] = (struct output_count){.name = "unreturned", .value = trace->unreturned};
	return n + 1;
}

static bool wants_color(FILE *f)
{
	const char *term = getenv("TERM");

	return isatty(fileno(f)) && !getenv("NO_COLOR") && term && strcmp(term, "dumb") != 0;
}

static void fill_times(struct emitter *e, const struct trace *trace, struct output_report *r)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &r->time);
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (e->last.tv_sec == 0)
		e->last = trace->begin;
	r->elapsed_s = seconds_between(&trace->begin, &now);
	r->interval_s = seconds_between(&e->last, &now);
	e->last = now;
}

static void fill_cost(struct emitter *e, const struct trace *trace, struct output_report *r)
{
	const uint64_t *counts = trace->counts;

	r->traps = counts[SS_TRAPS_EMULATED] + counts[SS_TRAPS_STEPPED];
	r->cost_s = (double)counts[SS_TRAPS_EMULATED] * trace->cost.emulated_s +
		    (double)counts[SS_TRAPS_STEPPED] * trace->cost.stepped_s;
	r->d_cost_s = r->cost_s - e->last_cost_s;
	r->d_seen = counts[SS_SEEN] - e->last_seen;
	e->last_cost_s = r->cost_s;
	e->last_seen = counts[SS_SEEN];
}

static int write_report(struct emitter *e, struct trace *trace, struct output_report *r,
			struct reason *why)
{
	const struct output_options oo = {
		.color = wants_color(e->file),
		.names = names_of(trace),
	};
	const struct report_query query = {
		.sort = e->opts->sort,
		.interval = !r->final && !r->total && e->opts->format == output_formats[0],
		.top = e->opts->top,
		.min_bytes = e->opts->min_bytes,
	};
	int err;

	if (!trace->report)
		return 0;
	r->nrows = report_rows(trace->report, &query, &r->rows, &r->other);
	r->totals = report_totals(trace->report);
	err = e->opts->format->write(e->file, &oo, r);
	report_interval_end(trace->report);
	if (!err)
		return 0;
	why->text[0] = '\0';
	if (err != -EPIPE || e->name)
		reason_set(why, err, "cannot write the report%s%s: %s", e->name ? " to " : "",
			   e->name ? e->name : "", strerror(-err));
	return err;
}

int emitter_write(struct emitter *e, struct trace *trace, bool final, struct reason *why)
{
	struct output_target *targets = calloc(trace->ntargets, sizeof(*targets));
	const char **exes = calloc(trace->nexes, sizeof(*exes));
	struct output_count counts[COUNTS_MAX];
	struct output_report r = {
		.final = final,
		.total = e->opts->total,
		.view = e->opts->view,
		.by_target = trace_rows_by_target(trace),
		.stacks = e->opts->stacks,
		.stackless = trace->counts[SS_STACKLESS],
		.exes = exes,
		.nexes = trace->nexes,
		.targets = targets,
		.ntargets = trace->ntargets,
		.counts = counts,
	};
	int err;

	if (!targets || !exes) {
		free(targets);
		free(exes);
		return reason_set(why, -ENOMEM, "out of memory");
	}
	fill_targets(trace, targets);
	for (size_t i = 0; i < trace->nexes; i++)
		exes[i] = trace->exes[i]->path;
	r.ncounts = fill_counts(trace, counts);
	fill_times(e, trace, &r);
	fill_cost(e, trace, &r);
	err = write_report(e, trace, &r, why);
	free(targets);
	free(exes);
	return err;
}

int emitter_close(struct emitter *e, struct reason *why)
{
	FILE *f = e->file;

	e->file = NULL;
	if (fclose(f))
		return reason_set(why, -errno, "cannot write the report%s%s: %s",
				  e->name ? " to " : "", e->name ? e->name : "", strerror(errno));
	return 0;
}

void emitter_free(struct emitter *e)
{
	if (!e)
		return;
	if (e->file)
		fclose(e->file);
	free(e);
}
