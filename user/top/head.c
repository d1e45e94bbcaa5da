// SPDX-License-Identifier: BSD-2-Clause
#include "top/head.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "output/figure.h"
#include "top/help.h"
#include "top/text.h"

__attribute__((format(printf, 2, 3))) static void say(struct top_line *line, const char *fmt, ...)
{
	size_t used = strlen(line->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line->text + used, sizeof(line->text) - used, fmt, ap);
	va_end(ap);
}

/* Paths and names are others': they must not reach the terminal as commands to it. */
static void say_name(struct top_line *line, const char *name)
{
	char *from = line->text + strlen(line->text);

	top_text_copy(from, sizeof(line->text) - (size_t)(from - line->text), name);
	top_text_clean(from);
}

static void say_figure(struct top_line *line, const char *name, uint64_t v)
{
	char text[FIGURE_SIZE];

	figure_grouped(text, v);
	say(line, "%s %s", name, text);
}

static void say_count(struct top_line *line, uint64_t n, const char *of_what)
{
	char text[FIGURE_SIZE];

	figure_grouped(text, n);
	say(line, "%s %s", text, of_what);
}

/* The first that is told of. */
static const struct output_target *first_target(const struct output_report *r)
{
	for (size_t i = 0; i < r->ntargets; i++)
		if (!r->targets[i].forgotten)
			return &r->targets[i];
	return NULL;
}

static void say_processes(struct top_line *line, const struct output_report *r,
			  const struct top_told *told)
{
	const struct output_target *t = first_target(r);
	const size_t ended = told->targets - told->running;

	if (!told->targets) {
		say(line, "no process yet");
		return;
	}
	if (t && told->targets == 1)
		say(line, "pid %d", t->pid);
	else
		say_count(line, told->targets, told->targets == 1 ? "process" : "processes");
	/* Before the path, which may fill the line. */
	if (ended && told->targets == 1)
		say(line, ", ended");
	else if (ended) {
		say(line, ", ");
		say_count(line, ended, "ended");
	}
	if (!t)
		return;
	say(line, ended ? ", " : " ");
	say_name(line, t->exe ? t->exe : "?");
	say(line, " (%s %s)", t->go, t->arch);
}

void top_title_line(const struct top_controls *c, const struct top_run *run,
		    const struct top_told *told, struct top_line *line)
{
	const struct output_report *r = run->report;
	const unsigned long s = (unsigned long)r->elapsed_s;

	line->style = TOP_TITLE;
	say(line, "slicestat by %s, %lu:%02lu:%02lu, every %g s",
	    output_view_name(top_model_view(c->model)), s / 3600, s / 60 % 60, s % 60,
	    c->interval_s);
	say(line, c->paused ? ", PAUSED: " : ": ");
	say_processes(line, r, told);
}

static bool is_loss(const struct output_count *count)
{
	return strncmp(count->name, "lost_", strlen("lost_")) == 0;
}

/* What became of events that are in no row. */
static void say_fates(struct top_line *line, const struct output_report *r)
{
	bool lost = false;

	for (size_t i = 0; i < r->ncounts; i++)
		lost |= is_loss(&r->counts[i]) && r->counts[i].value;
	say(line, lost ? "" : ", lost 0");
	line->style = lost ? TOP_LOSS : TOP_PLAIN;
	for (size_t i = 0; i < r->ncounts; i++) {
		const struct output_count *count = &r->counts[i];

		if (count->value && strcmp(count->name, "seen") != 0 &&
		    strcmp(count->name, "folded") != 0) {
			say(line, ", ");
			say_figure(line, count->name, count->value);
		}
	}
}

static void say_estimate(struct top_line *line, const struct output_report *r)
{
	const struct output_est *events = r->ests;

	say(line, "; %.1f %% traced", 100 * r->exposure);
	if (events->error == 0 || !(events->total < 0x1p63))
		return;
	say_figure(line, ", est", (uint64_t)(events->total + 0.5));
	say(line, " events");
	if (events->error < 0x1p63)
		say_figure(line, " +-", (uint64_t)ceil(events->error));
	else
		say(line, ", error unknown");
}

void top_status_line(const struct top_run *run, struct top_line *line)
{
	const struct output_report *r = run->report;
	char text[FIGURE_SIZE];

	if (!r->ncounts)
		return;
	say_figure(line, "seen", r->counts[0].value);
	if (r->interval_s > 0)
		say_figure(line, ",", (uint64_t)((double)r->d_seen / r->interval_s + 0.5));
	say(line, "/s");
	say_fates(line, r);
	figure_estimate(text, r->d_cost_s, r->interval_s);
	say(line, "; cost %s of a CPU", text);
	say_figure(line, ",", r->traps);
	say(line, " traps");
	if (r->nests)
		say_estimate(line, r);
}

void top_path_line(const struct top_controls *c, const struct top_told *told, struct top_line *line)
{
	char path[TOP_LINE_SIZE / 2];
	size_t n;

	top_model_path(c->model, path, sizeof(path));
	top_model_rows(c->model, &n);
	say_figure(line, "rows", n);
	if (n < top_model_all_rows(c->model))
		say_figure(line, " of", top_model_all_rows(c->model));
	say(line, " by %s%s", top_fields[top_model_sort(c->model)].header,
	    top_model_reversed(c->model) ? ", least first" : "");
	if (told->others)
		say_figure(line, ", smaller ones", told->others);
	if (top_model_history_lost(c->model))
		say_figure(line, ", histories missing", top_model_history_lost(c->model));
	if (top_model_filter(c->model)[0]) {
		say(line, ", with '");
		say_name(line, top_model_filter(c->model));
		say(line, "'");
	}
	if (path[0]) {
		say(line, ", in ");
		say_name(line, path);
	}
}

/* Of one that the screen has no room for its end, where it is edited. */
static void say_edited(struct top_line *line, const char *filter, size_t width)
{
	const size_t used = top_text_width(line->text) + strlen("_");
	size_t columns = top_text_width(filter), shown;
	wchar_t c;

	while (*filter && used + columns > width) {
		filter += top_text_char(filter, &c, &shown);
		columns -= shown;
	}
	say_name(line, filter);
	say(line, "_");
}

void top_foot_line(const struct top_controls *c, const struct top_told *told, struct top_line *line)
{
	line->style = TOP_FOOT;
	if (c->editing) {
		say(line, "filter: ");
		say_edited(line, top_model_filter(c->model), c->width);
	} else if (c->note[0]) {
		say_name(line, c->note);
	} else if (told->doing && !c->paused) {
		say_name(line, told->doing);
	} else if (c->help && c->help_moves) {
		say(line, "arrows: more of it  any other key: back to the rows");
	} else if (c->help) {
		say(line, "any key: back to the rows");
	} else {
		say(line, "q quit  h help  / filter  < > sort  b s t p views  Enter in  "
			  "Backspace back  Space pause");
	}
}

void top_help_lines(struct top_controls *c, struct top_line *lines, size_t height)
{
	const size_t n = top_help_size(), last = n > height ? n - height : 0;

	c->room = height;
	c->help_moves = last > 0;
	if (c->help_first > last)
		c->help_first = last;
	for (size_t i = 0; i < height && c->help_first + i < n; i++)
		say(&lines[i], "%s", top_help_line(c->help_first + i));
	for (size_t i = 0; i < n; i++)
		c->help_moves |= top_text_width(top_help_line(i)) > c->width;
}
