// SPDX-License-Identifier: BSD-2-Clause
#include "output/status.h"

#include <math.h>
#include <string.h>

#include "output/figure.h"

#define RED   "\033[31m"
#define RESET "\033[0m"

static void write_figure(struct sink *s, const char *name, uint64_t v)
{
	char text[FIGURE_SIZE];

	figure_grouped(text, v);
	sink_printf(s, "%s %s", name, text);
}

static void write_time(struct sink *s, const struct output_report *r)
{
	char text[16];
	struct tm tm;

	if (localtime_r(&r->time.tv_sec, &tm) && strftime(text, sizeof(text), "%T", &tm))
		sink_printf(s, "%s ", text);
	if (shows_total(r))
		sink_printf(s, "%.3f s since attach: ", r->elapsed_s);
	else
		sink_printf(s, "%.3f s: ", r->interval_s);
}

static bool is_loss(const struct output_count *c)
{
	return strncmp(c->name, "lost_", strlen("lost_")) == 0;
}

static bool is_fate_to_show(const struct output_count *c)
{
	return c->value > 0 && strcmp(c->name, "seen") != 0 && strcmp(c->name, "folded") != 0;
}

/*
 * What became of events that are in no row. It is counted since attach, and an interval's line
 * says so.
 */
static void write_fates(struct sink *s, const struct output_options *opts,
			const struct output_report *r)
{
	const char *before = shows_total(r) ? ", " : "; since attach ";
	bool lost = false;

	for (size_t i = 0; i < r->ncounts; i++)
		lost |= is_loss(&r->counts[i]) && r->counts[i].value > 0;
	for (size_t i = 0; i < r->nchain_counts; i++)
		lost |= is_loss(&r->chain_counts[i]) && r->chain_counts[i].value > 0;
	if (!lost)
		sink_puts(s, ", lost 0");
	for (size_t i = 0; i < r->ncounts; i++) {
		const struct output_count *c = &r->counts[i];
		bool red = opts->color && is_loss(c);

		if (!is_fate_to_show(c))
			continue;
		sink_puts(s, before);
		sink_puts(s, red ? RED : "");
		write_figure(s, c->name, c->value);
		sink_puts(s, red ? RESET : "");
		before = ", ";
	}
}

/* Of the interval's rows those that are not shown; what was evicted meanwhile is among them. */
static struct report_other other_of_interval(const struct output_report *r)
{
	struct report_other other = {.rows = r->totals.d_rows, .events = r->totals.d.events};

	other.rows -= other.rows < r->nrows ? other.rows : r->nrows;
	for (size_t i = 0; i < r->nrows; i++)
		other.events -= r->rows[i]->d.events;
	return other;
}

static void write_other(struct sink *s, const struct output_report *r)
{
	static const char *const plurals[OUTPUT_VIEWS] = {
		[OUTPUT_BY_BASE] = "bases",
		[OUTPUT_BY_SITE] = "sites",
		[OUTPUT_BY_TYPE] = "types",
		[OUTPUT_BY_PROCESS] = "processes",
	};
	struct report_other other = shows_total(r) ? r->other : other_of_interval(r);
	uint64_t rows = r->nrows + other.rows;
	char text[FIGURE_SIZE];

	if (rows == 0)
		return;
	figure_grouped(text, rows);
	sink_printf(s, "; %s %s", text, rows == 1 ? output_view_name(r->view) : plurals[r->view]);
	if (other.rows == 0)
		return;
	figure_grouped(text, r->nrows);
	sink_printf(s, ", %s shown", text);
	write_figure(s, ", other", other.rows);
	write_figure(s, " rows", other.events);
	sink_puts(s, " events");
	if (r->other.evicted > 0)
		write_figure(s, "; rows evicted", r->other.evicted);
}

/* What the growths were to their chains; since attach, as the chains are. */
static void write_chains(struct sink *s, const struct output_report *r)
{
	const char *before = ": ";
	char text[FIGURE_SIZE];

	figure_grouped(text, r->chain_total.chains);
	sink_printf(s, "; %s chain%s", text, r->chain_total.chains == 1 ? "" : "s");
	for (size_t i = 0; i < r->nchain_counts; i++) {
		if (!r->chain_counts[i].value)
			continue;
		sink_puts(s, before);
		write_figure(s, r->chain_counts[i].name, r->chain_counts[i].value);
		before = ", ";
	}
}

static void write_cost(struct sink *s, const struct output_report *r)
{
	char text[FIGURE_SIZE];

	sink_puts(s, "; cost ");
	if (shows_total(r)) {
		figure_grouped(text, r->traps);
		sink_printf(s, "%s traps, ", text);
		figure_estimate(text, r->cost_s, r->elapsed_s);
	} else {
		figure_estimate(text, r->d_cost_s, r->interval_s);
	}
	sink_printf(s, "%s of a CPU", text);
}

static void write_estimate(struct sink *s, const struct output_report *r)
{
	const struct output_est *events = r->ests;

	sink_printf(s, "; %.1f %% traced", 100 * r->exposure);
	if (events->error == 0 || !(events->total < 0x1p63))
		return;
	write_figure(s, ", est", (uint64_t)(events->total + 0.5));
	sink_puts(s, " events");
	if (events->error < 0x1p63)
		write_figure(s, " +-", (uint64_t)ceil(events->error));
	else
		sink_puts(s, ", error unknown");
}

static uint64_t count_of(const struct output_report *r, const char *name)
{
	for (size_t i = 0; i < r->ncounts; i++) {
		if (strcmp(r->counts[i].name, name) == 0)
			return r->counts[i].value;
	}
	return 0;
}

void status_write(struct sink *s, const struct output_options *opts, const struct output_report *r)
{
	bool total = shows_total(r), chains = r->view == OUTPUT_CHAINS;

	write_time(s, r);
	write_figure(s, "seen", total ? count_of(r, "seen") : r->d_seen);
	if (total || !chains)
		write_figure(s, ", folded", total ? count_of(r, "folded") : r->totals.d.events);
	if (total && !chains) {
		write_figure(s, " (len_sum", r->totals.sums.len_sum);
		write_figure(s, ", cap_sum", r->totals.sums.cap_sum);
		sink_puts(s, ")");
	}
	write_fates(s, opts, r);
	if (chains)
		write_chains(s, r);
	else
		write_other(s, r);
	if (r->typeless)
		write_figure(s, "; types not noted", r->typeless);
	if (r->stackless)
		write_figure(s, "; events without stack", r->stackless);
	if (r->stacks_cut)
		write_figure(s, "; with a stack cut short", r->stacks_cut);
	write_cost(s, r);
	if (r->nests)
		write_estimate(s, r);
	sink_puts(s, "\n");
}
