// SPDX-License-Identifier: BSD-2-Clause
#include "top/fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "output/figure.h"
#include "top/cells.h"
#include "top/spark.h"
#include "top/text.h"

#define GROUPED_FROM 9.95

static double events_value(const struct top_row *r, double interval_s)
{
	(void)interval_s;
	return (double)r->row.sums.events;
}

static double len_sum_value(const struct top_row *r, double interval_s)
{
	(void)interval_s;
	return (double)r->row.sums.len_sum;
}

static double cap_sum_value(const struct top_row *r, double interval_s)
{
	(void)interval_s;
	return (double)r->row.sums.cap_sum;
}

static double alloc_value(const struct top_row *r, double interval_s)
{
	(void)interval_s;
	return (double)r->row.sums.allocated;
}

static double copied_value(const struct top_row *r, double interval_s)
{
	(void)interval_s;
	return (double)r->row.sums.copied;
}

static double slack_value(const struct top_row *r, double interval_s)
{
	(void)interval_s;
	return (double)r->row.sums.slack;
}

static double len_value(const struct top_row *r, double interval_s)
{
	(void)interval_s;
	return (double)r->row.last.len;
}

static double cap_value(const struct top_row *r, double interval_s)
{
	(void)interval_s;
	return (double)r->row.last.cap;
}

static double rate(uint64_t n, double interval_s)
{
	return interval_s > 0 ? (double)n / interval_s : 0;
}

static double event_rate(const struct top_row *r, double interval_s)
{
	return rate(r->row.d.events, interval_s);
}

static double alloc_rate(const struct top_row *r, double interval_s)
{
	return rate(r->row.d.allocated, interval_s);
}

static double copy_rate(const struct top_row *r, double interval_s)
{
	return rate(r->row.d.copied, interval_s);
}

static double slack_rate(const struct top_row *r, double interval_s)
{
	return rate(r->row.d.slack, interval_s);
}

static double pid_value(const struct top_row *r, double interval_s)
{
	(void)interval_s;
	return r->pid;
}

static double base_value(const struct top_row *r, double interval_s)
{
	(void)interval_s;
	return (double)r->row.key.addr;
}

static void pid_text(char text[CELL_SIZE], const struct top_cell *c)
{
	if (c->view.target && !c->view.target->forgotten)
		snprintf(text, CELL_SIZE, "%d", c->view.target->pid);
	else
		snprintf(text, CELL_SIZE, "ended");
}

static void base_text(char text[CELL_SIZE], const struct top_cell *c)
{
	snprintf(text, CELL_SIZE, "0x%" PRIx64, c->row->row.key.addr);
}

/* "1,234", and "0.4" of what is rare. */
static void event_rate_text(char text[CELL_SIZE], const struct top_cell *c)
{
	const double v = event_rate(c->row, c->interval_s);

	if (v >= GROUPED_FROM || v == 0)
		figure_grouped(text, (uint64_t)(v + 0.5));
	else
		snprintf(text, CELL_SIZE, v < 0.095 ? "%.3f" : "%.1f", v);
}

/* "+" where the sizes of some elements are not known. */
static void bytes(char text[CELL_SIZE], const struct report_sums *sums, double v)
{
	char figure[FIGURE_SIZE];

	if (sums->events && sums->unsized >= sums->events)
		return;
	figure_bytes(figure, (uint64_t)(v + 0.5));
	snprintf(text, CELL_SIZE, "%s%s", figure, sums->unsized ? "+" : "");
}

static void alloc_rate_text(char text[CELL_SIZE], const struct top_cell *c)
{
	bytes(text, &c->row->row.d, alloc_rate(c->row, c->interval_s));
}

static void copy_rate_text(char text[CELL_SIZE], const struct top_cell *c)
{
	bytes(text, &c->row->row.d, copy_rate(c->row, c->interval_s));
}

static void slack_rate_text(char text[CELL_SIZE], const struct top_cell *c)
{
	bytes(text, &c->row->row.d, slack_rate(c->row, c->interval_s));
}

/* A wide screen shows more of it. */
static void history_text(char text[CELL_SIZE], const struct top_cell *c)
{
	const size_t n = c->width < 100 ? 8 : c->width < 140 ? 16 : TOP_INTERVALS;

	_Static_assert(TOP_SPARK_SIZE(TOP_INTERVALS) <= CELL_SIZE, "a cell holds all bars");
	top_spark(text, c->row->history + TOP_INTERVALS - n, n, c->utf8);
}

static void events_text(char text[CELL_SIZE], const struct top_cell *c)
{
	figure_grouped(text, c->row->row.sums.events);
}

static void len_sum_text(char text[CELL_SIZE], const struct top_cell *c)
{
	figure_grouped(text, c->row->row.sums.len_sum);
}

static void cap_sum_text(char text[CELL_SIZE], const struct top_cell *c)
{
	figure_grouped(text, c->row->row.sums.cap_sum);
}

static void alloc_text(char text[CELL_SIZE], const struct top_cell *c)
{
	bytes(text, &c->row->row.sums, alloc_value(c->row, 0));
}

static void copied_text(char text[CELL_SIZE], const struct top_cell *c)
{
	bytes(text, &c->row->row.sums, copied_value(c->row, 0));
}

static void slack_text(char text[CELL_SIZE], const struct top_cell *c)
{
	bytes(text, &c->row->row.sums, slack_value(c->row, 0));
}

static void len_text(char text[CELL_SIZE], const struct top_cell *c)
{
	figure_grouped(text, c->row->row.last.len);
}

static void cap_text(char text[CELL_SIZE], const struct top_cell *c)
{
	figure_grouped(text, c->row->row.last.cap);
}

static void op_text(char text[CELL_SIZE], const struct top_cell *c)
{
	snprintf(text, CELL_SIZE, "%s", c->view.op);
}

#define BASE	(1u << OUTPUT_BY_BASE)
#define SITE	(1u << OUTPUT_BY_SITE)
#define TYPE	(1u << OUTPUT_BY_TYPE)
#define PROCESS (1u << OUTPUT_BY_PROCESS)
#define ALL	(BASE | SITE | TYPE | PROCESS)

const struct top_field_kind top_fields[TOP_FIELDS] = {
	[TOP_PID] = {"PID", 7, PROCESS | BASE, 0, pid_value, pid_text},
	[TOP_BASE] = {"BASE", -12, BASE, 0, base_value, base_text},
	[TOP_EVENT_RATE] = {"EVENTS/S", 8, ALL, 0, event_rate, event_rate_text},
	[TOP_ALLOC_RATE] = {"ALLOC/S", 9, SITE | TYPE | PROCESS, 60, alloc_rate, alloc_rate_text},
	[TOP_COPY_RATE] = {"COPIED/S", 9, SITE | TYPE | PROCESS, 140, copy_rate, copy_rate_text},
	[TOP_SLACK_RATE] = {"SLACK/S", 9, SITE | TYPE | PROCESS, 160, slack_rate, slack_rate_text},
	[TOP_HISTORY] = {"HISTORY", -8, ALL, 70, NULL, history_text},
	[TOP_EVENTS] = {"EVENTS", 9, ALL, 0, events_value, events_text},
	[TOP_LEN_SUM] = {"LEN_SUM", 10, ALL, 180, len_sum_value, len_sum_text},
	[TOP_CAP_SUM] = {"CAP_SUM", 10, ALL, 160, cap_sum_value, cap_sum_text},
	[TOP_ALLOC] = {"ALLOC", 9, SITE | TYPE | PROCESS, 100, alloc_value, alloc_text},
	[TOP_COPIED] = {"COPIED", 9, SITE | TYPE | PROCESS, 170, copied_value, copied_text},
	[TOP_SLACK] = {"SLACK", 9, SITE | TYPE | PROCESS, 170, slack_value, slack_text},
	[TOP_LEN] = {"LEN", 7, BASE, 90, len_value, len_text},
	[TOP_CAP] = {"CAP", 7, BASE, 60, cap_value, cap_text},
	[TOP_OP] = {"OP", -4, BASE | SITE | TYPE, 40, NULL, op_text},
	[TOP_ELEM] = {"ELEM", -8, BASE | SITE | TYPE, 0, NULL, top_elem_text},
	[TOP_SITE] = {"SITE", -8, BASE | SITE, 0, NULL, top_site_text},
	[TOP_CGROUP] = {"CGROUP", -8, PROCESS, 100, NULL, top_cgroup_text},
	[TOP_EXE] = {"EXE", -8, SITE | TYPE | PROCESS, 0, NULL, top_exe_text},
};

static bool has_cgroups(const struct output_report *r)
{
	for (size_t i = 0; i < r->ntargets; i++)
		if (r->targets[i].cgroup)
			return true;
	return false;
}

/* What is the same in each row is not shown. */
static bool tells(enum top_field field, enum output_view view, const struct output_report *r)
{
	if (field == TOP_PID && view == OUTPUT_BY_BASE)
		return r->ntargets > 1;
	if (field == TOP_EXE && view != OUTPUT_BY_PROCESS)
		return r->nexes > 1;
	return field != TOP_CGROUP || has_cgroups(r);
}

bool top_field_shown(enum top_field field, enum output_view view, size_t width,
		     const struct output_report *report)
{
	return top_fields[field].views & 1u << view && width >= top_fields[field].from &&
	       tells(field, view, report);
}

/* Names come from the executable: they must not reach the terminal as commands to it. */
void top_field_text(char text[CELL_SIZE], enum top_field field, const struct top_cell *cell)
{
	snprintf(text, CELL_SIZE, "?");
	top_fields[field].text(text, cell);
	top_text_clean(text);
}

enum top_field top_field_of_sort(enum report_sort sort)
{
	static const enum top_field fields[REPORT_SORTS] = {
		[REPORT_SORT_EVENTS] = TOP_EVENT_RATE, [REPORT_SORT_LEN] = TOP_LEN_SUM,
		[REPORT_SORT_CAP] = TOP_CAP_SUM,       [REPORT_SORT_ALLOCATED] = TOP_ALLOC_RATE,
		[REPORT_SORT_COPIED] = TOP_COPY_RATE,  [REPORT_SORT_SLACK] = TOP_SLACK_RATE,
	};

	return fields[sort];
}
