// SPDX-License-Identifier: BSD-2-Clause
#include "metrics/collect_run.h"

#include <stdio.h>
#include <string.h>

#include "metrics/container.h"

const char *collect_basename(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path ? path : "";
}

static void add_one(struct metrics *m, enum metrics_kind kind, const char *name, const char *unit,
		    const char *help, uint64_t value)
{
	metrics_count(m, metrics_add(m, kind, name, unit, help), "", "", value);
}

static void add_one_real(struct metrics *m, enum metrics_kind kind, const char *name,
			 const char *unit, const char *help, double value)
{
	metrics_real(m, metrics_add(m, kind, name, unit, help), "", "", value);
}

static void add_events(struct metrics *m, const struct collect_input *in)
{
	const struct output_report *r = in->report;
	struct metrics_family *seen =
		metrics_add(m, METRICS_COUNTER, "slicestat_events_seen", "", "Events seen.");
	struct metrics_family *fates =
		metrics_add(m, METRICS_COUNTER, "slicestat_events", "",
			    "Events by what became of them: all of a scrape are those seen, but "
			    "for a few under way.");

	for (size_t i = 0; i < r->ncounts; i++) {
		if (!strcmp(r->counts[i].name, "seen"))
			metrics_count(m, seen, "", "", in->counts[i]);
		else
			metrics_count(m, fates, "fate", r->counts[i].name, in->counts[i]);
	}
}

static void add_cost(struct metrics *m, const struct collect_input *in)
{
	const struct output_report *r = in->report;

	add_one(m, METRICS_COUNTER, "slicestat_traps", "", "Breakpoints hit in the processes.",
		r->traps);
	add_one_real(m, METRICS_COUNTER, "slicestat_cost_cpu_seconds", "seconds",
		     "CPU time that these took from the processes, by what one takes here.",
		     r->cost_s);
	add_one_real(m, METRICS_COUNTER, "slicestat_targets_cpu_seconds", "seconds",
		     "CPU time of the processes since they are traced, breakpoints included.",
		     in->cpu_s);
	add_one_real(m, METRICS_COUNTER, "slicestat_useful_cpu_seconds", "seconds",
		     "The same without what breakpoints took.", in->useful_s);
	add_one_real(m, METRICS_COUNTER, "slicestat_traced_cpu_seconds", "seconds",
		     "Of this, the time in which probes were on; less than all with a budget.",
		     in->traced_s);
	add_one_real(
		m, METRICS_GAUGE, "slicestat_window_fill_ratio", "ratio",
		"How full the fullest window of sites was that was drained since the last time.",
		in->window_fill);
	add_one_real(m, METRICS_GAUGE, "slicestat_exposure_ratio", "ratio",
		     "Share of the processes' CPU time that was traced; less than 1 with a budget.",
		     r->nests ? r->exposure : 1.0);
	if (in->budget > 0)
		add_one_real(m, METRICS_GAUGE, "slicestat_budget_ratio", "ratio",
			     "Share of the processes' CPU time that tracing may take.", in->budget);
}

/* They are no counts, and never stand among them. */
static void add_estimates(struct metrics *m, const struct output_report *r)
{
	struct metrics_family *totals, *errors;

	if (!r->nests)
		return;
	totals = metrics_add(m, METRICS_GAUGE, "slicestat_estimate", "",
			     "ESTIMATE of what a total would be had all been traced.");
	errors = metrics_add(m, METRICS_GAUGE, "slicestat_estimate_error", "",
			     "ESTIMATE: the truth is so near to slicestat_estimate at 95 %.");
	for (size_t i = 0; i < r->nests; i++) {
		metrics_real(m, totals, "of", r->ests[i].name, r->ests[i].total);
		metrics_real(m, errors, "of", r->ests[i].name, r->ests[i].error);
	}
}

/* As its sites name it: of -e, which may be a link, by the path that is followed. */
static const char *exe_of(const struct output_report *r, const struct output_target *t)
{
	return !r->by_target && t->exe_number < r->nexes ? r->exes[t->exe_number] : t->exe;
}

static void add_targets(struct metrics *m, const struct output_report *r)
{
	struct metrics_family *info =
		metrics_add(m, METRICS_INFO, "slicestat_target", "", "A process that is traced.");
	uint64_t n = 0;

	for (size_t i = 0; i < r->ntargets; i++) {
		const struct output_target *t = &r->targets[i];
		const struct container in = container_of_cgroup(t->cgroup);
		char pid[16];
		const struct metrics_label labels[] = {
			{"pid", pid},
			{"exe", collect_basename(exe_of(r, t))},
			{"go_version", t->go},
			{"arch", t->arch},
			{"package", t->package},
			{"module", t->module},
			{"module_version", t->module_version},
			{"container", in.id},
			{"pod", in.pod},
		};

		if (t->forgotten || t->gone)
			continue;
		snprintf(pid, sizeof(pid), "%d", t->pid);
		metrics_sample(m, info, labels, sizeof(labels) / sizeof(labels[0]));
		n++;
	}
	add_one(m, METRICS_GAUGE, "slicestat_targets", "", "Processes that are traced now.", n);
}

static void add_missed(struct metrics *m, const struct collect_missed *missed)
{
	struct metrics_family *f = metrics_add(
		m, METRICS_COUNTER, "slicestat_processes_missed", "",
		"Looks at processes that came to nothing: they had ended, may not be looked into, "
		"or run a file that cannot be traced.");

	metrics_count(m, f, "reason", "ended", missed->ended);
	metrics_count(m, f, "reason", "forbidden", missed->forbidden);
	metrics_count(m, f, "reason", "refused", missed->refused);
}

static double seconds_of(struct timespec t)
{
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void add_own(struct metrics *m, const struct metrics_own *own)
{
	const struct metrics_label version = {"version", SLICESTAT_VERSION};

	metrics_sample(
		m,
		metrics_add(m, METRICS_INFO, "slicestat_build", "", "The slicestat that counts."),
		&version, 1);
	add_one(m, METRICS_COUNTER, "slicestat_scrapes", "", "Scrapes answered.", own->scrapes);
	add_one(m, METRICS_COUNTER, "slicestat_http_refused", "",
		"HTTP requests for anything that there is not.", own->refused);
	if (!own->otlp)
		return;
	add_one(m, METRICS_COUNTER, "slicestat_otlp_sent", "",
		"Snapshots that the receiver of OTLP has taken.", own->otlp_sent);
	add_one(m, METRICS_COUNTER, "slicestat_otlp_dropped", "",
		"Snapshots that it will never have.", own->otlp_dropped);
	add_one(m, METRICS_COUNTER, "slicestat_otlp_retries", "",
		"Times that a snapshot had to be sent again.", own->otlp_retries);
	add_one(m, METRICS_COUNTER, "slicestat_otlp_rejected_samples", "",
		"Samples that it did not take of snapshots that it took.", own->otlp_rejected);
	add_one(m, METRICS_GAUGE, "slicestat_otlp_queued", "", "Snapshots that wait for it.",
		own->otlp_queued);
}

/* The last snapshot stays for as long as it is asked for. */
static void add_time(struct metrics *m, const struct collect_input *in)
{
	add_one_real(m, METRICS_GAUGE, "slicestat_interval_seconds", "seconds",
		     "After which figures are taken anew.", in->interval_s);
	if (!in->report->final)
		add_one_real(m, METRICS_GAUGE, "slicestat_snapshot_timestamp_seconds", "seconds",
			     "When these figures were taken, by the clock.",
			     seconds_of(metrics_time(m)));
}

void collect_run(struct metrics *m, const struct collect_input *in)
{
	add_events(m, in);
	add_cost(m, in);
	add_estimates(m, in->report);
	add_targets(m, in->report);
	if (in->missed)
		add_missed(m, in->missed);
	add_time(m, in);
	add_own(m, &in->own);
}
